"""One past conversation at its own address, for managers and agents alike (PRODUCT 1.1, 5.1)."""

import reflex as rx

from inbox_app.data import views
from inbox_app.data.models import Transcript
from inbox_app.domain.errors import NotFound
from inbox_app.state.blank import blank
from inbox_app.state.history_url import read_id
from inbox_app.state.timeline import Entry, grouped
from inbox_app.state.viewer import viewer

NOTHING = blank(Transcript)


class PastConversationState(rx.State):
    """`situation`: loading, open or not_found."""

    situation: str = "loading"
    transcript: Transcript = NOTHING
    entries: list[Entry] = []

    @rx.event
    async def open(self) -> None:
        """From on_load."""
        member, wanted = await viewer(self), read_id(self.router_data)
        try:
            transcript = await views.transcript(member, wanted)
        except NotFound:
            self.situation, self.transcript, self.entries = "not_found", NOTHING, []
            return
        self.situation, self.transcript, self.entries = "open", transcript, grouped(transcript.entries)
