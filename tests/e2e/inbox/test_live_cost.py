"""What a message costs on the wire, and that no listener outlives its page."""

from contextlib import closing

import pytest
from playwright.sync_api import Page, WebSocket, expect

from tests.e2e.inbox.conftest import Arrive, SignIn
from tests.e2e.inbox.inbox_page import InboxPage
from tests.e2e.inbox.visitor import Visitor
from tests.people import ANA, api_of
from tests.programs import wait_until
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e
Chatting = tuple[InboxPage, Visitor]
LIMIT = 10_000  # bytes, PERFORMANCE: one new message costs


def test_a_message_costs_little_and_no_more_with_a_long_list(
    server: InboxServer, sign_in: SignIn, arrive: Arrive
) -> None:
    ana = sign_in(ANA)
    received = frames_of(ana.page)
    ana.open()
    with closing(api_of(server, ANA)) as api:
        for number in range(32):
            visitor = arrive(f"Visitor {number}").ask("question")
            offer = api.get("/offers").json()["items"][0]
            api.post(f"/offers/{offer['id']}/accept").raise_for_status()
            api.post(f"/conversations/{visitor.conversation_id}/end").raise_for_status()
    nora = arrive().ask()
    ana.accept()
    ana.show("All")
    expect(ana.list.get_by_role("link")).to_have_count(30)
    for number in range(30):
        expect(ana.row(nora).get_by_text("unread")).to_have_count(0)
        received.clear()
        text = f"{number} " + "a message of ordinary length " * 3
        nora.say(text)
        expect(ana.message(text.strip())).to_be_visible()
        expect(ana.row(nora)).to_contain_text(text.strip())
        cost = sum(len(frame) for frame in received)
        assert 0 < cost <= LIMIT, f"message {number} cost {cost} bytes"


def frames_of(page: Page) -> list[bytes]:
    """All that the page's sockets receive from now on."""
    received: list[bytes] = []

    def note(frame: str | bytes) -> None:
        received.append(frame if isinstance(frame, bytes) else frame.encode())

    def follow(socket: WebSocket) -> None:
        socket.on("framereceived", note)

    page.on("websocket", follow)
    return received


def test_no_listener_outlives_its_page(server: InboxServer, sign_in: SignIn, arrive: Arrive) -> None:
    ana = sign_in(ANA).open()
    wait_until(lambda: server.listeners() > 0, "the page listens")
    first, second = arrive("Nora Lind").ask("question of Nora"), arrive("Omar Aziz")
    ana.accept()
    second.ask("question of Omar")
    ana.accept()
    expect(ana.history.get_by_text("Engaged with an agent")).to_be_visible()
    with_one_chat = server.listeners()
    for _ in range(5):
        ana.choose(first)
        expect(ana.message("question of Nora")).to_be_visible()
        ana.choose(second)
        expect(ana.message("question of Omar")).to_be_visible()
        expect(ana.history.get_by_text("Engaged with an agent")).to_be_visible()
    ana.page.reload()
    expect(ana.message("question of Omar")).to_be_visible()
    wait_until(lambda: server.listeners() <= with_one_chat, "five changes and a reload leave no listener behind")
    ana.page.goto("/settings")
    wait_until(lambda: server.listeners() <= with_one_chat - 3, "another page does not listen to a chat")
    ana.page.close()
    wait_until(lambda: server.listeners() == 0, "a closed page listens to nothing")
