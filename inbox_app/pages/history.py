"""/history: what managers and admins read."""

import reflex as rx

from inbox_app.components.frame import page_body
from inbox_app.components.history.filters import filters, pages
from inbox_app.components.history.table import table
from inbox_app.components.situations import empty, failed, read_only, skeleton_rows
from inbox_app.components.words import t
from inbox_app.pages.framed import add_framed_page
from inbox_app.state.history import HistoryState


def add_to(app: rx.App) -> None:
    """Agents who come here are told so; the state gives them nothing."""
    add_framed_page(
        app,
        history_body,
        route="/history",
        active="/history",
        title=t("History"),
        on_load=[HistoryState.watch],
    )


def history_body() -> rx.Component:
    """Filters over a table."""
    return rx.cond(HistoryState.situation == "refused", _refused(), _table_page())


def _table_page() -> rx.Component:
    return page_body(
        filters(HistoryState.agents),
        rx.match(
            HistoryState.situation,
            ("open", rx.fragment(table(HistoryState.rows), _below())),
            ("empty", empty(t("No conversation fits."), t("Change the search or the filters."), symbol="search-x")),
            ("failed", failed(t("The history could not be read."), HistoryState.watch)),
            skeleton_rows(8),
        ),
    )


def _below() -> rx.Component:
    return rx.el.div(
        read_only(t("Read only")),
        pages(before=HistoryState.before, following=HistoryState.following),
        class_name="history-below",
    )


def _refused() -> rx.Component:
    return empty(
        t("The history is for managers and admins."),
        rx.link(t("Go to the inbox"), href="/inbox"),
        symbol="lock",
    )
