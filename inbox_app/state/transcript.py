"""The transcript that the activity history opens in a sheet."""

from dataclasses import replace

import reflex as rx

from inbox_app.data import views
from inbox_app.data.models import Transcript
from inbox_app.state.arguments import flag, text
from inbox_app.state.blank import blank
from inbox_app.state.timeline import Entry, entries_of
from inbox_app.state.viewer import viewer


class TranscriptState(rx.State):
    """Read when it is opened; a past conversation does not change."""

    transcript: Transcript = blank(Transcript)
    entries: list[Entry] = []
    is_open: bool = False

    @rx.event
    async def show(self, conversation_id: str) -> None:
        """Open the sheet. Raises NotFound for what is not for this member."""
        conversation_id = text(conversation_id, field="conversation_id")
        read = await views.transcript(await viewer(self), conversation_id)
        self.entries = entries_of(read.entries)
        self.transcript, self.is_open = replace(read, entries=[]), True

    @rx.event
    def set_open(self, is_open: bool) -> None:
        """Closed by its button, by Esc or beside it."""
        self.is_open = flag(is_open, field="is_open")
