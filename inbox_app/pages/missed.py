"""/missed: visitors nobody came for, to be followed up by agents."""

import reflex as rx

from inbox_app.components.frame import page_body
from inbox_app.components.missed.listing import missed_list
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.words import t
from inbox_app.pages.framed import add_framed_page
from inbox_app.state.missed import MissedState


def add_to(app: rx.App) -> None:
    """Managers read the same in the history."""
    add_framed_page(
        app, missed_body, route="/missed", active="/missed", title=t("Follow up"), on_load=[MissedState.watch]
    )


def missed_body() -> rx.Component:
    """Live: a visitor appears when the waiting was in vain."""
    return rx.match(
        MissedState.situation,
        ("open", page_body(missed_list(MissedState.rows, MissedState.claim))),
        (
            "empty",
            empty(
                t("Nobody to follow up."),
                t("Visitors for whom nobody could come in the past 14 days are listed here."),
                symbol="phone-missed",
            ),
        ),
        (
            "refused",
            empty(
                t("Following up is for agents."),
                rx.link(t("Read conversations in the history"), href="/history"),
                symbol="lock",
            ),
        ),
        page_body(skeleton_rows(4)),
    )
