"""A past conversation in a sheet at the side: to read and to download."""

from typing import Any

import reflex as rx

from inbox_app.components.chat.browser import SCRIPTS
from inbox_app.components.chat.ended import downloads
from inbox_app.components.chat.words import LOG
from inbox_app.components.marks import icon
from inbox_app.components.time import instant
from inbox_app.components.words import t
from inbox_app.data.models import Transcript


class TranscriptEntries(rx.Component):
    """The entries of a conversation, read-only."""

    library = SCRIPTS["transcript.jsx"]
    tag = "TranscriptEntries"
    entries: rx.Var[list[Any]]
    visitor_name: rx.Var[str]
    texts: rx.Var[dict[str, Any]]


def transcript_sheet(
    transcript: rx.Var[Transcript], entries: rx.Var[list[Any]], *, is_open: rx.Var[bool], on_change: rx.EventHandler
) -> rx.Component:
    """`on_change` is told whether the sheet is open."""
    return rx.dialog.root(
        rx.dialog.content(
            rx.el.div(
                rx.dialog.title(t("Transcript"), size="4", margin="0"),
                rx.dialog.close(rx.icon_button(icon("x"), aria_label=t("Close"), variant="ghost", color_scheme="gray")),
                class_name="sheet-header",
            ),
            rx.dialog.description(_about(transcript), size="2", class_name="quiet"),
            rx.cond(transcript.state == "ended", downloads(transcript.id)),
            TranscriptEntries.create(entries=entries, visitor_name=transcript.title, texts=LOG),
            class_name="sheet",
        ),
        open=is_open,
        on_open_change=on_change,
    )


def _about(transcript: rx.Var[Transcript]) -> rx.Var[str]:
    at = instant(transcript.requested_at, "exact")
    return rx.cond(
        transcript.agent_name != "",
        t("{visitor} with {agent}, {time}", visitor=transcript.title, agent=transcript.agent_name, time=at),
        t("{visitor}, {time}", visitor=transcript.title, time=at),
    )
