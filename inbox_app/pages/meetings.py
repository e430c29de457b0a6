"""/meetings: what was booked; own meetings for agents, all of them to read for managers and admins."""

import reflex as rx

from inbox_app.components.frame import page_body
from inbox_app.components.history.filters import pages
from inbox_app.components.meetings.filters import filters
from inbox_app.components.meetings.listing import meeting_list
from inbox_app.components.situations import empty, failed, skeleton_rows
from inbox_app.components.words import t
from inbox_app.pages.framed import add_framed_page
from inbox_app.state.availability import MemberState
from inbox_app.state.meetings import MeetingsState


def add_to(app: rx.App) -> None:
    """For everyone who signs in."""
    add_framed_page(
        app,
        meetings_body,
        route="/meetings",
        active="/meetings",
        title=t("Meetings"),
        on_load=[MeetingsState.watch],
    )


def meetings_body() -> rx.Component:
    """Filters over a list."""
    state, reads_all = MeetingsState, MemberState.reads_history
    listed = meeting_list(state.rows, reads_all=reads_all, on_cancel=state.cancel)
    return page_body(
        filters(when=state.when, agents=state.agents, reads_all=reads_all),
        rx.match(
            state.situation,
            ("open", rx.fragment(listed, rx.el.div(_pages(), class_name="history-below"))),
            ("empty", _nothing()),
            ("failed", failed(t("The meetings could not be read."), state.watch)),
            skeleton_rows(8),
        ),
    )


def _pages() -> rx.Component:
    return pages(before=MeetingsState.before, following=MeetingsState.following)


def _nothing() -> rx.Component:
    return rx.cond(
        MeetingsState.is_filtered,
        empty(t("No meeting fits."), t("Change the filters."), symbol="search-x"),
        rx.cond(
            MeetingsState.when == "past",
            empty(t("No meetings yet."), symbol="calendar"),
            empty(
                t("No meetings ahead."),
                t("Share a calendar in a chat: what the visitor books appears here."),
                symbol="calendar",
            ),
        ),
    )
