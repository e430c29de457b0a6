"""Whose browser it is (PRODUCT 6.4): claims stay with their browser, proof leads to the person's record."""

from datetime import datetime
from typing import Literal

from inbox_app import live
from inbox_app.data import identity, past_words, rule_settings, visitors
from inbox_app.data.ids import new_id
from inbox_app.data.tables import ConversationRow, DeviceRow, VisitorRow
from inbox_app.domain.identity import MORE, Claims, Proof
from inbox_app.services.devices import tell_all_processes
from inbox_app.services.use_case import UseCase

SURROUNDINGS = ("page_url", "referrer", "language", "time_zone", "browser")
FIELDS = ("name", "phone", "job_title", "company")


def is_known(visitor: VisitorRow) -> bool:
    """Somebody else than the visitor's browser vouches for the record; as `data.visitors.is_known` in SQL."""
    return bool(visitor.email or visitor.user_id or visitor.confirmed_by)


def address_of(visitor: VisitorRow) -> str:
    """Proved or claimed."""
    return visitor.email or visitor.said_email


def own_words(device: DeviceRow, visitor: VisitorRow) -> Claims:
    """What the browser may be told about its visitor: what it said itself, never what others know."""
    if is_known(visitor):
        return Claims().over(device.said)
    return Claims().over(_record(visitor) | device.said)


def is_merged(device: DeviceRow) -> bool:
    """An agent has merged its record with another: nobody has proved on this browser to be that person."""
    return device.shown_id != device.visitor_id


async def keep_own_words(case: UseCase, visitor: VisitorRow) -> None:
    """Before an agent vouches for the record: browsers from before they had words of their own keep the record's."""
    if not is_known(visitor):
        for device in await visitors.browsers_of(case.session, visitor.id):
            device.said = own_words(device, visitor).said()


def _record(visitor: VisitorRow) -> dict[str, str]:
    return {"email": address_of(visitor)} | {field: getattr(visitor, field) for field in FIELDS}


async def claim(case: UseCase, device_id: str, claims: Claims, *, now: datetime) -> tuple[VisitorRow, Claims]:
    """The browser's visitor, and those of its words that must not go further than this conversation.

    The words go into the record only while it rests on nothing but this browser's words. Where the site requires
    signatures (10.2), they never do. Another address on an unsigned browser: another person uses it, with a new record.
    """
    device, visitor = await visitors.visitor_of(case.session, device_id)
    before = (visitor.id, visitor.name, device.said)
    is_required = bool(claims) and (await rule_settings.load(case.session)).identity_required
    if not is_required:
        visitor = await _who(case, device, visitor, claims, now=now)
    if claims:
        device.said = claims.over(device.said).said()
    if not is_required and not is_known(visitor):
        await _write(case, visitor, claims, overwrites=True, address=claims.email)
        visitor.said_email = claims.email or visitor.said_email
    await case.session.flush()
    if before != (visitor.id, visitor.name, device.said):
        tell_all_processes(case, device_id, before[0], visitor.id)
        case.tell(live.topics.visitor(visitor.id), "changed")
    return visitor, Claims().over(device.said).unlike(_record(visitor))


async def mention(
    case: UseCase, device_id: str, claims: Claims, *, conversation_id: str | None
) -> tuple[VisitorRow, Claims]:
    """Words in passing, as a booking's: they fill gaps in what the browser said so far. Its visitor and its words.

    `conversation_id`: in which they're said, also when it is over.

    A booking may go to a colleague's address, so another address doesn't make the browser somebody else's.
    """
    device, visitor = await visitors.visitor_of(case.session, device_id)
    if claims and own_words(device, visitor).email in {"", claims.email}:
        before, device.said = device.said, Claims().over(claims.said() | device.said).said()
        is_required = (await rule_settings.load(case.session)).identity_required
        if not is_required and not is_known(visitor):
            address = claims.email if not visitor.said_email else ""
            await _write(case, visitor, claims, overwrites=False, address=address, said_in=conversation_id)
            visitor.said_email = visitor.said_email or claims.email
        await case.session.flush()
        if before != device.said:
            tell_all_processes(case, device_id, visitor.id)
            case.tell(live.topics.visitor(visitor.id), "changed")
    return visitor, own_words(device, visitor)


async def _who(case: UseCase, device: DeviceRow, former: VisitorRow, claims: Claims, *, now: datetime) -> VisitorRow:
    """Somebody else under another address, unless a user has signed in on this browser.

    The record decides who it is, but what the browser is told follows from its own words alone: it must not find out
    whether the record has another address.
    """
    if not claims.email or device.user_id:
        return former
    visitor, is_another = former, own_words(device, former).email not in {"", claims.email}
    if address_of(former) not in {"", claims.email}:
        visitor = await visitors.add(case.session, now=now)
        device.visitor_id, device.merged_by_agent = visitor.id, False
        look_around(visitor, former, now=now)
    if is_another:
        device.said, device.shown_id = {}, visitor.id if visitor is not former else new_id()
    return visitor


def look_around(visitor: VisitorRow, former: VisitorRow, *, now: datetime) -> None:
    """The browser is where it was, whomever it belongs to from now on."""
    for name in SURROUNDINGS:
        setattr(visitor, name, getattr(former, name) or getattr(visitor, name))
    visitor.seen_at = now


async def _write(
    case: UseCase, visitor: VisitorRow, claims: Claims, *, overwrites: bool, address: str, said_in: str | None = None
) -> None:
    """Words into the record; past chats keep theirs. `address`: which the record is about to get."""
    said = {name: value for name in FIELDS if (value := getattr(claims, name))}
    new = {name: value for name, value in said.items() if overwrites or not getattr(visitor, name)}
    has_news = any(getattr(visitor, name) != value for name, value in new.items())
    if has_news or address not in {"", address_of(visitor)}:
        await past_words.keep(case.session, visitor, but=said_in)
    for name, value in new.items():
        setattr(visitor, name, value)


