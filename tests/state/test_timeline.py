"""The thread as values: groups, the few entries that travel, and what makes a page read again."""

from inbox_app.data.models import MessageView
from inbox_app.state import timeline
from inbox_app.state.timeline import FRESH, PAGE, Entry, extended, grouped, opened


def message(
    seq: int, *, sender: str = "visitor", at: str = "10:00:00", kind: str = "message", day: str = "23"
) -> MessageView:
    """Entry number `seq`, said at a time of 23 November."""
    name = {"visitor": "Nora", "agent": "Ana"}.get(sender, "")
    return MessageView(seq, kind, sender, name, f"text {seq}", f"2026-11-{day}T{at}.000Z")


def starts(entries: list[Entry]) -> list[bool]:
    return [entry.starts_run for entry in entries]


def test_messages_of_one_sender_within_two_minutes_are_one_group() -> None:
    said = [message(1), message(2, at="10:01:59"), message(3, at="10:03:59"), message(4, at="10:06:00")]
    assert starts(grouped(said)) == [True, False, False, True]


def test_another_sender_begins_a_group() -> None:
    assert starts(grouped([message(1), message(2, sender="agent"), message(3, sender="agent")])) == [True, True, False]


def test_a_step_between_two_messages_parts_them() -> None:
    assert starts(grouped([message(1), message(2, kind="state", sender="agent"), message(3)])) == [True, True, True]


def test_the_entry_before_a_page_decides_whether_its_first_one_begins_a_group() -> None:
    said = [message(seq) for seq in range(1, PAGE + 2)]
    page = grouped(said)
    assert (len(page), page[0].seq, page[0].starts_run) == (PAGE, 2, False)


def test_every_entry_names_the_one_that_it_follows_even_across_the_gap_of_a_restore() -> None:
    thread = opened([message(1), message(2), message(1001)])
    assert [(entry.seq, entry.follows) for entry in thread.page] == [(1, 0), (2, 1), (1001, 2)]
    after = extended(thread, [message(1002)])
    assert after is not None
    assert [(entry.seq, entry.follows) for entry in after.fresh] == [(1002, 1001)]
    assert grouped([message(seq) for seq in range(1, PAGE + 2)])[0].follows == 1, "what is before the page is known"


def test_a_new_message_travels_alone_and_knows_its_group() -> None:
    thread = extended(opened([message(1)]), [message(2, at="10:00:30")])
    assert thread is not None
    assert [entry.seq for entry in thread.fresh] == [2]
    assert starts(thread.fresh) == [False]
    assert thread.last_seq == 2


def test_only_the_newest_few_travel_again() -> None:
    thread = opened([message(1)])
    for seq in range(2, 40):
        after = extended(thread, [message(seq)])
        assert after is not None
        thread = after
    assert [entry.seq for entry in thread.fresh] == list(range(40 - FRESH, 40))
    assert len(thread.page) == 1


def test_what_is_known_already_changes_nothing() -> None:
    thread = opened([message(1), message(2)])
    assert extended(thread, [message(2), message(1)]) is thread


def test_a_gap_makes_the_page_read_again() -> None:
    assert extended(opened([message(1)]), [message(3)]) is None


def test_a_burst_that_is_too_long_to_be_sent_in_pieces_makes_the_page_read_again() -> None:
    burst = [message(seq) for seq in range(2, FRESH + 3)]
    assert extended(opened([message(1)]), burst) is None
    assert extended(opened([message(1)]), burst[:FRESH]) is not None


def test_an_event_of_the_hub_becomes_the_entry_that_it_carries() -> None:
    data = vars(message(7)) | {"conversation_id": "C1"}
    assert timeline.message_of(data) == message(7)
