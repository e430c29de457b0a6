"""Mails and calendar events that did not go out, live, and another try for them (PRODUCT 4.4)."""

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.models_admin import DeliveryView
from inbox_app.services import deliveries
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import number
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin


class DeliveriesState(rx.State):
    """`waiting`: mails that wait for a mail server. `answer`: of the newest retry, by the row's id."""

    rows: list[DeliveryView] = []
    is_set_up: bool = True
    waiting: int = 0
    is_loaded: bool = False
    answer: Answer = Answer()

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From the tab, until it is left."""
        member = await admin(self)
        async with live.subscribe(live.topics.outbox()) as changes:
            async for _ in changes.bursts():
                rows = await views.deliveries(member, now=clock.now())
                standing = await deliveries.mail_standing(member)
                async with self:
                    assign(self, rows=rows, is_set_up=standing.is_set_up, waiting=standing.waiting, is_loaded=True)

    @rx.event
    async def retry(self, delivery_id: int) -> None:
        """At once; what comes of it the list tells."""
        member, delivery_id = await admin(self), number(delivery_id, field="delivery_id")
        deed = deliveries.retry(delivery_id, member=member, now=clock.now())
        self.answer = await answered(deed, self.router_data, self.answer, about=str(delivery_id))
