"""One catalogue for every screen: an English sentence is its own key, `<language>/*.po` holds the translations.

Sentences may hold named gaps, `{name}`, which both languages must have (a test compares them).
"""

import functools
import re
from pathlib import Path
from typing import Final, Literal

from babel.messages.pofile import read_po

Language = Literal["en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "fr")
HERE: Final = Path(__file__).parent
WIDGET: Final = HERE.parent.parent / "widget"
_WIDGET_TEXT: Final = re.compile(r"""\bt\(\s*"((?:[^"\\]|\\.)*)\"""")


@functools.cache
def translations(language: str) -> dict[str, str]:
    """English sentence → its translation; empty for English and for languages that we do not have."""
    found: dict[str, str] = {}
    for path in sorted((HERE / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        found |= {str(m.id): str(m.string) for m in catalogue if m.id and m.string}
    return found


def translate(sentence: str, language: str, **gaps: object) -> str:
    """The sentence in that language with its gaps filled; English where a translation is missing."""
    text = translations(language).get(sentence, sentence)
    return text.format(**gaps) if gaps else text


def closest_language(accepted: str | None) -> Language:
    """The first language of an `Accept-Language` header (or one tag such as `fr-CA`) that we have, else English."""
    for part in (accepted or "").split(","):
        tag = part.split(";")[0].strip().lower()[:2]
        for language in LANGUAGES:
            if tag == language:
                return language
    return "en"


def widget_sentences() -> set[str]:
    """Every sentence that the widget's sources show, found as `t("…")`."""
    return {
        match.encode().decode("unicode_escape") if "\\" in match else match
        for path in WIDGET.glob("**/*.js")
        for match in _WIDGET_TEXT.findall(path.read_text(encoding="utf-8"))
    }


def widget_texts(language: str) -> dict[str, str]:
    """What the widget's bundle carries of one language: only the sentences that it shows."""
    known = translations(language)
    return {sentence: known[sentence] for sentence in sorted(widget_sentences()) if sentence in known}
