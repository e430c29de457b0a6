"""The activity history shows the past 90 days (PRODUCT 1.6, Seed)."""

from datetime import UTC, datetime

from inbox_app.domain.activity import FROM_CRM, ActivityType, shown_since


def test_the_history_begins_90_days_ago_to_the_instant() -> None:
    assert shown_since(datetime(2026, 5, 31, 9, 30, tzinfo=UTC)) == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_three_types_come_from_the_crm() -> None:
    assert {"filled_out_form", "opened_email", "interesting_moment"} == FROM_CRM


def test_the_types_are_those_of_the_contract() -> None:
    assert " ".join(ActivityType) == (
        "visited_page requested_live_chat engaged_with_agent missed_chat scheduled_meeting rescheduled_meeting "
        "cancelled_meeting filled_out_form opened_email interesting_moment"
    )
