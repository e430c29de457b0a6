"""The words of the interface, chosen in the browser, so that a language costs nothing on the wire.

`globalThis.inboxLanguage` is set by the page's head before anything is drawn (assets/boot.js). While a page is
prerendered it is undefined, which means English: what shows words therefore stands inside `client_only` or behind
`rx.State.is_hydrated`.
"""

from typing import Any

import reflex as rx

from inbox_app.texts.catalogue import LANGUAGES, translations

LANGUAGE: rx.Var[str] = rx.Var("(globalThis.inboxLanguage ?? 'en')", _var_type=str)
"""The language that this page is shown in."""


def t(sentence: str, **gaps: Any) -> rx.Var[str]:
    """The sentence in the reader's language; `{name}` in it is a gap, filled with a value or a var."""
    words = _fill(sentence, gaps)
    for language in LANGUAGES[1:]:
        translated = translations(language).get(sentence)
        if translated is not None:
            words = rx.cond(is_language(language), _fill(translated, gaps), words)
    return words


def is_language(language: str) -> rx.Var[bool]:
    """Whether this page is shown in that language."""
    return rx.Var(f"globalThis.inboxLanguage === '{language}'", _var_type=bool)


def _fill(sentence: str, gaps: dict[str, Any]) -> rx.Var[str]:
    return rx.Var.create(sentence.format(**gaps) if gaps else sentence)
