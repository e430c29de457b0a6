"""The avatar at the upper right and what it opens."""

import reflex as rx

from inbox_app.components.local import library
from inbox_app.components.marks import avatar, icon
from inbox_app.components.words import t

SIGN_OUT = rx.vars.FunctionStringVar.create(
    "signOut", _var_data=rx.vars.VarData(imports={library("session.js"): [rx.ImportVar(tag="signOut")]})
)


def account_menu(
    *, name: rx.Var[str], email: rx.Var[str], initials: rx.Var[str], colour: rx.Var[int], picture: rx.Var[str]
) -> rx.Component:
    """Who is signed in, settings, sign out."""
    return rx.menu.root(
        rx.menu.trigger(
            rx.el.button(
                avatar(initials, colour, picture=picture, size="small"),
                aria_label=t("Account of {name}", name=name),
                class_name="account",
            )
        ),
        rx.menu.content(
            rx.el.div(
                rx.el.div(name, class_name="account-name"),
                rx.el.div(email, class_name="account-email"),
                class_name="account-person",
            ),
            rx.menu.separator(),
            rx.menu.item(icon("settings"), t("Settings"), on_select=rx.redirect("/settings")),
            rx.menu.item(icon("log-out"), t("Sign out"), on_select=SIGN_OUT),
            variant="soft",
            align="end",
        ),
    )
