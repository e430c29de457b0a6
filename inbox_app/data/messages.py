"""The message path: one statement takes the next `seq` and adds the message; what it returns is committed.

Measured (docs/performance.md): an ORM session a message saturates at 400 messages/s; one statement does not. On
SQLite a single writer commits in one transaction what has gathered while the last one was written to disk.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from inbox_app.data.engine import database
from inbox_app.data.models import MessageView
from inbox_app.domain.conversation import Sender
from inbox_app.domain.errors import ConversationEnded, NotAllowed, NotFound

PREVIEW: Final = 120  # characters of the last message that a list keeps


@dataclass(frozen=True)
class Post:
    """A message on its way in.

    `author_id`: the visitor's device, or the agent; both may write only where they belong.
    """

    conversation_id: str
    sender: Sender
    author_id: str
    author_name: str
    client_id: str
    text: str
    at: datetime

    @property
    def preview(self) -> str:
        return " ".join(self.text[: 2 * PREVIEW].split())[:PREVIEW]


@dataclass(frozen=True)
class Appended:
    """The stored message, and who is to be told. `is_new` false: this `client_id` was there before."""

    message: MessageView
    is_new: bool
    agent_id: str | None


class MessageStore(Protocol):
    """How one kind of database does it."""

    async def append(self, post: Post) -> Appended | None:
        """None when it was refused: no such conversation for this author, or it is not open."""

    async def mark_seen(
        self, conversation_id: str, *, sender: Sender, author_id: str, seq: int
    ) -> tuple[int, str | None] | None:
        """The newest seq seen and the agent, or None when nothing changed or it is not the author's."""

    async def standing(self, conversation_id: str, *, sender: Sender, author_id: str) -> tuple[str, str | None] | None:
        """State and agent of a conversation of this author, or None."""

    async def close(self) -> None:
        """Finish what was begun and let go of connections."""


def store() -> MessageStore:
    """The store of the present database."""
    current = database()
    if current.message_store is None:
        from inbox_app.data.messages_postgres import PostgresMessages
        from inbox_app.data.messages_sqlite import SqliteMessages

        current.message_store = SqliteMessages(current) if current.is_sqlite else PostgresMessages(current)
    kept: MessageStore = current.message_store
    return kept


async def append(post: Post) -> Appended:
    """Store a message once. A repeated `client_id` gives the first row, whatever its text.

    Raises NotFound for a conversation that is not the author's, ConversationEnded for one that takes no more messages.
    """
    appended = await store().append(post)
    if appended is not None:
        return appended
    standing = await store().standing(post.conversation_id, sender=post.sender, author_id=post.author_id)
    if standing is None:
        raise NotFound
    if post.sender is Sender.AGENT and standing[0] in {"waiting", "offered"}:
        raise NotAllowed("Accept the chat before you write.")
    raise ConversationEnded
