"""When an agent can be met, on /settings: by keyboard, with slots that follow what is typed, and refusals in place."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests import people
from tests.e2e.admin.conftest import SignedIn
from tests.people import ANA, BEN, MIA, Person
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e

MORNINGS = [{"day": day, "from": "09:00", "to": "11:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")]


def kept(server: InboxServer, person: Person, **settings: object) -> dict[str, Any]:
    """Mornings in UTC with half an hour's slots, kept by the API."""
    answer = httpx.put(
        f"{server.url}/api/v1/agent/meeting-settings",
        json={"time_zone": "UTC", "blocks": MORNINGS, "minimum_notice_hours": 0} | settings,
        cookies={"inbox_session": people.session_of(server, person)},
    )
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def settings_of(server: InboxServer, person: Person) -> dict[str, Any]:
    cookies = {"inbox_session": people.session_of(server, person)}
    found: dict[str, Any] = httpx.get(f"{server.url}/api/v1/agent/meeting-settings", cookies=cookies).json()
    return found


def meetings(page: Page) -> Locator:
    """Live chat has hours of its own on the same page."""
    return page.get_by_role("form", name="Meetings")


def a_whole_day(page: Page) -> Locator:
    """The second bookable day: today's may be partly over."""
    return page.get_by_role("list", name="The coming slots").get_by_role("listitem").nth(1)


def test_slots_follow_what_is_typed_and_are_kept_by_enter(signed_in: SignedIn, shared_server: InboxServer) -> None:
    kept(shared_server, ANA)
    page = signed_in(ANA, "/settings")
    form, day = meetings(page), a_whole_day(page)
    expect(day).to_contain_text("09:00 09:30 10:00 10:30")

    form.get_by_label("Length of a meeting").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("60")
    expect(day).to_contain_text("09:00 09:30 10:00")
    expect(day).not_to_contain_text("10:30")
    form.get_by_label("A meeting can begin every").fill("60")
    expect(day).not_to_contain_text("09:30")
    expect(form.get_by_text("Not saved yet.")).to_be_visible()
    assert settings_of(shared_server, ANA)["duration_minutes"] == 30
    page.keyboard.press("Enter")

    expect(form.get_by_text("Saved. In force now.")).to_be_visible()
    stored = settings_of(shared_server, ANA)
    assert (stored["duration_minutes"], stored["step_minutes"]) == (60, 60)
    page.reload()
    expect(form.get_by_label("Length of a meeting")).to_have_value("60")


def test_hours_and_exceptions_of_meetings_are_those_of_meetings_alone(
    signed_in: SignedIn, shared_server: InboxServer
) -> None:
    kept(shared_server, BEN)
    page = signed_in(BEN, "/settings")
    form, day = meetings(page), a_whole_day(page)
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    form.get_by_role("button", name="Add an exception").click()
    form.get_by_label("Date of exception 1").fill(tomorrow.isoformat())
    form.get_by_label("Hours of exception 1").select_option("Own hours")
    form.get_by_label(f"{tomorrow.isoformat()}, block 1, from").fill("20:00")
    form.get_by_label(f"{tomorrow.isoformat()}, block 1, to").fill("21:00")

    days = page.get_by_role("list", name="The coming slots").get_by_role("listitem")
    expect(days.filter(has_text="20:00 20:30")).to_have_count(1)
    expect(day).to_be_visible()
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("Saved. In force now.")).to_be_visible()
    exceptions = settings_of(shared_server, BEN)["exceptions"]
    assert exceptions == [{"date": tomorrow.isoformat(), "blocks": [{"from": "20:00", "to": "21:00"}]}]
    chat = page.get_by_role("form", name="Live chat hours")
    expect(chat.get_by_label("Date of exception 1")).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "typed", "sentence"),
    [
        ("Length of a meeting", "0", "This is a whole number from 5 to 480."),
        ("A meeting can begin every", "", "This is a whole number from 5 to 480."),
        ("Pause before a meeting", "-5", "This is a whole number from 0 to 480."),
        ("Shortest notice", "a day", "This is a whole number from 0 to 720."),
        ("Most meetings a day", "0", "This is a whole number from 1 to 100."),
        ("Video link", "meet.example.com", "Enter a full link such as https://meet.example.com/ana."),
        ("Text of the invitation", "x" * 2_001, "At most 2000 characters."),
    ],
)
def test_a_refusal_stands_beside_its_field_and_what_was_typed_stays(
    signed_in: SignedIn, shared_server: InboxServer, label: str, typed: str, sentence: str
) -> None:
    before = kept(shared_server, ANA)
    page = signed_in(ANA, "/settings")
    form = meetings(page)
    box = form.get_by_label(label, exact=True)
    box.fill(typed)
    expect(form.get_by_text("these are the slots before it")).to_be_visible()
    form.get_by_role("button", name="Save").click()

    expect(form.get_by_role("alert")).to_have_text(sentence)
    expect(box).to_be_focused()
    expect(box).to_have_value(typed)
    expect(box).to_have_accessible_description(sentence)
    assert settings_of(shared_server, ANA) == before


def test_a_limit_is_set_and_taken_away_again(signed_in: SignedIn, shared_server: InboxServer) -> None:
    kept(shared_server, ANA, maximum_a_day=3)
    form = meetings(signed_in(ANA, "/settings"))
    most = form.get_by_label("Most meetings a day")
    expect(most).to_have_value("3")
    most.fill("")
    form.get_by_role("button", name="Save").click()

    expect(form.get_by_text("Saved. In force now.")).to_be_visible()
    assert settings_of(shared_server, ANA)["maximum_a_day"] is None


def test_a_token_goes_where_the_cursor_is(signed_in: SignedIn, shared_server: InboxServer) -> None:
    kept(shared_server, ANA)
    page = signed_in(ANA, "/settings")
    form = meetings(page)
    text = form.get_by_label("Text of the invitation")
    text.fill("Dear , see you.")
    for _ in range(len(", see you.")):
        text.press("ArrowLeft")
    tokens = form.get_by_role("group", name="Insert a token").get_by_role("button")
    assert tokens.all_inner_texts() == [
        "{visitor_name}", "{agent_name}", "{company}", "{date}", "{time}", "{video_link}",
    ]  # fmt: skip
    tokens.filter(has_text="visitor_name").click()
    expect(text).to_have_value("Dear {visitor_name}, see you.")
    expect(text).to_be_focused()
    page.keyboard.type("!")
    form.get_by_label("I cannot be booked until it answers").check()
    form.get_by_role("button", name="Save").click()

    expect(form.get_by_text("Saved. In force now.")).to_be_visible()
    stored = settings_of(shared_server, ANA)
    assert (stored["invitation_text"], stored["when_broken"]) == ("Dear {visitor_name}!, see you.", "stop")


def test_without_hours_it_says_why_there_is_nothing(signed_in: SignedIn, shared_server: InboxServer) -> None:
    kept(shared_server, BEN, blocks=[])
    page = signed_in(BEN, "/settings", locale="fr-FR")

    slots = page.get_by_role("list", name="Les prochains créneaux")
    expect(slots.get_by_role("listitem")).to_have_count(1)
    expect(slots).to_contain_text("horaires")
    form = page.get_by_role("form", name="Réunions")
    expect(form.get_by_label("Durée d’une réunion")).to_have_value("30")


def test_who_takes_no_chats_is_not_met(signed_in: SignedIn) -> None:
    page = signed_in(MIA, "/settings")

    expect(page.get_by_role("heading", name=MIA.name)).to_be_visible()
    expect(page.get_by_role("heading", name="Meetings")).to_have_count(0)
