"""PRODUCT 3.7: reload, lost network, lost answers, two tabs, a restarted server. Nothing is lost, nothing doubled."""

import re

from playwright.sync_api import Route, expect

from tests.browsers import NewPage
from tests.e2e.widget.agent import Agent
from tests.e2e.widget.conftest import MakeChat
from tests.e2e.widget.visitor_chat import VisitorChat
from tests.programs import wait_until
from tests.servers import InboxServer

MESSAGES = re.compile(r"/conversations/[^/]+/messages$")
EVENTS = re.compile(r"/conversations/[^/]+/events")
CONVERSATIONS = re.compile(r"/visitor/conversations$")


def test_what_is_written_offline_is_sent_in_order_when_the_network_is_back(chatting: VisitorChat, agent: Agent) -> None:
    chatting.page.context.set_offline(True)
    for text in ("One", "Two", "Three"):
        chatting.send(text)
    expect(chatting.delivery("Sending…")).to_have_count(1)
    chatting.page.context.set_offline(False)
    expect(chatting.delivery("Sent")).to_have_count(1)
    wait_until(lambda: agent.texts_of_visitor() == ["Hello", "One", "Two", "Three"], "all three are stored once")
    assert chatting.texts() == ["Hello", "One", "Two", "Three"]


def test_an_answer_lost_after_the_commit_leaves_one_message(chatting: VisitorChat, agent: Agent) -> None:
    tries = []

    def lose_the_answer(route: Route) -> None:
        tries.append(route.request.post_data_json["client_id"])
        route.fetch()
        route.abort()

    chatting.page.route(MESSAGES, lose_the_answer, times=3)
    chatting.send("Once")
    chatting.send("After it")
    expect(chatting.delivery("Sent")).to_have_count(1)
    assert agent.texts_of_visitor() == ["Hello", "Once", "After it"], "one row each, in order"
    assert len(set(tries)) <= 2, "a try again has the same client_id"
    assert chatting.texts() == ["Hello", "Once", "After it"]


def test_a_lost_answer_to_the_start_makes_one_conversation(visit: MakeChat, agent: Agent) -> None:
    chat = visit()

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort()

    chat.page.route(CONVERSATIONS, lose_the_answer, times=2)
    chat.start("Only one")
    expect(chat.delivery("Sent")).to_have_count(1)  # the third try; answers are lost while Playwright waits, not we
    agent.accept()
    expect(chat.log.get_by_text("Ana Lovelace joined the chat")).to_be_visible()
    assert agent.texts_of_visitor() == ["Only one"]
    assert agent.offers() == []


def test_a_message_survives_a_reload_before_it_was_sent(chatting: VisitorChat, agent: Agent) -> None:
    chatting.page.route(MESSAGES, lambda route: route.abort())
    chatting.send("Not yet")
    expect(chatting.delivery("Sending…")).to_have_count(1)
    chatting.page.unroute(MESSAGES)
    chatting.page.reload()
    expect(chatting.delivery("Sent")).to_have_count(1)
    wait_until(lambda: agent.texts_of_visitor() == ["Hello", "Not yet"], "it is stored once")
    expect(chatting.bubble("Not yet")).to_have_count(1)


def test_a_request_survives_a_reload_before_it_was_sent(visit: MakeChat, agent: Agent) -> None:
    chat = visit()
    chat.page.route(CONVERSATIONS, lambda route: route.abort())
    chat.start("Is someone there?")
    chat.send("I can wait.")
    chat.page.unroute(CONVERSATIONS)
    chat.page.reload()
    agent.accept()
    expect(chat.log.get_by_text("Ana Lovelace joined the chat")).to_be_visible()
    wait_until(lambda: agent.texts_of_visitor() == ["Is someone there?", "I can wait."], "both are stored once")


def test_retry_really_resends(chatting: VisitorChat, agent: Agent) -> None:
    refusal = {"code": "invalid_input", "detail": "This cannot be sent now."}
    chatting.page.route(MESSAGES, lambda route: route.fulfill(status=422, json=refusal), times=1)
    chatting.send("Try me twice")
    expect(chatting.log.get_by_text("Not sent. This cannot be sent now.")).to_be_visible()
    chatting.retry.click()
    expect(chatting.delivery("Sent")).to_have_count(1)
    expect(chatting.retry).to_have_count(0)
    assert agent.texts_of_visitor() == ["Hello", "Try me twice"]


