"""Mail addresses as they leave the server: in ASCII, so that every mail server and calendar takes them."""

import re
from typing import Final
from urllib.parse import quote

import idna

_LOCAL_PART: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_DOMAIN: Final = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_UNRESERVED: Final = "!$'*+"


def ascii_address(email: str) -> str:
    """The address with its domain in IDNA form. Raises ValueError unless it fits an envelope and a header."""
    local, _, domain = email.rpartition("@")
    domain = ascii_domain(domain)
    if not _LOCAL_PART.fullmatch(local) or "=?" in local or not _DOMAIN.fullmatch(domain):
        raise ValueError("not an address that mail can be sent to")
    return f"{local}@{domain}"


def can_be_sent_to(email: str) -> bool:
    """Whether `ascii_address` takes it."""
    try:
        ascii_address(email)
    except ValueError:
        return False
    return True


def ascii_domain(domain: str) -> str:
    """IDNA 2008 where it allows the domain, else IDNA 2003, which knows symbols too. Raises ValueError."""
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain.encode("idna").decode("ascii")


def mailto(email: str) -> str:
    """RFC 6068: what would begin a header of the new mail (`?bcc=…`) is escaped."""
    local, _, domain = email.rpartition("@")
    return f"mailto:{quote(local, safe=_UNRESERVED)}@{quote(ascii_domain(domain), safe='')}"
