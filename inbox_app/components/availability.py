"""Whether an agent is offered chats: the sentence of PRODUCT 2.4 and the switch."""

import reflex as rx

from inbox_app.components.connection import is_offline
from inbox_app.components.notifications import AskAfterSwitch
from inbox_app.components.time import instant
from inbox_app.components.words import t


def availability(
    *,
    is_available: rx.Var[bool],
    reason: rx.Var[str],
    until: rx.Var[str],
    zone: rx.Var[str],
    missed_too_many: rx.Var[bool],
    on_change: rx.EventHandler,
) -> rx.Component:
    """`reason`: schedule or override; `until`: when it changes by itself, or empty; `zone`: the agent's own."""
    time = instant(until, "until", zone)
    return rx.el.div(
        rx.el.span(
            rx.el.span(
                class_name=rx.cond(is_available & ~is_offline, "dot dot-online", "dot dot-offline"),
                aria_hidden="true",
            ),
            rx.el.span(_sentence(is_available, reason, time, missed_too_many), class_name="availability-sentence"),
            role="status",
            aria_label=t("Availability"),
            class_name="availability-status",
        ),
        AskAfterSwitch.create(
            rx.switch(
                checked=is_available,
                on_change=on_change,
                disabled=is_offline,  # else Reflex keeps the click for later
                aria_label=t("Available"),
                size="2",
                color_scheme="grass",
            ),
            is_available=is_available,
            class_name="availability-switch",
        ),
        class_name="availability",
    )


def _sentence(
    is_available: rx.Var[bool], reason: rx.Var[str], time: rx.Var[str], missed_too_many: rx.Var[bool]
) -> rx.Var[str]:
    by_hand = reason == "override"
    has_end = time != ""
    return rx.cond(
        is_available,
        rx.cond(
            by_hand,
            rx.cond(has_end, t("Available, set by you, until {time}", time=time), t("Available, set by you")),
            rx.cond(has_end, t("Available until {time} (schedule)", time=time), t("Available (schedule)")),
        ),
        rx.cond(
            missed_too_many,
            rx.cond(
                has_end,
                t("Unavailable until {time}: you missed three chats", time=time),
                t("Unavailable: you missed three chats"),
            ),
            _off(by_hand, has_end, time),
        ),
    )


def _off(by_hand: rx.Var[bool], has_end: rx.Var[bool], time: rx.Var[str]) -> rx.Var[str]:
    return rx.cond(
        by_hand,
        rx.cond(has_end, t("Unavailable, set by you, until {time}", time=time), t("Unavailable, set by you")),
        rx.cond(has_end, t("Unavailable until {time} (schedule)", time=time), t("Unavailable (schedule)")),
    )
