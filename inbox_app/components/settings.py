"""Rows of the settings page."""

from collections.abc import Sequence

import reflex as rx

from inbox_app.components.account_menu import SIGN_OUT
from inbox_app.components.attention import CHIME
from inbox_app.components.local import library
from inbox_app.components.marks import icon
from inbox_app.components.notifications import notification_switch
from inbox_app.components.words import LANGUAGE, t

Options = Sequence[tuple[str, rx.Var[str] | str]]


class SoundSwitch(rx.Component):
    """Plays the sound once when it is switched on."""

    library = library("settings.js")
    tag = "SoundSwitch"
    name: rx.Var[str]
    sound: rx.Var[str]


def language_choice(*, chosen: rx.Var[str], on_change: rx.EventHandler) -> rx.Component:
    """Each language under its own name. Nothing chosen yet: the one that is shown."""
    options = (("en", "English"), ("fr", "Français"))
    value = rx.cond(chosen != "", chosen, LANGUAGE)
    return _choice(t("Language"), t("Kept with your account, for every device."), value, options, on_change)


def scheme_choice(*, chosen: rx.Var[str], on_change: rx.EventHandler) -> rx.Component:
    """Nothing chosen yet: the system's."""
    options = (("system", t("System")), ("light", t("Light")), ("dark", t("Dark")))
    value = rx.cond(chosen != "", chosen, "system")
    return _choice(t("Colour scheme"), t("System follows this device."), value, options, on_change)


def sound_choice() -> rx.Component:
    """The chime for an incoming chat."""
    name = t("Sound for incoming chats")
    return setting_row(
        name, t("Short and soft; kept in this browser."), SoundSwitch.create(name=name, sound=str(CHIME))
    )


def notification_choice() -> rx.Component:
    """The browser's own notifications of an incoming chat."""
    name = t("Notifications of this browser")
    return setting_row(name, t("For incoming chats while you look at something else."), notification_switch(name))


def sign_out_row() -> rx.Component:
    """The way out."""
    return setting_row(
        t("Sign out"),
        t("Ends this session on this device. Drafts are kept."),
        rx.button(icon("log-out"), t("Sign out"), on_click=SIGN_OUT, variant="soft", color_scheme="gray"),
    )


def _choice(
    name: rx.Var[str], hint: rx.Var[str], value: rx.Var[str], options: Options, on_change: rx.EventHandler
) -> rx.Component:
    return setting_row(
        name,
        hint,
        rx.radio_cards.root(
            *[rx.radio_cards.item(words, value=option) for option, words in options],
            value=value,
            on_value_change=on_change,
            aria_label=name,
            columns=str(len(options)),
            size="1",
            gap="2",
        ),
        class_name="setting setting-wide",
    )


def setting_row(
    name: rx.Var[str], hint: rx.Var[str], control: rx.Component, class_name: str = "setting"
) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(name, class_name="setting-name"),
            rx.el.p(hint, class_name="setting-hint"),
        ),
        control,
        class_name=class_name,
    )
