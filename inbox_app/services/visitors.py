"""The record of a visitor: sessions of browsers, what visitors say of themselves, what agents correct."""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from inbox_app import live
from inbox_app.data import conversations, visitors
from inbox_app.data.ids import new_secret
from inbox_app.data.tables import ActivityRow, VisitorRow
from inbox_app.domain import permissions
from inbox_app.domain.activity import ActivityType
from inbox_app.domain.errors import Conflict, InvalidInput, NotFound, NotSignedIn
from inbox_app.domain.people import Device, Member, clean_email, clean_text
from inbox_app.services.kept_briefly import KeptBriefly
from inbox_app.services.use_case import UseCase, use_case

CORRECTABLE: Final = ("name", "job_title", "email", "phone", "crm_status", "company")
URL_LIMIT: Final = 2_000
_devices: Final = KeptBriefly[Device](20_000, seconds=30)


@dataclass(frozen=True)
class Claims:
    """What a visitor says of himself; empty: nothing said."""

    name: str = ""
    email: str = ""
    phone: str = ""
    job_title: str = ""
    company: str = ""

    def cleaned(self) -> "Claims":
        """Checked and trimmed. Raises InvalidInput, naming the field."""
        return Claims(
            name=clean_text(self.name, field="name"),
            email=clean_email(self.email) if self.email.strip() else "",
            phone=clean_text(self.phone, field="phone"),
            job_title=clean_text(self.job_title, field="job_title"),
            company=clean_text(self.company, field="company"),
        )


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
    name: str
    email: str
    open_conversation: str | None


async def begin_session(token: str | None, surroundings: Surroundings, claims: Claims, *, now: datetime) -> Session:
    """A returning browser is recognised by its token (PRODUCT 6.4); an unknown token begins anew."""
    surroundings, claims = surroundings.clipped(), claims.cleaned()
    known = await visitors.device_of(token) if token else None
    async with use_case() as case:
        if known is None:
            token = new_secret()
            device, _ = await visitors.add_device(case.session, token, now=now)
            device_id = device.id
        else:
            device_id = known.id
        visitor = await identify(case, device_id, claims, now=now)
        _note(visitor, surroundings, now=now)
        await _add_page_view(case, visitor, surroundings.page_url, now=now)
        open_conversation = await conversations.newest_open(case.session, device_id)
    return Session(token or "", device_id, visitor.id, visitor.name, visitor.email or "", open_conversation)


def _note(visitor: VisitorRow, surroundings: Surroundings, *, now: datetime) -> None:
    for name, value in vars(surroundings).items():
        if value:
            setattr(visitor, name, value)
    visitor.seen_at = now


async def track_page(device: Device, surroundings: Surroundings, *, now: datetime) -> None:
    """The visitor is on another page."""
    surroundings = surroundings.clipped()
    async with use_case() as case:
        _, visitor = await visitors.visitor_of(case.session, device.id)
        _note(visitor, surroundings, now=now)
        await _add_page_view(case, visitor, surroundings.page_url, now=now)


async def _add_page_view(case: UseCase, visitor: VisitorRow, page_url: str, *, now: datetime) -> None:
    """One line a page: a reload of the same page is no news."""
    if not page_url:
        return
    if await visitors.last_page(case.session, visitor.id) == page_url:
        return
    case.session.add(ActivityRow(visitor_id=visitor.id, type=ActivityType.VISITED_PAGE, title=page_url, at=now))
    case.tell(live.topics.visitor(visitor.id), "activity")


