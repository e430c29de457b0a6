"""The visitor of the opened conversation, and corrections of what is known."""

import dataclasses
from contextlib import aclosing
from dataclasses import dataclass

import reflex as rx

from inbox_app import clock
from inbox_app.data import views
from inbox_app.data.models import VisitorView
from inbox_app.domain.errors import DomainError, NotSignedIn
from inbox_app.services import address_links, merging, visitors
from inbox_app.state.arguments import text
from inbox_app.state.blank import blank
from inbox_app.state.changes import assign
from inbox_app.state.viewer import agent, viewer
from inbox_app.state.visitor_news import while_known
from inbox_app.texts.catalogue import LANGUAGES, translate

VALUE_LIMIT = 1_000


@dataclass(frozen=True)
class Answer:
    """What became of a correction. `problem`: language → sentence, empty when it was saved; `beat` counts them."""

    field: str = ""
    beat: int = 0
    problem: dict[str, str] = dataclasses.field(default_factory=dict)


def without(visitor: VisitorView, conversation_id: str) -> VisitorView:
    """Previous chats are the others, not the one that is shown."""
    others = [chat for chat in visitor.previous_chats if chat.id != conversation_id]
    return dataclasses.replace(visitor, previous_chats=others)


class VisitorPanelState(rx.State):
    """PRODUCT 1.4. `chat_id`: of the conversation beside which `visitor` was read; another may be shown by now."""

    visitor: VisitorView = blank(VisitorView)
    chat_id: str = ""
    is_loaded: bool = False
    answer: Answer = Answer()

    @rx.event(background=True, supersedes=True)
    async def watch(self, visitor_id: str, chat_id: str) -> None:
        """From the opened conversation's own listener, and ends with it."""
        visitor_id, chat_id = text(visitor_id, field="visitor_id"), text(chat_id, field="chat_id")
        member = await viewer(self)
        async with aclosing(while_known(visitor_id, lambda: views.visitor(member, visitor_id, chat_id))) as news:
            async for visitor in news:
                async with self:
                    assign(self, visitor=without(visitor, chat_id), chat_id=chat_id, is_loaded=True)

    @rx.event
    async def correct(self, visitor_id: str, field: str, value: str) -> None:
        """Saved or refused: the panel shows the value or the sentence beside the field.

        `visitor_id`: who was corrected; another may be shown by now.
        """
        visitor_id = text(visitor_id, field="visitor_id")
        field, value = text(field, field="field"), text(value, field="value", limit=VALUE_LIMIT)
        member, problem = await agent(self), {}
        try:
            is_shown = visitor_id == self.visitor.id
            beside = self.chat_id if is_shown else None
            await visitors.correct(visitor_id, beside, field=field, value=value, member=member, now=clock.now())
            if is_shown:
                shown = await views.visitor(member, visitor_id, self.chat_id)
                self.visitor = without(shown, self.chat_id)
        except NotSignedIn:
            raise
        except DomainError as refusal:
            problem = {language: translate(refusal.sentence, language, **refusal.gaps) for language in LANGUAGES}
        self.answer = Answer(field, self.answer.beat + 1, problem)

    @rx.event
    async def merge(self, visitor_id: str, into: str) -> None:
        """The visitor is the person of another record. The thread's listener then shows that record."""
        visitor_id, into = text(visitor_id, field="visitor_id"), text(into, field="into")
        await merging.merge(visitor_id, into, member=await agent(self), now=clock.now())

    @rx.event
    async def send_link(self, visitor_id: str, chat_id: str) -> None:
        """To the address that the visitor claims in this chat. The panel's listener then says that it was sent."""
        visitor_id, chat_id = text(visitor_id, field="visitor_id"), text(chat_id, field="chat_id")
        await address_links.send(visitor_id, chat_id, member=await agent(self), now=clock.now())
