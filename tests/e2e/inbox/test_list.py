"""The left column: who sees what, unread and waiting, filter and search in the address."""

import re
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.e2e.inbox.conftest import Arrive, SignIn
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor
from tests.people import ANA, BEN, api_of
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]


def test_a_new_message_elsewhere_is_unread_and_its_visitor_waits(ana: InboxPage, arrive: Arrive) -> None:
    first, second = arrive("Nora Lind").ask(), arrive("Omar Aziz")
    ana.accept()
    second.ask()
    ana.accept()
    first.say("Are you still there?")
    row = ana.row(first)
    expect(row).to_contain_text("Are you still there?")
    expect(row).to_contain_text("1 unread")
    expect(row.locator("[data-urgency=fine]")).to_be_visible()
    ana.choose(first)
    expect(row.get_by_text("unread")).to_have_count(0)
    expect(ana.log.get_by_text("New", exact=True)).to_be_visible()
    ana.send("I am")
    expect(row.locator("[data-urgency]")).to_have_count(0)
    expect(row).to_contain_text("You: I am")


def test_the_waiting_time_turns_amber_and_then_red(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.page.clock.install()
    expect(ana.row(nora).locator("[data-urgency=fine]")).to_be_visible()
    ana.page.clock.fast_forward("01:05")
    expect(ana.row(nora).locator("[data-urgency=soon]")).to_be_visible()
    ana.page.clock.fast_forward("02:05")
    expect(ana.row(nora).locator("[data-urgency=late]")).to_be_visible()


def test_all_shows_past_ones_of_everyone_and_active_ones_of_nobody_else(sign_in: SignIn, arrive: Arrive) -> None:
    ben = sign_in(BEN).open()
    past, active = arrive("Past of Ben").ask("an old question"), arrive("Active of Ben")
    ben.accept()
    ben.end_button.click()
    active.ask("a secret question")
    ben.accept()
    ana = sign_in(ANA).open("/inbox?filter=all")
    expect(ana.row(past)).to_be_visible()
    expect(ana.page.get_by_text("Active of Ben")).to_have_count(0)
    ben.end_button.click()
    expect(ana.row(active)).to_be_visible()
    expect(ana.row(active)).to_contain_text("a secret question")


def test_an_id_of_another_agents_chat_is_not_found_like_one_that_does_not_exist(
    sign_in: SignIn, arrive: Arrive
) -> None:
    ben = sign_in(BEN).open()
    theirs = arrive("Active of Ben").ask("a secret question")
    ben.accept()
    ana = sign_in(ANA, is_available=False)
    seen = []
    for identifier in (theirs.conversation_id, "01ZZZZZZZZZZZZZZZZZZZZZZZZ"):
        ana.open(f"/inbox/{identifier}")
        expect(ana.chat.get_by_text("There is no such conversation for you.")).to_be_visible()
        expect(ana.panel.get_by_role("button")).to_have_count(0)
        seen.append(ana.chat.inner_text())
    assert seen[0] == seen[1]
    expect(ana.page.get_by_text("secret")).to_have_count(0)


def test_filter_and_search_are_in_the_address_and_the_back_button_works(chatting: Chatting) -> None:
    ana, nora = chatting
    ana.end_button.click()
    ana.show("All")
    expect(ana.page).to_have_url(re.compile(r"/inbox/\w+\?filter=all$"))
    search = ana.list.get_by_role("searchbox", name="Search conversations")
    search.fill("no such visitor")
    expect(ana.list.get_by_text("Nothing found for “no such visitor”")).to_be_visible()
    search.fill(nora.email)
    expect(ana.row(nora)).to_be_visible()
    assert "q=" in ana.page.url
    ana.page.reload()
    expect(search).to_have_value(nora.email)
    expect(ana.row(nora)).to_be_visible()
    ana.page.go_back()
    expect(ana.list.get_by_role("radio", name="Active")).to_be_checked()
    expect(ana.list.get_by_text("No active conversations.")).to_be_visible()


def test_back_and_forward_move_between_conversations_and_the_list_stays(ana: InboxPage, arrive: Arrive) -> None:
    first, second = arrive("Nora Lind").ask("question of Nora"), arrive("Omar Aziz")
    ana.accept()
    second.ask("question of Omar")
    ana.accept()
    expect(ana.message("question of Omar")).to_be_visible()
    ana.list.get_by_role("list", name="Conversations").evaluate("list => { list.isTheSame = true }")
    ana.choose(first)
    expect(ana.message("question of Nora")).to_be_visible()
    ana.page.go_back()
    expect(ana.message("question of Omar")).to_be_visible()
    ana.page.go_forward()
    expect(ana.message("question of Nora")).to_be_visible()
    assert ana.list.get_by_role("list", name="Conversations").evaluate("list => list.isTheSame")
    expect(ana.row(first).get_by_role("link")).to_have_attribute("aria-current", "page")


def test_older_pages_are_added_and_survive_opening_one(server: InboxServer, ana: InboxPage, arrive: Arrive) -> None:
    with closing(api_of(server, ANA)) as api:
        visitors = [arrive(f"Visitor number {number}") for number in range(34)]
        for visitor in visitors:
            visitor.ask(f"question of {visitor.name}")
            offer = api.get("/offers").json()["items"][0]
            api.post(f"/offers/{offer['id']}/accept").raise_for_status()
            api.post(f"/conversations/{visitor.conversation_id}/end").raise_for_status()
    ana.open("/inbox?filter=all")
    links = ana.list.get_by_role("link")
    expect(links).to_have_count(30)
    expect(ana.row(visitors[0])).to_have_count(0)
    ana.list.get_by_role("button", name="Show more").click()
    expect(ana.row(visitors[0])).to_be_visible()
    ana.choose(visitors[0])
    expect(ana.message("question of Visitor number 0")).to_be_visible()
    expect(ana.row(visitors[0])).to_be_visible()
