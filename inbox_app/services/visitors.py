"""The record of a visitor: sessions of browsers, what visitors say of themselves, what agents correct."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from inbox_app import live
from inbox_app.data import conversations, past_words, visitors
from inbox_app.data.ids import new_secret
from inbox_app.data.tables import ActivityRow, DeviceRow, VisitorRow
from inbox_app.domain import permissions
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.errors import Conflict, InvalidInput, NotFound
from inbox_app.domain.identity import UNSIGNED, Claims, Signature
from inbox_app.domain.people import Device, Member, clean_email, clean_text
from inbox_app.services import identity, site_secrets
from inbox_app.services.devices import tell_all_processes
from inbox_app.services.next_person import retire_if_another
from inbox_app.services.use_case import UseCase, use_case

CORRECTABLE: Final = ("name", "job_title", "email", "phone", "crm_status", "company")
URL_LIMIT: Final = 2_000
OWN_SURROUNDINGS: Final = ("page_url", "language", "time_zone")


@dataclass(frozen=True)
class Surroundings:
    """What a browser tells of where it is; empty: unknown."""

    page_url: str = ""
    referrer: str = ""
    language: str = ""
    time_zone: str = ""
    browser: str = ""

    def clipped(self) -> "Surroundings":
        """Cut to what is stored: a long URL is no reason to turn a visitor away."""
        clean = {name: value.replace("\x00", "")[:URL_LIMIT] for name, value in vars(self).items()}
        return replace(self, **clean)


@dataclass(frozen=True)
class Session:
    """A browser that may use the visitor API. `token` is given out only here."""

    token: str
    device_id: str
    visitor_id: str
    """As this browser is told it: a merge of records doesn't change it."""
    name: str
    email: str
    open_conversation: str | None
    is_another_person: bool = False
    """Than the one who used this browser: it must forget what that person wrote in it."""


async def begin_session(
    token: str | None, surroundings: Surroundings, claims: Claims, signature: Signature = UNSIGNED, *, now: datetime
) -> Session:
    """A returning browser is recognised by its token (PRODUCT 6.4); an unknown token starts a new one.

    A proof of another person does too: the chats of the one before end, and this browser can't reach them any more.
    Raises IdentityNotProved for a wrong signature, or for none where the site requires it (10.2).
    """
    surroundings, claims = surroundings.clipped(), claims.cleaned()
    proof = await site_secrets.check(signature, claims, now=now)
    known = await visitors.device_of(token) if token else None
    is_another = False
    async with use_case() as case:
        if proof:
            await conversations.begin_routing(case.session)
            is_another = bool(known and await retire_if_another(case, known.id, proof, claims, now=now))
        if known is None or is_another:
            token = new_secret()
            device_id = (await visitors.add_device(case.session, token, now=now))[0].id
        else:
            device_id = known.id
        if proof:
            await identity.prove(case, device_id, proof, claims, by="signature", now=now)
        elif claims:
            await identity.claim(case, device_id, claims, now=now)
        device, visitor = await visitors.visitor_of(case.session, device_id)
        _note(device, visitor, surroundings, now=now)
        await _add_page_view(case, visitor, surroundings.page_url, now=now)
        open_conversation = await conversations.newest_open(case.session, device_id)
        own = identity.own_words(device, visitor)
    return Session(token or "", device_id, device.shown_id, own.name, own.email, open_conversation, is_another)


def _note(device: DeviceRow, visitor: VisitorRow, surroundings: Surroundings, *, now: datetime) -> None:
    for name, value in vars(surroundings).items():
        if value:
            setattr(visitor, name, value)
            if name in OWN_SURROUNDINGS:
                setattr(device, name, value)
    visitor.seen_at = now


async def track_page(device: Device, surroundings: Surroundings, *, now: datetime) -> None:
    """The visitor is on another page."""
    surroundings = surroundings.clipped()
    async with use_case() as case:
        row, visitor = await visitors.visitor_of(case.session, device.id)
        _note(row, visitor, surroundings, now=now)
        await _add_page_view(case, visitor, surroundings.page_url, now=now)


async def _add_page_view(case: UseCase, visitor: VisitorRow, page_url: str, *, now: datetime) -> None:
    """One line a page: a reload of the same page is no news."""
    if not page_url:
        return
    if await visitors.last_page(case.session, visitor.id) == page_url:
        return
    case.session.add(ActivityRow(visitor_id=visitor.id, type=ActivityType.VISITED_PAGE, title=page_url, at=now))
    case.tell(live.topics.visitor(visitor.id), "activity")


async def correct(
    visitor_id: str, conversation_id: str | None = None, *, field: str, value: str, member: Member, now: datetime
) -> None:
    """One field; see `correct_all`."""
    await correct_all(visitor_id, {field: value}, conversation_id, member=member, now=now)


async def correct_all(
    visitor_id: str, changes: dict[str, Any], conversation_id: str | None = None, *, member: Member, now: datetime
) -> None:
    """PRODUCT 1.4: an agent corrects fields in place; the change is on the record and in the audit log.

    `conversation_id`: beside which chat; what was said in it is corrected too. Raises NotFound for a visitor whose
    conversation the agent may not see, InvalidInput, Conflict for a taken email.
    """
    permissions.require_agent(member)
    cleaned = {field: _corrected(field, value) for field, value in changes.items()}
    async with use_case() as case:
        if cleaned.get("email"):
            await conversations.begin_routing(case.session)
        await visitors.browsers_of(case.session, visitor_id)  # locked first: see begin_routing
        visitor = await visitors.get_visible(case.session, visitor_id, member)
        if visitor is None:
            raise NotFound
        before = {field: getattr(visitor, field) or "" for field in cleaned}
        if "email" in before:
            before["email"] = before["email"] or visitor.said_email
        changed = {field: value for field, value in cleaned.items() if before[field] != value}
        if changed.get("email") and await visitors.by_email(case.session, changed["email"]):
            raise Conflict("Another visitor has this email address.")
        for field, value in changed.items():
            case.audit(
                "visitor.corrected", by=member.id, now=now, subject=visitor_id, field=field, before=before[field],
                after=value,
            )  # fmt: skip
        await _write(case, visitor, before, changed)
        beside = conversation_id is not None and await past_words.correct_beside(
            case.session, visitor, conversation_id, member, cleaned
        )
        if changed or beside:
            await _tell_changed(case, visitor_id)


async def _write(case: UseCase, visitor: VisitorRow, before: dict[str, str], changed: dict[str, str]) -> None:
    """From now on the visitor's own words don't overwrite the record."""
    if changed:
        await identity.keep_own_words(case, visitor)
        await past_words.correct(case.session, visitor.id, before, changed)
    for field, value in changed.items():
        setattr(visitor, field, value or None if field == "email" else value)
        visitor.confirmed_by = "agent"
    if "email" in changed:
        visitor.said_email = ""


def _corrected(field: str, value: Any) -> str:
    if field not in CORRECTABLE:
        raise InvalidInput(field, "Only these can be corrected: {names}.", names=", ".join(CORRECTABLE))
    if not isinstance(value, str | None):
        raise InvalidInput(field, "This must be text.")
    text = value or ""
    return clean_email(text) if field == "email" and text.strip() else clean_text(text, field=field)


async def _tell_changed(case: UseCase, visitor_id: str) -> None:
    tell_all_processes(case, visitor_id)
    case.tell(live.topics.visitor(visitor_id), "changed")
    for conversation_id, agent_id in await visitors.open_conversations(case.session, visitor_id):
        if agent_id:
            case.tell(live.topics.agent(agent_id), "conversation", id=conversation_id, state="active")
