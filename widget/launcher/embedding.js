/** What the page asks for by its script tag: where the server is, language, theme, colour, mode. */
export function readEmbedding() {
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  if (!script) return null;
  const { language, theme, accent, mode, container } = script.dataset;
  const base = new URL(".", script.src).href;
  const spoken = closestLanguage(language || document.documentElement.lang || navigator.language);
  return {
    base,
    api: `${base}api/v1/visitor`,
    panelScript: `${base}widget-panel-${spoken}.js`,
    nonce: script.nonce,
    language: spoken,
    theme,
    accent,
    isPage: mode === "page",
    container: container && document.querySelector(container),
  };
}

function closestLanguage(tag) {
  return /^fr\b/i.test(tag) ? "fr" : "en";
}
