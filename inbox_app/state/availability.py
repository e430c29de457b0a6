"""The signed-in member as every page shows one, and the switch of PRODUCT 2.2."""

from collections.abc import AsyncIterator

import reflex as rx

from inbox_app import clock, live
from inbox_app.data import views
from inbox_app.data.models import AgentView
from inbox_app.services import availability
from inbox_app.state.arguments import flag
from inbox_app.state.blank import blank
from inbox_app.state.changes import ASIDE
from inbox_app.state.viewer import agent, language_of, viewer
from inbox_app.texts.catalogue import translate

NOBODY = blank(AgentView)
OF_THE_MEMBER = {"availability", "preferences", live.RESYNC}
MISSED_TOO_MANY = "You missed three chats in a row and are unavailable now. Switch it on again when you are back."
OF_UNREAD = {"conversation", "state", "seen", live.RESYNC}


class MemberState(rx.State):
    """Who is signed in, whether chats are offered, how much is unread: the same in every tab."""

    me: AgentView = NOBODY
    unread: int = 0

    @rx.var
    def reads_history(self) -> bool:
        """Whether History is in the rail (PRODUCT 5.1); the page itself is checked again."""
        return self.me.role in {"manager", "admin"}

    @rx.event(background=True, supersedes=True)
    async def watch(self) -> AsyncIterator[rx.event.EventSpec]:
        """From on_load of every page, until it is left."""
        member = await viewer(self)
        async with live.subscribe(live.topics.agent(member.id)) as changes:
            async for events in changes.bursts(gather=ASIDE):
                if not events or any(event.kind in OF_THE_MEMBER for event in events):
                    await self._show(await views.agent(member.id, now=clock.now()))
                if any(event.data.get("cause") == "misses" for event in events):
                    yield rx.toast.warning(translate(MISSED_TOO_MANY, language_of(self.router_data)), duration=20_000)
                if member.is_agent and (not events or any(_moves_unread(event) for event in events)):
                    await self._count(await views.unread_total(member))

    async def _show(self, me: AgentView) -> None:
        async with self:
            if me != self.me:
                self.me = me

    async def _count(self, unread: int) -> None:
        async with self:
            if unread != self.unread:
                self.unread = unread

    @rx.event
    async def set_available(self, is_available: bool) -> None:
        """The switch. The new value comes back over the agent's topic, to every tab."""
        is_available = flag(is_available, field="available")
        await availability.set_available(is_available, member=await agent(self), now=clock.now())


def _moves_unread(event: live.Event) -> bool:
    return event.kind in OF_UNREAD or (event.kind == "message" and event.data.get("sender") == "visitor")
