"""What leaves the server and comes back, or lies in the database unreadable: signed and encrypted with the signing key.

Each purpose has a key of its own, so that a sealed text of one is none of another.
"""

import base64
import functools
import re
from datetime import datetime, timedelta
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from inbox_app.settings import get_settings

_SEALED: Final = re.compile(r"[A-Za-z0-9_-]+={0,2}")


class SealBroken(Exception):
    """It was not sealed here for this purpose, or is too old."""


def seal(text: str, *, purpose: str, now: datetime) -> str:
    """Safe in a URL."""
    return _box(get_settings().signing_key(), purpose).encrypt_at_time(text.encode(), int(now.timestamp())).decode()


def unseal(sealed: str, *, purpose: str, now: datetime, lasts: timedelta | None = None) -> str:
    """The text. Raises SealBroken; `lasts` None: it never grows too old."""
    box = _box(get_settings().signing_key(), purpose)
    if not _SEALED.fullmatch(sealed):  # the decoder would skip what is no letter of its own
        raise SealBroken
    try:
        if lasts is None:
            return box.decrypt(sealed.encode()).decode()
        return box.decrypt_at_time(sealed.encode(), int(lasts.total_seconds()), int(now.timestamp())).decode()
    except (InvalidToken, UnicodeError):
        raise SealBroken from None


@functools.lru_cache(maxsize=16)
def _box(key: bytes, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)
    return Fernet(base64.urlsafe_b64encode(derived))
