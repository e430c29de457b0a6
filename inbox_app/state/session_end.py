"""What an agent does to an opened conversation besides writing in it."""

import reflex as rx

from inbox_app import clock
from inbox_app.services import conversations
from inbox_app.state.arguments import number, text
from inbox_app.state.viewer import agent


class SessionEndState(rx.State):
    """No vars: what changes comes back over the conversation's topic, to every tab."""

    @rx.event
    async def end(self, conversation_id: str) -> None:
        """PRODUCT 1.5: one click ends the chat."""
        conversation_id = text(conversation_id, field="conversation_id")
        await conversations.end(conversation_id, member=await agent(self), now=clock.now())

    @rx.event
    async def set_score(self, conversation_id: str, score: int) -> None:
        """PRODUCT 1.8: 0-3; -1 takes it back."""
        conversation_id, score = text(conversation_id, field="conversation_id"), number(score, field="score")
        chosen = None if score == -1 else score
        await conversations.set_score(conversation_id, chosen, member=await agent(self), now=clock.now())
