"""How many visitors wait for a follow-up, for the rail of every page."""

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.domain.conversation import State
from inbox_app.state.viewer import viewer


class MissedCountState(rx.State):
    """Agents only; for all others it stays 0."""

    unclaimed: int = 0

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load of every page, until it is left."""
        if not (await viewer(self)).is_agent:
            return
        async with live.subscribe(live.topics.past()) as changes:
            async for events in changes.bursts():
                if not tells_of_missed(events):
                    continue
                unclaimed = await views.unclaimed(now=clock.now())
                async with self:
                    if unclaimed != self.unclaimed:
                        self.unclaimed = unclaimed


def tells_of_missed(events: list[live.Event]) -> bool:
    """Whether to read again: at the start, after a gap, when one is missed or claimed, or leaves a message."""
    return not events or any(
        event.kind == live.RESYNC or event.data.get("state") == State.MISSED.value for event in events
    )
