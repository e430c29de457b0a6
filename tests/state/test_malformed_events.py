"""Whatever comes over a socket costs one short line of the log at most, and none of it is an error."""

import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import people
from tests.databases import SqliteTemplate
from tests.people import ANA
from tests.servers import InboxServer
from tests.state.handlers import all_handlers, route_arguments
from tests.state.raw_socket import HYDRATE, NAMESPACE, RawSocket

FORGED = "nobody\r\n2026-11-28 03:00:00,000 WARNING inbox_app: forged\n\x1b[31mforged\u2028forged"
LONG = "\n" + "x" * 100_000
MAX_LINE = 2_048
LOADED = '"is_hydrated_rx_state_": true'
UNANSWERED = 100
"""Events that are sent before the server has dealt with them: a pong behind a thousand came too late at load 13."""
STAMP = re.compile(rb"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (WARNING|INFO) ")


class Log:
    """What the server logs from now on."""

    def __init__(self, server: InboxServer) -> None:
        self._file = server.log_file
        self._begin = self._file.stat().st_size

    @property
    def lines(self) -> list[bytes]:
        with self._file.open("rb") as file:
            file.seek(self._begin)
            return file.read().split(b"\n")[:-1]


@pytest.fixture(scope="module")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    """One of its own: random events change what other tests expect."""
    with people.served(sqlite_template, tmp_path_factory.mktemp("malformed"), ANA) as server:
        yield server


@pytest.fixture
def log(shared_server: InboxServer) -> Log:
    return Log(shared_server)


def event(name: object, payload: object = None, **router: object) -> str:
    data = {"name": name, "payload": payload or {}, "router_data": {"pathname": "/inbox", "query": {}} | router}
    return f"42{NAMESPACE}," + json.dumps(["event", data])


MALFORMED = {
    "text with lines": f"42{NAMESPACE}," + json.dumps(["event", FORGED]),
    "long text": f"42{NAMESPACE}," + json.dumps(["event", LONG]),
    "unknown name": event(FORGED),
    "long name": event(LONG),
    "name that is a list": event([FORGED]),
    "unknown argument": event(HYDRATE, {FORGED: LONG}),
    "argument of another type": event(HYDRATE, {"vars": FORGED}),
    "unknown var": event(HYDRATE, {"vars": {FORGED: LONG}}),
    "arguments that are a list": event(HYDRATE, [FORGED]),
    "address that is a list": event(HYDRATE, pathname=[FORGED]),
    "long address": event(HYDRATE, pathname=LONG),
    "query that is a text": event(HYDRATE, query=FORGED),
    "address with half an IPv6 host": event(HYDRATE, asPath="//["),
    "address with a host that isn't IPv6": event(HYDRATE, asPath="//[x]"),
    "address whose host is no host": event(HYDRATE, asPath="//\u2100/"),
    "path that is no path": event(HYDRATE, pathname="http://["),
    "address with half a character": event(HYDRATE, asPath="/inbox?q=\ud83d"),
    "query with half a character": event(HYDRATE, query={"q": ["\ud83d"]}),
    "query named by half a character": event(HYDRATE, query={"\ud83d": "q"}),
    "argument of a route twice": event(HYDRATE, query={"conversation_id": [FORGED, LONG[:5_000]]}),
    "argument of a route as an empty list": event(HYDRATE, query={"conversation_id": []}),
    "no data": f'42{NAMESPACE},["event"]',
    "unknown packet": f"42{NAMESPACE}," + json.dumps([FORGED, LONG]),
    "the server's own packet": f"42{NAMESPACE}," + json.dumps(["connect", {"QUERY_STRING": FORGED}]),
    "packet without a name": f"42{NAMESPACE},{{}}",
    "attachments to come": f'451000000000-{NAMESPACE},["event",{{"_placeholder":true,"num":0}}]',
    "an answer with attachments": f'461-{NAMESPACE},1[{{"_placeholder":true,"num":0}}]',
    "half a packet": f'42{NAMESPACE},["event", {{"name": "' + LONG,
    "another namespace": "42/elsewhere," + json.dumps(["event", FORGED]),
    "unknown kind of packet": "49" + FORGED,
    "error of a page": f"42{NAMESPACE}," + json.dumps(["client_error", {"error_type": FORGED, "message": LONG}]),
}


def hydrate(socket: RawSocket) -> None:
    """Load the page whole: else Reflex may log that what still comes has nobody to go to."""
    socket.send(HYDRATE)
    socket.listen(LOADED)


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_event_is_one_short_line(shared_server: InboxServer, log: Log, kind: str) -> None:
    with RawSocket(shared_server) as socket:
        hydrate(socket)
        socket.say(MALFORMED[kind])
        with RawSocket(shared_server) as other:  # the server is through with the first by then, and still works
            hydrate(other)
    assert len(log.lines) <= 1
    for line in log.lines:
        assert STAMP.match(line)
        assert len(line) <= MAX_LINE
        assert line.decode().isprintable()


def test_what_follows_an_announced_attachment_is_not_kept(shared_server: InboxServer, log: Log) -> None:
    """Fifty frames of nearly the largest size: kept, they would be 45 MB."""
    with RawSocket(shared_server) as socket:
        hydrate(socket)
        before = resident_megabytes(shared_server)
        socket.say(f'451000-{NAMESPACE},["event",{{"_placeholder":true,"num":0}}]')
        for _ in range(50):
            socket.say(b"\x00" * 900_000)
        socket.send(HYDRATE)
        socket.listen("is_hydrated", seconds=60)
        assert resident_megabytes(shared_server) - before < 25
    assert [line for line in log.lines if not STAMP.match(line) or len(line) > MAX_LINE] == []


