"""Which meetings: they write the address, the state reads it."""

from typing import Any

import reflex as rx

from inbox_app.components.history.filters import UrlSelect
from inbox_app.components.local import library
from inbox_app.components.time import own_zone
from inbox_app.components.words import t

WORDS = {"which": t("Meetings to show"), "coming": t("Coming"), "past": t("Past")}
CANCELLED = ["cancelled", t("Cancelled")]
OF_COMING = [["scheduled", t("Scheduled")], ["rescheduled", t("Rescheduled")], CANCELLED]
OF_PAST = [["passed", t("Passed")], CANCELLED]


class WhenSwitch(rx.Component):
    """Two radios: Coming and Past."""

    library = library("when_switch.jsx")
    tag = "WhenSwitch"
    texts: rx.Var[dict[str, Any]]


def filters(*, when: rx.Var[str], agents: rx.Var[list[list[str]]], reads_all: rx.Var[bool]) -> rx.Component:
    """`agents`: pairs of id and name, for who reads the meetings of all."""
    return rx.el.div(
        WhenSwitch.create(texts=WORDS),
        UrlSelect.create(
            param="status", name=t("Status"), any=t("All statuses"), options=rx.cond(when == "past", OF_PAST, OF_COMING)
        ),
        rx.cond(reads_all, UrlSelect.create(param="agent", name=t("Agent"), any=t("All agents"), options=agents)),
        rx.el.span(t("Times in {zone}", zone=own_zone()), class_name="meetings-zone"),
        role="search",
        class_name="history-filters",
    )
