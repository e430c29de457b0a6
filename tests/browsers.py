"""A real Chromium; a new context is a new person. What a failing test saw is kept under test-results/."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

NewPage = Callable[..., Page]
FLAGS = ("--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync")
EXPECT_MILLISECONDS = 10_000
"""Long, since the machine may be busy; a passing test never waits for it."""
ATTEMPTS = 5
"""To stop a page that goes on to another by itself."""


def chromium() -> str | None:
    """The machine's own; None lets Playwright look for one that it installed."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else list(FLAGS)
    expect.set_options(timeout=EXPECT_MILLISECONDS)
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        except Error as error:
            pytest.skip(f"no Chromium on this machine: {str(error).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def new_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """`new_page(server.url, locale="fr-FR")`: the page of a new person, with what Playwright's new_context takes.

    An error that a page's script did not catch fails the test, and so does anything a page's policy forbids it.
    """
    contexts: list[BrowserContext] = []
    uncaught: list[str] = []

    def note_violation(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            uncaught.append(message.text)

    def make(base_url: str, **options: Any) -> Page:
        context = browser.new_context(base_url=base_url, **options)
        context.set_default_timeout(EXPECT_MILLISECONDS)
        context.on("weberror", lambda error: uncaught.append(str(error.error)))
        context.on("console", note_violation)
        context.tracing.start(snapshots=False, sources=False)  # snapshots made all browser tests 8 % slower
        contexts.append(context)
        return context.new_page()

    yield make
    from tests.conftest import FAILED

    for context in contexts:
        context.cookies()  # a round trip: what failed just now is heard of
    if request.node.stash.get(FAILED, False) or uncaught:
        keep(contexts, Path("test-results") / re.sub(r"\W+", "-", request.node.nodeid).strip("-"))
    failures = "\n".join(uncaught)  # before the pages are left: a test's init script may not like about:blank
    for context in contexts:
        close(context)
    assert not failures, f"a page's script failed:\n{failures}"


def close(context: BrowserContext) -> None:
    """Closes a person's pages, each when it stands still.

    Chromium loses a close that meets a page on its way to another document, and never answers: one of 15 under load.
    """
    for page in context.pages:
        for _ in range(ATTEMPTS):
            with suppress(Error):  # the page went elsewhere by itself meanwhile, or has crashed
                page.goto("about:blank")
                break
    context.close()


def keep(contexts: list[BrowserContext], directory: Path) -> None:
    """A picture of each open page, and each person's trace (`playwright show-trace FILE`)."""
    directory.mkdir(parents=True, exist_ok=True)
    for number, context in enumerate(contexts, start=1):
        for tab, page in enumerate(context.pages, start=1):
            page.screenshot(path=directory / f"person-{number}-tab-{tab}.png")
        context.tracing.stop(path=directory / f"person-{number}.zip")
    print(f"kept pictures and traces in {directory}")
