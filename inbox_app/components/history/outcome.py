"""How a conversation came to its end, as a word with a quiet mark."""

import reflex as rx

from inbox_app.components.words import t

OUTCOMES = (
    ("agent", t("Ended by the agent")),
    ("visitor", t("Ended by the visitor")),
    ("idle", t("Ended after a long silence")),
    ("system", t("Ended by the system")),
    ("missed", t("Missed")),
    ("cancelled", t("Cancelled by the visitor")),
)
"""States and end reasons, as `views.history` filters by them."""


def outcome(state: rx.Var[str], end_reason: rx.Var[str]) -> rx.Component:
    """`state`: ended, missed or cancelled; `end_reason`: agent, visitor, idle or system."""
    return rx.el.span(
        rx.match(
            rx.cond(state == "ended", end_reason, state),
            *OUTCOMES,
            state,
        ),
        class_name="outcome",
        custom_attrs={"data-state": state},
    )