@pytest.mark.parametrize(
    "frame", ["", "b4!!", FORGED, "\u00b2", "x" * 100_000], ids=["empty", "base64", "lines", "digit", "long"]
)
def test_what_is_no_frame_ends_the_socket(shared_server: InboxServer, log: Log, frame: str) -> None:
    with RawSocket(shared_server) as socket:
        hydrate(socket)
        socket.say(frame)
        socket.listen_until_cut_off()
    assert len(log.lines) == 1, log.lines
    (line,) = log.lines
    assert STAMP.match(line)
    assert len(line) <= MAX_LINE
    assert line.decode().isprintable()


HANDSHAKES = {
    "transport": {"transport": FORGED},
    "session": {"sid": FORGED + LONG[:3_000]},
    "upgrade": {},
    "version": {"EIO": "3"},
}


@pytest.mark.parametrize("kind", HANDSHAKES)
def test_a_malformed_handshake_is_one_short_line(shared_server: InboxServer, log: Log, kind: str) -> None:
    for _ in range(2):
        asked = httpx.get(
            f"{shared_server.url}/_event/", params={"EIO": "4", "transport": "websocket"} | HANDSHAKES[kind]
        )
        assert asked.status_code == httpx.codes.BAD_REQUEST
    (line,) = log.lines
    assert STAMP.match(line)
    assert b"refused a malformed socket handshake" in line
    assert len(line) <= 512
    assert line.decode().isprintable()


def test_a_header_that_reflex_has_a_field_for_is_no_error(shared_server: InboxServer, log: Log) -> None:
    with RawSocket(shared_server, Raw_Headers="x") as socket:
        hydrate(socket)
    assert log.lines == []


@pytest.mark.parametrize("before", [[f"41{NAMESPACE},"], []], ids=["after disconnecting", "while connected"])
def test_a_transport_connects_only_once(shared_server: InboxServer, log: Log, before: list[str]) -> None:
    """Every connect makes a state of the page in the server's memory."""
    with RawSocket(shared_server) as socket:
        hydrate(socket)
        for packet in [*before, f"40{NAMESPACE},"]:
            socket.say(packet)
        socket.listen_until_cut_off()
        socket.say(f"40{NAMESPACE},")  # a client that doesn't care
        with RawSocket(shared_server) as other:  # the server is through with the first by then
            hydrate(other)
        socket.take_news()
        assert socket.connects == 1
    assert [line for line in log.lines if b"WARNING" not in line] == []


def resident_megabytes(server: InboxServer) -> float:
    (worker,) = server.workers()
    pages = int(Path(f"/proc/{worker}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.parametrize("is_member", [False, True])
def test_a_thousand_random_events_are_no_error(shared_server: InboxServer, log: Log, is_member: bool) -> None:
    session = people.session_of(shared_server, ANA) if is_member else ""
    events = list(random_events(random.Random(is_member), 1_000))
    with RawSocket(shared_server, session=session) as socket:
        say_all(socket, events, until=ANA.name if is_member else LOADED)
    assert [line for line in log.lines if not STAMP.match(line) or len(line) > MAX_LINE] == []


def say_all(socket: RawSocket, events: list[str], *, until: str) -> None:
    for first in range(0, len(events), UNANSWERED):
        for text in events[first : first + UNANSWERED]:
            socket.say(text)
        socket.heard.clear()
        socket.send(HYDRATE)
        socket.listen(until, seconds=60)


def random_events(chance: random.Random, number: int) -> Iterator[str]:
    """Names of ours and others, with arguments of ours and others."""
    values = [None, True, -1, 2**70, 1.5, "", FORGED, "\x00", "x" * 5_000, [], {}, ["a", None], {"a": {"b": [1]}}]
    names = [*all_handlers(), *[HYDRATE] * 20, "", ".", "state", FORGED, HYDRATE + "x", None, 7]
    arguments = [
        "value",
        "vars",
        "hashes",
        "info",
        "component_stack",
        "conversation_id",
        "form_data",
        "is_available",
        "x",
    ]
    addresses = [{}, {"asPath": "/inbox"}, {"pathname": "/history/x"}]
    for _ in range(number):
        payload = {name: chance.choice(values) for name in chance.sample(arguments, chance.randrange(4))}
        query = {name: chance.choice(values) for name in chance.sample([*route_arguments(), "q"], chance.randrange(3))}
        router = chance.choice(addresses) | {"query": chance.choice([{}, query, query, chance.choice(values)])}
        yield event(chance.choice(names), chance.choice([payload, {}, chance.choice(values)]), **router)


def test_random_arguments_for_every_handler_are_no_error(sqlite_template: SqliteTemplate, tmp_path: Path) -> None:
    from reflex_base.registry import RegistrationContext

    chance = random.Random(7)
    values = [None, True, -1, 2**70, "", FORGED, "x" * 5_000, [], {}, ["a", None], {"a": {"b": [1]}}]
    events: list[str] = []
    for name in all_handlers():
        function = RegistrationContext.get().event_handlers[name].handler.fn
        own = function.__code__.co_varnames[1 : function.__code__.co_argcount]
        events += [event(name, {argument: chance.choice(values) for argument in own}) for _ in range(3)]
    with people.served(sqlite_template, tmp_path, ANA) as server:  # one that no random event has changed
        log = Log(server)
        with RawSocket(server, session=people.session_of(server, ANA)) as socket:
            say_all(socket, events, until=LOADED)
        assert [line for line in log.lines if not STAMP.match(line) or len(line) > MAX_LINE] == []
