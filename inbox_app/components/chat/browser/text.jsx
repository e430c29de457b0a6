/** The text of a message: text, with its URLs as links. Nothing in it is ever read as HTML. */
import { Fragment, memo } from "react";

const URL_IN_TEXT = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/gi;
const CLOSING = { ")": "(", "]": "[", "}": "{" };

/** A sentence's own full stop, or a bracket that was opened before the URL, is not part of it. */
function trimmed(found) {
  let url = found;
  for (;;) {
    const last = url.at(-1);
    const isStray = /[.,;:!?…»”’*_~]/.test(last) || (CLOSING[last] && !balanced(url, CLOSING[last], last));
    if (!isStray) return url;
    url = url.slice(0, -1);
  }
}

const count = (text, sign) => text.split(sign).length - 1;
const balanced = (text, open, close) => count(text, open) >= count(text, close);

/** [{text, href?}] */
export function parts(text) {
  const found = [];
  let from = 0;
  for (const match of text.matchAll(URL_IN_TEXT)) {
    const url = trimmed(match[0]);
    const href = url.toLowerCase().startsWith("www.") ? `https://${url}` : url;
    if (!URL.canParse(href)) continue;
    found.push({ text: text.slice(from, match.index) }, { text: url, href });
    from = match.index + url.length;
  }
  return [...found, { text: text.slice(from) }];
}

export const MessageText = memo(function MessageText({ text }) {
  return parts(text).map(({ text: piece, href }, index) =>
    href ? (
      <a key={index} href={href} target="_blank" rel="noopener noreferrer nofollow">
        {piece}
      </a>
    ) : (
      <Fragment key={index}>{piece}</Fragment>
    ),
  );
});
