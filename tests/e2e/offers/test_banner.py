"""PRODUCT 3.3: it counts down, says why, asks the next, and survives what a browser does meanwhile."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from tests.e2e.offers.conftest import Asks, AtDesk, Rules
from tests.people import ANA, BEN, ROOT, api_of
from tests.servers import InboxServer

SOUNDS = """window.sounded = 0;
HTMLMediaElement.prototype.play = () => { window.sounded += 1; return Promise.resolve(); };
null"""
NOTIFICATIONS = """window.shown = [];
window.Notification = class {
  static permission = sessionStorage.answered ?? "default";
  static requestPermission = async () => (sessionStorage.answered = window.Notification.permission = "granted");
  constructor(title, options) { shown.push([title, options.body]); this.title = title; }
  close() { shown.push(["closed", this.title]); }
};"""


def test_a_countdown_runs_out_and_the_next_agent_is_asked(at_desk: AtDesk, asks: Asks, rules: Rules) -> None:
    rules(offer_seconds=10)
    desks = [at_desk(ANA), at_desk(BEN)]
    lena = asks()
    first = next(desk for desk in desks if desk.offer.region.is_visible() or desk.api.get("/offers").json()["items"])
    second = next(desk for desk in desks if desk is not first)
    expect(first.timer).to_have_text(re.compile(r"^([1-9]|10) s$"))
    expect(second.offer.region).to_have_count(0)
    expect(second.offer.region).to_be_visible(timeout=20_000)
    expect(first.offer.region).to_have_count(0)
    second.offer.accept.click()
    expect(second.inbox.log).to_be_visible()
    assert lena.thread()["agent"]["name"] in {ANA.name, BEN.name}


def test_it_is_gone_at_its_end_also_where_the_server_is_not_heard(at_desk: AtDesk, asks: Asks, rules: Rules) -> None:
    rules(offer_seconds=10)
    desk = at_desk()
    asks()
    expect(desk.offer.region).to_be_visible()
    desk.page.clock.install()
    desk.page.clock.fast_forward("00:11")
    expect(desk.offer.region).to_have_count(0, timeout=2_000)
    expect(desk.page).to_have_title("Inbox · Agent Inbox")


def test_a_reload_while_it_rings_keeps_it_with_the_rest_of_its_time(at_desk: AtDesk, asks: Asks) -> None:
    desk = at_desk()
    asks()
    expect(desk.timer).to_have_text(re.compile(r"^2\d s$"))
    desk.page.reload()
    expect(desk.timer).to_be_visible()
    assert desk.seconds() <= left(desk.api.get("/offers").json()["items"][0]["expires_at"]) + 1
    desk.offer.accept.click()
    expect(desk.inbox.log).to_be_visible()


def left(expires_at: str) -> float:
    return (datetime.fromisoformat(expires_at) - datetime.now(UTC)).total_seconds()


def test_a_wrong_clock_of_the_laptop_does_not_lie(at_desk: AtDesk, asks: Asks) -> None:
    desk = at_desk()
    desk.page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=1))
    asks()
    expect(desk.timer).to_have_text(re.compile(r"^(2\d|30) s$"))
    desk.page.reload()
    expect(desk.timer).to_have_text(re.compile(r"^(1\d|2\d) s$"))


def test_an_agent_who_switches_off_while_it_rings_gives_it_to_the_next(at_desk: AtDesk, asks: Asks) -> None:
    ana = at_desk(ANA)
    asks()
    expect(ana.offer.region).to_be_visible()
    ben = at_desk(BEN)
    ana.frame.switch.click()
    expect(ben.offer.region).to_be_visible()
    expect(ana.offer.region).to_have_count(0)
    expect(ana.frame.sentence).to_have_text("Unavailable, set by you")


def test_it_says_why_this_agent_is_asked(server: InboxServer, at_desk: AtDesk, asks: Asks) -> None:
    desk = at_desk()
    lena = asks()
    expect(desk.offer.region).to_contain_text("Why me? It is your turn: everyone who is available takes turns.")
    lena.end()
    with closing(api_of(server, ROOT)) as root:
        ana_id = desk.api.get("/agent").json()["id"]
        conditions = [{"attribute": "job_title", "operator": "contains", "values": ["buyer"]}]
        rule = {"name": "Purchasing", "priority": 1, "conditions": conditions, "agents": [ana_id], "team": None}
        added = root.post("/rules", json=rule)
        assert added.is_success, added.text
        asks("Tom Hale", job_title="Head buyer")
        expect(desk.offer.region).to_contain_text("The rule “Purchasing” fits this visitor, and it is your turn.")
        root.delete(f"/rules/{added.json()['id']}").raise_for_status()


def test_it_sounds_every_ten_seconds_until_it_is_answered(at_desk: AtDesk, asks: Asks, rules: Rules) -> None:
    rules(offer_seconds=100)
    desk = at_desk(path="/settings")
    desk.page.evaluate(SOUNDS)
    desk.page.clock.install()
    asks()
    expect(desk.offer.region).to_be_visible()
    sounded(desk.page, 1)
    for count in (2, 3):
        desk.page.clock.fast_forward("00:10")
        sounded(desk.page, count)
    desk.offer.decline.click()
    expect(desk.offer.region).to_have_count(0)
    desk.page.clock.fast_forward("00:30")
    sounded(desk.page, 3)


def sounded(page: Page, times: int) -> None:
    page.wait_for_function(f"window.sounded === {times}")


def test_notifications_are_asked_for_after_the_first_switch_and_never_on_load(at_desk: AtDesk, asks: Asks) -> None:
    desk = at_desk(path="/settings", is_available=False)
    desk.page.context.add_init_script(NOTIFICATIONS)
    desk.page.reload()
    expect(desk.frame.switch).not_to_be_checked()
    question = desk.page.get_by_role("status").filter(has_text="Should this browser tell you of incoming chats")
    expect(question).to_have_count(0)
    desk.frame.switch.click()
    expect(question).to_be_visible()
    desk.page.get_by_role("button", name="Notify me").click()
    expect(question).to_have_count(0)
    expect(desk.page.get_by_role("switch", name="Notifications of this browser")).to_be_checked()
    desk.page.evaluate("Object.defineProperty(document, 'visibilityState', { value: 'hidden' })")
    lena = asks()
    expect(desk.offer.region).to_be_visible()
    assert desk.page.evaluate("shown") == [["Incoming chat: Lena Vogt", "Is anybody there?"]]
    lena.end()
    expect(desk.offer.region).to_have_count(0)
    assert desk.page.evaluate("shown.at(-1)") == ["closed", "Incoming chat: Lena Vogt"]
    desk.page.reload()
    desk.frame.switch.click()
    expect(desk.frame.switch).not_to_be_checked()
    desk.frame.switch.click()
    expect(desk.frame.switch).to_be_checked()
    expect(question).to_have_count(0)
