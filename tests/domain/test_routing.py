"""Who is asked next (PRODUCT 3.2): strict and fair over those who can take one more chat."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from inbox_app.domain.routing import Candidate, could_come, next_agent
from tests.domain.builders import a_candidate

NAMES = ["ana", "ben", "cleo", "dan", "eva"]
flags = st.lists(st.booleans(), min_size=5, max_size=5)
candidate = st.builds(
    a_candidate,
    st.sampled_from(NAMES),
    is_available=st.booleans(),
    is_present=st.booleans(),
    load=st.integers(0, 6),
    capacity=st.integers(1, 6),
    turn=st.integers(0, 9),
)
candidates = st.lists(candidate, max_size=5, unique_by=lambda one: one.agent_id)
tried = st.frozensets(st.sampled_from(NAMES))


def asked_in_turn(team: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    """Ask one and move them to the end of the rotation, as `offers.add` does."""
    choice = next_agent(team, tried=frozenset())
    assert choice is not None
    last = max(one.turn for one in team) + 1
    return choice, [replace(one, turn=last) if one.agent_id == choice.agent_id else one for one in team]


def test_everyone_is_asked_once_before_anyone_is_asked_again() -> None:
    team, asked = [a_candidate(name) for name in NAMES], []
    for _ in range(15):
        choice, team = asked_in_turn(team)
        asked.append(choice.agent_id)
    assert asked == NAMES * 3


@given(st.lists(flags.filter(any), min_size=1, max_size=40))
def test_whoever_is_asked_was_asked_longest_ago_of_those_who_are_available(days: list[list[bool]]) -> None:
    team, log = [a_candidate(name) for name in NAMES], []
    for available in days:
        team = [replace(one, is_available=there) for one, there in zip(team, available, strict=True)]
        choice, team = asked_in_turn(team)
        last = {name: max((at for at, who in enumerate(log) if who == name), default=-1) for name in NAMES}
        there = [one.agent_id for one in team if one.is_available]
        assert last[choice.agent_id] == min(last[name] for name in there)
        log.append(choice.agent_id)


@given(st.lists(flags.filter(any), min_size=5, max_size=40))
def test_two_agents_who_were_always_available_differ_by_one_chat_at_most(days: list[list[bool]]) -> None:
    team, counts = [a_candidate(name) for name in NAMES], dict.fromkeys(NAMES, 0)
    for others in days:
        available = [True, True, *others[2:]]
        team = [replace(one, is_available=there) for one, there in zip(team, available, strict=True)]
        choice, team = asked_in_turn(team)
        counts[choice.agent_id] += 1
    assert abs(counts["ana"] - counts["ben"]) <= 1


@given(candidates, tried)
def test_nobody_is_asked_who_cannot_take_it(team: list[Candidate], asked: frozenset[str]) -> None:
    choice = next_agent(team, tried=asked)
    if choice is not None:
        assert choice.is_available
        assert choice.load < choice.capacity
        assert choice.agent_id not in asked


@given(candidates, tried)
def test_someone_is_asked_if_anyone_can_take_it(team: list[Candidate], asked: frozenset[str]) -> None:
    fit = [one for one in team if one.is_available and one.load < one.capacity and one.agent_id not in asked]
    assert (next_agent(team, tried=asked) is not None) is bool(fit)


@given(candidates)
def test_the_present_come_before_the_absent(team: list[Candidate]) -> None:
    choice = next_agent(team, tried=frozenset())
    if choice is not None and not choice.is_present:
        assert not any(one.is_available and one.has_room and one.is_present for one in team)


@given(candidates, tried, st.randoms())
def test_the_order_of_the_list_decides_nothing(team: list[Candidate], asked: frozenset[str], random: object) -> None:
    shuffled = sorted(team, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert next_agent(shuffled, tried=asked) == next_agent(team, tried=asked)


def test_a_busy_agent_is_worth_waiting_for() -> None:
    assert could_come([a_candidate(load=5)], tried=frozenset())


def test_nobody_waits_for_agents_who_are_off_or_were_asked() -> None:
    assert not could_come([a_candidate("ana", is_available=False), a_candidate("ben")], tried={"ben"})
