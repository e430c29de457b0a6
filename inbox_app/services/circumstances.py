"""What decides who is asked, loaded once for all who wait: fifty waiting visitors cost little more than one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app.data import offers, rule_settings
from inbox_app.data import routing as routing_data
from inbox_app.data.routing import RuleBook
from inbox_app.data.tables import ConversationRow, VisitorRow
from inbox_app.domain.chat_settings import ChatSettings
from inbox_app.domain.conditions import ADDRESS, DETAILS, attributes_of, without
from inbox_app.domain.routing import Candidate, Policy, could_come
from inbox_app.services.identity import address_of


@dataclass
class Circumstances:
    """Who is there and which rules hold, at one moment under the routing lock."""

    settings: ChatSettings
    book: RuleBook
    candidates: Sequence[Candidate]

    def asked(self, agent: Candidate) -> None:
        """This agent was just offered a chat: one more to do, and the end of the rotation, as in the database."""
        last = max(candidate.turn for candidate in self.candidates) + 1
        self.candidates = [
            replace(one, load=one.load + 1, turn=last) if one.agent_id == agent.agent_id else one
            for one in self.candidates
        ]


@dataclass(frozen=True)
class Question:
    """All that decides who is asked for one conversation."""

    row: ConversationRow
    visitor: VisitorRow
    attributes: dict[str, str]
    claimed: frozenset[str]
    candidates: Sequence[Candidate]
    policy: Policy
    tried: frozenset[str]

    def could_someone_come(self, *, counts_expected: bool) -> bool:
        """PRODUCT 3.4: whether someone untried is available and there, busy or not."""
        return could_come(
            self.attributes, self.candidates, self.policy, tried=self.tried, counts_expected=counts_expected
        )


async def at_present(session: AsyncSession, *, now: datetime) -> Circumstances:
    """As they are now."""
    settings = await rule_settings.load(session)
    return Circumstances(
        settings=settings,
        book=await routing_data.rule_book(session, offers_to_absent=settings.offer_to_absent),
        candidates=await offers.candidates(session, capacity=settings.capacity, now=now),
    )


def _claimed(visitor: VisitorRow) -> frozenset[str]:
    """The attributes that rest on what the visitor typed.

    An agent's correction of a record that proves nothing doesn't vouch for the rest of it.
    """
    return (frozenset() if visitor.email else ADDRESS) | (frozenset() if visitor.email or visitor.user_id else DETAILS)


async def question(session: AsyncSession, present: Circumstances, conversation_id: str) -> Question:
    """Who is to be asked for this conversation?"""
    row = await session.get_one(ConversationRow, conversation_id, populate_existing=True)
    visitor = await session.get_one(VisitorRow, row.visitor_id)
    claimed = _claimed(visitor)
    seen = {"page_url": row.page_url or visitor.page_url, "email": address_of(visitor)}
    attributes = attributes_of(visitor.model_dump() | seen)
    if present.settings.identity_required:  # elsewhere a claim may find the owner
        attributes, claimed = without(attributes, claimed), frozenset()
    return Question(
        row=row,
        visitor=visitor,
        attributes=attributes,
        claimed=claimed,
        candidates=present.candidates,
        policy=await routing_data.policy_for(session, present.book, attributes),
        tried=await offers.tried(session, conversation_id),
    )
