import { h } from "../shared/kit.js";

const URL_START = /\b(?:https?:\/\/|www\.)[^\s<>"]+/gi;

/** Text in pieces, `{text}` or `{text, href}`: only http, https and www addresses become links. */
export function splitLinks(text) {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(URL_START)) {
    const found = withoutTrailingPunctuation(match[0]);
    const href = /^www\./i.test(found) ? `https://${found}` : found;
    if (!URL.canParse(href)) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) });
    pieces.push({ text: found, href });
    end = match.index + found.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** "(see https://a.example/b_(c))." → "https://a.example/b_(c)": a bracket stays when it was opened inside. */
function withoutTrailingPunctuation(url) {
  for (;;) {
    const last = url.at(-1);
    const isOpenedInside = last === ")" && url.split("(").length >= url.split(last).length;
    if (isOpenedInside || !/[.,;:!?'»”’…*_)\]}]/.test(last)) return url;
    url = url.slice(0, -1);
  }
}

/** Opens beside the chat, and tells the other site nothing of it. */
export function link(text, href) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, text);
}
