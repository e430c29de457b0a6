"""The sign-in page's form. It needs no state: it posts to the API, which answers with an HttpOnly cookie."""

import reflex as rx

from inbox_app.components.local import library
from inbox_app.components.words import t


class SignInForm(rx.Component):
    """A form around its fields. With `is_signed_in` it goes on by itself to where one wanted to go."""

    library = library("session.js")
    tag = "SignInForm"
    name: rx.Var[str]
    busy_name: rx.Var[str]
    wrong: rx.Var[str]
    unreachable: rx.Var[str]
    changed: rx.Var[str]
    is_signed_in: rx.Var[bool]


def sign_in_form(*, is_signed_in: rx.Var[bool], is_demo: rx.Var[bool]) -> rx.Component:
    """Email, password, one button; below it the public sign-ins of a demo."""
    return rx.el.main(
        rx.el.div(
            rx.icon("messages-square", size=28, aria_hidden="true"),
            rx.el.h1(t("Sign in to Agent Inbox")),
            class_name="sign-in-head",
        ),
        SignInForm.create(
            _field(t("Email"), name="email", type="email", auto_complete="username", auto_focus=True),
            _field(t("Password"), name="password", type="password", auto_complete="current-password"),
            name=t("Sign in"),
            busy_name=t("Signing in…"),
            wrong=t("Incorrect email or password"),
            changed=t("Password saved. Sign in with it."),
            unreachable=t("The server did not answer. Try again in a moment."),
            is_signed_in=is_signed_in,
        ),
        rx.el.p(rx.link(t("Forgot your password?"), href="/reset"), class_name="sign-in-more"),
        rx.cond(is_demo, _demo_sign_ins()),
        class_name="sign-in",
    )


def _field(label: rx.Var[str], *, name: str, **props: str | bool) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="input-label"),
        rx.el.input(name=name, required=True, class_name="input-box", **props),
        class_name="input-holder",
    )


def _demo_sign_ins() -> rx.Component:
    people = (
        ("ana@example.com", t("agent")),
        ("ben@example.com", t("agent")),
        ("mia@example.com", t("manager")),
        ("root@example.com", t("admin")),
    )
    return rx.el.section(
        rx.el.h2(t("This is a demo")),
        rx.el.ul(*[rx.el.li(rx.el.code(email), " ", rx.el.span(role)) for email, role in people]),
        rx.el.p(t("Password for all:"), " ", rx.el.code("demo-demo-1")),
        aria_label=t("Demo sign-ins"),
        class_name="demo-sign-ins",
    )
