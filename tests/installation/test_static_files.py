"""How long a browser keeps a file, and which app answers a path."""

from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from inbox_app.asgi import ASK_EACH_TIME, FIVE_MINUTES, FOREVER, beside, keep_static_files


@pytest.fixture
def site(tmp_path: Path) -> ASGIApp:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "root-B1c2D3e4.js").write_text("1")
    (tmp_path / "widget.js").write_text("2")
    (tmp_path / "index.html").write_text("<p>3")
    (tmp_path / "404.html").write_text("<p>4")
    api = Starlette(routes=[Route("/api/thing", lambda _: PlainTextResponse("thing"))])
    pages = Starlette(routes=[Mount("/", StaticFiles(directory=tmp_path, html=True))])
    return beside(api, keep_static_files(pages))


def client(site: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://inbox.test")


@pytest.mark.parametrize(
    ("path", "status", "kept"),
    [
        ("/assets/root-B1c2D3e4.js", 200, FOREVER),
        ("/assets/gone-B1c2D3e4.js", 404, ASK_EACH_TIME),
        ("/widget.js", 200, FIVE_MINUTES),
        ("/", 200, ASK_EACH_TIME),
        ("/no/such/page", 404, ASK_EACH_TIME),
    ],
)
async def test_files_are_kept_as_long_as_their_name_promises(site: ASGIApp, path: str, status: int, kept: str) -> None:
    async with client(site) as browser:
        response = await browser.get(path)
    assert (response.status_code, response.headers["cache-control"]) == (status, kept)


async def test_a_file_that_did_not_change_is_not_sent_again(site: ASGIApp) -> None:
    async with client(site) as browser:
        first = await browser.get("/widget.js")
        again = await browser.get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["cache-control"]) == (304, FIVE_MINUTES)


async def test_the_api_answers_its_own_paths_and_says_nothing_about_keeping(site: ASGIApp) -> None:
    async with client(site) as browser:
        response = await browser.get("/api/thing")
    assert (response.text, "cache-control" in response.headers) == ("thing", False)
