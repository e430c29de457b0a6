"""Rows with sensible defaults, written as the product writes them: `await a_chat(agent=ana, state="ended")`."""

import itertools
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from argon2 import PasswordHasher

from inbox_app import clock
from inbox_app.data import members, presence
from inbox_app.data.engine import unit_of_work
from inbox_app.data.ids import digest, new_id, new_secret
from inbox_app.data.messages import Post
from inbox_app.data.tables import (
    ActivityRow,
    ConversationRow,
    DeviceRow,
    EntryRow,
    MemberRow,
    OfferRow,
    VisitorRow,
)
from inbox_app.domain.conversation import Sender, State
from inbox_app.domain.people import Device, Member, Role

OPEN_PAGES = "open-pages"  # a process that holds the pages of the agents of a test
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PASSWORD = "demo-demo-1"
CHEAP_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
_numbers = itertools.count(1)


async def a_member(name: str = "Ana", **changes: Any) -> Member:
    """An agent who is available and there, unless said otherwise. The password is PASSWORD."""
    role = Role(changes.pop("role", Role.AGENT))
    is_present = changes.pop("is_present", True)
    row = MemberRow(
        **{
            "id": new_id(), "email": f"{name.lower()}{next(_numbers)}@example.com", "name": name, "role": role,
            "takes_chats": role is Role.AGENT, "password_hash": CHEAP_HASH, "created_at": NOW,
        }
        | changes
    )  # fmt: skip
    async with unit_of_work() as session:
        session.add(row)
        if is_present:
            await presence.renew(session, OPEN_PAGES, now=clock.now())
            await presence.connect(session, new_id(), OPEN_PAGES, row.id)
    return members.value(row)


async def a_link(member: Member, purpose: str, *, now: datetime = NOW) -> str:
    """The token of a link that lasts an hour, of purpose `reset` or `invitation`."""
    from inbox_app.data.tables import MemberLinkRow  # here: `make bench --against` runs with older tables too

    token, expires_at = new_secret(), now + timedelta(hours=1)
    async with unit_of_work() as session:
        session.add(
            MemberLinkRow(
                id=digest(token), member_id=member.id, purpose=purpose, created_at=now, expires_at=expires_at
            )
        )  # fmt: skip
    return token


async def a_device(name: str = "Vera", *, visitor_id: str | None = None, **changes: Any) -> Device:
    """A browser of a new visitor, or of one that is there."""
    device_id, said = new_id(), {"name": name, **({"email": changes["email"]} if changes.get("email") else {})}
    async with unit_of_work() as session:
        if visitor_id is None:
            visitor = VisitorRow(**{"id": new_id(), "name": name, "created_at": NOW, "seen_at": NOW} | changes)
            session.add(visitor)
            await session.flush()
            visitor_id = visitor.id
        session.add(
            DeviceRow(
                id=device_id, token_digest=digest(new_secret()), visitor_id=visitor_id, shown_id=visitor_id, said=said,
                time_zone=changes.get("time_zone", ""), created_at=NOW,
            )
        )  # fmt: skip
    return Device(device_id, visitor_id, name, visitor_id, time_zone=changes.get("time_zone", ""))


@dataclass(frozen=True)
class Chat:
    """A conversation that was written, with whom it is."""

    id: str
    device: Device
    agent: Member | None
    state: State

    @property
    def visitor_id(self) -> str:
        return self.device.visitor_id


async def a_chat(
    *, agent: Member | None = None, state: str = "active", device: Device | None = None,
    texts: tuple[str, ...] = ("Hello",), at: datetime = NOW, **changes: Any,
) -> Chat:  # fmt: skip
    """A conversation in any state, with messages of its visitor and the activity that tells of it."""
    device = device or await a_device()
    row = ConversationRow(
        **{
            "id": new_id(), "visitor_id": device.visitor_id, "device_id": device.id, "client_id": new_id(),
            "state": state, "agent_id": agent.id if agent else None, "requested_at": at, "activity_at": at,
            "last_seq": len(texts), "last_text": texts[-1] if texts else "", "last_sender": "visitor",
            "unread": len(texts), "waiting_since": at,
            "ended_at": at if state in {"ended", "missed", "cancelled"} else None,
        }
        | changes
    )  # fmt: skip
    async with unit_of_work() as session:
        session.add(row)
        await session.flush()
        for seq, text in enumerate(texts, start=1):
            session.add(EntryRow(conversation_id=row.id, seq=seq, kind="message", sender="visitor", text=text, at=at))
        session.add(
            ActivityRow(visitor_id=device.visitor_id, type="requested_live_chat", conversation_id=row.id, at=at)
        )
    return Chat(row.id, device, agent, State(row.state))


async def an_offer(chat: Chat, to: Member, **changes: Any) -> str:
    """The chat rings at an agent."""
    offer_id = new_id()
    defaults = {"id": offer_id, "conversation_id": chat.id, "agent_id": to.id, "state": "pending", "offered_at": NOW}
    async with unit_of_work() as session:
        session.add(OfferRow(**defaults | changes))
    return offer_id


def a_post(chat: Chat, text: str = "Hello", **changes: Any) -> Post:
    """A message of the chat's visitor."""
    post = Post(chat.id, Sender.VISITOR, chat.device.id, "Vera", new_id(), text, NOW + timedelta(minutes=1))
    return replace(post, **changes)


def a_reply(chat: Chat, text: str = "Hi", **changes: Any) -> Post:
    """A message of the chat's agent."""
    assert chat.agent is not None
    return a_post(chat, text, **{"sender": Sender.AGENT, "author_id": chat.agent.id, "author_name": "Ana"} | changes)


async def an_activity(visitor_id: str, at: datetime, **changes: Any) -> None:
    """A line of the activity history."""
    async with unit_of_work() as session:
        session.add(ActivityRow(**{"visitor_id": visitor_id, "type": "visited_page", "title": "/", "at": at} | changes))


async def set_row(table: type[Any], values: dict[str, Any], **equal: Any) -> None:
    """Change the one row in which these columns have these values."""
    from sqlmodel import select

    async with unit_of_work() as session:
        row = (await session.execute(select(table).filter_by(**equal))).scalar_one()
        for name, value in values.items():
            setattr(row, name, value)


async def rows_of(table: type[Any], **equal: Any) -> list[Any]:
    """What stands in a table."""
    from sqlmodel import select

    async with unit_of_work() as session:
        found = (await session.execute(select(table))).scalars().all()
    return [row for row in found if all(getattr(row, name) == value for name, value in equal.items())]


def a_uuid(name: str = "") -> str:
    """As a client makes one; the same for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name) if name else uuid.uuid4())
