"""Whose record an agent may act on (PRODUCT 6.4)."""

from inbox_app.data import conversations, identity, visitors
from inbox_app.data.tables import VisitorRow
from inbox_app.domain.errors import NotAllowed, NotFound
from inbox_app.domain.people import Member, Role
from inbox_app.domain.permissions import require_agent
from inbox_app.services.use_case import UseCase


async def visitor_of(case: UseCase, visitor_id: str, *, member: Member, refusal: str) -> VisitorRow:
    """The visitor, for the agent of one of its chats or an admin; holds the routing lock.

    Raises NotFound for a record that the member may not see, and NotAllowed with the sentence `refusal`.
    """
    if member.role is not Role.ADMIN:
        require_agent(member)
    await conversations.begin_routing(case.session)
    visitor = await visitors.get_visible(case.session, visitor_id, member)
    if visitor is None:
        raise NotFound
    if member.role is not Role.ADMIN and member.id not in await identity.owners(case.session, visitor_id):
        raise NotAllowed(refusal)
    return visitor
