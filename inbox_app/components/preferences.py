"""Language and colour scheme of a member, brought to this browser; and the script that knows the language first."""

import reflex as rx

from inbox_app.components.local import library
from inbox_app.texts.catalogue import LANGUAGES

_BOOT = """
(() => {
  const known = %s;
  const chosen = document.cookie.match(/(?:^|; )inbox_language=(\\w+)/)?.[1];
  const wanted = [chosen, ...(navigator.languages ?? [navigator.language])];
  const tags = wanted.map((tag) => (tag ?? "").slice(0, 2).toLowerCase());
  const language = tags.find((tag) => known.includes(tag)) ?? "en";
  globalThis.inboxLanguage = language;
  document.documentElement.lang = language;
})();
"""


class Preferences(rx.Component):
    """Nothing to see. Empty `language` or `scheme`: not chosen, the browser decides."""

    library = library("preferences.js")
    tag = "Preferences"
    language: rx.Var[str]
    scheme: rx.Var[str]


def preferences(*, language: rx.Var[str], scheme: rx.Var[str]) -> rx.Component:
    """Applies a member's choices."""
    return Preferences.create(language=language, scheme=scheme)


def language_script() -> rx.Component:
    """For the head of every page: the language chosen here before, else the first of the browser's that we have."""
    return rx.el.script(_BOOT % str(list(LANGUAGES)))
