"""Identifiers and secrets. An id is a ULID: 26 characters, in order of time, so that indexes stay local."""

import hashlib
import secrets
import time
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> str:
    """48 bits of milliseconds and 80 random bits, in Crockford's base 32."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def new_secret() -> str:
    """A token for a cookie or a header: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a token: a leaked table signs nobody in."""
    return hashlib.sha256(secret.encode()).hexdigest()