def test_busy_means_wait_as_long_as_the_server_says(chatting: VisitorChat, agent: Agent) -> None:
    busy = {"code": "too_many_requests", "detail": "Too many messages."}
    chatting.page.route(
        MESSAGES, lambda route: route.fulfill(status=429, headers={"Retry-After": "1"}, json=busy), times=1
    )
    chatting.send("Patience")
    expect(chatting.delivery("Sending…")).to_have_count(1)
    expect(chatting.delivery("Sent")).to_have_count(1)
    assert agent.texts_of_visitor() == ["Hello", "Patience"]


def test_writing_into_an_ended_chat_gives_the_text_back(chatting: VisitorChat, agent: Agent) -> None:
    chatting.page.route(EVENTS, lambda route: route.abort())
    chatting.page.reload()
    expect(chatting.box).to_be_visible()
    agent.end()  # and the visitor's page does not hear of it
    with chatting.page.expect_response(MESSAGES) as refused:
        chatting.send("Too late")
    assert refused.value.json()["code"] == "conversation_ended"
    expect(chatting.bubble("Too late")).to_have_count(0)
    expect(chatting.box).to_have_value("Too late")
    chatting.page.unroute(EVENTS)
    expect(chatting.status("Ana Lovelace ended the chat.")).to_be_visible()
    expect(chatting.page.get_by_text("This was not sent, because the chat had ended.")).to_be_visible()
    expect(chatting.box).to_have_value("Too late")
    assert agent.texts_of_visitor() == ["Hello"]


def test_a_server_restart_in_the_middle_loses_and_doubles_nothing(own_server: InboxServer, new_page: NewPage) -> None:
    with Agent(own_server) as agent:
        chat = VisitorChat(new_page(own_server.url), "/chat").start("Before")
        agent.accept()
        agent.say("Answer before")
        expect(chat.bubble("Answer before")).to_be_visible()
        own_server.stop()
        expect(chat.status("Reconnecting…")).to_be_visible()
        chat.send("Meanwhile")
        own_server.start()
        expect(chat.delivery("Sent")).to_have_count(1)
        expect(chat.status("Reconnecting…")).to_have_count(0)
        agent.say("Answer after")
        expect(chat.bubble("Answer after")).to_be_visible()
        assert chat.texts() == ["Before", "Answer before", "Meanwhile", "Answer after"]
        assert agent.texts_of_visitor() == ["Before", "Meanwhile"]


def test_two_tabs_show_every_message_once(chatting: VisitorChat, agent: Agent) -> None:
    other = VisitorChat(chatting.page.context.new_page(), "/chat")
    expect(other.bubble("Hello")).to_have_count(1)
    chatting.send("From the first")
    expect(other.bubble("From the first")).to_have_count(1)
    other.send("From the second")
    expect(other.delivery("Sending…")).to_have_count(0)
    expect(chatting.bubble("From the second")).to_have_count(1)
    agent.say("To both")
    for tab in (chatting, other):
        expect(tab.bubble("To both")).to_have_count(1)
        assert tab.texts() == ["Hello", "From the first", "From the second", "To both"]


def test_a_second_tab_sends_what_the_first_could_not_before_it_was_closed(chatting: VisitorChat, agent: Agent) -> None:
    chatting.page.route(MESSAGES, lambda route: route.abort())
    chatting.send("Left behind")
    expect(chatting.delivery("Sending…")).to_have_count(1)
    context = chatting.page.context
    chatting.page.close()
    other = VisitorChat(context.new_page(), "/chat")
    expect(other.bubble("Left behind")).to_have_count(1)
    wait_until(lambda: agent.texts_of_visitor() == ["Hello", "Left behind"], "it is stored once")


def test_it_works_where_storage_is_blocked(visit: MakeChat, agent: Agent) -> None:
    chat = visit("/healthz")
    chat.page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })")
    chat.page.goto("/chat")
    chat.start("No storage here")
    agent.accept()
    agent.say("Works all the same")
    expect(chat.bubble("Works all the same")).to_be_visible()
    chat.send("Good")
    expect(chat.delivery("Sent")).to_have_count(1)


def test_a_page_from_the_back_forward_cache_goes_on(chatting: VisitorChat, agent: Agent) -> None:
    chatting.page.goto("/healthz")
    agent.say("While you were away")
    chatting.page.go_back()
    expect(chatting.bubble("While you were away")).to_have_count(1)
    agent.say("And now")
    expect(chatting.bubble("And now")).to_have_count(1)
