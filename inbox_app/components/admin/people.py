"""People of this installation: a row each, and the form that adds one."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.forms.fields import ProblemFocus, SavedInput, field, problem, saved, text_box
from inbox_app.components.marks import avatar
from inbox_app.components.situations import skeleton_rows
from inbox_app.components.words import t

CAPACITY_LOW, CAPACITY_HIGH = 1, 10  # PRODUCT 3.5; the service checks
PASSWORD_MINIMUM = 10


def people_table(
    people: rx.Var[list[Any]],
    answer: rx.Var[Any],
    *,
    is_loaded: rx.Var[bool],
    default_capacity: rx.Var[int] | int,
    on_role: rx.EventHandler,
    on_takes_chats: rx.EventHandler,
    on_capacity: rx.EventHandler,
    on_disabled: rx.EventHandler,
) -> rx.Component:
    """Each change is kept at once."""
    heads = (t("Person"), t("Role"), t("Takes chats"), t("Chats at once"), t("Access"))
    handlers = {"role": on_role, "chats": on_takes_chats, "capacity": on_capacity, "disabled": on_disabled}
    table = rx.el.table(
        rx.el.caption(t("People, by email"), class_name="sr-only"),
        rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
        rx.el.tbody(rx.foreach(people, lambda person: _row(person, answer, default_capacity, handlers))),
        aria_label=t("People"),
        class_name="rows people",
    )
    return rx.el.section(
        tab_head(t("People"), t("Changes are in force at once. Chats of who is disabled go to others.")),
        rx.cond(is_loaded, rx.el.div(table, class_name="table-holder"), skeleton_rows(4)),
    )


def _row(
    person: rx.Var[Any], answer: rx.Var[Any], default: rx.Var[int] | int, on: dict[str, rx.EventHandler]
) -> rx.Component:
    is_refused = (answer.field == person.id) & (answer.problem != "")
    is_saved = ((answer.field == person.id) | (answer.field == _about_capacity(person))) & (answer.problem == "")
    return rx.el.tr(
        rx.el.td(
            rx.el.div(
                avatar(person.initials, person.colour, size="small"),
                rx.el.div(
                    rx.el.div(person.name, class_name="table-name"), rx.el.div(person.email, class_name="table-preview")
                ),
                class_name="person-cell",
            )
        ),
        rx.el.td(_role(person, on["role"])),
        rx.el.td(
            rx.switch(
                checked=person.takes_chats,
                on_change=lambda value: on["chats"](person.id, value),
                aria_label=t("{name} takes chats", name=person.name),
            )
        ),
        rx.el.td(_capacity(person, answer, default, on["capacity"])),
        rx.el.td(
            rx.el.div(_access(person, on["disabled"]), saved(is_saved), class_name="person-access"),
            rx.cond(is_refused, problem(answer.problem)),
        ),
        key=person.id,
        class_name=rx.cond(person.is_disabled, "is-disabled", ""),
    )


def _about_capacity(person: rx.Var[Any]) -> rx.Var[str]:
    """The field that an answer names (state/admin/people.py)."""
    return person.id.to(str) + ".capacity"


def _capacity(
    person: rx.Var[Any], answer: rx.Var[Any], default: rx.Var[int] | int, on_capacity: rx.EventHandler
) -> rx.Component:
    is_wrong = (answer.field == _about_capacity(person)) & (answer.problem != "")
    box = SavedInput.create(
        value=person.capacity,
        name=t("Chats at once of {name}", name=person.name),
        placeholder=t("default {count}", count=default),
        low=CAPACITY_LOW,
        high=CAPACITY_HIGH,
        limit=4,
        is_wrong=is_wrong,
        problem_id=f"problem-{person.id}",
        class_name="input-number",
        on_save=lambda value: on_capacity(person.id, value),
    )
    return rx.fragment(box, rx.cond(is_wrong, problem(answer.problem, id=f"problem-{person.id}")))


def _role(person: rx.Var[Any], on_role: rx.EventHandler) -> rx.Component:
    return rx.el.select(
        *_roles(),
        value=person.role,
        on_change=lambda value: on_role(person.id, value),
        aria_label=t("Role of {name}", name=person.name),
        class_name="input-box input-box-form",
    )


def _roles() -> list[rx.Component]:
    roles = (("agent", t("Agent")), ("manager", t("Manager")), ("admin", t("Admin")))
    return [rx.el.option(words, value=role) for role, words in roles]


def _access(person: rx.Var[Any], on_disabled: rx.EventHandler) -> rx.Component:
    return rx.cond(
        person.is_disabled,
        rx.button(
            t("Enable"),
            on_click=on_disabled(person.id, False),
            aria_label=t("Enable {name}", name=person.name),
            variant="soft",
            size="2",
        ),
        rx.button(
            t("Disable"),
            on_click=on_disabled(person.id, True),
            aria_label=t("Disable {name}", name=person.name),
            variant="soft",
            color_scheme="gray",
            size="2",
        ),
    )


def invite_form(answer: rx.Var[Any], *, invited: rx.Var[int], on_submit: rx.EventHandler) -> rx.Component:
    """`invited` counts: after each the form is empty."""
    roles = rx.el.select(*_roles(), name="role", class_name="input-box input-box-form")
    password = text_box("password", type="text")
    return rx.el.section(
        rx.el.h3(t("Add a person"), class_name="schedule-part"),
        rx.el.form(
            field(t("Email"), text_box("email", type="email"), name="email", answer=answer),
            field(t("Name"), text_box("name"), name="name", answer=answer),
            field(t("Role"), roles, name="role", answer=answer),
            field(
                t("First password"), password, name="password", answer=answer,
                hint=t("At least {limit} characters. Hand it over yourself.", limit=PASSWORD_MINIMUM),
            ),
            ProblemFocus.create(beat=answer.beat),
            rx.el.div(
                rx.button(t("Add"), type="submit"),
                rx.cond((answer.field == "") & (answer.problem != ""), problem(answer.problem)),
                rx.el.span(
                    rx.cond((invited > 0) & (answer.problem == ""), t("Added."), ""),
                    role="status", class_name="field-saved",
                ),
                class_name="form-acts",
            ),
            key=invited.to_string(),
            on_submit=on_submit,
            class_name="admin-form",
            custom_attrs={"noValidate": True},
        ),
        class_name="admin-section",
    )  # fmt: skip
