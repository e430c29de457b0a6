"""The life of a conversation (PRODUCT 3): every state against every action."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from inbox_app.domain import conversation as rules
from inbox_app.domain.conversation import Conversation, EndReason, EntryKind, Sender, State, Step
from inbox_app.domain.errors import Conflict, ConversationEnded, DomainError, InvalidInput, OfferGone
from tests.domain.builders import NOW, a_conversation

Action = Callable[[Conversation], Step]
ACTIONS: dict[str, Action] = {
    "offer": lambda c: rules.offer(c, to="ana", name="Ana", why="your turn", now=NOW),
    "decline": lambda c: rules.decline(c, by="ana", name="Ana", now=NOW),
    "withdraw": lambda c: rules.withdraw(c, now=NOW),
    "accept": lambda c: rules.accept(c, by="ana", name="Ana", now=NOW),
    "end by agent": lambda c: rules.end(c, reason=EndReason.AGENT, by="ana", name="Ana", now=NOW),
    "end by visitor": lambda c: rules.end(c, reason=EndReason.VISITOR, now=NOW),
    "end by idling": lambda c: rules.end(c, reason=EndReason.IDLE, now=NOW),
    "miss": lambda c: rules.miss(c, now=NOW),
}
W, O, A, E, M, C = State  # noqa: E741
TABLE: dict[str, dict[State, State | type[DomainError]]] = {
    #                  waiting      offered      active       ended        missed       cancelled
    "offer":          {W: O,        O: Conflict, A: Conflict, E: Conflict, M: Conflict, C: Conflict},
    "decline":        {W: OfferGone, O: W,       A: OfferGone, E: OfferGone, M: OfferGone, C: OfferGone},
    "withdraw":       {W: OfferGone, O: W,       A: OfferGone, E: OfferGone, M: OfferGone, C: OfferGone},
    "accept":         {W: OfferGone, O: A,       A: OfferGone, E: OfferGone, M: OfferGone, C: OfferGone},
    "end by agent":   {W: C, O: C, A: E, E: ConversationEnded, M: ConversationEnded, C: ConversationEnded},
    "end by visitor": {W: C, O: C, A: E, E: ConversationEnded, M: ConversationEnded, C: ConversationEnded},
    "end by idling":  {W: C, O: C, A: E, E: ConversationEnded, M: ConversationEnded, C: ConversationEnded},
    "miss":           {W: M,        O: M,        A: Conflict, E: Conflict, M: Conflict, C: Conflict},
}  # fmt: skip
ROWS = [(action, state, result) for action, row in TABLE.items() for state, result in row.items()]
ALLOWED = [(action, state, after) for action, state, after in ROWS if isinstance(after, State)]
REFUSED = [(action, state, error) for action, state, error in ROWS if not isinstance(error, State)]


def test_the_table_names_every_state_for_every_action() -> None:
    assert TABLE.keys() == ACTIONS.keys()
    assert all(row.keys() == set(State) for row in TABLE.values())


@pytest.mark.parametrize(("action", "state", "after"), ALLOWED)
def test_an_allowed_action_leads_to_the_next_state(action: str, state: State, after: State) -> None:
    step = ACTIONS[action](a_conversation(state=state))
    assert step.conversation.state is after
    assert step.entry.at == NOW


@pytest.mark.parametrize(("action", "state", "error"), REFUSED)
def test_any_other_action_is_refused(action: str, state: State, error: type[DomainError]) -> None:
    with pytest.raises(error) as refused:
        ACTIONS[action](a_conversation(state=state))
    assert type(refused.value) is error


def test_a_step_leaves_the_conversation_before_it_as_it_was() -> None:
    before = a_conversation(state=State.OFFERED)
    rules.accept(before, by="ana", name="Ana", now=NOW)
    assert before == a_conversation(state=State.OFFERED)


def test_accepting_names_the_agent_and_the_time() -> None:
    step = rules.accept(a_conversation(state=State.OFFERED), by="ben", name="Ben", now=NOW)
    assert (step.conversation.agent_id, step.conversation.accepted_at) == ("ben", NOW)
    assert (step.entry.kind, step.entry.sender, step.entry.actor_name) == (EntryKind.STATE, Sender.AGENT, "Ben")


@pytest.mark.parametrize("reason", EndReason)
def test_the_end_of_an_active_chat_keeps_its_reason(reason: EndReason) -> None:
    step = rules.end(a_conversation(state=State.ACTIVE), reason=reason, now=NOW)
    assert (step.conversation.end_reason, step.conversation.ended_at) == (reason, NOW)
    assert (step.entry.state, step.entry.end_reason) == (State.ENDED, reason)


def test_a_cancelled_request_has_no_reason() -> None:
    step = rules.end(a_conversation(state=State.OFFERED), reason=EndReason.VISITOR, now=NOW)
    assert step.conversation.end_reason is step.entry.end_reason is None
    assert step.entry.sender is Sender.VISITOR


@pytest.mark.parametrize("action", ["offer", "decline", "withdraw"])
def test_the_visitor_does_not_see_who_was_asked(action: str) -> None:
    state = State.WAITING if action == "offer" else State.OFFERED
    assert not ACTIONS[action](a_conversation(state=state)).entry.takes_seq


@pytest.mark.parametrize("action", ["accept", "end by agent", "end by visitor", "miss"])
def test_both_sides_see_acceptance_and_end(action: str) -> None:
    assert ACTIONS[action](a_conversation(state=State.OFFERED)).entry.takes_seq


def scored(score: int | None, *, after_end: timedelta) -> Step:
    ended = a_conversation(state=State.ENDED, ended_at=NOW)
    return rules.set_score(ended, score=score, by="ana", name="Ana", now=NOW + after_end)


@pytest.mark.parametrize("score", [0, 1, 2, 3, None])
def test_a_score_is_0_to_3_or_none(score: int | None) -> None:
    assert scored(score, after_end=timedelta()).conversation.score == score


@pytest.mark.parametrize("score", [-1, 4, 10])
def test_another_score_is_refused(score: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        scored(score, after_end=timedelta())
    assert refused.value.field == "score"


def test_a_score_can_be_changed_up_to_24_hours_after_the_end() -> None:
    assert scored(2, after_end=timedelta(hours=24)).conversation.score == 2


def test_a_score_is_frozen_after_24_hours() -> None:
    with pytest.raises(Conflict, match="24 hours"):
        scored(2, after_end=timedelta(hours=24, microseconds=1))


def test_the_visitor_never_sees_a_score() -> None:
    assert not scored(3, after_end=timedelta()).entry.takes_seq
