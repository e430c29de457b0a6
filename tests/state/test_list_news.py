"""The list as values: a change costs one line, and the pieces always make the same list."""

from dataclasses import replace

from inbox_app.data.models import ConversationRowView, Page
from inbox_app.live import Event
from inbox_app.state import list_news
from inbox_app.state.blank import blank
from inbox_app.state.list_news import CHANGED_AT_MOST, Listing, belongs, folded, listing, merged, refreshed, touched

EMPTY = blank(ConversationRowView)


def row(identifier: str, minute: int, **changes: str | int) -> ConversationRowView:
    """A line whose last activity was at that minute."""
    return replace(EMPTY, id=identifier, at=f"2026-11-23T10:{minute:02}:00.000Z", state="active", **changes)  # type: ignore[arg-type]


def ids(listed: Listing) -> list[str]:
    return [line.id for line in merged(listed)]


def page(*rows: ConversationRowView, following: str = "") -> Page[ConversationRowView]:
    return Page(list(rows), following)


FIRST = listing(page(row("C", 30), row("B", 20), row("A", 10)))


def test_a_changed_line_moves_to_its_place_and_the_page_stays_as_it_was_sent() -> None:
    after = list_news.with_row(FIRST, "A", row("A", 40))
    assert ids(after) == ["A", "C", "B"]
    assert after.rows is FIRST.rows
    assert [line.id for line in after.changed] == ["A"]


def test_a_line_that_left_the_list_is_gone_until_it_comes_back() -> None:
    gone = list_news.with_row(FIRST, "B", None)
    assert ids(gone) == ["C", "A"]
    assert ids(list_news.with_row(gone, "B", row("B", 50))) == ["B", "C", "A"]


def test_many_changes_are_put_into_the_page_and_no_line_is_lost_or_doubled() -> None:
    found = {f"N{minute}": row(f"N{minute}", minute) for minute in range(40, 40 + CHANGED_AT_MOST + 1)}
    after = list_news.with_rows(FIRST, found, 10)
    assert (after.changed, after.gone, len(after.rows)) == ([], [], 10)
    assert sorted(ids(after)) == sorted([*found, "A", "B", "C"])


def test_older_pages_stay_when_the_first_is_read_again() -> None:
    listed = list_news.with_older(replace(FIRST, next="c1"), page(row("0", 5), following="c2"))
    after = refreshed(listed, page(row("D", 45), row("C", 30), row("B", 20), following="c1"))
    assert ids(after) == ["D", "C", "B", "A", "0"]
    assert after.next == "c2"


def test_what_left_while_nobody_listened_is_gone_when_all_is_read_again() -> None:
    assert ids(refreshed(FIRST, page())) == []
    assert ids(refreshed(FIRST, page(row("C", 30), row("B", 20)))) == ["C", "B"]
    with_older = list_news.with_older(replace(FIRST, next="c1"), page(row("0", 5)))
    assert ids(refreshed(with_older, page(row("C", 30)))) == ["C"]


def test_reading_the_same_again_sends_nothing_again() -> None:
    moved = list_news.with_row(FIRST, "A", row("A", 40))
    assert refreshed(moved, page(row("A", 40), row("C", 30), row("B", 20))) is moved


def test_folding_keeps_the_cursor() -> None:
    assert folded(replace(FIRST, next="c1"), 2).next == "c1"


def test_events_name_the_lines_to_read_each_once_and_typing_none() -> None:
    events = [
        Event("message", data={"conversation_id": "A"}),
        Event("conversation", data={"id": "B"}),
        Event("seen", data={"conversation_id": "A"}),
        Event("typing", data={"conversation_id": "C"}),
        Event("offer", data={"id": "not a conversation"}),
    ]
    assert touched(events) == ["A", "B"]


def test_active_holds_only_what_is_active() -> None:
    ended = replace(row("A", 10), state="ended")
    assert belongs(ended, "active") is None
    assert belongs(ended, "all") is ended
    assert belongs(None, "all") is None
