"""How long something still lasts, counted in the browser."""

import reflex as rx

from inbox_app.components.local import library


class Countdown(rx.Component):
    """A ring with the seconds until `ends_at`. `told_at`: the server's time when it told them."""

    library = library("countdown.js")
    tag = "Countdown"
    started_at: rx.Var[str]
    ends_at: rx.Var[str]
    told_at: rx.Var[str]
    name: rx.Var[str]
