"""/reset: ask for a link to a new password, and use it."""

import reflex as rx

from inbox_app.components.account.links import reset_form
from inbox_app.components.attention import page_title
from inbox_app.components.client_only import client_only
from inbox_app.components.words import t
from inbox_app.state.sign_in import SignInState


def add_to(app: rx.App) -> None:
    """For strangers; it posts to the API and needs no state of a member."""
    app.add_page(reset_page, route="/reset", title="Reset your password · Agent Inbox", on_load=SignInState.look)


def reset_page() -> rx.Component:
    """The form in the middle."""
    return rx.el.div(
        client_only(
            page_title(t("Reset your password")),
            reset_form(is_known=SignInState.is_known, has_mail=SignInState.has_mail),
        ),
        class_name="sign-in-page",
    )
