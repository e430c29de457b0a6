"""PRODUCT 3.4, 3.8: the place in the queue, the end of the waiting, the follow-up.

A chat that goes to another agent.
"""

from contextlib import closing

from playwright.sync_api import expect

from tests.e2e.offers.conftest import Asks, AtDesk, Rules, Visits
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.people import ANA, BEN, ROOT, api_of
from tests.servers import InboxServer

SORRY = "Sorry, no one can answer right now."
LOOKING = "We are looking for someone to help you."


def leave_message(chat: VisitorChat, text: str) -> None:
    chat.email.fill("vera@example.org")
    chat.box.fill(text)
    chat.page.get_by_role("button", name="Leave a message").click()
    expect(chat.status("Thank you. We have your message")).to_be_visible()


def test_the_visitor_sees_the_position_then_the_fallback_and_leaves_a_message(
    at_desk: AtDesk, asks: Asks, visits: Visits, rules: Rules
) -> None:
    rules(capacity=1, wait_limit_seconds=15)
    desk = at_desk()
    asks("Lena")
    desk.offer.accept.click()
    expect(desk.inbox.log).to_be_visible()
    tom, chat = asks("Tom"), visits()
    chat.start("Number two")
    expect(chat.status("You are number 2 in the queue.")).to_be_visible()
    tom.end()
    expect(chat.status("You are number")).to_have_count(0)
    expect(chat.status(LOOKING)).to_be_visible()
    expect(chat.status(SORRY)).to_be_visible(timeout=25_000)
    leave_message(chat, "Please write to me.")
    (missed, *_) = desk.api.get("/missed").json()["items"]
    assert (missed["text"], missed["left_message"]) == ("Number two", "Please write to me.")


def test_who_waits_is_offered_at_once_when_an_agent_comes(
    at_desk: AtDesk, asks: Asks, visits: Visits, rules: Rules
) -> None:
    rules(capacity=1)
    busy = at_desk(ANA)
    asks("Lena")
    busy.offer.accept.click()
    expect(busy.inbox.log).to_be_visible()
    chat = visits().start("Is there anybody else?")
    expect(chat.status(LOOKING)).to_be_visible()
    ben = at_desk(BEN)
    ben.offer.accept.click()
    expect(chat.log.get_by_text("Ben Okafor joined the chat")).to_be_visible()


def test_where_nobody_is_there_one_can_ask_all_the_same_and_leaves_a_message(visits: Visits) -> None:
    chat = visits()
    expect(chat.page.get_by_text("No one is here right now. Write to us all the same")).to_be_visible()
    chat.name.fill("Vera Lind")
    chat.box.fill("Anyone?")
    chat.start_button.click()
    expect(chat.status(SORRY)).to_be_visible()
    expect(chat.box).to_have_value("Anyone?")
    leave_message(chat, "Call me tomorrow.")
    chat.page.get_by_role("button", name="Start a new chat").click()
    expect(chat.start_button).to_be_visible()


def test_the_chat_of_a_removed_agent_goes_to_another_who_reads_what_was_written(
    server: InboxServer, at_desk: AtDesk, visits: Visits
) -> None:
    ana, chat = at_desk(ANA), visits()
    chat.start("My first question")
    ana.offer.accept.click()
    expect(ana.inbox.log).to_be_visible()
    ben = at_desk(BEN)
    with closing(api_of(server, ROOT)) as root:
        members = {member["email"]: member["id"] for member in root.get("/members").json()["items"]}
        root.patch(f"/members/{members[ANA.email]}", json={"is_disabled": True}).raise_for_status()
        expect(chat.status("We are looking for someone else to help you.")).to_be_visible()
        expect(chat.bubble("My first question")).to_be_visible()
        ben.offer.accept.click()
        expect(ben.inbox.message("My first question")).to_be_visible()
        expect(ben.inbox.log.get_by_text("The agent was away: offered to others")).to_be_visible()
        expect(chat.log.get_by_text("Ben Okafor joined the chat")).to_be_visible()
        root.patch(f"/members/{members[ANA.email]}", json={"is_disabled": False}).raise_for_status()


def test_who_was_away_too_long_finds_the_chat_with_another_agent(
    server: InboxServer, at_desk: AtDesk, visits: Visits, rules: Rules
) -> None:
    rules(gone_minutes=1)
    ana, chat = at_desk(ANA), visits()
    chat.start("Where are you?")
    ana.offer.accept.click()
    expect(ana.inbox.log).to_be_visible()
    address = ana.page.url
    ben = at_desk(BEN)
    ana.page.goto("about:blank")
    expect(ben.offer.region).to_be_visible(timeout=90_000)
    ben.offer.accept.click()
    expect(ben.inbox.message("Where are you?")).to_be_visible()
    ana.page.goto(address)
    expect(ana.inbox.chat.get_by_text("You were away, so this chat was offered to another agent.")).to_be_visible()
    expect(ana.inbox.list.get_by_role("listitem")).to_have_count(0)
