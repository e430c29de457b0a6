"""Text from outside: what can be stored, what a name may hold, and what may go into a header."""

import re
import unicodedata
from typing import Any, Final

from inbox_app.domain.errors import InvalidInput

DEPTH_LIMIT: Final = 64  # lists and objects inside each other

DIRECTION_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks, embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9)."""

_DEFAULT_IGNORABLE: Final = (
    "\u00ad\u034f\u061c\u115f-\u1160\u17b4-\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt): also code points that are still unassigned."""

_BLANK_SYMBOLS: Final = "\u2800\ufffc\U00013441-\U00013442\U0001d159"
"""Symbols drawn as nothing: empty Braille, object replacement, Egyptian blanks, the null notehead."""

_INVISIBLE: Final = re.compile(f"[{_DEFAULT_IGNORABLE}{_BLANK_SYMBOLS}]")
_INVISIBLE_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zs", "Zl", "Zp"})
"""Controls, code points without a character or an agreed one, marks without a letter, and spaces."""

_REMOVED_IN_ONE_LINE: Final = dict.fromkeys(map(ord, DIRECTION_CONTROLS)) | dict.fromkeys(
    (*range(32), *range(127, 160)), " "
)


def is_half(character: str) -> bool:
    """Whether it is a lone surrogate: half of a character, which no encoding can hold."""
    return "\ud800" <= character <= "\udfff"


def without_nul(text: str, *, field: str) -> str:
    """The text without NUL, which PostgreSQL can't store. Raises InvalidInput for half characters."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    if any(map(is_half, text)):
        raise InvalidInput(field, "This text contains an incomplete character. Delete it and try again.")
    return text.replace("\x00", "")


def storable(value: Any, *, field: str = "", depth: int = 0) -> Any:
    """JSON whose texts and keys, at any depth, can be stored and sent. Raises InvalidInput naming the field."""
    if isinstance(value, str):
        if field == "client_id":  # not a UUID because of the NUL, nor without it
            value = value.replace("\x00", "?")
        return without_nul(value, field=field or "body")
    if not isinstance(value, list | dict):
        return value
    if depth == DEPTH_LIMIT:
        raise InvalidInput(field, "This is nested too deeply.")
    inside = f"{field}." if field else ""
    if isinstance(value, list):
        return [storable(item, field=f"{inside}{n}", depth=depth + 1) for n, item in enumerate(value)]
    return {
        _key(name, field or "body"): storable(item, field=f"{inside}{name}", depth=depth + 1)
        for name, item in value.items()
    }


def _key(name: str, field: str) -> str:
    if without_nul(name, field=field) != name:
        raise InvalidInput(field, "Field names can't contain NUL characters.")
    return name


def without_halves(value: Any, *, depth: int = 0) -> Any:
    """The same for what is stored already, or sent by a page: what can't be kept is left out."""
    if isinstance(value, str):
        if not value.isascii():
            value = "".join(character for character in value if not is_half(character))
        return value.replace("\x00", "")
    if not isinstance(value, list | dict):
        return value
    if depth == DEPTH_LIMIT:
        return None
    if isinstance(value, list):
        return [without_halves(item, depth=depth + 1) for item in value]
    return {without_halves(name): without_halves(item, depth=depth + 1) for name, item in value.items()}


def one_line(text: str) -> str:
    """Trimmed, white space single; control characters and those that turn the direction of text are left out."""
    return " ".join(text.translate(_REMOVED_IN_ONE_LINE).split())


def told(text: str) -> str:
    """Return what another server said as one line that can be stored and shown, with U+FFFD for each half character.

    Client libraries decode with `surrogateescape`, and JSON may hold any half: neither UTF-8 nor a database takes it.
    """
    return one_line("".join("\ufffd" if is_half(character) else character for character in text))


def is_visible(text: str) -> bool:
    """Whether a reader sees any of it: not only blanks, zero-width characters or accents without a letter."""
    return any(unicodedata.category(character) not in _INVISIBLE_CATEGORIES for character in _INVISIBLE.sub("", text))


def header_text(text: str) -> str:
    """One line without encoded words (RFC 2047), which may hide line breaks and addresses."""
    return one_line(text).replace("=?", "= ?")
