"""The member's own name. It comes back to every tab over the agent's topic (MemberState)."""

import reflex as rx

from inbox_app import clock
from inbox_app.services import profile
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import text
from inbox_app.state.viewer import viewer


class ProfileState(rx.State):
    """`answer`: of the newest change of the name."""

    answer: Answer = Answer()

    @rx.event
    async def open(self) -> None:
        """From on_load: what was said of an earlier visit is over."""
        await viewer(self)
        self.answer = Answer()

    @rx.event
    async def rename(self, name: str) -> None:
        """As visitors and colleagues see it."""
        member, name = await viewer(self), text(name, field="name")
        self.answer = await answered(
            profile.rename(name, member=member, now=clock.now()), self.router_data, self.answer
        )