async def identify(case: UseCase, device_id: str, claims: Claims, *, now: datetime) -> VisitorRow:
    """PRODUCT 6.4: an email that is known resolves to that person; a known visitor's browser moves to the other person.

    What is said only fills gaps of a record that was found by its email: anyone can type anyone's address.
    """
    if claims.email:
        await conversations.begin_routing(case.session)
    device, visitor = await visitors.visitor_of(case.session, device_id)
    before, is_own_record = (visitor.id, visitor.name), True
    here = Surroundings(**{field.name: getattr(visitor, field.name) for field in fields(Surroundings)})
    if claims.email and claims.email != visitor.email:
        person = await visitors.by_email(case.session, claims.email)
        was_anonymous = visitor.email is None
        if person is not None:
            await visitors.move_device(case.session, device, to=person, take_all=was_anonymous)
            visitor, is_own_record = person, False
        elif was_anonymous:
            visitor.email = claims.email
        else:
            visitor = await visitors.add_person(case.session, claims.email, now=now)
            await visitors.move_device(case.session, device, to=visitor, take_all=False)
    for name in ("name", "phone", "job_title", "company"):
        said = getattr(claims, name)
        if said and (is_own_record or not getattr(visitor, name)):
            setattr(visitor, name, said)
    _note(visitor, here, now=now)  # where this browser is, whomever it belongs to from now on
    await case.session.flush()
    if before != (visitor.id, visitor.name):
        _tell_all_processes(case, device_id, before[0], visitor.id)
    case.tell(live.topics.visitor(visitor.id), "changed")
    return visitor


async def correct(visitor_id: str, *, field: str, value: str, member: Member, now: datetime) -> None:
    """One field; see `correct_all`."""
    await correct_all(visitor_id, {field: value}, member=member, now=now)


async def correct_all(visitor_id: str, changes: dict[str, Any], *, member: Member, now: datetime) -> None:
    """PRODUCT 1.4: an agent corrects fields in place; the change is on the record and in the audit log.

    Raises NotFound for a visitor whose conversation the agent may not see, InvalidInput, Conflict for a taken email.
    """
    permissions.require_agent(member)
    cleaned = {field: _corrected(field, value) for field, value in changes.items()}
    async with use_case() as case:
        if cleaned.get("email"):
            await conversations.begin_routing(case.session)
        visitor = await visitors.get_visible(case.session, visitor_id, member)
        if visitor is None:
            raise NotFound
        before = {field: getattr(visitor, field) or "" for field in cleaned}
        changed = {field: value for field, value in cleaned.items() if before[field] != value}
        if changed.get("email") and await visitors.by_email(case.session, changed["email"]):
            raise Conflict("Another visitor has this email address.")
        for field, value in changed.items():
            setattr(visitor, field, value or None if field == "email" else value)
            case.audit(
                "visitor.corrected", by=member.id, now=now, subject=visitor_id, field=field, before=before[field],
                after=value,
            )  # fmt: skip
        if changed:
            await _tell_changed(case, visitor_id)


def _corrected(field: str, value: Any) -> str:
    if field not in CORRECTABLE:
        raise InvalidInput(field, "Only these can be corrected: {names}.", names=", ".join(CORRECTABLE))
    if not isinstance(value, str | None):
        raise InvalidInput(field, "This must be text.")
    text = value or ""
    return clean_email(text) if field == "email" and text.strip() else clean_text(text, field=field)


def _tell_all_processes(case: UseCase, *ids: str) -> None:
    """After the commit, and before it already: this process sees its own change at once."""
    _forget(*ids)
    case.tell(live.topics.visitors(), "changed", ids=ids)


async def _tell_changed(case: UseCase, visitor_id: str) -> None:
    _tell_all_processes(case, visitor_id)
    case.tell(live.topics.visitor(visitor_id), "changed")
    for conversation_id, agent_id in await visitors.open_conversations(case.session, visitor_id):
        if agent_id:
            case.tell(live.topics.agent(agent_id), "conversation", id=conversation_id, state="active")


async def device(token: str) -> Device:
    """The browser with this token, from a short cache: the message path asks on every call. Raises NotSignedIn."""
    found = await _devices.get(token, lambda: visitors.device_of(token))
    if found is None:
        raise NotSignedIn("This visitor token is not known. Begin a new session.")
    return found


async def forget_what_changes() -> None:
    """A browser that moved to another visitor, a corrected name: in all processes; runs as long as the process."""
    async with live.subscribe(live.topics.visitors()) as changes:
        while True:
            event = await changes.next()
            _forget(*event.data.get("ids", ()))


def _forget(*ids: str) -> None:
    """Of browsers and visitors; without any, all."""
    if ids:
        _devices.forget_where(lambda kept: kept.id in ids or kept.visitor_id in ids)
    else:
        _devices.forget()
