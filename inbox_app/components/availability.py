"""Whether an agent is offered chats: the sentence of PRODUCT 2.4 and the switch."""

import reflex as rx

from inbox_app.components.time import instant
from inbox_app.components.words import t


def availability(
    *,
    is_available: rx.Var[bool],
    reason: rx.Var[str],
    until: rx.Var[str],
    on_change: rx.EventHandler,
) -> rx.Component:
    """`reason`: schedule or override; `until`: when it changes by itself, or empty."""
    return rx.el.div(
        rx.el.span(
            rx.el.span(class_name=rx.cond(is_available, "dot dot-online", "dot dot-offline"), aria_hidden="true"),
            rx.el.span(_sentence(is_available, reason, until), class_name="availability-sentence"),
            role="status",
            aria_label=t("Availability"),
            class_name="availability-status",
        ),
        rx.switch(checked=is_available, on_change=on_change, aria_label=t("Available"), size="2", color_scheme="grass"),
        class_name="availability",
    )


def _sentence(is_available: rx.Var[bool], reason: rx.Var[str], until: rx.Var[str]) -> rx.Var[str]:
    time = instant(until, "until")
    by_hand = reason == "override"
    has_end = until != ""
    return rx.cond(
        is_available,
        rx.cond(
            by_hand,
            rx.cond(has_end, t("Available, set by you, until {time}", time=time), t("Available, set by you")),
            rx.cond(has_end, t("Available until {time} (schedule)", time=time), t("Available (schedule)")),
        ),
        rx.cond(
            by_hand,
            rx.cond(has_end, t("Unavailable, set by you, until {time}", time=time), t("Unavailable, set by you")),
            rx.cond(has_end, t("Unavailable until {time} (schedule)", time=time), t("Unavailable (schedule)")),
        ),
    )
