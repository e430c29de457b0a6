"""Photographs every page of a running demo at three sizes, light and dark, so that a person can look at them.

    .venv/bin/python tests/screens.py http://127.0.0.1:3000 OUT_DIR [--user ana@example.com] [--pages /inbox …]

Prints one line a picture, and below it what the browser's console complained about.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from browsers import FLAGS, chromium
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, sync_playwright

SIZES = {"desktop": (1440, 900), "laptop": (1180, 760), "phone": (390, 844)}
PAGES = ("/login", "/inbox", "/history", "/meetings", "/settings", "/admin", "/chat", "/demo")
SETTLED_MILLISECONDS = 1500


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("url")
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--user", default="ana@example.com")
    arguments.add_argument("--password", default="demo-demo-1")
    arguments.add_argument("--pages", nargs="*", default=PAGES)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, "--no-sandbox"])
        for name, context in people(browser):
            sign_in = {"email": given.user, "password": given.password}
            context.request.post(f"{given.url}/api/v1/auth/login", data=sign_in)
            for path in given.pages:
                photograph(context, given.url + path, given.out / f"{path.strip('/') or 'home'}-{name}.png")
            context.close()
        browser.close()


def people(browser: Browser) -> Iterator[tuple[str, BrowserContext]]:
    """A new person for each size and colour scheme."""
    for scheme in ("light", "dark"):
        for size, (width, height) in SIZES.items():
            viewport = {"width": width, "height": height}
            yield f"{size}-{scheme}", browser.new_context(viewport=viewport, color_scheme=scheme)  # type: ignore[arg-type]


def photograph(context: BrowserContext, url: str, file: Path) -> None:
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    page.wait_for_timeout(SETTLED_MILLISECONDS)
    page.screenshot(path=file)
    print(file, page.url, *(f"\n    console: {complaint[:200]}" for complaint in complaints))
    page.close()


if __name__ == "__main__":
    main()
