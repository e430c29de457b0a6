"""Who is not signed in gets nothing, by whatever event; a state belongs to one member; a session that ends is over."""

import sqlite3
from contextlib import closing

import pytest

from inbox_app.services import rechecking, sign_in
from tests import people
from tests.people import ANA, BEN, MIA
from tests.servers import InboxServer
from tests.state.handlers import OPEN, all_handlers, handler
from tests.state.raw_socket import HYDRATE, RawSocket

IS_HYDRATED = '"is_hydrated_rx_state_": true'
SIGN_IN = handler("sign_in.SignInState", "look").rpartition(".")[0]
SET_AVAILABLE = handler("availability.MemberState", "set_available")


def test_a_stranger_reaches_no_handler(shared_server: InboxServer) -> None:
    with RawSocket(shared_server, path="/settings?a=1") as socket:
        closed = [name for name in all_handlers() if name not in OPEN and not name.endswith(".setvar")]
        for name in closed:
            socket.send(name)
        socket.send(HYDRATE)
        socket.listen(IS_HYDRATED)

        assert socket.redirects[: len(closed)] == ["/login?next=%2Fsettings%3Fa%3D1"] * len(closed)
        assert ANA.name not in socket.said


@pytest.mark.parametrize("path", ["/inbox", "/inbox/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/history", "/history/x", "/settings"])
def test_a_page_that_a_stranger_opens_holds_only_defaults(shared_server: InboxServer, path: str) -> None:
    with RawSocket(shared_server, path=path) as socket:
        socket.send(HYDRATE)
        socket.listen(IS_HYDRATED)
        first = socket.changes()

    with RawSocket(shared_server, path="/login") as other:
        other.send(HYDRATE)
        other.listen(IS_HYDRATED)

        at_sign_in = other.changes()
        at_sign_in[SIGN_IN]["is_known_rx_state_"] = False  # that page alone asks whether mail is set up
        assert first == at_sign_in
        assert set(socket.redirects) == {f"/login?next={path.replace('/', '%2F')}"}
        assert other.redirects == []


@pytest.mark.parametrize("session", ["", "nonsense", "a" * 5_000, '"; DROP TABLE sign_in; --'])
def test_what_is_no_session_opens_nothing(shared_server: InboxServer, session: str) -> None:
    with RawSocket(shared_server, session=session) as socket:
        socket.send(SET_AVAILABLE, is_available=False)

        socket.listen("/login?next=")
        assert not socket.changes()


def test_reflexs_own_setter_is_shut_for_members_too(shared_server: InboxServer) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
        for name in all_handlers():
            if name.endswith(".setvar"):
                socket.send(name, var_name="available", value=False)
        socket.send(HYDRATE)
        socket.listen('"available": true')

        assert "is_available" not in socket.said


def test_the_cookie_never_comes_back_to_the_page(shared_server: InboxServer) -> None:
    session = people.session_of(shared_server, ANA)
    with RawSocket(shared_server, session=session) as socket:
        socket.send(HYDRATE)
        socket.listen(ANA.name)

        assert session not in socket.said


@pytest.mark.parametrize("next_person", [None, MIA], ids=["nobody", "another"])
def test_a_tab_does_not_inherit_what_the_last_member_saw(
    shared_server: InboxServer, next_person: people.Person | None
) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
        socket.send(HYDRATE)
        socket.listen(ANA.name)

    session = people.session_of(shared_server, next_person) if next_person else ""
    with RawSocket(shared_server, session=session, token=socket.token) as heir:
        heir.send(HYDRATE)
        heir.listen(next_person.name if next_person else IS_HYDRATED)

        assert ANA.name not in heir.said


def test_signing_out_cuts_off_the_sockets_of_that_session_only(shared_server: InboxServer) -> None:
    ended, kept = people.session_of(shared_server, ANA), people.session_of(shared_server, ANA)
    with RawSocket(shared_server, session=ended) as first, RawSocket(shared_server, session=kept) as second:
        for socket in (first, second):
            socket.send(HYDRATE)
            socket.listen(ANA.name)

        people.sign_out(shared_server, ended)

        first.listen_until_cut_off()
        assert "/login?next=" in first.said
        second.send(SET_AVAILABLE, is_available=False)
        second.listen('"available": false')
        second.send(SET_AVAILABLE, is_available=True)
        second.listen('"available": true')


def test_a_session_that_ends_without_an_event_cuts_off_its_socket_within_half_a_minute(
    shared_server: InboxServer,
) -> None:
    session = people.session_of(shared_server, ANA)
    with RawSocket(shared_server, session=session) as socket:
        socket.send(HYDRATE)
        socket.listen(ANA.name)
        with closing(
            sqlite3.connect(str(shared_server.settings["database_url"]).removeprefix("sqlite:///"))
        ) as connection:
            ended = connection.execute("DELETE FROM sign_in WHERE id = ?", (sign_in.id_of(session),))
            connection.commit()
            assert ended.rowcount == 1

        socket.listen_until_cut_off(seconds=rechecking.EVERY_SECONDS + 5)
        assert "/login?next=" in socket.said


def test_a_session_that_has_ended_refuses_the_next_event(shared_server: InboxServer) -> None:
    session = people.session_of(shared_server, ANA)
    people.sign_out(shared_server, session)
    with RawSocket(shared_server, session=session) as socket:
        socket.send(SET_AVAILABLE, is_available=False)

        socket.listen("/login?next=%2Finbox")
        assert not socket.changes()


def test_a_member_disabled_by_the_operator_is_refused(shared_server: InboxServer) -> None:
    session = people.session_of(shared_server, BEN)
    people.disable(shared_server, BEN)
    with RawSocket(shared_server, session=session) as socket:
        socket.send(SET_AVAILABLE, is_available=False)

        socket.listen("/login?next=%2Finbox")
        assert not socket.changes()
