"""How many sockets one caller may hold, in a server with its limits on."""

import asyncio
import http.client
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from starlette.types import Message, Receive, Scope, Send

from inbox_app import clock
from inbox_app.api.socket_gate import with_socket_limits
from inbox_app.data.tables import MemberRow
from inbox_app.services import sign_in
from inbox_app.services.use_case import use_case
from inbox_app.settings import Settings
from tests import people
from tests.data.builders import a_member
from tests.databases import SqliteTemplate
from tests.people import ANA
from tests.programs import wait_until
from tests.servers import InboxServer
from tests.state.raw_socket import HYDRATE, RawSocket

LIMIT = 50
LIMIT_OF_AN_ADDRESS = 500


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


class Gate:
    """The gate in front of pages that stay open until `close_all`; 500 real sockets would take the test a minute."""

    def __init__(self) -> None:
        self._leave = asyncio.Event()
        self._asked: list[asyncio.Task[None]] = []
        self._app = with_socket_limits(self._page)

    async def _page(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})
        await self._leave.wait()

    async def takes(self, session: str, address: str) -> bool:
        """Ask for one more, as a browser at this address does."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        async def send(message: Message) -> None:
            answer.set_result(message["type"] == "websocket.accept")

        async def receive() -> Message:
            raise AssertionError("nothing is read before the answer")

        scope = {
            "type": "websocket", "path": "/_event/", "query_string": b"token=x", "client": (address, 1),
            "headers": [(b"cookie", f"{sign_in.COOKIE}={session}".encode())],
        }  # fmt: skip
        self._asked.append(asyncio.create_task(self._app(scope, receive, send)))
        return await answer

    async def close_all(self) -> None:
        self._leave.set()
        await asyncio.gather(*self._asked)


async def session_of_a(name: str) -> str:
    member = await a_member(name)
    async with use_case() as case:
        row = await case.session.get_one(MemberRow, member.id)
        return sign_in.start(case, row, address="", user_agent="", now=clock.now())


@pytest.mark.usefixtures("database")
async def test_all_members_at_one_address_share_five_hundred(settings_with: Callable[..., Settings]) -> None:
    settings_with(rate_limits=True)
    sessions = [await session_of_a(f"Agent {number}") for number in range(LIMIT_OF_AN_ADDRESS // LIMIT + 1)]
    *those_who_fill_it, late = sessions
    office, home = "203.0.113.7", "203.0.113.8"
    gate = Gate()
    try:
        for session in those_who_fill_it:
            assert all([await gate.takes(session, office) for _ in range(LIMIT)])
            assert not await gate.takes(session, office)
        assert not await gate.takes(late, office)
        assert await gate.takes(late, home)
    finally:
        await gate.close_all()
    again = Gate()
    assert await again.takes(late, office)
    await again.close_all()
