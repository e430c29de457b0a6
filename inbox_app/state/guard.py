"""Deny by default: no handler runs for a browser that is not signed in, whatever it sends.

Every event of every socket passes here before its handler, also the events that `on_load` queues. `_open_events` is the
whole list of what a stranger may send; none of it reads anything.
"""

import functools
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

import reflex as rx
from reflex.middleware import Middleware
from reflex.state import BaseState, OnLoadInternalState, State, StateUpdate, UpdateVarsInternalState
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from inbox_app import clock
from inbox_app.domain.errors import DatabaseUnavailable, NotSignedIn
from inbox_app.domain.text import without_halves
from inbox_app.services import sign_in
from inbox_app.state import sockets
from inbox_app.state.load_again import LoadAgainState
from inbox_app.state.sign_in import SignInState
from inbox_app.state.viewer import session_token
from inbox_app.state.well_formed import takes_arguments

SIGN_IN_PAGE = "/login"
SETTER_OF_REFLEX = "setvar"
"""Every state has it, none of ours uses it: a way around a handler's own checks that nobody needs."""


@functools.cache
def _open_events() -> frozenset[str]:
    handlers = (
        State.event_handlers["hydrate"],
        State.event_handlers["hydrate_and_load"],
        State.event_handlers["set_is_hydrated"],
        OnLoadInternalState.event_handlers["on_load_internal"],
        OnLoadInternalState.event_handlers["set_is_hydrated"],
        UpdateVarsInternalState.event_handlers["update_vars_internal"],
        SignInState.event_handlers["look"],
        LoadAgainState.event_handlers["fail"],
        LoadAgainState.event_handlers["load"],
    )
    return frozenset(format_event_handler(handler) for handler in handlers)


class OwnerState(rx.State):
    """Whose state this is. A tab keeps its client token over a sign-out: the next member must not inherit its vars."""

    _member_id: str = ""

    def _give_to(self, member_id: str) -> None:
        """Wipe everything when it was somebody else's."""
        if self._member_id not in {"", member_id}:
            self._get_root_state().reset()
        self._member_id = member_id


class Guard(Middleware):
    """The first middleware: resolves the member, gives the state to that member alone, or sends to the sign-in page."""

    async def preprocess(self, app: rx.App, state: BaseState, event: Event) -> StateUpdate | None:
        """None lets the event through."""
        if event.name.rpartition(".")[2] == SETTER_OF_REFLEX:
            return StateUpdate()
        event.payload.update(without_halves(event.payload))
        is_open = event.name in _open_events()
        member_id = await _member_id(state.router_data, is_open=is_open)
        owner = await state.get_state(OwnerState)
        owner._give_to(member_id)  # noqa: SLF001  a public name would be a handler
        if member_id:
            sockets.watch(app, state.router_data)
        if member_id or is_open:
            return None if takes_arguments(event) else StateUpdate()
        return StateUpdate(events=Event.from_event_type(to_sign_in(state.router_data)))


async def _member_id(router_data: Mapping[str, Any], *, is_open: bool) -> str:
    try:
        return (await sign_in.member_of(session_token(router_data), now=clock.now())).id
    except NotSignedIn:
        return ""
    except DatabaseUnavailable:
        if is_open:
            return ""
        raise


def to_sign_in(router_data: Mapping[str, Any]) -> list[rx.event.EventSpec]:
    """To the sign-in page, and back to where this browser is; nothing when it is there already."""
    shown = urlsplit(str(router_data.get("asPath", "")))
    path = shown.path.rstrip("/")
    if path == SIGN_IN_PAGE:
        return []
    where = f"{path}?{shown.query}" if shown.query else path
    return [rx.redirect(f"{SIGN_IN_PAGE}?next={quote(where, safe='')}", replace=True)]
