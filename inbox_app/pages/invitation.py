"""/invitation, behind the link of an invitation."""

import reflex as rx

from inbox_app.components.account.links import invitation_form
from inbox_app.components.attention import page_title
from inbox_app.components.client_only import client_only
from inbox_app.components.words import t


def add_to(app: rx.App) -> None:
    """For strangers; it posts to the API and needs no state of a member."""
    app.add_page(invitation_page, route="/invitation", title="Join · Agent Inbox")


def invitation_page() -> rx.Component:
    """The form in the middle."""
    return rx.el.div(client_only(page_title(t("Join Agent Inbox")), invitation_form()), class_name="sign-in-page")
