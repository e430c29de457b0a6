"""Who works here, what they may do, and what a visitor's record may hold."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.text import is_visible, one_line, told, without_nul

NAME_LIMIT: Final = 120
EMAIL_LIMIT: Final = 254
LABEL_LIMIT: Final = 63
PASSWORD_MINIMUM: Final = 10
_LOCAL_PART: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_DOMAIN: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.[a-z0-9-]{2,}")


class Role(StrEnum):
    """PRODUCT 5.4. An admin may also be an agent (`Member.takes_chats`)."""

    AGENT = "agent"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True)
class Member:
    """Somebody who signs in. `capacity` None: the instance's default. `override` None: the schedule decides."""

    id: str
    email: str
    name: str
    role: Role
    takes_chats: bool
    time_zone: str
    language: str | None
    capacity: int | None
    override: bool | None
    is_disabled: bool

    @property
    def is_agent(self) -> bool:
        return self.takes_chats and not self.is_disabled

    @property
    def reads_history(self) -> bool:
        return self.role in {Role.MANAGER, Role.ADMIN}


@dataclass(frozen=True)
class Device:
    """A visitor's browser, as its token names it. `shown_id`: what the browser is told as its visitor's id."""

    id: str
    visitor_id: str
    visitor_name: str
    shown_id: str
    time_zone: str = ""


def clean_email(value: str, *, field: str = "email") -> str:
    """One spelling of an address (see `normal_email`); raises InvalidInput unless mail can be sent there.

    A domain may be of any script, since it has an ASCII form (IDNA). A mailbox may not: few servers take it.
    """
    email = normal_email(value)
    local, _, domain = email.rpartition("@")
    if not local.isascii() and email.isprintable():
        raise InvalidInput(field, "Before the @, use only letters without accents, digits and signs.")
    is_local = _LOCAL_PART.fullmatch(local) and "=?" not in local and ".." not in local
    if not is_local or not _is_domain(domain) or len(email) > EMAIL_LIMIT or not email.isprintable():
        raise InvalidInput(field, "Enter an email address such as name@example.com.")
    return email


def normal_email(value: str) -> str:
    """Trimmed, in lower case, the domain in Unicode, however it is typed: wide letters and `xn--` are the same."""
    local, at, domain = value.strip().lower().rpartition("@")
    return local + at + normal_domain(domain)


def normal_domain(value: str) -> str:
    """One spelling of a domain or a part of one: in Unicode and lower case."""
    if value.isascii() and "xn--" not in (domain := value.strip().lower()):
        return domain
    domain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value.strip()).lower())
    return ".".join(map(_readable, domain.split(".")))


def with_ascii_domain(email: str) -> str:
    """The other spelling of a clean address: `xn--` instead of another script.

    The same where that would be another domain: Python's IDNA 2003 turns `straße` into `strasse`.
    """
    local, at, domain = email.rpartition("@")
    try:
        other = local + at + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return email
    return other if normal_email(other) == email else email


def spellings(email: str) -> list[str]:
    """The clean spelling of an address or a domain first, then those that earlier versions may have stored."""
    clean = normal_email(email)
    return list(dict.fromkeys((clean, with_ascii_domain(clean), email.strip().lower())))


def _readable(label: str) -> str:
    """A label of a domain in its own script, if it has exactly one ASCII form."""
    if not label.startswith("xn--") or len(label) > LABEL_LIMIT:
        return label
    try:
        return label.encode("ascii").decode("idna")
    except UnicodeError:
        return label


def _is_domain(domain: str) -> bool:
    try:
        return bool(_DOMAIN.fullmatch(domain.encode("idna").decode("ascii")))
    except UnicodeError:
        return False


def clean_text(value: str, *, field: str, limit: int = NAME_LIMIT) -> str:
    """One line of text (see `one_line`), empty if nobody could see it.

    Raises InvalidInput over `limit` characters and for half ones.
    """
    text = one_line(without_nul(value, field=field))
    if len(text) > limit:
        raise InvalidInput(field, "At most {limit} characters.", limit=limit)
    return text if is_visible(text) else ""


def clean_name(value: str, *, field: str = "name") -> str:
    """A name that is not empty."""
    name = clean_text(value, field=field)
    if not name:
        raise InvalidInput(field, "Enter a name.")
    return name


def told_name(value: str) -> str:
    """Return a name that another server gave, cut to NAME_LIMIT, or nothing if nobody could see it."""
    name = told(value)[:NAME_LIMIT].rstrip()
    return name if is_visible(name) else ""


def check_password(password: str, *, field: str = "password") -> str:
    """At least PASSWORD_MINIMUM characters; nothing else is asked of it (NIST SP 800-63B).

    Control characters are refused: a NUL never survives the sign-in form, so nobody could sign in with such a password.
    """
    if len(password) < PASSWORD_MINIMUM:
        raise InvalidInput(field, "A password has at least {limit} characters.", limit=PASSWORD_MINIMUM)
    if any(character < " " or "\ud800" <= character <= "\udfff" for character in password):
        raise InvalidInput(field, "Use only characters that can be typed.")
    return password


def initials(name: str) -> str:
    """Up to two letters that stand for a name."""
    words = [word for word in re.split(r"[\s\-_.@]+", name) if word and word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def colour_of(identifier: str, colours: int = 8) -> int:
    """A stable number 0 to `colours` - 1 for an identifier, so that a person keeps one colour everywhere."""
    return sum(identifier.encode()) % colours


def visitor_title(name: str, visitor_id: str) -> str:
    """PRODUCT 1.2: the visitor's name, or "Visitor" and a short code."""
    return name or f"Visitor {visitor_id[-4:]}"
