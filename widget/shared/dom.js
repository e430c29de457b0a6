const SVG = "http://www.w3.org/2000/svg";

/** Sets attributes; `onclick` and the like become listeners, null, undefined and false take an attribute away. */
export function assign(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value == null || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value);
  }
  return element;
}

/** An element with attributes and children. Strings become text nodes, so no text is ever read as HTML. */
export function h(tag, attributes = {}, ...children) {
  const element = assign(document.createElement(tag), attributes);
  element.append(...children.filter(Boolean));
  return element;
}

/** Changes a text only when it differs, so that a live region does not read the same words twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function icon(path) {
  const svg = assign(document.createElementNS(SVG, "svg"), { viewBox: "0 0 24 24", "aria-hidden": true });
  svg.append(assign(document.createElementNS(SVG, "path"), { d: path }));
  return svg;
}

/** A constructed sheet works on sites whose policy forbids inline styles. */
export function addStyles(root, css) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets.push(sheet);
}
