"""Routing rules in their order, and the dialog that adds or changes one."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.browser import SCRIPTS
from inbox_app.components.admin.choices import agent_boxes
from inbox_app.components.admin.dialogs import form_dialog, remove_button
from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.admin.words import ATTRIBUTES, OPERATORS, worded
from inbox_app.components.forms.fields import field, is_about, problem, text_box
from inbox_app.components.marks import icon
from inbox_app.components.situations import skeleton_rows
from inbox_app.components.words import t


class ConditionRows(rx.Component):
    """Conditions as boxes of the form: `conditions.0.attribute` and so on. `wrong`: the field that was refused."""

    library = SCRIPTS["condition_rows.jsx"]
    tag = "ConditionRows"
    conditions: rx.Var[list[Any]]
    attributes: rx.Var[list[Any]]
    operators: rx.Var[list[Any]]
    wrong: rx.Var[str]
    texts: rx.Var[dict[str, Any]]
    add: rx.Var[rx.Component]
    remove: rx.Var[rx.Component]


def rules_list(
    rules: rx.Var[list[Any]], *, is_loaded: rx.Var[bool], on_edit: rx.EventHandler, on_remove: rx.EventHandler
) -> rx.Component:
    """What is asked first, the rules in their order, and what comes when none fits."""
    listed = rx.el.ol(
        _fixed(t("Account"), t("A visitor of a known company or email domain goes to the owner of the account.")),
        rx.foreach(rules, lambda rule: _rule(rule, on_edit, on_remove)),
        _fixed(t("Everyone"), t("When no rule fits, everyone who is available takes turns.")),
        aria_label=t("Rules in their order"),
        class_name="cards",
    )
    return rx.el.section(
        tab_head(
            t("Rules"),
            t("The first one that fits decides who is asked. The smallest priority is looked at first."),
            rx.button(icon("plus"), t("Add a rule"), on_click=on_edit("")),
        ),
        rx.cond(is_loaded, listed, skeleton_rows(3)),
    )


def _fixed(name: rx.Var[str], words: rx.Var[str]) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon("lock"), class_name="rule-priority"),
        rx.el.div(
            rx.el.div(name, class_name="card-name"),
            rx.el.div(words, class_name="setting-hint"),
            class_name="card-words",
        ),
        class_name="card card-fixed",
    )


def _rule(rule: rx.Var[Any], on_edit: rx.EventHandler, on_remove: rx.EventHandler) -> rx.Component:
    return rx.el.li(
        rx.el.span(rule.priority, class_name="rule-priority", title=t("Priority")),
        rx.el.div(
            rx.el.div(rule.name, class_name="card-name"),
            rx.el.ul(rx.foreach(rule.conditions, _condition), class_name="rule-conditions"),
            rx.el.div(
                icon("arrow-right"),
                rx.cond(rule.asks != "", rule.asks, t("Nobody: this rule is passed over.")),
                class_name="rule-asks",
            ),
            class_name="card-words",
        ),
        rx.el.div(
            rx.icon_button(
                icon("pencil"),
                aria_label=t("Edit {name}", name=rule.name),
                on_click=on_edit(rule.id),
                variant="ghost",
                color_scheme="gray",
                size="2",
            ),
            remove_button(
                t("Remove {name}", name=rule.name),
                t("Remove the rule {name}?", name=rule.name),
                t("From now on nobody is asked by it."),
                on_remove(rule.id),
            ),
            class_name="card-acts",
        ),
        key=rule.id,
        class_name="card",
    )


def _condition(condition: rx.Var[Any], index: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.cond(index > 0, rx.el.span(t("and"), " ", class_name="rule-and")),
        worded(condition.attribute, ATTRIBUTES),
        " ",
        rx.el.span(worded(condition.operator, OPERATORS), class_name="rule-operator"),
        " ",
        rx.el.strong(condition["values"]),
    )


def rule_dialog(
    rule: rx.Var[Any],
    agents: rx.Var[list[Any]],
    teams: rx.Var[list[Any]],
    answer: rx.Var[Any],
    *,
    is_open: rx.Var[bool],
    on_open_change: rx.EventHandler,
    on_submit: rx.EventHandler,
) -> rx.Component:
    """`rule`: what it holds at first."""
    name = text_box("name", default_value=rule.name, max_length=120)
    priority = text_box("priority", default_value=rule.priority.to_string(), input_mode="numeric", max_length=6)
    team = rx.el.select(
        rx.el.option(t("No team"), value=""),
        rx.foreach(teams, lambda one: rx.el.option(one.name, value=one.id, key=one.id)),
        name="team",
        default_value=rule.team,
        class_name="input-box input-box-form",
    )
    return form_dialog(
        rx.cond(rule.id != "", t("Edit the rule"), t("Add a rule")),
        field(t("Name"), name, name="name", answer=answer),
        field(t("Priority"), priority, name="priority", answer=answer, hint=t("The smallest is looked at first.")),
        _conditions(rule, answer),
        field(t("Team"), team, name="team", answer=answer, wide=True),
        agent_boxes(t("Agents"), agents, rule.agents, answer),
        is_open=is_open,
        answer=answer,
        on_open_change=on_open_change,
        on_submit=on_submit,
    )


def _conditions(rule: rx.Var[Any], answer: rx.Var[Any]) -> rx.Component:
    is_wrong = is_about(answer, "conditions")
    gaps = {"number": "{number}"}
    rows = ConditionRows.create(
        conditions=rule.conditions,
        attributes=[[value, words] for value, words in ATTRIBUTES],
        operators=[[value, words] for value, words in OPERATORS],
        wrong=rx.cond(is_wrong, answer.field, ""),
        texts={
            "attribute": t("Condition {number}, attribute", **gaps),
            "operator": t("Condition {number}, comparison", **gaps),
            "values": t("Condition {number}, value", **gaps),
            "remove": t("Remove condition {number}", **gaps),
            "several": t("several with commas"),
            "add": t("Add a condition"),
        },
        add=icon("plus"),
        remove=icon("x"),
    )
    return rx.el.fieldset(
        rx.el.legend(t("When all of this is so"), class_name="input-label"),
        rows,
        rx.cond(is_wrong, problem(answer.problem)),
        class_name="field field-wide",
    )
