"""Ends the live sockets of a session that ends: signed out anywhere, disabled, or expired.

The guard stops events, but a listener that was started before keeps pushing until its socket is closed. A session's
topic says when it has ended, at the latest 30 s afterwards (`services/rechecking.py`).
"""

import asyncio
import functools
import logging
from collections.abc import Mapping
from typing import Any, Final

import reflex as rx
from reflex.state import StateUpdate
from reflex_base.event import Event

from inbox_app import clock, live
from inbox_app.domain.errors import DatabaseUnavailable, NotSignedIn
from inbox_app.services import sign_in
from inbox_app.services.background import keep_running
from inbox_app.state.viewer import session_token

LOOK_SECONDS: Final = 3.0  # how soon the watch over a closed socket ends
NAMESPACE: Final = "/_event"
_watches: dict[str, asyncio.Task[None]] = {}
log = logging.getLogger(__name__)


def watch(app: rx.App, router_data: Mapping[str, Any]) -> None:
    """Watch this socket's session until one of the two ends. A second call for a socket does nothing."""
    sid, token = router_data.get("sid"), session_token(router_data)
    if not sid or not token or sid in _watches:
        return
    task = asyncio.create_task(
        keep_running("sockets", functools.partial(_watch, app, sid, token)), name=f"session of socket {sid}"
    )
    _watches[sid] = task
    task.add_done_callback(lambda _: _watches.pop(sid, None))


async def _watch(app: rx.App, sid: str, token: str) -> None:
    async with live.subscribe(live.topics.sign_in(sign_in.id_of(token))) as changes:
        while app.event_namespace is not None and sid in app.event_namespace.sid_to_token:
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await changes.next()
            except TimeoutError:
                continue
            if not await _is_good(token):
                await _disconnect(app, sid)
                return


async def _is_good(token: str) -> bool:
    sign_in.forget(sign_in.id_of(token))  # another process may have ended it
    try:
        await sign_in.member_of(token, now=clock.now())
    except NotSignedIn:
        return False
    except DatabaseUnavailable:
        log.warning("could not check a session; its socket stays open until the database answers")
    return True


async def _disconnect(app: rx.App, sid: str) -> None:
    """Send an honest page to the sign-in first; a dishonest one is cut off all the same."""
    if app.event_namespace is None or app.sio is None:
        return
    if client := app.event_namespace.sid_to_token.get(sid):
        leave = Event.from_event_type(rx.call_script(_LEAVE))
        await app.event_namespace.emit_update(StateUpdate(events=leave), client)
    await app.sio.disconnect(sid, namespace=NAMESPACE)
    log.info("disconnected a socket whose session ended")


_LEAVE: Final = (
    "(({pathname, search}) => { const path = pathname.replace(/\\/$/, ''); if (path !== '/login')"
    " window.location.assign('/login?next=' + encodeURIComponent(path + search)); })(window.location)"
)
