"""The switch over the schedule (PRODUCT 2.2)."""

import pytest

from inbox_app.domain.availability import NEVER, Availability, availability_of, override_after_toggle

ALWAYS = None


@pytest.mark.parametrize(("schedule", "is_available"), [(ALWAYS, True), (NEVER, False)])
def test_without_an_override_the_schedule_decides(schedule: dict[str, object] | None, is_available: bool) -> None:
    assert availability_of(schedule, None) == Availability(is_available, "schedule", None)


@pytest.mark.parametrize("schedule", [ALWAYS, NEVER])
@pytest.mark.parametrize("override", [True, False])
def test_an_override_beats_the_schedule(schedule: dict[str, object] | None, override: bool) -> None:
    assert availability_of(schedule, override) == Availability(override, "override", None)


@pytest.mark.parametrize(
    ("schedule", "to", "override"),
    [(ALWAYS, True, None), (ALWAYS, False, False), (NEVER, True, True), (NEVER, False, None)],
)
def test_toggling_to_what_the_schedule_says_clears_the_override(
    schedule: dict[str, object] | None, to: bool, override: bool | None
) -> None:
    assert override_after_toggle(schedule, is_available=to) is override


@pytest.mark.parametrize("schedule", [ALWAYS, NEVER])
@pytest.mark.parametrize("to", [True, False])
def test_after_a_toggle_the_agent_is_what_was_chosen(schedule: dict[str, object] | None, to: bool) -> None:
    override = override_after_toggle(schedule, is_available=to)
    assert availability_of(schedule, override).is_available is to
