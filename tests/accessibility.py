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


def barriers(page: Page) -> list[str]:
    """All of it: what axe finds, controls that are small, and rings that can't be seen. Moves the focus."""
    return [*serious(page), *small_targets(page), *faint_focus(page)]


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


def faint_focus(page: Page) -> list[str]:
    """Focus rings with a contrast below 3:1 to what is around them (WCAG 2.2, 1.4.11), or without any ring."""
    page.keyboard.press("Shift+Tab")  # rings are shown to those who use the keyboard
    found: list[str] = page.evaluate(FAINT_FOCUS)
    return found


def small_targets(page: Page) -> list[str]:
    """Controls below 24 by 24 px (WCAG 2.2, 2.5.8); links within a sentence may be."""
    found: list[str] = page.evaluate(SMALL_TARGETS)
    return found


TOOLS = """
  const CONTROLS = "a[href], button, input, select, textarea, summary, [role=switch], [role=radio], [tabindex='0']";
  const isShown = (one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true })
    && !one.disabled && !one.closest(".sr-only, [inert], [aria-hidden=true]");
  const controls = [...document.querySelectorAll(CONTROLS)].filter(isShown);
  const named = (one) => `${one.tagName.toLowerCase()}.${one.className} "${
    (one.getAttribute("aria-label") || one.textContent || "").trim().slice(0, 30)}"`;
"""
FAINT_FOCUS = (
    "() => {"
    + TOOLS
    + """
  const pen = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = (colors) => {
    for (const color of ["white", ...colors]) {
      pen.fillStyle = color;
      pen.fillRect(0, 0, 1, 1);
    }
    const [red, green, blue] = [...pen.getImageData(0, 0, 1, 1).data].map((part) => linear(part / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (one) => one ? [...behind(one.parentElement), getComputedStyle(one).backgroundColor] : [];
  const hasRing = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) > 0;
  return controls.flatMap((one) => {
    one.focus();
    if (document.activeElement !== one || !one.matches(":focus-visible")) return [];
    document.getAnimations().filter((each) => each instanceof CSSTransition).forEach((each) => each.finish());
    let ring = one;
    while (ring && !hasRing(getComputedStyle(ring))) ring = ring.parentElement;
    if (!ring) return [`${named(one)}: no ring`];
    const { outlineColor, outlineOffset } = getComputedStyle(ring);
    const around = behind(parseFloat(outlineOffset) < 0 ? ring : ring.parentElement);
    const [dark, light] = [around, [...around, outlineColor]].map(luminance).sort((a, b) => a - b);
    const contrast = (light + 0.05) / (dark + 0.05);
    return contrast < 3 ? [`${named(one)}: ${contrast.toFixed(2)} (${outlineColor})`] : [];
  });
}"""
)
SMALL_TARGETS = (
    "() => {"
    + TOOLS
    + """
  const isInSentence = (one) => getComputedStyle(one).display === "inline"
    && [...one.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const reach = (one) => {
    const after = getComputedStyle(one, "::after");
    return after.content !== "none" && after.position === "absolute" ? Math.max(0, -parseFloat(after.top) || 0) : 0;
  };
  return controls.filter((one) => !isInSentence(one)).flatMap((one) => {
    const { width, height } = (one.closest("label") ?? one).getBoundingClientRect();
    const isSmall = Math.min(width, height + 2 * reach(one)) < 24;
    return isSmall ? [`${named(one)}: ${width.toFixed(1)} x ${height.toFixed(1)}`] : [];
  });
}"""
)
