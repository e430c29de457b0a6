"""People of this installation, a row each."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.forms.fields import SavedInput, problem, saved
from inbox_app.components.marks import avatar, icon
from inbox_app.components.situations import skeleton_rows
from inbox_app.components.words import t

CAPACITY_LOW, CAPACITY_HIGH = 1, 10  # PRODUCT 3.5; the service checks
ROLES = (("agent", t("Agent")), ("manager", t("Manager")), ("admin", t("Admin")))


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
    on_invite: rx.EventHandler,
    on_reset: rx.EventHandler,
) -> rx.Component:
    """Each change is kept at once."""
    heads = (t("Person"), t("Role"), t("Takes chats"), t("Chats at once"), t("Access"))
    handlers = {"role": on_role, "chats": on_takes_chats, "capacity": on_capacity, "disabled": on_disabled}
    handlers |= {"invite": on_invite, "reset": on_reset}
    table = rx.el.table(
        rx.el.caption(t("People, by email"), class_name="sr-only"),
        rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
        rx.el.tbody(rx.foreach(people, lambda person: _row(person, answer, default_capacity, handlers))),
        aria_label=t("People"),
        class_name="rows people",
    )
    return rx.el.section(
        tab_head(t("People"), t("Changes apply immediately. A disabled person's chats are offered to others.")),
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
                avatar(person.initials, person.colour, picture=person.picture, size="small"),
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
            rx.el.div(_access(person, on["disabled"]), _link(person, on), saved(is_saved), class_name="person-access"),
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
        *role_options(),
        value=person.role,
        on_change=lambda value: on_role(person.id, value),
        aria_label=t("Role of {name}", name=person.name),
        class_name="input-box input-box-form",
    )


def role_options() -> list[rx.Component]:
    return [rx.el.option(words, value=role) for role, words in ROLES]


def _access(person: rx.Var[Any], on_disabled: rx.EventHandler) -> rx.Component:
    """An invited person is disabled until the invitation is accepted, and withdrawing it leaves it so."""
    return rx.cond(
        person.is_invited,
        rx.fragment(
            rx.el.span(t("Invited"), class_name="person-invited"),
            _access_button(t("Withdraw"), t("Withdraw {name}’s invitation", name=person.name),
                           on_disabled(person.id, True), color_scheme="gray"),
        ),
        rx.cond(
            person.is_disabled,
            _access_button(t("Enable"), t("Enable {name}", name=person.name), on_disabled(person.id, False)),
            _access_button(t("Disable"), t("Disable {name}", name=person.name), on_disabled(person.id, True),
                           color_scheme="gray"),
        ),
    )  # fmt: skip


def _access_button(words: rx.Var[str], name: rx.Var[str], on_click: Any, **props: str) -> rx.Component:
    return rx.button(words, on_click=on_click, aria_label=name, variant="soft", size="2", **props)


def _link(person: rx.Var[Any], on: dict[str, rx.EventHandler]) -> rx.Component:
    """A one-time link: to join, or to a new password."""
    return rx.cond(
        person.is_disabled,
        _link_button("mail-plus", t("Invite {name} again", name=person.name), on["invite"](person.id)),
        _link_button("key-round", t("Send {name} a password link", name=person.name), on["reset"](person.id)),
    )


def _link_button(symbol: str, name: rx.Var[str], on_click: Any) -> rx.Component:
    button = rx.icon_button(icon(symbol), on_click=on_click, aria_label=name, variant="soft", color_scheme="gray")
    return rx.tooltip(button, content=name)
