"""A past conversation on a page of its own."""

from typing import Any

import reflex as rx

from inbox_app.components.chat.ended import downloads
from inbox_app.components.chat.words import LOG
from inbox_app.components.history.outcome import outcome
from inbox_app.components.marks import icon
from inbox_app.components.situations import read_only
from inbox_app.components.time import time
from inbox_app.components.visitor.address import address
from inbox_app.components.visitor.transcript import TranscriptEntries
from inbox_app.components.words import t
from inbox_app.data.models import Transcript


def transcript_page(
    transcript: rx.Var[Transcript], entries: rx.Var[list[Any]], *, has_table: rx.Var[bool]
) -> rx.Component:
    """`has_table`: whether the reader came from the history and can go back there."""
    return rx.el.article(
        rx.cond(has_table, rx.link(icon("arrow-left"), t("History"), href="/history", class_name="quiet-link")),
        rx.el.div(
            rx.el.h2(transcript.title, class_name="transcript-name"),
            rx.cond(transcript.state == "ended", downloads(transcript.id)),
            class_name="transcript-head",
        ),
        _facts(transcript),
        TranscriptEntries.create(entries=entries, visitor_name=transcript.title, texts=LOG),
        rx.el.div(read_only(t("Read only")), class_name="history-below"),
        class_name="transcript",
    )


def _facts(transcript: rx.Var[Transcript]) -> rx.Component:
    facts = (
        (t("Email"), rx.cond(transcript.email != "", address(transcript.email, transcript.email_confirmed), "-")),
        (t("Agent"), rx.cond(transcript.agent_name != "", transcript.agent_name, "-")),
        (t("Requested"), time(transcript.requested_at, "exact")),
        (t("Ended"), rx.cond(transcript.ended_at != "", time(transcript.ended_at, "exact"), "-")),
        (t("Outcome"), outcome(transcript.state, transcript.end_reason)),
        (t("Score"), rx.cond(transcript.score != None, transcript.score.to_string(), "-")),  # noqa: E711  a var
    )
    return rx.el.dl(
        *[rx.el.div(rx.el.dt(name), rx.el.dd(value)) for name, value in facts], class_name="transcript-facts"
    )
