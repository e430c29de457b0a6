"""A visitor's address on a screen: one that the visitor only claims says so (PRODUCT 6.4)."""

import reflex as rx

from inbox_app.components.words import t


def address(email: rx.Var[str], is_confirmed: rx.Var[bool]) -> rx.Var[str]:
    """Empty for a visitor without an address."""
    return rx.cond(is_confirmed | (email == ""), email, t("says {email}", email=email))
