"""What events of the hub mean for an opened conversation."""

from typing import Any

import pytest

from inbox_app.data.models import MessageView
from inbox_app.live import RESYNC, Event
from inbox_app.state.thread_news import read_news


def said(kind: str = "message", sender: str = "visitor") -> Event:
    entry = MessageView(1, kind, sender, "Nora", "Hello", "2026-11-23T10:00:00.000Z")
    return Event(kind, data=vars(entry) | {"conversation_id": "C1"})


def told(kind: str, **data: Any) -> Event:
    return Event(kind, data=data)


def test_the_first_burst_and_a_resync_mean_read_everything() -> None:
    assert read_news([]).is_lost
    assert read_news([said(), Event(RESYNC)]).is_lost
    assert not read_news([said()]).is_lost


def test_a_message_of_the_visitor_ends_the_typing() -> None:
    news = read_news([told("typing", by="visitor", name="Nora", active=True), said()])
    assert news.vars["is_typing"] is False
    assert [entry.text for entry in news.entries] == ["Hello"]


def test_each_sign_of_typing_is_a_new_beat() -> None:
    news = read_news([told("typing", by="visitor", name="Nora", active=True)])
    assert news.vars["is_typing"] is True
    assert news.vars["beat"] > 0


@pytest.mark.parametrize("kind", ["typing", "seen"])
def test_what_the_own_side_does_is_no_news(kind: str) -> None:
    assert read_news([told(kind, by="agent", name="Ana", active=True, seq=4)]).vars == {}


def test_how_far_the_visitor_has_read() -> None:
    assert read_news([told("seen", by="visitor", seq=4)]).vars == {"seen_by_visitor": 4}


@pytest.mark.parametrize("kind", ["state", "score"])
def test_what_changes_the_header_makes_it_read_again(kind: str) -> None:
    event = said("state", "agent") if kind == "state" else told("score", score=2)
    assert read_news([event]).has_head
    assert not read_news([said()]).has_head


def test_a_silence_is_told_until_somebody_writes() -> None:
    idle = told("idle", conversation_id="C1", ends_at="2026-11-23T12:00:00.000Z")
    assert read_news([idle]).vars["idle_ends_at"] == "2026-11-23T12:00:00.000Z"
    assert read_news([idle, said(sender="agent")]).vars["idle_ends_at"] == ""
