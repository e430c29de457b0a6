"""What a page could not read when it was loaded or while it listened, it reads a little later, by itself.

A listener ends with its error, and no other event would ever start it: the page would look alive and stay as it was.
"""

import reflex as rx
from reflex.state import OnLoadInternalState


class LoadAgainState(rx.State):
    """`failures` counts; the browser asks to load again some time after it has changed (components/load_again.js).

    The browser has to ask: what an event starts from here belongs to its chain and would not replace the listeners of
    that chain. Both handlers are open to strangers: all that they start is guarded by itself.
    """

    failures: int = 0

    @rx.event
    async def fail(self) -> None:
        """From the error handler."""
        self.failures += 1

    @rx.event
    async def load(self) -> rx.event.EventHandler:
        """What on_load of the page does."""
        return OnLoadInternalState.event_handlers["on_load_internal"]
