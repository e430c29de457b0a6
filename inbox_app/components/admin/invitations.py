"""Adding a person, and the link to hand over where mail isn't configured."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.people import role_options
from inbox_app.components.forms.fields import ProblemFocus, field, problem, text_box
from inbox_app.components.marks import icon
from inbox_app.components.time import instant
from inbox_app.components.words import t
from inbox_app.domain.people import PASSWORD_MINIMUM


def add_form(answer: rx.Var[Any], *, added: rx.Var[int], on_submit: rx.EventHandler) -> rx.Component:
    """`added` counts: after each the form is empty. Without a password the person is invited by a link."""
    roles = rx.el.select(*role_options(), name="role", class_name="input-box input-box-form")
    password = text_box("password", type="text")
    return rx.el.section(
        rx.el.h3(t("Add a person"), class_name="schedule-part"),
        rx.el.form(
            field(t("Email"), text_box("email", type="email"), name="email", answer=answer),
            field(t("Name"), text_box("name"), name="name", answer=answer),
            field(t("Role"), roles, name="role", answer=answer),
            field(
                t("First password"), password, name="password", answer=answer,
                hint=t("Leave empty to send an invitation. Otherwise at least {limit} characters.",
                       limit=PASSWORD_MINIMUM),
            ),
            ProblemFocus.create(beat=answer.beat),
            rx.el.div(
                rx.button(t("Add"), type="submit"),
                rx.cond((answer.field == "") & (answer.problem != ""), problem(answer.problem)),
                rx.el.span(
                    rx.cond((added > 0) & (answer.problem == ""), t("Added."), ""),
                    role="status", class_name="field-saved",
                ),
                class_name="form-acts",
            ),
            key=added.to_string(),
            on_submit=on_submit,
            class_name="admin-form",
            custom_attrs={"noValidate": True},
        ),
        class_name="admin-section",
    )  # fmt: skip


def link_dialog(link: rx.Var[Any], *, on_open_change: rx.EventHandler) -> rx.Component:
    """Mail isn't configured, so an admin hands the link over. It is shown once: only its digest is stored."""
    until = instant(link.expires_at, "exact")
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(t("Link for {email}", email=link.email), size="4", margin="0"),
            rx.dialog.description(
                t("Email isn’t set up, so send this link yourself. It works once, until {time}.", time=until), size="2"
            ),
            rx.el.input(
                value=link.url, read_only=True, aria_label=t("Link"), class_name="input-box input-box-form",
                on_focus=rx.call_script("document.activeElement.select()"),
            ),
            rx.el.div(
                rx.dialog.close(rx.button(t("Close"), variant="soft", color_scheme="gray")),
                rx.button(
                    icon("copy"), t("Copy link"),
                    on_click=[rx.set_clipboard(link.url), rx.toast.success(t("Link copied."))],
                ),
                class_name="dialog-acts",
            ),
            max_width="560px",
            class_name="dialog-form",
        ),
        open=link.url != "",
        on_open_change=on_open_change,
    )  # fmt: skip
