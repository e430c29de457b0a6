"""A link sent to an address proves it for the browser that claimed it (PRODUCT 6.4).

That browser proves it by opening the link. Any other browser is asked first, because the person who receives a mail
that a stranger caused must not prove the stranger's claim by looking at it.

Only mail carries the link's token: the token of a meeting's link, which the API returns too, proves nothing.
"""

import json
import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app.data import conversations
from inbox_app.data import identity as identity_data
from inbox_app.data.engine import reading_session
from inbox_app.data.instants import iso
from inbox_app.data.tables import ConversationRow, DeviceRow, MeetingRow, VisitorRow
from inbox_app.domain.errors import Conflict, NotAllowed, NotFound
from inbox_app.domain.identity import Claims, Proof
from inbox_app.domain.people import Device, visitor_title
from inbox_app.sealing import SealBroken, seal, unseal
from inbox_app.services import identity
from inbox_app.services.use_case import UseCase, use_case
from inbox_app.settings import get_settings

PURPOSE: Final = "address proof"
LASTS: Final = timedelta(days=30)
HOST: Final = re.compile(r"[a-z0-9.-]{1,253}")
Answer = Literal["yes", "no"]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """What the address's owner is asked about. `name`: as the browser gave it; empty: it gave none."""

    email: str
    name: str
    site: str
    at: str


@dataclass(frozen=True)
class _Claim:
    """What a link is about, as it is now. `answer`: empty until there is one."""

    email: str
    meeting: MeetingRow | None
    conversation: ConversationRow
    device: DeviceRow
    visitor: VisitorRow
    answer: str

    @property
    def is_current(self) -> bool:
        """Whether the browser is still the visitor's who claimed it, and whether it claims no other address.

        A booking's address may have been typed for that booking alone; a link of a chat is about the claim itself.
        """
        is_same = self.device.visitor_id == self.conversation.visitor_id
        return is_same and identity.address_of(self.visitor) in ({"", self.email} if self.meeting else {self.email})

    @property
    def is_proved(self) -> bool:
        """A merge by an agent proves nothing."""
        return bool(self.visitor.email) and not self.device.merged_by_agent

    @property
    def name(self) -> str:
        """As it was given; empty: none."""
        if self.meeting is None:
            return self.device.said.get("name", "")
        typed = self.meeting.visitor_name
        return "" if typed == visitor_title("", self.device.shown_id) else typed


async def token_for(session: AsyncSession, meeting: MeetingRow, *, now: datetime) -> str:
    """For the mail about this meeting; empty when there's nothing to prove or the owner has answered already."""
    claim = await _claim_of(session, meeting.conversation_id, meeting.visitor_email, meeting, locks=False)
    return "" if _is_settled(claim) else seal(json.dumps([meeting.id, claim.email]), purpose=PURPOSE, now=now)


async def token_for_chat(session: AsyncSession, conversation_id: str, email: str, *, now: datetime) -> str:
    """For a mail that an agent has sent to the address claimed in this chat; empty as for a meeting."""
    claim = await _claim_of(session, conversation_id, email, None, locks=False)
    return "" if _is_settled(claim) else seal(json.dumps([conversation_id, email]), purpose=PURPOSE, now=now)


def _is_settled(claim: _Claim) -> bool:
    return bool(claim.answer or not claim.is_current or claim.is_proved)


async def question(token: str, *, now: datetime) -> Question:
    """What to ask in a browser that didn't chat. Changes nothing.

    Raises NotFound for a link that isn't valid or no longer applies, Conflict once it was answered.
    """
    async with reading_session() as session:
        claim = await _claim(session, token, locks=False, now=now)
    if claim.answer:
        raise Conflict("You’ve already answered this question.")
    if not claim.is_current or claim.is_proved:
        raise NotFound("This link no longer applies.")
    return Question(claim.email, claim.name, _site(claim.conversation.page_url), iso(claim.conversation.requested_at))


def _site(page_url: str) -> str:
    """The host of the page, which any browser may invent; the inbox's own where that isn't one."""
    try:
        host = urlsplit(page_url).hostname or ""
    except ValueError:
        host = ""
    return host if HOST.fullmatch(host) else urlsplit(get_settings().public_url).hostname or ""


async def answer(token: str, said: Answer, *, now: datetime) -> None:
    """The owner's answer, in any browser. The same answer again does nothing.

    Raises NotFound for a link that isn't valid or no longer applies, Conflict for a second thought.
    """
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        await _settle(case, await _claim(case.session, token, locks=True, now=now), said, now=now)


async def confirm(token: str, *, device: Device, now: datetime) -> None:
    """The link was opened in this browser: if it's the one that chatted, the address is proved.

    Raises NotFound and Conflict as `answer` does, NotAllowed in another browser.
    """
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        claim = await _claim(case.session, token, locks=True, now=now)
        if claim.device.id != device.id:
            raise NotAllowed("Open this link in the browser you chatted in.")
        await _settle(case, claim, "yes", now=now)


async def _claim(session: AsyncSession, token: str, *, locks: bool, now: datetime) -> _Claim:
    try:
        subject_id, email = json.loads(unseal(token, purpose=PURPOSE, now=now, lasts=LASTS))
    except SealBroken:
        raise NotFound("This link doesn’t work. Open it from the email again.") from None
    meeting = await session.get(MeetingRow, subject_id)
    chat = None if meeting else await session.get(ConversationRow, subject_id)
    if chat is not None:
        return await _claim_of(session, subject_id, email, None, locks=locks)
    if meeting is None or meeting.visitor_email != email:
        raise NotFound("This link no longer applies.")
    return await _claim_of(session, meeting.conversation_id, email, meeting, locks=locks)


async def _claim_of(
    session: AsyncSession, conversation_id: str, email: str, meeting: MeetingRow | None, *, locks: bool
) -> _Claim:
    """`locks`: the browser, which may be moving to another visitor."""
    conversation = await session.get_one(ConversationRow, conversation_id)
    device = await session.get_one(DeviceRow, conversation.device_id, with_for_update=locks or None)
    visitor = await session.get_one(VisitorRow, device.visitor_id)
    is_denied = await identity_data.is_denied(session, device.id, email)
    is_proved = visitor.email == email and not device.merged_by_agent
    answered = meeting.address_answer if meeting else "yes" if is_proved else ""
    return _Claim(email, meeting, conversation, device, visitor, "no" if is_denied else answered)


async def _settle(case: UseCase, claim: _Claim, said: Answer, *, now: datetime) -> None:
    if claim.answer == said:
        return
    if claim.answer:
        raise Conflict("You’ve already answered this question.")
    if not claim.is_current:
        raise NotFound("This link no longer applies.")
    if claim.meeting:
        claim.meeting.address_answer = said
    if said == "no":
        claim.device.denied = [*claim.device.denied, claim.email]
        case.audit("visitor.address_denied", by=None, now=now, subject=claim.visitor.id)
        log.info("denied address visitor=%s", claim.visitor.id)
        return
    proof, claims = Proof(email=claim.email), Claims(email=claim.email)
    visitor = await identity.prove(case, claim.device.id, proof, claims, by="link", now=now)
    case.audit("visitor.address_proved", by=None, now=now, subject=visitor.id)
    log.info("proved address visitor=%s", visitor.id)
