"""axe on a page that stands still: in the middle of a fade a text has less contrast than it will have."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

IS_STILL = """document.getAnimations().every(
  (one) => one.playState === "finished" || one.effect.getComputedTiming().iterations === Infinity)"""


def violations(page: Page) -> list[dict[str, Any]]:
    """All that axe finds, of any impact."""
    page.wait_for_function(IS_STILL)
    return list(Axe().run(page).response["violations"])
