"""`/chat` and `/demo`."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.e2e.widget.conftest import MakeChat
from tests.servers import InboxServer


def test_the_chat_page_shows_the_form_at_once_and_one_button_that_leads_to_it(visit: MakeChat) -> None:
    chat = visit("/chat")
    expect(chat.name).to_be_visible()
    expect(chat.launcher).to_have_count(1)
    chat.launcher.click()
    expect(chat.name).to_be_focused()


def test_the_chat_page_allows_only_what_it_names(shared_server: InboxServer) -> None:
    answer = httpx.get(f"{shared_server.url}/chat", headers={"Accept-Language": "de, fr;q=0.8"})
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert '<html lang="fr">' in answer.text
    assert "{{" not in answer.text


@pytest.mark.parametrize("path", ["/chat", "/meeting/nobodys"])
def test_what_a_page_names_is_there(shared_server: InboxServer, path: str) -> None:
    named = re.findall(r'(?:href|src)="(/[^"]+)"', httpx.get(f"{shared_server.url}{path}").text)
    assert "/favicon.svg" in named
    assert [one for one in named if httpx.get(f"{shared_server.url}{one}").status_code != httpx.codes.OK] == []


def test_the_demo_site_exists_only_beside_demo_data(shared_server: InboxServer) -> None:
    assert httpx.get(f"{shared_server.url}/demo").status_code == httpx.codes.NOT_FOUND
