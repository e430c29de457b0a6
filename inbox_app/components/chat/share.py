"""The calendar under the chat: a dialog that shares one's own or another agent's calendar (PRODUCT 1.7)."""

from typing import Any

import reflex as rx

from inbox_app.components.chat.browser import SCRIPTS
from inbox_app.components.marks import icon
from inbox_app.components.words import t

WORDS = {
    "share": t("Share calendar"),
    "title": t("Share a calendar"),
    "calendar": t("Calendar"),
    "mine": t("{name} (you)", name="{name}"),
    "nextFree": t("Next free time: {time}", time="{time}"),
    "search": t("Search agents"),
    "nobody": t("No agent fits."),
    "loading": t("Reading the calendars"),
    "failed": t("The calendars could not be read."),
    "retry": t("Retry"),
    "cancel": t("Cancel"),
    "send": t("Send"),
}


class ShareCalendar(rx.Component):
    """The icon and its dialog; its child is the icon. `on_look`: it was opened; `on_share` takes an agent's id."""

    library = SCRIPTS["share_calendar.jsx"]
    tag = "ShareCalendar"
    agents: rx.Var[list[Any]]
    situation: rx.Var[str]
    answer: rx.Var[Any]
    texts: rx.Var[dict[str, Any]]
    on_look: rx.EventHandler[rx.event.no_args_event_spec]
    on_share: rx.EventHandler[rx.event.passthrough_event_spec(str)]


def share_calendar(
    agents: rx.Var[list[Any]], *, situation: rx.Var[str], answer: rx.Var[Any], on_look: Any, on_share: Any
) -> rx.Component:
    """`situation`: loading, open or failed."""
    return ShareCalendar.create(
        icon("calendar"), agents=agents, situation=situation, answer=answer, on_look=on_look, on_share=on_share,
        texts=WORDS,
    )  # fmt: skip
