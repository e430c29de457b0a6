"""An agent says that two records are one person (PRODUCT 6.4)."""

import logging
from datetime import datetime

from inbox_app.data import conversations, identity, visitors
from inbox_app.data.tables import VisitorRow
from inbox_app.domain.errors import Conflict, NotFound
from inbox_app.domain.people import Member
from inbox_app.services.identity import keep_own_words, look_around, merge_records
from inbox_app.services.own_visitors import visitor_of
from inbox_app.services.use_case import UseCase, use_case

log = logging.getLogger(__name__)


async def merge(visitor_id: str, into_id: str, *, member: Member, now: datetime) -> None:
    """Move everything of the visitor to the other record, which keeps its own values.

    Only a record with the address that the visitor claims. Raises NotFound for what the member may not hear of,
    NotAllowed unless the caller is the agent of one of the visitor's chats or an admin, Conflict.
    """
    refusal = "Only the agent of this chat or an admin can merge its visitor with another record."
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        await visitors.browsers_of(case.session, visitor_id, into_id)  # locked first: see begin_routing
        former = await visitor_of(case, visitor_id, member=member, refusal=refusal)
        person = await _person(case, former, into_id, member)
        case.audit("visitor.merged", by=member.id, now=now, subject=person.id, merged=former.id)
        if former.seen_at >= person.seen_at:
            look_around(person, former, now=former.seen_at)
        for visitor in (former, person):
            await keep_own_words(case, visitor)
        person.confirmed_by = person.confirmed_by or "agent"  # of the record; two claims don't prove an address
        await merge_records(case, former, person, keeps_names=False)
    log.info("merged visitor=%s into=%s", visitor_id, into_id)


async def _person(case: UseCase, former: VisitorRow, into_id: str, member: Member) -> VisitorRow:
    found = (await case.session.execute(identity.same_address(member, former.id))).scalars()
    person: VisitorRow | None = next((one for one in found if one.id == into_id), None)
    if person is None:
        raise NotFound
    if former.user_id and person.user_id:
        raise Conflict("These are two different users of the site.")
    return person
