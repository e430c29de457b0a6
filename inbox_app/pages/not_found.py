"""Everything that has no page."""

import reflex as rx

from inbox_app.components.attention import page_title
from inbox_app.components.client_only import client_only
from inbox_app.components.situations import empty
from inbox_app.components.words import t


def add_to(app: rx.App) -> None:
    """Served with status 404."""
    app.add_page(not_found_page, route="404", title="Not found · Agent Inbox")


def not_found_page() -> rx.Component:
    """What happened, and the way home."""
    return client_only(
        page_title(t("Not found")),
        rx.el.main(
            rx.el.h1(t("Not found"), class_name="sr-only"),
            empty(
                t("There is no page at this address."),
                rx.link(t("Go to the inbox"), href="/inbox"),
                symbol="map-pin-off",
            ),
            class_name="lonely",
        ),
    )
