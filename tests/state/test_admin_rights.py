"""What admins do is refused to everyone else in the handler itself (PRODUCT 5.4), also what only opens a tab."""

from typing import Any

import pytest

from tests import people
from tests.people import ANA, MIA, Person
from tests.servers import InboxServer
from tests.state.handlers import all_handlers, handler
from tests.state.raw_socket import RawSocket

SOMEBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
ARGUMENTS: dict[str, dict[str, Any]] = {
    "add": {"form": {}}, "invite_again": {"member_id": SOMEBODY}, "offer_reset": {"member_id": SOMEBODY},
    "set_role": {"member_id": SOMEBODY, "role": "admin"},
    "set_takes_chats": {"member_id": SOMEBODY, "takes_chats": True},
    "set_capacity": {"member_id": SOMEBODY, "capacity": "5"},
    "set_disabled": {"member_id": SOMEBODY, "is_disabled": True}, "look": {"form": {"csv": ""}}, "write": {},
    "forget": {},
    "change": {"name": "offer_seconds", "value": "20"}, "switch": {"name": "offer_to_absent", "value": True},
    "rotate": {}, "retire": {}, "require": {"is_required": True},
    "ask": {"form": {}}, "open": {}, "watch": {}, "retry": {"delivery_id": 1},
}  # fmt: skip
OF_A_STATE = {
    "teams____teams_state": {"edit": {"team_id": ""}, "save": {"form": {}}, "remove": {"team_id": SOMEBODY}},
    "rules____rules_state": {"edit": {"rule_id": ""}, "save": {"form": {}}, "remove": {"rule_id": SOMEBODY}},
    "accounts____accounts_state": {"remove": {"account_id": SOMEBODY}},
}
HARMLESS = {"set_open", "setvar"}
"""Closes the reader's own dialog."""


def of_admins() -> list[tuple[str, dict[str, Any]]]:
    """Read from the app, so that a new one can't be forgotten."""
    found = []
    for name in all_handlers():
        state, _, event = name.partition("inbox_app___state___admin___")[2].rpartition(".")
        if not state or event in HARMLESS or state.startswith("tabs"):
            continue
        found.append((name, OF_A_STATE.get(state, {}).get(event) or ARGUMENTS[event]))
    return found


@pytest.mark.parametrize("person", [ANA, MIA], ids=["agent", "manager"])
def test_every_handler_of_the_administration_refuses_others(shared_server: InboxServer, person: Person) -> None:
    session = people.session_of(shared_server, person)
    assert len(of_admins()) > 20
    for name, payload in of_admins():
        with RawSocket(shared_server, session=session, path="/admin") as socket:
            socket.send(name, **payload)
            socket.listen("This is for admins.")


@pytest.mark.parametrize(
    ("state", "event", "payload"),
    [
        ("schedule.ScheduleState", "save", {"value": {}}),
        ("schedule.ScheduleState", "preview", {"value": {}}),
        ("meeting_settings.MeetingSettingsState", "save", {"value": {}}),
        ("meeting_settings.MeetingSettingsState", "preview", {"value": {}}),
        ("missed.MissedState", "claim", {"conversation_id": SOMEBODY}),
    ],
)
def test_a_manager_is_refused_hours_and_claims(
    shared_server: InboxServer, state: str, event: str, payload: dict[str, Any]
) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, MIA)) as socket:
        socket.send(handler(state, event), **payload)

        socket.listen("This is for agents. Managers read conversations in the history.")


@pytest.mark.parametrize("wrong", [7, None, "x", ["x"], {"blocks": "often"}, {"blocks": [1]}, {"exceptions": [None]}])
def test_hours_may_be_anything_and_break_nothing(shared_server: InboxServer, wrong: object) -> None:
    with RawSocket(shared_server, session=people.session_of(shared_server, ANA)) as socket:
        for event in ("preview", "save"):
            socket.send(handler("schedule.ScheduleState", event), value=wrong)
            socket.send(handler("meeting_settings.MeetingSettingsState", event), value=wrong)
        socket.send(handler("availability.MemberState", "set_available"), is_available="yes")

        socket.listen("This is neither true nor false.")
        assert "Something went wrong" not in socket.said
