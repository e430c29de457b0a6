"""Where the member is signed in, on /settings."""

import reflex as rx

from inbox_app import clock
from inbox_app.data.models import SessionView
from inbox_app.services import accounts
from inbox_app.state.arguments import text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import session_token, viewer


class SessionsState(rx.State):
    """Read when the page opens, and after each change made here."""

    rows: list[SessionView] = []
    is_loaded: bool = False

    @rx.event
    async def open(self) -> None:
        """From on_load, and after the password was changed."""
        await self._read()

    @rx.event
    async def end(self, session_id: str) -> None:
        """Sign out one browser."""
        member, session_id = await viewer(self), text(session_id, field="session_id")
        await accounts.end_session(session_id, member=member, now=clock.now())
        await self._read()

    @rx.event
    async def end_others(self) -> None:
        """Sign out all browsers but this one."""
        member, token = await viewer(self), session_token(self.router_data)
        await accounts.end_other_sessions(member=member, token=token, now=clock.now())
        await self._read()

    async def _read(self) -> None:
        found = await accounts.sessions(
            member=await viewer(self), token=session_token(self.router_data), now=clock.now()
        )
        assign(self, rows=found, is_loaded=True)
