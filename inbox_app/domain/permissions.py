"""Who may see and do what (PRODUCT 1.1, 5.1, 5.4). Asked in every service; the page only repeats it."""

from inbox_app.domain.conversation import PAST, Conversation, State
from inbox_app.domain.errors import NotAllowed, NotFound
from inbox_app.domain.people import Member, Role


def require_agent(member: Member) -> Member:
    """Routes and handlers of agents: managers read elsewhere."""
    if not member.is_agent:
        raise NotAllowed("This is for agents. Managers read conversations in the history.", code="not_for_managers")
    return member


def require_reader(member: Member) -> Member:
    """History, reports and exports."""
    if not member.reads_history:
        raise NotAllowed("This is for managers and admins.")
    return member


def require_admin(member: Member) -> Member:
    """People, teams, routing, settings."""
    if member.role is not Role.ADMIN:
        raise NotAllowed("This is for admins.")
    return member


def can_see(member: Member, conversation: Conversation) -> bool:
    """1.1: my own active ones and every past one; nobody else's active one, whatever the role."""
    if conversation.state in PAST:
        return True
    return conversation.state is State.ACTIVE and conversation.agent_id == member.id and member.is_agent


def require_sight(member: Member, conversation: Conversation | None) -> Conversation:
    """The conversation, or NotFound: the same for one that is not there and one that is not yours."""
    if conversation is None or not can_see(member, conversation):
        raise NotFound
    return conversation


def require_own(member: Member, conversation: Conversation | None) -> Conversation:
    """For acts on a live conversation: its own agent only.

    Others' past ones can be seen, so they get a clear refusal.
    """
    seen = require_sight(require_agent(member), conversation)
    if seen.agent_id != member.id:
        raise NotAllowed("This conversation was another agent's. You can read it, not change it.")
    return seen
