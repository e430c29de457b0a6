"""The JSON of the contract: what comes in as pydantic models, what goes out as plain dictionaries."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from inbox_app.data.models import MessageView
from inbox_app.data.views.chats import ChatView

SEQ_LIMIT = 2**31 - 1  # what the column holds


def _no_null(value: Any) -> Any:
    return "" if value is None else value


Text = Annotated[str, StringConstraints(strict=True)]
"""What can't be stored never gets here, see `incoming.py`."""

Number = Annotated[int, Field(strict=True)]
Switch = Annotated[bool, Field(strict=True)]
ClientId = Annotated[Text, Field(json_schema_extra={"format": "uuid"})]
Optional = Annotated[Text, BeforeValidator(_no_null)]
Epoch = Annotated[str | None, Query(max_length=64, description="Of the history that `after` counts in.")]


def described_identity(schema: dict[str, Any]) -> None:
    """What `_claims` reads of it; a site may send more."""
    names = ("user_id", "email", "name", "phone", "job_title", "company")
    schema["anyOf"][0]["properties"] = {name: {"type": "string"} for name in names}


class SessionIn(BaseModel):
    """`POST /sessions`."""

    token: Optional = ""
    page_url: Optional = ""
    referrer: Optional = ""
    locale: Optional = ""
    time_zone: Optional = ""
    identity: Annotated[dict[str, Any] | None, Field(json_schema_extra=described_identity)] = None
    identity_hash: Optional = ""


class ContactIn(BaseModel):
    """What visitors say of themselves, and agents correct."""

    name: Optional = ""
    email: Optional = ""
    phone: Optional = ""
    job_title: Optional = ""
    company: Optional = ""


class MessageIn(BaseModel):
    """A message of either side."""

    client_id: ClientId
    text: Text


class ConversationIn(ContactIn, MessageIn):
    """`POST /conversations`: the first message, and who writes it."""


class SeenIn(BaseModel):
    """How far one has read."""

    seq: Annotated[Number, Field(ge=0)]


class TypingIn(BaseModel):
    """Typing now, or stopped."""

    active: bool = True


class PageViewIn(BaseModel):
    """`POST /page-views`."""

    page_url: Text
    referrer: Optional = ""


class OfflineMessageIn(BaseModel):
    """`POST /offline-messages`."""

    text: Text
    name: Optional = ""
    email: Optional = ""
    conversation_id: Optional = ""


class ShareIn(BaseModel):
    """Whose calendar is shared."""

    agent_id: Text


class BookingIn(BaseModel):
    """`POST /calendar-shares/{id}/bookings`. `start`: ISO 8601 with its offset."""

    client_id: ClientId
    start: Text
    email: Optional = ""
    name: Optional = ""
    time_zone: Optional = ""


class ProofIn(BaseModel):
    """What the link in a mail carries behind its `#`."""

    token: Text


class ProofAnswerIn(ProofIn):
    """Whether the person who received the mail is the one who chatted."""

    answer: Literal["yes", "no"]


class StartIn(BaseModel):
    """Where a meeting is moved to."""

    start: Text


def message(entry: MessageView) -> dict[str, Any]:
    """A message as both sides read it."""
    return {
        "seq": entry.seq, "client_id": entry.client_id, "sender": entry.sender, "sender_name": entry.sender_name,
        "text": entry.text, "sent_at": entry.at,
    }  # fmt: skip


def state(entry: MessageView) -> dict[str, Any]:
    """A change of state. `agent`: who took it, where it was taken."""
    return {
        "seq": entry.seq, "state": entry.state, "end_reason": entry.end_reason or None,
        "agent": {"name": entry.sender_name} if entry.sender == "agent" else None, "at": entry.at,
    }  # fmt: skip


def entry(view: MessageView) -> dict[str, Any]:
    """An entry by its kind; a shared calendar or a meeting is what it was at that moment."""
    match view.kind:
        case "message":
            return message(view)
        case "state":
            return state(view)
    return {"seq": view.seq, **view.details, "at": view.at}


def chat(view: ChatView) -> dict[str, Any]:
    """A visitor's conversation. `messages`: its words only; the events tell the rest."""
    return {
        "id": view.id, "state": view.state, "end_reason": view.end_reason or None,
        "agent": {"id": view.agent_id, "name": view.agent_name} if view.agent_id else None,
        "queue_position": view.queue_position or None, "last_seq": view.last_seq,
        "seen": {"agent": view.seen_by_agent, "visitor": view.seen_by_visitor},
        "messages": [message(entry) for entry in view.entries if entry.kind == "message"],
    }  # fmt: skip
