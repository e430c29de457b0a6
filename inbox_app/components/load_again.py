"""Nothing to see: loads a page again whose listeners ended for want of a database."""

import reflex as rx

from inbox_app.components.local import library


class LoadAgain(rx.Component):
    """`failures` counts up."""

    library = library("load_again.js")
    tag = "LoadAgain"
    failures: rx.Var[int]
    on_due: rx.EventHandler[rx.event.no_args_event_spec]
