"""Every page works under its Content-Security-Policy: `new_page` fails a test whose page was forbidden something."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browsers import close
from tests.e2e.frame.conftest import SignedIn
from tests.e2e.frame.screens import Frame, SignIn
from tests.people import ANA, MIA, ROOT, Person
from tests.servers import InboxServer


@pytest.mark.parametrize("person", [ANA, MIA, ROOT], ids=["agent", "manager", "admin"])
def test_every_page_of_a_role_does_only_what_its_policy_allows(signed_in: SignedIn, person: Person) -> None:
    page = signed_in(person)
    frame = Frame(page).open("/inbox")
    addresses = [link.get_attribute("href") or "" for link in frame.rail.get_by_role("link").all()]
    assert len(addresses) > 2
    for address in addresses:
        frame.open(address)
        expect(page.get_by_role("main").locator("[aria-busy]")).to_have_count(0)


INJECT = """() => new Promise((resolve) => {
  document.addEventListener("securitypolicyviolation", (event) => resolve([event.blockedURI, "hasRun" in window]));
  document.body.append(Object.assign(document.createElement("script"), { textContent: "window.hasRun = true" }));
})"""


def test_a_script_slipped_into_a_page_does_not_run(shared_server: InboxServer, browser: Browser) -> None:
    context = browser.new_context(base_url=shared_server.url)  # not of `new_page`, which fails at a violation
    page = context.new_page()
    SignIn(page).open()
    assert page.evaluate(INJECT) == ["inline", False]
    close(context)
