"""Teams: a card each, and the dialog that adds or changes one."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.choices import agent_boxes
from inbox_app.components.admin.dialogs import form_dialog, remove_button
from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.forms.fields import field, text_box
from inbox_app.components.marks import icon
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.words import t


def teams_list(
    teams: rx.Var[list[Any]], *, is_loaded: rx.Var[bool], on_edit: rx.EventHandler, on_remove: rx.EventHandler
) -> rx.Component:
    """By name."""
    found = rx.el.ul(
        rx.foreach(teams, lambda team: _team(team, on_edit, on_remove)), aria_label=t("Teams"), class_name="cards"
    )
    nothing = empty(t("No teams yet."), t("A rule can ask a team instead of single agents."), symbol="users")
    return rx.el.section(
        tab_head(
            t("Teams"),
            t("Agents whom rules name together. They take turns."),
            rx.button(icon("plus"), t("Add a team"), on_click=on_edit("")),
        ),
        rx.cond(is_loaded, rx.cond(teams.length() > 0, found, nothing), skeleton_rows(3)),
    )


def _team(team: rx.Var[Any], on_edit: rx.EventHandler, on_remove: rx.EventHandler) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(team.name, class_name="card-name"),
            rx.el.div(
                rx.cond(team.names != "", team.names, t("Nobody: rules pass over it.")), class_name="setting-hint"
            ),
            class_name="card-words",
        ),
        rx.el.div(
            rx.icon_button(
                icon("pencil"),
                aria_label=t("Edit {name}", name=team.name),
                on_click=on_edit(team.id),
                variant="ghost",
                color_scheme="gray",
                size="2",
            ),
            remove_button(
                t("Remove {name}", name=team.name),
                t("Remove the team {name}?", name=team.name),
                t("Rules that name it are passed over from now on. Nobody loses a chat."),
                on_remove(team.id),
            ),
            class_name="card-acts",
        ),
        key=team.id,
        class_name="card",
    )


def team_dialog(
    team: rx.Var[Any],
    agents: rx.Var[list[Any]],
    answer: rx.Var[Any],
    *,
    is_open: rx.Var[bool],
    on_open_change: rx.EventHandler,
    on_submit: rx.EventHandler,
) -> rx.Component:
    """`team`: what it holds at first."""
    name = text_box("name", default_value=team.name, max_length=120)
    return form_dialog(
        rx.cond(team.id != "", t("Edit the team"), t("Add a team")),
        field(t("Name"), name, name="name", answer=answer, wide=True),
        agent_boxes(t("Agents"), agents, team.agents, answer),
        is_open=is_open,
        answer=answer,
        on_open_change=on_open_change,
        on_submit=on_submit,
    )
