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


def cramped(page: Page) -> list[str]:
    """Icons that are squeezed, and words of a table's cells that are broken in two; addresses and ids may be."""
    found: list[str] = page.evaluate(CRAMPED)
    return found


CRAMPED = """() => {
  const icons = [...document.querySelectorAll("svg.lucide")].filter((icon) => {
    const { width, height } = icon.getBoundingClientRect();
    return Math.abs(width - height) > 1;
  }).map((icon) => icon.getAttribute("class"));
  const words = [];
  for (const cell of document.querySelectorAll("td")) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const { 0: word, index } of texts.currentNode.data.matchAll(/\\p{L}{2,}(?![\\p{L}@.])/gu)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + word.length);
        if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) words.push(word);
      }
    }
  }
  return [...icons, ...words];
}"""
