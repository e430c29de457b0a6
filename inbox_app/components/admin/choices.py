"""Boxes to tick, as a form sends them."""

from typing import Any

import reflex as rx

from inbox_app.components.forms.fields import is_about, problem
from inbox_app.components.words import t

PREFIX = "agent:"  # as state/admin/agents.py reads them


def agent_boxes(
    label: rx.Var[str], agents: rx.Var[list[Any]], ticked: rx.Var[list[str]], answer: rx.Var[Any]
) -> rx.Component:
    """Every enabled agent; `ticked`: ids."""
    return rx.el.fieldset(
        rx.el.legend(label, class_name="input-label"),
        rx.el.div(
            rx.foreach(
                agents,
                lambda agent: rx.el.label(
                    rx.el.input(
                        type="checkbox",
                        name=f"{PREFIX}{agent.id}",
                        default_checked=ticked.contains(agent.id),
                        class_name="tick",
                    ),
                    rx.el.span(agent.name),
                    class_name="tick-line",
                    key=agent.id,
                ),
            ),
            rx.cond(agents.length() == 0, rx.el.span(t("There are no agents yet."), class_name="setting-hint")),
            class_name="ticks",
        ),
        rx.cond(is_about(answer, "agents"), problem(answer.problem)),
        class_name="field field-wide",
        custom_attrs={"data-wrong": is_about(answer, "agents")},
    )