def keep_claims(row: ConversationRow, claims: Claims) -> None:
    """The words that belong to this conversation only."""
    row.said_name, row.said_email = claims.name, claims.email
    more = claims.said()
    row.said_more = {name: more[name] for name in MORE if name in more}


async def prove(
    case: UseCase, device_id: str, proof: Proof, claims: Claims, *, by: Literal["signature", "link"], now: datetime
) -> VisitorRow:
    """The browser's visitor is the person with this id of the site, or with this address, from now on.

    Called under the routing lock: conversations may move to another record.
    """
    device, visitor = await visitors.visitor_of(case.session, device_id)
    before = (visitor.id, visitor.name, visitor.email, device.said, device.user_id)
    person = await _person(case, device, visitor, proof, claims, now=now)
    was_another = person.id != visitor.id and is_known(visitor) and not is_merged(device)  # whose words it has
    others = await identity.unproved_beside(case.session, device, visitor)
    shown_id = _shown_id(device, visitor, person, proof, claims, now)
    if person.id != visitor.id:
        await _move(case, device, visitor, person, proof, claims, now=now)
    device.said = claims.over({} if was_another else device.said).said()
    await _fill(case, person, proof, claims, by)
    device.shown_id = shown_id
    if proof.email and proof.email == person.email:
        await identity.note_merged(case.session, others, person.id)
        await identity.note_proof(case.session, device, person)
    device.user_id = proof.user_id or (device.user_id if device.user_id == person.user_id else None)
    await case.session.flush()
    if before != (person.id, person.name, person.email, device.said, device.user_id):
        tell_all_processes(case, device_id, before[0], person.id)
        case.tell(live.topics.visitor(person.id), "changed")
    return person


def _shown_id(
    device: DeviceRow, visitor: VisitorRow, person: VisitorRow, proof: Proof, claims: Claims, now: datetime
) -> str:
    """The visitor ID to give the browser: one that doesn't reveal an agent's merge."""
    if proof.user_id and device.user_id == proof.user_id:
        return device.shown_id
    would_stay = own_words(device, visitor).email in {"", proof.email, claims.email}
    is_new = person.created_at == now
    return device.shown_id if is_merged(device) and is_new and would_stay else person.id


async def _person(
    case: UseCase, device: DeviceRow, visitor: VisitorRow, proof: Proof, claims: Claims, *, now: datetime
) -> VisitorRow:
    """By the site's id, else by the proved address unless it is another user's; else this visitor or a new one."""
    if proof.user_id and (found := await visitors.by_user_id(case.session, proof.user_id)):
        return found
    named = await visitors.by_email(case.session, proof.email) if proof.email else None
    if named is not None and (not proof.user_id or named.user_id is None):
        return named
    is_free = visitor.user_id is None or not proof.user_id
    if is_free and await _is_theirs(case, device, visitor, proof, {claims.email}):
        return visitor
    return await visitors.add(case.session, now=now)


async def _is_theirs(case: UseCase, device: DeviceRow, visitor: VisitorRow, proof: Proof, claimed: set[str]) -> bool:
    """A claim leads to no record that anybody else's browser has too: an agent may have merged the two by mistake."""
    address = address_of(visitor)
    if address in {"", proof.email}:
        return True
    is_bare = visitor.email is None and visitor.user_id is None
    return is_bare and address in claimed and not await visitors.has_another(case.session, visitor.id, device.id)


async def _move(
    case: UseCase, device: DeviceRow, former: VisitorRow, person: VisitorRow, proof: Proof, claims: Claims, *,
    now: datetime,
) -> None:  # fmt: skip
    """A record of this browser alone goes along; from a person's, only the browser moves."""
    look_around(person, former, now=now)
    is_theirs = await _is_theirs(case, device, former, proof, {claims.email, address_of(person)})
    device.visitor_id, device.merged_by_agent = person.id, False
    await case.session.flush()
    if former.email is None and former.user_id is None and is_theirs:
        await merge_records(case, former, person, keeps_names=True)


async def merge_records(case: UseCase, former: VisitorRow, person: VisitorRow, *, keeps_names: bool) -> None:
    """Two records are one person; open pages of their conversations show it."""
    tell_all_processes(case, former.id, person.id)
    agents = dict(await visitors.open_conversations(case.session, former.id))
    for conversation_id in await identity.absorb(case.session, former, person, keeps_names=keeps_names):
        case.tell(live.topics.conversation(conversation_id), "visitor")
        if agent_id := agents.get(conversation_id):
            case.tell(live.topics.agent(agent_id), "conversation", id=conversation_id, state="active")
    for visitor_id in (former.id, person.id):
        case.tell(live.topics.visitor(visitor_id), "changed")


async def _fill(case: UseCase, person: VisitorRow, proof: Proof, claims: Claims, by: str) -> None:
    """A signed user writes a record that only the site vouches for; elsewhere the words only fill gaps."""
    is_own = bool(proof.user_id) and (person.confirmed_by == "signature" or not is_known(person))
    address = (proof.email or claims.email) if person.email is None else ""
    await _write(case, person, claims, overwrites=is_own, address=address)
    person.user_id = person.user_id or proof.user_id or None
    person.confirmed_by = person.confirmed_by or by
    if person.email is not None:
        return
    if proof.email and await visitors.by_email(case.session, proof.email) is None:
        person.email, person.said_email = proof.email, ""
    else:
        person.said_email = claims.email or proof.email or person.said_email
