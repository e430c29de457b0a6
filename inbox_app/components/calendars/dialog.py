"""The dialog that connects a CalDAV calendar."""

from typing import Any

import reflex as rx

from inbox_app.components.forms.fields import ProblemFocus, field, problem, text_box
from inbox_app.components.marks import icon
from inbox_app.components.words import t

EXAMPLE = "https://calendar.example.com"


def connect_dialog(
    *,
    url: rx.Var[str],
    account: rx.Var[str],
    found: rx.Var[list[Any]],
    answer: rx.Var[Any],
    is_open: rx.Var[bool],
    is_asking: rx.Var[bool],
    on_open_change: rx.EventHandler,
    on_submit: rx.EventHandler,
    on_choose: rx.EventHandler,
) -> rx.Component:
    """`url`, `account`: of one that is connected again. `found`: empty until the server has answered."""
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(t("Connect a calendar"), size="4", margin="0"),
            rx.cond(
                found.length() > 0,
                _choice(found, answer, is_asking, on_choose),
                _form(url, account, answer, is_asking, on_submit),
            ),
            max_width="560px",
            aria_describedby="",
        ),
        open=is_open,
        on_open_change=on_open_change,
    )


def _form(
    address: rx.Var[str], account: rx.Var[str], answer: rx.Var[Any], is_asking: rx.Var[bool], on_submit: rx.EventHandler
) -> Any:
    url = text_box("url", type="url", default_value=address, placeholder=EXAMPLE, input_mode="url")
    password = rx.el.input(
        name="password", type="password", auto_complete="new-password", class_name="input-box input-box-form"
    )
    return rx.el.form(
        field(
            t("Address of the server"), url, name="url", answer=answer, wide=True,
            hint=t("Nextcloud, iCloud, Fastmail, Radicale and others that speak CalDAV."),
        ),
        field(t("Account"), text_box("account", default_value=account), name="account", answer=answer),
        field(
            t("Password"), password, name="password", answer=answer,
            hint=t("Use an app password if you can. It's stored encrypted."),
        ),
        ProblemFocus.create(beat=answer.beat),
        rx.el.div(
            rx.dialog.close(rx.button(t("Cancel"), type="button", variant="soft", color_scheme="gray")),
            rx.button(t("Continue"), type="submit", loading=is_asking),
            class_name="dialog-acts",
        ),
        on_submit=on_submit,
        class_name="dialog-form",
        custom_attrs={"noValidate": True},
    )  # fmt: skip


def _choice(found: rx.Var[list[Any]], answer: rx.Var[Any], is_asking: rx.Var[bool], on_choose: rx.EventHandler) -> Any:
    """One press a calendar; to connect several, come again."""
    return rx.el.div(
        rx.el.p(t("Which calendar of this account?"), class_name="setting-hint"),
        rx.el.ul(
            rx.foreach(
                found,
                lambda calendar: rx.el.li(
                    rx.button(
                        icon("calendar"), calendar.name, on_click=on_choose(calendar.address), variant="soft",
                        disabled=is_asking,
                    ),
                    key=calendar.address,
                ),
            ),
            aria_label=t("Calendars of this account"),
            class_name="calendar-choice",
        ),
        rx.cond(answer.problem != "", problem(answer.problem)),
        rx.el.div(
            rx.dialog.close(rx.button(t("Cancel"), type="button", variant="soft", color_scheme="gray")),
            class_name="dialog-acts",
        ),
    )  # fmt: skip
