"""How a calendar is, in words."""

from typing import Any

import reflex as rx

from inbox_app.components.marks import icon
from inbox_app.components.time import instant, time
from inbox_app.components.words import t


def kind_name(kind: rx.Var[str]) -> rx.Var[str]:
    """Names of products are the same in every language."""
    return rx.match(kind, ("google", "Google Calendar"), ("microsoft", "Microsoft 365"), "CalDAV")  # type: ignore[return-value]


def health(row: rx.Var[Any]) -> rx.Component:
    """When it was read last, or since when it does not answer and what to do."""
    broken = rx.el.p(
        icon("circle-alert"),
        rx.el.span(t("Does not answer since {time}.", time=instant(row.broken_since, "exact")), " ", row.problem),
        class_name="calendar-health calendar-broken",
    )
    well = rx.el.p(icon("check"), rx.el.span(t("Last read:"), " ", time(row.checked_at)), class_name="calendar-health")
    return rx.cond(row.status == "broken", broken, well)
