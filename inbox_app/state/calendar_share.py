"""The dialog that puts a calendar into the opened chat, and the button that takes it back (PRODUCT 1.7)."""

from dataclasses import replace

import reflex as rx

from inbox_app import clock
from inbox_app.data import views
from inbox_app.data.models_meetings import ShareableAgent
from inbox_app.domain.errors import DomainError, NotSignedIn
from inbox_app.services import shares
from inbox_app.state.answers import Answer
from inbox_app.state.arguments import text
from inbox_app.state.viewer import agent, language_of
from inbox_app.texts.catalogue import translate


class CalendarShareState(rx.State):
    """`situation`: loading, open or failed. What was shared comes back over the conversation's topic, to every tab."""

    situation: str = "loading"
    agents: list[ShareableAgent] = []
    answer: Answer = Answer()

    @rx.event
    async def look(self) -> None:
        """The dialog was opened: whose calendars there are, and when each is free next."""
        member = await agent(self)
        try:
            found = await views.shareable(member, now=clock.now())
        except NotSignedIn:
            raise
        except DomainError:
            self.situation = "failed"
            return
        language = language_of(self.router_data)
        self.agents = [replace(one, why_not=translate(one.why_not, language)) for one in found]
        self.situation = "open"

    @rx.event
    async def share(self, conversation_id: str, agent_id: str) -> None:
        """Sent or refused: the dialog closes or shows the sentence."""
        conversation_id, agent_id = text(conversation_id, field="conversation_id"), text(agent_id, field="agent_id")
        member, problem = await agent(self), ""
        try:
            await shares.share(conversation_id, agent_id, member=member, now=clock.now())
        except NotSignedIn:
            raise
        except DomainError as refusal:
            problem = translate(refusal.sentence, language_of(self.router_data), **refusal.gaps)
        self.answer = Answer(self.answer.beat + 1, "agent", problem)

    @rx.event
    async def withdraw(self, share_id: str) -> None:
        """By its own agent, while nothing is booked."""
        await shares.withdraw(text(share_id, field="share_id"), member=await agent(self), now=clock.now())
