"""Chats that the signed-in agent is asked to take (PRODUCT 3.3)."""

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.models import OfferView
from inbox_app.services import offers
from inbox_app.services.presence import present
from inbox_app.state.arguments import text
from inbox_app.state.blank import blank
from inbox_app.state.viewer import agent, viewer

NO_OFFER = blank(OfferView)
OF_OFFERS = {"offer", "offer_gone", live.RESYNC}


class OffersState(rx.State):
    """Oldest first; the banner shows the first. `told_at`: the server's time when it was told, for the countdown."""

    first: OfferView = NO_OFFER
    waiting: int = 0
    told_at: str = ""

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> None:
        """From on_load of every page; while it runs, the agent is there (PRODUCT 2.5)."""
        member = await viewer(self)
        if not member.is_agent:
            return
        async with live.subscribe(live.topics.agent(member.id)) as changes, present(member.id, is_agent=True):
            async for events in changes.bursts():
                if events and OF_OFFERS.isdisjoint(event.kind for event in events):
                    continue
                pending = await views.pending_offers(member)
                async with self:
                    self.first, self.waiting = (pending[0] if pending else NO_OFFER), len(pending)
                    self.told_at = clock.now().isoformat()

    @rx.event
    async def accept(self, offer_id: str) -> rx.event.EventSpec:
        """Take the chat and open it. Somebody else may have been faster: then a toast says so."""
        offer_id = text(offer_id, field="offer_id")
        conversation_id = await offers.accept(offer_id, member=await agent(self), now=clock.now())
        return rx.redirect(f"/inbox/{conversation_id}")

    @rx.event
    async def decline(self, offer_id: str) -> None:
        """Leave it to the next agent."""
        offer_id = text(offer_id, field="offer_id")
        await offers.decline(offer_id, member=await agent(self), now=clock.now())
