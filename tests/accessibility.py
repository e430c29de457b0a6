"""axe on a page that stands still: in the middle of a fade a text has less contrast than it will have."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

IS_STILL = """document.getAnimations().every(
  (one) => one.playState === "finished" || one.effect.getComputedTiming().iterations === Infinity)"""


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical, with where it is and what to do."""
    page.wait_for_function(IS_STILL)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]
