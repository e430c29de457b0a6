"""One script tag on a customer's page, and what the page's own scripts may do with it."""

from playwright.sync_api import Request, expect

from tests.e2e.widget.agent import Agent
from tests.e2e.widget.conftest import MakeChat
from tests.e2e.widget.visitor_chat import storage_of


def test_nothing_but_the_launcher_is_loaded_before_first_use(visit_embedded: MakeChat) -> None:
    requests: list[str] = []
    chat = visit_embedded("about:blank")
    chat.page.on("request", lambda request: requests.append(request.url.rpartition("/")[2]))
    chat.page.goto("/embedding")
    expect(chat.launcher).to_be_visible()
    chat.page.evaluate("history.pushState({}, '', '/embedding?step=2')")
    assert requests == ["embedding", "widget.js"]
    assert chat.page.context.cookies() == []
    assert not [key for key in storage_of(chat.page) if key.endswith("token")]


def test_page_views_are_told_once_there_is_a_session(visit_embedded: MakeChat) -> None:
    chat = visit_embedded("/embedding").open()
    expect(chat.name).to_be_visible()
    views: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/page-views"):
            views.append(request.post_data_json["page_url"])

    chat.page.on("request", note)
    with chat.page.expect_response("**/page-views") as first:
        chat.page.evaluate("history.pushState({}, '', '/embedding?step=2')")
    assert first.value.status == 204
    with chat.page.expect_response("**/page-views"):
        chat.page.reload()
    chat.page.evaluate("history.replaceState({}, '', '/embedding?step=2#part')")
    with chat.page.expect_response("**/page-views"):
        chat.page.evaluate("AgentInbox.trackPageView('https://shop.example/basket')")
    assert [view.rpartition("/")[2] for view in views] == ["embedding?step=2", "embedding?step=2", "basket"]


def test_the_page_hears_of_the_chat_and_can_steer_it(visit_embedded: MakeChat, agent: Agent) -> None:
    chat = visit_embedded("/embedding")
    names = ["live_chat_requested", "live_chat_initiated", "message_received", "live_chat_ended"]
    chat.page.evaluate(
        "names => { window.heard = []; for (const n of names) AgentInbox.on(n, () => heard.push(n)) }", names
    )
    chat.page.evaluate("AgentInbox.on('message_received', () => { throw new Error('a mistake of the site') })")
    chat.page.evaluate("AgentInbox.setAttributes({ company: 'Nordlicht', job_title: 'Buyer' })")
    chat.page.evaluate("AgentInbox.identify({ name: 'Vera Lind', email: 'vera@nordlicht.example' })")
    chat.page.evaluate("AgentInbox.open()")
    expect(chat.name).to_have_value("Vera Lind")
    expect(chat.email).to_have_value("vera@nordlicht.example")
    chat.box.fill("Hello")
    chat.start_button.click()
    agent.accept()
    agent.say("Good day")
    expect(chat.bubble("Good day")).to_be_visible()
    agent.end()
    expect(chat.page.get_by_role("button", name="Start a new chat")).to_be_visible()
    assert chat.page.evaluate("heard") == names
    chat.page.reload()
    chat.page.evaluate("AgentInbox.close()")
    expect(chat.panel).to_be_hidden()


def test_calls_made_before_the_script_has_loaded_are_kept(visit_embedded: MakeChat) -> None:
    chat = visit_embedded("/embedding?early")
    expect(chat.panel).to_be_visible()
    expect(chat.name).to_have_value("Early Bird")


def test_a_panel_that_could_not_be_loaded_says_so_and_is_tried_again(visit_embedded: MakeChat) -> None:
    chat = visit_embedded("/embedding")
    chat.page.route("**/widget-panel-en.js", lambda route: route.abort(), times=1)
    chat.open()
    expect(chat.page.get_by_role("alert")).to_have_text("The chat could not be loaded. Try again.")
    chat.open()
    expect(chat.name).to_be_focused()
    expect(chat.page.get_by_role("alert").filter(has_text="could not be loaded")).to_have_count(0)


def test_any_colour_of_the_site_can_be_read(visit_embedded: MakeChat) -> None:
    for accent, ink in (("gold", "rgb(0, 0, 0)"), ("#123", "rgb(255, 255, 255)"), ("hsl(200 90% 80%)", "rgb(0, 0, 0)")):
        chat = visit_embedded("/embedding", accent=accent)
        channels = chat.launcher.evaluate(
            "button => { const canvas = new OffscreenCanvas(1, 1).getContext('2d');"
            " canvas.fillStyle = getComputedStyle(button).color; canvas.fillRect(0, 0, 1, 1); "
            "return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3) }"
        )
        assert f"rgb({', '.join(map(str, channels))})" == ink, accent
