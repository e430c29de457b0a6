"""/login."""

import reflex as rx

from inbox_app.components.attention import page_title
from inbox_app.components.client_only import client_only
from inbox_app.components.sign_in import sign_in_form
from inbox_app.components.words import t
from inbox_app.state.sign_in import SignInState


def add_to(app: rx.App) -> None:
    """The only page with something to do for a stranger; drawn without waiting for the socket."""
    app.add_page(sign_in_page, route="/login", title="Sign in · Agent Inbox", on_load=SignInState.look)


def sign_in_page() -> rx.Component:
    """The form in the middle."""
    return rx.el.div(
        client_only(
            page_title(t("Sign in")),
            sign_in_form(is_signed_in=SignInState.is_signed_in, is_demo=SignInState.is_demo),
        ),
        class_name="sign-in-page",
    )
