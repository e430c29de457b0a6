"""How many sockets one caller may hold, in a server with its limits on."""

import http.client
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from tests import people
from tests.databases import SqliteTemplate
from tests.people import ANA
from tests.programs import wait_until
from tests.servers import InboxServer
from tests.state.raw_socket import HYDRATE, RawSocket

LIMIT = 50


@pytest.fixture(scope="module")
def server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("sockets"), ANA, rate_limits="on") as server:
        yield server


def is_taken(server: InboxServer, session: str = "", token: str = "&token=x") -> bool:
    """Asks for a socket and closes it again. A refusal is a 403."""
    headers = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", "Cookie": f"inbox_session={session}",
    }  # fmt: skip
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        connection.request("GET", f"/_event/?EIO=4&transport=websocket{token}", headers=headers)
        status = connection.getresponse().status
    assert status in {101, 403}
    return status == 101


def test_fifty_sockets_are_a_callers(server: InboxServer) -> None:
    session = people.session_of(server, ANA)
    with ExitStack() as open_pages, ExitStack() as strangers:
        for _ in range(LIMIT):
            open_pages.enter_context(RawSocket(server, session=session))
            strangers.enter_context(RawSocket(server))
        assert not is_taken(server, session)
        assert not is_taken(server)
        strangers.close()
        assert not is_taken(server, session)
        open_pages.close()
        wait_until(lambda: is_taken(server, session), "a closed socket makes room")
    with RawSocket(server, session=session) as page:
        page.send(HYDRATE)
        page.listen(ANA.name)


def test_strangers_open_sixty_a_minute(server: InboxServer) -> None:
    assert not all(is_taken(server) for _ in range(61))
    assert is_taken(server, people.session_of(server, ANA))


def test_a_socket_without_a_pages_token_is_refused(server: InboxServer) -> None:
    session = people.session_of(server, ANA)
    assert is_taken(server, session)
    assert not is_taken(server, session, token="")
    assert not is_taken(server, session, token="&token=")
