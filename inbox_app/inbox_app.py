"""Composition root: the app and its pages."""

import reflex as rx


class Probe(rx.State):
    """A value that shows whether the socket works."""

    count: int = 0

    @rx.event
    async def more(self) -> None:
        """Count."""
        self.count += 1


def index() -> rx.Component:
    """A first page."""
    return rx.box(rx.heading("Agent Inbox"), rx.button("More", on_click=Probe.more), rx.text(Probe.count, id="count"))


app = rx.App()
app.add_page(index, route="/")
