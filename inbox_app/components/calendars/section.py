"""The calendars on /settings: what is connected and how it is, and how to connect another one."""

from typing import Any

import reflex as rx

from inbox_app.components.calendars.words import health, kind_name
from inbox_app.components.forms.fields import problem
from inbox_app.components.marks import icon
from inbox_app.components.situations import skeleton_lines
from inbox_app.components.words import t

CONSENT = "/api/v1/calendars/oauth/{provider}/start"
PROVIDERS = (("google", "Google Calendar"), ("microsoft", "Microsoft 365"))


def calendars_section(
    rows: rx.Var[list[Any]],
    *,
    providers: rx.Var[list[str]],
    outcome: rx.Var[str],
    is_loaded: rx.Var[bool],
    on_connect: rx.EventHandler,
    on_target: rx.EventHandler,
    on_disconnect: rx.EventHandler,
    dialog: rx.Component,
) -> rx.Component:
    """`providers`: those that are offered beside CalDAV. `outcome`: of a consent there."""
    listed = rx.el.ul(
        rx.foreach(rows, lambda row: _calendar(row, on_connect, on_target, on_disconnect)),
        aria_label=t("Connected calendars"),
        class_name="cards calendars",
    )
    nothing = rx.el.p(
        t("No calendar connected. People can still book you; meetings never overlap."),
        class_name="setting-hint calendars",
    )
    return rx.el.section(
        rx.el.h2(t("Calendars"), class_name="setting-name", id="calendars"),
        rx.el.p(
            t("You can't be booked while any of them is busy. We store times only, never event details."),
            class_name="setting-hint",
        ),
        rx.cond(is_loaded, rx.cond(rows.length() > 0, listed, nothing), skeleton_lines(2)),
        rx.el.div(
            rx.button(icon("plus"), t("Connect a calendar"), on_click=on_connect(""), variant="soft"),
            *[_provider(name, words, providers) for name, words in PROVIDERS],
            class_name="calendar-acts",
        ),
        _outcome(outcome),
        dialog,
        aria_labelledby="calendars",
        class_name="setting-section",
    )


def _outcome(outcome: rx.Var[str]) -> rx.Component:
    """Of a consent at Google or Microsoft."""
    refused = t("No consent was given, so nothing was connected.")
    failed = t(
        "The consent could not be used: it was begun too long ago, or the calendar could not be read. Try again."
    )
    return rx.match(
        outcome,
        ("refused", problem(refused)),
        ("failed", problem(failed)),
        rx.fragment(),
    )


def _provider(name: str, words: str, offered: rx.Var[list[str]]) -> rx.Component:
    """A link out of the app: their page asks for consent."""
    link = rx.el.a(icon("external-link"), t("Connect {name}", name=words), href=CONSENT.format(provider=name))
    return rx.cond(offered.contains(name), rx.button(link, as_child=True, variant="soft", color_scheme="gray"))


def _calendar(
    row: rx.Var[Any], on_connect: rx.EventHandler, on_target: rx.EventHandler, on_disconnect: rx.EventHandler
) -> rx.Component:
    about = rx.cond(row.account != "", f"{kind_name(row.kind)} · {row.account}", kind_name(row.kind))
    is_broken_caldav = (row.status == "broken") & (row.kind == "caldav")
    return rx.el.li(
        rx.el.div(
            rx.el.div(row.name, class_name="card-name"),
            rx.el.div(about, class_name="setting-hint"),
            health(row),
            rx.el.label(
                rx.switch(
                    checked=row.is_target,
                    on_change=lambda value: on_target(row.id, value),
                    aria_label=t("Meetings are written into {name}", name=row.name),
                ),
                rx.el.span(t("Meetings are written here")),
                class_name="calendar-target",
            ),
            class_name="card-words",
        ),
        rx.el.div(
            rx.cond(
                is_broken_caldav,
                rx.button(t("Connect again"), on_click=on_connect(row.id), variant="soft", size="2"),
            ),
            _disconnect(row, on_disconnect),
            class_name="calendar-side",
        ),
        key=row.id,
        class_name="card",
    )


def _disconnect(row: rx.Var[Any], on_disconnect: rx.EventHandler) -> rx.Component:
    return rx.alert_dialog.root(
        rx.alert_dialog.trigger(
            rx.button(
                t("Disconnect"), aria_label=t("Disconnect {name}", name=row.name), variant="soft", color_scheme="gray",
                size="2",
            )
        ),
        rx.alert_dialog.content(
            rx.alert_dialog.title(t("Disconnect {name}?", name=row.name), size="4"),
            rx.alert_dialog.description(
                t("Its events no longer block bookings. Meetings already added stay in that calendar."), size="2"
            ),
            rx.el.div(
                rx.alert_dialog.cancel(rx.button(t("Cancel"), variant="soft", color_scheme="gray")),
                rx.alert_dialog.action(
                    rx.button(
                        t("Disconnect"), color_scheme="tomato", variant="soft", high_contrast=True,
                        on_click=on_disconnect(row.id),
                    )
                ),
                class_name="dialog-acts",
            ),
            max_width="420px",
        ),
    )  # fmt: skip
