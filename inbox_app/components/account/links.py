"""What someone who isn't signed in does with a one-time link, and how they ask for one."""

import reflex as rx

from inbox_app.components.forms.api_form import api_form, input_field, link_form, new_password_field
from inbox_app.components.words import t
from inbox_app.domain.people import PASSWORD_MINIMUM


def invitation_form() -> rx.Component:
    """Set a name and a password, and be signed in."""
    return _card(
        t("Join Agent Inbox"),
        link_form(
            t("Join"),
            "/api/v1/auth/invitation",
            [
                input_field("name", t("Your name"), "name", hint=t("As visitors see it.")),
                new_password_field("password", t("Password"), minimum=PASSWORD_MINIMUM),
            ],
            rx.el.p(t("This page needs your invitation link. Open it from the email again.")),
            person="/api/v1/auth/invitation/person",
            person_words=t("You’ll sign in as"),
            submit=t("Join"),
            next="/inbox",
        ),
        _back(),
    )


def reset_form(*, is_known: rx.Var[bool], has_mail: rx.Var[bool]) -> rx.Component:
    """With a link: a new password. Without: ask for one."""
    asking = rx.cond(is_known, rx.cond(has_mail, _ask(), _no_mail()), rx.el.p(t("One moment…"), role="status"))
    return _card(
        t("Reset your password"),
        link_form(
            t("Reset your password"),
            "/api/v1/auth/reset/password",
            [new_password_field("password", t("New password"), minimum=PASSWORD_MINIMUM)],
            asking,
            person="/api/v1/auth/reset/person",
            person_words=t("New password for"),
            submit=t("Save password"),
            next="/login?changed",
        ),
        _back(),
    )


def _back() -> rx.Component:
    return rx.el.p(rx.link(t("Back to sign-in"), href="/login"), class_name="sign-in-more")


def _ask() -> rx.Component:
    return rx.fragment(
        rx.el.p(t("We’ll email you a link that works once, for one hour."), class_name="link-person"),
        api_form(
            t("Reset your password"),
            "/api/v1/auth/reset",
            [input_field("email", t("Email"), "username", kind="email")],
            submit=t("Email me a link"),
            done=t("If this address has an account, the link is on its way."),
            class_name="sign-in-form",
        ),
    )


def _no_mail() -> rx.Component:
    """What to do instead."""
    return rx.fragment(
        rx.el.p(t("Email isn’t set up here, so we can’t send you a link. Ask an admin for one.")),
        rx.el.p(
            t("The operator of this server can also set a password:"), " ", rx.el.code("inbox user password EMAIL"),
            class_name="sign-in-more",
        ),
    )  # fmt: skip


def _card(title: rx.Var[str], *content: rx.Component) -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.icon("messages-square", size=28, aria_hidden="true"),
            rx.el.h1(title),
            class_name="sign-in-head",
        ),
        *content,
        class_name="sign-in",
    )
