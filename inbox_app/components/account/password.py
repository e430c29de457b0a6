"""Changing one's own password."""

import reflex as rx

from inbox_app.components.forms.api_form import api_form, input_field, new_password_field
from inbox_app.components.words import t
from inbox_app.domain.people import PASSWORD_MINIMUM


def password_section(*, email: rx.Var[str], on_changed: rx.EventHandler) -> rx.Component:
    """Asks for the current one, because a page that was left open must not be enough."""
    return rx.el.section(
        rx.el.h2(t("Password"), class_name="setting-name", id="password-title"),
        rx.el.p(t("Changing it signs you out in every other browser."), class_name="setting-hint"),
        api_form(
            t("Change password"),
            "/api/v1/account/password",
            [
                input_field("current", t("Current password"), "current-password", kind="password"),
                new_password_field("new", t("New password"), minimum=PASSWORD_MINIMUM),
            ],
            method="PUT",
            submit=t("Change password"),
            done=t("Password changed."),
            username=email,
            on_done=on_changed,
            class_name="account-form",
        ),
        aria_labelledby="password-title",
        class_name="setting-section",
    )
