"""Identifiers and secrets. An id is a ULID: 26 characters, in order of time, so that indexes stay local."""

import hashlib
import secrets
import time
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id() -> str:
    """An id of this moment."""
    return ulid(time.time_ns() // 1_000_000, secrets.randbits(80))


def ulid(milliseconds: int, random_bits: int) -> str:
    """48 bits of milliseconds since 1970 and 80 random bits, in Crockford's base 32."""
    number = milliseconds << 80 | random_bits
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def new_secret() -> str:
    """A token for a cookie or a header: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a token: a leaked table signs nobody in."""
    return hashlib.sha256(secret.encode()).hexdigest()
