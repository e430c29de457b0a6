"""Who may see and change what (PRODUCT 1.1, 5.1, 5.4): every role against every state, own and another's."""

import itertools
from collections.abc import Callable

import pytest

from inbox_app.domain.conversation import PAST, State
from inbox_app.domain.errors import NotAllowed, NotFound
from inbox_app.domain.people import Member, Role
from inbox_app.domain.permissions import (
    can_see,
    require_admin,
    require_agent,
    require_own,
    require_reader,
    require_sight,
)
from tests.domain.builders import a_conversation, a_member

MEMBERS = {
    "agent": a_member(),
    "manager": a_member(role=Role.MANAGER),
    "admin": a_member(role=Role.ADMIN),
    "admin who takes chats": a_member(role=Role.ADMIN, takes_chats=True),
}
TAKE_CHATS = {"agent", "admin who takes chats"}
EVERY_CASE = list(itertools.product(MEMBERS, State, ["ana", "ben", None]))


@pytest.mark.parametrize(("who", "state", "agent_id"), EVERY_CASE)
def test_past_conversations_are_seen_by_all_and_active_ones_by_their_agent(
    who: str, state: State, agent_id: str | None
) -> None:
    is_own_active = state is State.ACTIVE and agent_id == "ana" and who in TAKE_CHATS
    assert can_see(MEMBERS[who], a_conversation(state=state, agent_id=agent_id)) is (state in PAST or is_own_active)


@pytest.mark.parametrize(("who", "state", "agent_id"), EVERY_CASE)
def test_only_its_own_agent_may_change_a_conversation(who: str, state: State, agent_id: str | None) -> None:
    conversation, member = a_conversation(state=state, agent_id=agent_id), MEMBERS[who]
    if who not in TAKE_CHATS:
        assert code_of(lambda: require_own(member, conversation)) == "not_for_managers"
    elif not can_see(member, conversation):
        assert code_of(lambda: require_own(member, conversation)) == "not_found"
    elif agent_id != "ana":
        assert code_of(lambda: require_own(member, conversation)) == "not_allowed"
    else:
        assert require_own(member, conversation) is conversation


def code_of(refused: Callable[[], object]) -> str:
    with pytest.raises((NotAllowed, NotFound)) as error:
        refused()
    return getattr(error.value, "narrow_code", None) or error.value.code


def test_what_is_not_there_and_what_is_not_yours_look_the_same() -> None:
    with pytest.raises(NotFound) as unknown:
        require_sight(a_member(), None)
    with pytest.raises(NotFound) as foreign:
        require_sight(a_member(), a_conversation(state=State.ACTIVE, agent_id="ben"))
    assert unknown.value.message == foreign.value.message


@pytest.mark.parametrize(
    ("gate", "lets_in"),
    [
        (require_agent, {"agent", "admin who takes chats"}),
        (require_reader, {"manager", "admin", "admin who takes chats"}),
        (require_admin, {"admin", "admin who takes chats"}),
    ],
)
def test_a_gate_lets_in_its_roles_only(gate: Callable[[Member], Member], lets_in: set[str]) -> None:
    assert {who for who, member in MEMBERS.items() if is_let_in(gate, member)} == lets_in


def is_let_in(gate: Callable[[Member], Member], member: Member) -> bool:
    try:
        return gate(member) is member
    except NotAllowed:
        return False


def test_a_disabled_agent_is_no_agent() -> None:
    with pytest.raises(NotAllowed):
        require_agent(a_member(is_disabled=True))
