"""Looks at what comes over a socket before Reflex does: a malformed event costs one warning and runs nothing.

Reflex takes an event apart in its own tasks, where an unknown name or argument is an error with a traceback, once for
each event that any browser sends.
"""

import functools
import inspect
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Final, get_type_hints
from urllib.parse import urlsplit

import reflex as rx
from pydantic import TypeAdapter, ValidationError
from reflex_base.constants.state import FIELD_MARKER
from reflex_base.event import Event
from reflex_base.registry import RegistrationContext
from reflex_base.vars.base import DynamicRouteVar

from inbox_app.domain.text import is_half

PACKETS: Final = {"event": {1}, "ping": {0, 1}, "client_error": {0, 1}}
"""What a browser may name, and with how many arguments. "connect" and "disconnect" are for the server itself to say."""
EVENT: Final = 2  # these two as in Socket.IO's protocol
WITH_ATTACHMENTS: Final = {"5", "6"}
CONNECTED: Final = "connected"
ROUTER_TEXTS: Final = ("pathname", "asPath", "token")
MAX_NAME, MAX_ADDRESS, SHOWN = 300, 8_192, 200
log = logging.getLogger(__name__)


def without_attachments(packet_class: Any) -> Any:
    """Socket.IO's packet, but one that announces attachments, or is one, counts as an event without a name.

    Pages send none, and Socket.IO would keep in memory whatever a stranger announces.
    """

    class TextPacket(packet_class):  # type: ignore[misc]
        def decode(self, encoded_packet: Any) -> int:
            """How many attachments follow: none."""
            if isinstance(encoded_packet, str) and encoded_packet[:1] not in WITH_ATTACHMENTS:
                return int(super().decode(encoded_packet))
            self.packet_type, self.namespace, self.data = EVENT, None, None
            return 0

    return TextPacket


def connecting_once(server: Any) -> Callable[[str, str | None, Any], Awaitable[None]]:
    """Let each transport connect once: a page opens a new one to connect again, and every connect makes a state."""
    handle_connect = server._handle_connect  # noqa: SLF001

    async def connect(eio_sid: str, name: str | None, data: Any) -> None:
        try:
            session = await server.eio.get_session(eio_sid)
        except KeyError:  # disconnected meanwhile
            return
        if CONNECTED in session:
            log.warning("refused a malformed socket event (the transport has connected before)")
            await server.eio.disconnect(eio_sid)
            return
        await server.eio.save_session(eio_sid, session | {CONNECTED: True})
        await handle_connect(eio_sid, name, data)

    return connect


def refuse_malformed_events(app: rx.App) -> None:
    """Put the checks before Reflex's own handling of packets and of events; the first event comes without a packet."""
    server, namespace = app.sio, app.event_namespace
    if server is None or namespace is None:
        raise RuntimeError("The app has no sockets: it needs a state.")
    handle_packet, handle_event = server._handle_event, namespace.on_event  # noqa: SLF001  there is no public place

    async def packet(eio_sid: str, name: str | None, packet_id: int | None, data: Any) -> None:
        if _is_well_formed(wrong_packet(data), data):
            await handle_packet(eio_sid, name, packet_id, data)

    async def event(sid: str, data: Any) -> None:
        if _is_well_formed(wrong_event(data), data):
            await handle_event(sid, data)

    server._handle_connect = connecting_once(server)  # noqa: SLF001
    server._handle_event, namespace.on_event = packet, event  # noqa: SLF001
    server.packet_class = without_attachments(server.packet_class)
    app.frontend_exception_handler = note_page_error


def note_page_error(exception: Exception) -> None:
    """A browser reports one of its errors, in any text it likes."""
    log.warning("a page reports: %s", str(exception)[: 5 * SHOWN])


def _is_well_formed(problem: str, data: Any) -> bool:
    if problem:
        log.warning("refused a malformed socket event (%s): %s", problem, repr(data)[:SHOWN])
    return not problem


def wrong_packet(data: Any) -> str:
    """What is wrong with a packet of Socket.IO, or an empty text."""
    if not isinstance(data, list) or not data or not isinstance(data[0], str):
        return "not a named packet"
    return "" if len(data) - 1 in PACKETS.get(data[0], ()) else "no such packet"


def wrong_event(data: Any) -> str:
    """What is wrong with an event for a handler, or an empty text."""
    if not isinstance(data, dict):
        return "not an object"
    name, payload = data.get("name"), data.get("payload", {})
    if not isinstance(name, str) or len(name) > MAX_NAME or name not in RegistrationContext.get().event_handlers:
        return "no such handler"
    if not isinstance(payload, dict):
        return "arguments are not an object"
    return wrong_router_data(data.get("router_data", {}))


def wrong_router_data(data: Any) -> str:
    """What is wrong with where a page says it is, or an empty text."""
    if not isinstance(data, dict):
        return "no address"
    if not all(_is_address(data.get(name, "")) for name in ROUTER_TEXTS):
        return "not an address"
    query = data.get("query", {})
    if not isinstance(query, dict) or not all(map(_is_query_part, query.items())):
        return "not a query"
    return "" if all(isinstance(query.get(name, ""), str) for name in _route_arguments()) else "not a route's argument"


def _route_arguments() -> list[str]:
    """What the routes of the pages take from the address: the root state has a text of each of them."""
    return [name for name, var in rx.State.computed_vars.items() if isinstance(var, DynamicRouteVar)]


def _is_address(value: Any) -> bool:
    """Whether Reflex and we can take it apart."""
    try:
        return _is_text(value) and bool(urlsplit(value))
    except ValueError:  # such as "//["
        return False


def _is_query_part(part: tuple[Any, Any]) -> bool:
    name, value = part
    return _is_text(name) and all(map(_is_text, value if isinstance(value, list) else [value]))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_ADDRESS and not any(map(is_half, value))


def takes_arguments(event: Event) -> bool:
    """Whether the arguments fit by name; of Reflex's own handlers, which check nothing, by type too. Logs if not."""
    handler = RegistrationContext.get().event_handlers[event.name].handler.fn
    if _fit(handler, event.payload):
        return True
    log.warning("refused a malformed socket event (not the arguments of %s): %.200r", event.name, event.payload)
    return False


def _fit(handler: Callable[..., Any], payload: dict[str, Any]) -> bool:
    needed, types = _parameters(handler)
    if not needed <= payload.keys() <= types.keys():
        return False
    try:
        for name, value in payload.items():
            types[name].validate_python(value, strict=True)
    except ValidationError:
        return False
    is_of_reflex = handler.__module__.startswith("reflex")
    return not is_of_reflex or all(map(_is_kept_in_browser, payload.get("vars") or {}))


def _is_kept_in_browser(var: str) -> bool:
    """Whether a var is a cookie or in the browser's storage: of others Reflex looks up a state that may not exist."""
    state, _, name = var.rpartition(".")
    found = RegistrationContext.get().base_states.get(state)
    return found is not None and found._is_client_storage(name.removesuffix(FIELD_MARKER))  # noqa: SLF001


@functools.cache
def _parameters(handler: Callable[..., Any]) -> tuple[frozenset[str], dict[str, TypeAdapter[Any]]]:
    """The arguments that a handler needs, and all that it takes."""
    parameters = [*inspect.signature(handler).parameters.values()][1:]
    hints = get_type_hints(handler) if handler.__module__.startswith("reflex") else {}
    types = {p.name: TypeAdapter(hints.get(p.name, Any)) for p in parameters}
    return frozenset(p.name for p in parameters if p.default is inspect.Parameter.empty), types
