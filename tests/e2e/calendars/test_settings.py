"""An agent connects a calendar by keyboard; what is busy there is not offered; that it broke is said."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests import people
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale, an_event
from tests.e2e.calendars.conftest import SignedIn
from tests.e2e.frame.visitor import Visitor
from tests.people import ANA, ROOT
from tests.programs import wait_until
from tests.servers import InboxServer

A_MINUTE = 60_000


def connect(page: Page, radicale: Radicale, password: str = PASSWORD) -> None:
    """By keyboard alone."""
    page.get_by_role("button", name="Connect a calendar").press("Enter")
    dialog = page.get_by_role("dialog", name="Connect a calendar")
    dialog.get_by_label("Address of the server").focus()
    page.keyboard.type(radicale.url)
    page.keyboard.press("Tab")
    page.keyboard.type(ACCOUNT)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def api(server: InboxServer) -> httpx.Client:
    """As Ana."""
    return httpx.Client(
        base_url=f"{server.url}/api/v1", cookies={"inbox_session": people.session_of(server, ANA)}, timeout=10
    )


def shared_calendar(server: InboxServer, client: httpx.Client) -> tuple[Visitor, str]:
    """Ana shares her calendar with a visitor."""
    visitor = Visitor(server, "Lena Vogt", "Can we meet?")
    wait_until(lambda: bool(client.get("/offers").json()["items"]), "the chat is offered")
    (offer,) = client.get("/offers").json()["items"]
    chat = client.post(f"/offers/{offer['id']}/accept").json()
    me = client.get("/agent").json()
    share = client.post(f"/conversations/{chat['id']}/calendar-shares", json={"agent_id": me["id"]})
    assert share.status_code == 201, share.text
    return visitor, share.json()["id"]


def slots(visitor: Visitor, share_id: str, day: str) -> list[str]:
    answer = visitor.client.get(
        f"/calendar-shares/{share_id}/slots", params={"from": day, "to": day, "time_zone": "UTC"}
    )
    assert answer.is_success, answer.text
    return [str(slot)[:16] for slot in answer.json()["slots"]]


def test_a_connected_calendar_takes_its_busy_times_out_of_the_slots(
    signed_in: SignedIn, own_server: InboxServer, radicale: Radicale
) -> None:
    day = datetime.combine(datetime.now(UTC).date() + timedelta(days=3), time(10), UTC)
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    hours = [{"day": name, "from": "09:00", "to": "17:00"} for name in week]
    settings: dict[str, Any] = {"time_zone": "UTC", "blocks": hours, "exceptions": []}
    radicale.put("work", "daily", an_event(day - timedelta(days=9), day - timedelta(days=9) + timedelta(hours=1),
                                           more="RRULE:FREQ=DAILY"))  # fmt: skip
    with api(own_server) as client:
        assert client.put("/agent/meeting-settings", json=settings).is_success
        page = signed_in(ANA, "/settings")
        expect(page.get_by_text("No calendar connected.")).to_be_visible()
        visitor, share_id = shared_calendar(own_server, client)
        ten, eleven = f"{day:%Y-%m-%dT10:00}", f"{day:%Y-%m-%dT11:00}"
        assert {ten, eleven} <= set(slots(visitor, share_id, f"{day:%Y-%m-%d}"))

        connect(page, radicale)

        listed = page.get_by_role("list", name="Connected calendars").get_by_role("listitem")
        expect(listed).to_have_count(1)
        expect(listed).to_contain_text("Work")
        expect(listed).to_contain_text("Last read:")
        expect(page.get_by_role("switch", name="Meetings are written into Work")).to_be_checked()
        offered = slots(visitor, share_id, f"{day:%Y-%m-%d}")
        assert ten not in offered
        assert eleven in offered
        visitor.client.close()


def test_after_a_wrong_password_nothing_is_connected_and_the_form_stays(
    signed_in: SignedIn, radicale: Radicale
) -> None:
    page = signed_in(ANA, "/settings")
    connect(page, radicale, "wrong")
    dialog = page.get_by_role("dialog", name="Connect a calendar")
    expect(dialog.get_by_role("alert")).to_contain_text("Check the address, account and password")
    expect(dialog.get_by_label("Address of the server")).to_be_focused()
    expect(dialog.get_by_label("Address of the server")).to_have_value(radicale.url)

    page.keyboard.press("Escape")

    expect(page.get_by_text("No calendar connected.")).to_be_visible()


def test_one_of_several_is_chosen_and_disconnected_again(signed_in: SignedIn, radicale: Radicale) -> None:
    radicale.add_calendar("home", "Home")
    page = signed_in(ANA, "/settings", locale="fr-FR")
    page.get_by_role("button", name="Connecter un calendrier").click()
    dialog = page.get_by_role("dialog", name="Connecter un calendrier")
    dialog.get_by_label("Adresse du serveur").fill(radicale.url)
    dialog.get_by_label("Compte").fill(ACCOUNT)
    dialog.get_by_label("Mot de passe").fill(PASSWORD)
    dialog.get_by_role("button", name="Continuer").click()
    expect(dialog.get_by_role("list", name="Calendriers de ce compte").get_by_role("button")).to_have_count(2)
    dialog.get_by_role("button", name="Home").click()

    page.get_by_role("switch", name="Les réunions sont inscrites dans Home").click()
    expect(page.get_by_role("switch", name="Les réunions sont inscrites dans Home")).not_to_be_checked()
    page.reload()
    expect(page.get_by_role("switch", name="Les réunions sont inscrites dans Home")).not_to_be_checked()
    page.get_by_role("button", name="Déconnecter Home").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Déconnecter").click()

    expect(page.get_by_text("Aucun n’est connecté.")).to_be_visible()


def test_that_it_does_not_answer_is_said_within_a_minute_to_its_agent_and_to_admins(
    signed_in: SignedIn, own_server: InboxServer, radicale: Radicale
) -> None:
    page, admin = signed_in(ANA, "/settings"), signed_in(ROOT, "/admin?tab=calendars")
    connect(page, radicale)
    expect(page.get_by_role("list", name="Connected calendars").get_by_role("listitem")).to_have_count(1)
    expect(admin.get_by_role("row", name="Ana Lovelace")).to_contain_text("Last read:")
    page.goto("/inbox")
    radicale.stop()

    notice = page.get_by_role("status").filter(has_text="A calendar of yours does not answer.")
    expect(notice).to_be_visible(timeout=A_MINUTE)
    expect(admin.get_by_role("row", name="Ana Lovelace")).to_contain_text("can't read this calendar", timeout=A_MINUTE)
    expect(admin.get_by_text("Calendars of agents that do not answer: 1.")).to_be_visible()
    notice.get_by_role("link", name="See what to do").click()
    listed = page.get_by_role("list", name="Connected calendars").get_by_role("listitem")
    expect(listed).to_contain_text("Does not answer since")

    radicale.start()
    page.get_by_role("button", name="Connect again").click()
    dialog = page.get_by_role("dialog", name="Connect a calendar")
    expect(dialog.get_by_label("Account")).to_have_value(ACCOUNT)
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Continue").click()
    expect(listed).to_contain_text("Last read:")
    expect(notice).to_have_count(0)
    expect(admin.get_by_text("Calendars of agents that do not answer")).to_have_count(0)
