"""An address in a mail or a file: one that the visitor only claims says so (PRODUCT 6.4)."""

from typing import Final

from inbox_app.texts.catalogue import translate

UNCONFIRMED: Final = "says {email} (not confirmed)"
"""Screens show it shorter, see `components/visitor/address.py`."""


def address_words(email: str, language: str, *, is_confirmed: bool) -> str:
    """Empty for a visitor without an address."""
    return email if is_confirmed or not email else translate(UNCONFIRMED, language, email=email)
