"""Managers read; what agents do is refused to them in the handler itself (PRODUCT 5.4). Arguments may be anything."""

from typing import Any

import pytest

from tests import people
from tests.people import ANA, MIA
from tests.servers import InboxServer
from tests.state.handlers import handler
from tests.state.raw_socket import HYDRATE, RawSocket

OF_AGENTS = [
    (handler("availability.MemberState", "set_available"), {"is_available": True}),
    (handler("offers.OffersState", "accept"), {"offer_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}),
    (handler("offers.OffersState", "decline"), {"offer_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}),
    (handler("session_end.SessionEndState", "end"), {"conversation_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}),
    (
        handler("session_end.SessionEndState", "set_score"),
        {"conversation_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "score": 3},
    ),
    (handler("visitor_panel.VisitorPanelState", "correct"), {"visitor_id": "v", "field": "name", "value": "Eve"}),
    (handler("conversation_list.ConversationListState", "show_more"), {}),
    (handler("calendar_share.CalendarShareState", "look"), {}),
    (
        handler("calendar_share.CalendarShareState", "share"),
        {"conversation_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "agent_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"},
    ),
    (handler("calendar_share.CalendarShareState", "withdraw"), {"share_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}),
    (handler("meetings.MeetingsState", "cancel"), {"meeting_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}),
    (handler("calendars.CalendarsState", "set_target"), {"calendar_id": "x", "is_target": True}),
    (handler("calendars.CalendarsState", "disconnect"), {"calendar_id": "x"}),
    (handler("calendar_form.CalendarFormState", "open"), {"calendar_id": ""}),
    (handler("calendar_form.CalendarFormState", "look"), {"form": {}}),
    (handler("calendar_form.CalendarFormState", "choose"), {"address": "http://127.0.0.1/"}),
]


@pytest.mark.parametrize(("name", "payload"), OF_AGENTS, ids=[name.rpartition(".")[2] for name, _ in OF_AGENTS])
def test_a_manager_is_refused_what_agents_do(shared_server: InboxServer, name: str, payload: dict[str, Any]) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, MIA)) as socket:
        socket.send(name, **payload)

        socket.listen("This is for agents. Managers read conversations in the history.")


def test_an_agent_gets_no_row_of_the_history(shared_server: InboxServer) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA), path="/history") as socket:
        socket.send(HYDRATE)

        socket.listen('"situation_rx_state_": "refused"')


@pytest.mark.parametrize("wrong", ["yes", 1, None, {"a": 1}, ["x"]])
def test_a_switch_takes_only_true_and_false(shared_server: InboxServer, wrong: object) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
        socket.send(handler("availability.MemberState", "set_available"), is_available=wrong)

        socket.listen("This is neither true nor false.")


@pytest.mark.parametrize("wrong", [7, None, {"id": "x"}, ["x"], "x" * 10_000])
def test_an_id_is_a_short_text(shared_server: InboxServer, wrong: object) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
        socket.send(handler("offers.OffersState", "accept"), offer_id=wrong)

        socket.listen("toast")
        assert "Something went wrong" not in socket.said


def test_an_offer_that_is_not_there_is_told_in_a_sentence(shared_server: InboxServer) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
        socket.send(handler("offers.OffersState", "accept"), offer_id="01ARZ3NDEKTSV4RRFFQ69G5FAV")

        socket.listen("This chat is no longer offered to you.")


def test_a_refusal_is_told_in_the_language_of_the_page(shared_server: InboxServer) -> None:
    session = people.session_of(shared_server, ANA) + "; inbox_language=fr"
    with RawSocket(shared_server, session=session) as socket:
        socket.send(handler("availability.MemberState", "set_available"), is_available="yes")

        socket.listen("est ni vrai ni faux.")


@pytest.mark.parametrize("wrong", [7, None, {"id": "x"}, ["x"], "x" * 10_000])
def test_a_calendar_may_be_named_by_anything_and_nothing_breaks(shared_server: InboxServer, wrong: object) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
        socket.send(handler("calendar_form.CalendarFormState", "look"), form={"url": wrong, "account": 1})
        socket.send(handler("calendar_form.CalendarFormState", "choose"), address=wrong)
        socket.send(handler("calendars.CalendarsState", "disconnect"), calendar_id=wrong)

        socket.listen("toast")
        assert "Something went wrong" not in socket.said
