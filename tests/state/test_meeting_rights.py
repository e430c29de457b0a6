"""Calendars and meetings are their own agents' (PRODUCT 1.7, 5.4); what a browser sends may be anything."""

import pytest

from tests import people
from tests.people import ANA
from tests.servers import InboxServer
from tests.state.handlers import handler
from tests.state.raw_socket import HYDRATE, RawSocket

NOBODYS = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
SHARE, CANCEL = handler("calendar_share.CalendarShareState", "share"), handler("meetings.MeetingsState", "cancel")
WITHDRAW = handler("calendar_share.CalendarShareState", "withdraw")


@pytest.mark.parametrize("wrong", [7, None, {"id": "x"}, ["x"], "x" * 10_000, "\x00", "' OR 1=1"])
def test_an_id_may_be_anything_and_breaks_nothing(shared_server: InboxServer, wrong: object) -> None:
    for name, payload in (
        (WITHDRAW, {"share_id": wrong}),
        (CANCEL, {"meeting_id": wrong}),
        (SHARE, {"conversation_id": NOBODYS, "agent_id": wrong}),
        (SHARE, {"conversation_id": wrong, "agent_id": NOBODYS}),
    ):
        with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
            socket.send(name, **payload)
            socket.listen(
                "answer_rx_state_" if name == SHARE and isinstance(wrong, str) and len(wrong) < 200 else "toast"
            )
            assert "Something went wrong" not in socket.said


def test_what_is_not_there_is_not_there(shared_server: InboxServer) -> None:
    for name, payload in ((WITHDRAW, {"share_id": NOBODYS}), (CANCEL, {"meeting_id": NOBODYS})):
        with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
            socket.send(name, **payload)
            socket.listen("There is nothing here for you.")


def test_a_refused_share_is_told_in_the_language_of_the_page(shared_server: InboxServer) -> None:
    session = people.session_of(shared_server, ANA) + "; inbox_language=fr"
    with RawSocket(shared_server, session=session) as socket:
        socket.send(SHARE, conversation_id=NOBODYS, agent_id=NOBODYS)

        socket.listen("Il n")


@pytest.mark.parametrize("query", ["status=nonsense", "before=nonsense", "when=nonsense&agent=nonsense", "status=%00"])
def test_the_address_of_the_list_may_be_anything(shared_server: InboxServer, query: str) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA), path=f"/meetings?{query}") as socket:
        socket.send(HYDRATE)

        socket.listen('"situation_rx_state_": "')
        assert "Something went wrong" not in socket.said
