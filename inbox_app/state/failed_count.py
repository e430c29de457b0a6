"""How many deliveries have failed, for the rail of every page: an admin must see it without looking for it."""

import reflex as rx

from inbox_app import live
from inbox_app.data import views
from inbox_app.domain.people import Role
from inbox_app.state.viewer import viewer


class FailedCountState(rx.State):
    """Admins only; for all others it stays 0."""

    failed: int = 0

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load of every page, until it is left."""
        member = await viewer(self)
        if member.role is not Role.ADMIN:
            return
        async with live.subscribe(live.topics.outbox()) as changes:
            async for _ in changes.bursts():
                failed = await views.failed_deliveries(member)
                async with self:
                    if failed != self.failed:
                        self.failed = failed
