"""The message path on PostgreSQL: one round trip over asyncpg, past the ORM."""

import asyncio
from typing import Any, Final

import asyncpg

from inbox_app.data.engine import Database
from inbox_app.data.instants import iso
from inbox_app.data.messages import Appended, Post
from inbox_app.data.models import MessageView
from inbox_app.domain.conversation import Sender
from inbox_app.domain.errors import DatabaseUnavailable

AWAY: Final = (
    OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError, asyncpg.AdminShutdownError, asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
)  # fmt: skip
"""What a server that goes, comes or is full makes of a call; InternalClientError: a cut one while it is put back."""
OWNER: Final = {Sender.VISITOR: "device_id", Sender.AGENT: "agent_id"}
TAKES: Final = {Sender.VISITOR: "('waiting', 'offered', 'active')", Sender.AGENT: "('active')"}

# $1 conversation, $2 client id, $3 text, $4 sender, $5 at, $6 author, $7 name, $8 preview
_APPEND: Final = """
WITH taken AS (
    UPDATE conversation SET
        last_seq = greatest(last_seq, seq_floor) + 1, last_text = $8, last_sender = $4::text, activity_at = $5,
        waiting_since = CASE WHEN $4::text = 'visitor' THEN coalesce(waiting_since, $5) END,
        unread = unread + CASE WHEN $4::text = 'visitor' THEN 1 ELSE 0 END,
        first_reply_at = CASE WHEN $4::text = 'agent' THEN coalesce(first_reply_at, $5) ELSE first_reply_at END
    WHERE id = $1 AND {owner} = $6::varchar AND state IN {takes}
        AND NOT EXISTS (SELECT 1 FROM entry WHERE conversation_id = $1 AND client_id = $2)
    RETURNING last_seq, agent_id
), added AS (
    INSERT INTO entry (conversation_id, seq, kind, sender, actor_id, actor_name, client_id, text, at)
    SELECT $1, last_seq, 'message', $4::text, CASE WHEN $4::text = 'agent' THEN $6::varchar END, $7, $2, $3, $5
    FROM taken
)
SELECT last_seq, agent_id FROM taken
"""
_STANDING: Final = "SELECT state, agent_id FROM conversation WHERE id = $1 AND {owner} = $2"
_SAME: Final = """
SELECT e.seq, e.sender, e.actor_name, e.text, e.at, c.agent_id
FROM entry e JOIN conversation c ON c.id = e.conversation_id
WHERE e.conversation_id = $1 AND e.client_id = $2 AND c.{owner} = $3
"""
_SEEN: Final = {
    Sender.VISITOR: """
        UPDATE conversation SET visitor_seen_seq = least($3::int, last_seq)
        WHERE id = $1 AND device_id = $2 AND visitor_seen_seq < least($3::int, last_seq)
        RETURNING visitor_seen_seq, agent_id""",
    Sender.AGENT: """
        UPDATE conversation SET agent_seen_seq = least($3::int, last_seq), unread = (
            SELECT count(*) FROM entry
            WHERE conversation_id = $1 AND sender = 'visitor' AND kind = 'message' AND seq > $3::int)
        WHERE id = $1 AND agent_id = $2 AND agent_seen_seq < least($3::int, last_seq)
        RETURNING agent_seen_seq, agent_id""",
}


async def _keep_as_is(_connection: object) -> None:
    """Put a connection back into the pool without resetting it.

    asyncpg's reset is a second round trip to the server, 8 to 10 % of what a message costs. It exists for what a
    session keeps between two users: open transactions, settings, locks, cursors, listeners. The pool is private to
    this module, whose statements commit on their own and leave none of these behind (`tests/data/test_round_trips.py`).
    """


class PostgresMessages:
    """A small pool of its own, so that messages never wait behind a long report."""

    def __init__(self, database: Database) -> None:
        self._url = database.url
        self._pool: asyncpg.Pool[Any] | None = None
        self._opening = asyncio.Lock()

    async def append(self, post: Post) -> Appended | None:
        statement = _APPEND.format(owner=OWNER[post.sender], takes=TAKES[post.sender])
        values = (post.conversation_id, post.client_id, post.text, post.sender.value, post.at, post.author_id)
        try:
            row = await self._row(statement, *values, post.author_name, post.preview)
        except asyncpg.UniqueViolationError:  # the same client_id in parallel: the other one won, this one left nothing
            row = None
        if row is None:
            return await self._same(post)
        message = MessageView(
            row["last_seq"], "message", post.sender.value, post.author_name, post.text, iso(post.at), post.client_id
        )
        return Appended(message, is_new=True, agent_id=row["agent_id"])

    async def _same(self, post: Post) -> Appended | None:
        row = await self._row(
            _SAME.format(owner=OWNER[post.sender]), post.conversation_id, post.client_id, post.author_id
        )
        if row is None:
            return None
        message = MessageView(
            row["seq"], "message", row["sender"], row["actor_name"], row["text"], iso(row["at"]), post.client_id
        )
        return Appended(message, is_new=False, agent_id=row["agent_id"])

    async def mark_seen(
        self, conversation_id: str, *, sender: Sender, author_id: str, seq: int
    ) -> tuple[int, str | None] | None:
        row = await self._row(_SEEN[sender], conversation_id, author_id, seq)
        return None if row is None else (row[0], row[1])

    async def standing(self, conversation_id: str, *, sender: Sender, author_id: str) -> tuple[str, str | None] | None:
        query = _STANDING.format(owner=OWNER[sender])
        row = await self._row(query, conversation_id, author_id)
        return None if row is None else (row[0], row[1])

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def _row(self, statement: str, *values: object) -> Any:
        try:
            return await (await self._open()).fetchrow(statement, *values)
        except AWAY as error:
            raise DatabaseUnavailable from error

    async def _open(self) -> "asyncpg.Pool[Any]":
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self._url, min_size=2, max_size=8, command_timeout=10, reset=_keep_as_is
                )
            return self._pool
