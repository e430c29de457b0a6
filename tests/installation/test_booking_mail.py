"""A booked meeting's mails over crashes, stops and a mail server that is away: exactly one to each (PRODUCT 4.4)."""

import signal

import pytest

from tests import people
from tests.conftest import StartServer
from tests.installation.bookings import VERA, bookable, pending
from tests.mail_servers import MailServer
from tests.people import ANA
from tests.programs import accepts, wait_until
from tests.servers import InboxServer

AFTER_PAUSES_AND_LEASES = 600  # seconds


@pytest.fixture
def inbox(start_server: StartServer, database_url: str, post: MailServer) -> InboxServer:
    server = start_server(database_url, smtp_url=post.url, mail_from="Agent Inbox <inbox@example.com>")
    people.add(server, ANA)
    return server


def each_has(post: MailServer, count: int) -> None:
    """Both have so many mails, and nobody else has any."""
    assert (len(post.to(VERA)), len(post.to(ANA.email)), len(post.letters)) == (count, count, 2 * count)


def all_is_done(inbox: InboxServer) -> None:
    wait_until(lambda: pending(inbox) == 0, "all has gone out")


def comes_back_later(inbox: InboxServer, *, hours: int = 0) -> None:
    """The same installation starts again, past all pauses and leases."""
    inbox.settings["clock_offset"] = AFTER_PAUSES_AND_LEASES + hours * 3_600
    inbox.start()


def test_both_get_one_mail_at_once(inbox: InboxServer, post: MailServer) -> None:
    with bookable(inbox) as calendar:
        meeting_id = calendar.book()
        wait_until(lambda: len(post.letters) == 2, "both are told", seconds=5)
    event = post.to(VERA)[0].event()
    assert (event["UID"], event["SEQUENCE"]) == (f"{meeting_id}@agent-inbox", 0)
    assert event.decoded("DTSTART").isoformat()[:16] == calendar.slots[0][:16]
    assert "Can we talk?" in post.to(ANA.email)[0].text
    all_is_done(inbox)
    each_has(post, 1)


def test_killed_between_booking_and_sending(inbox: InboxServer, post: MailServer) -> None:
    post.stop()
    with bookable(inbox) as calendar:
        calendar.book()
    inbox.kill()
    post.start()
    comes_back_later(inbox)
    all_is_done(inbox)
    each_has(post, 1)

    inbox.stop()
    comes_back_later(inbox, hours=1)
    all_is_done(inbox)
    each_has(post, 1)


def test_killed_while_a_mail_is_on_its_way(inbox: InboxServer, post: MailServer) -> None:
    def kill_and_hang_up() -> None:
        if inbox.process is not None and inbox.process.poll() is None:
            inbox.kill()

    post.on_data = kill_and_hang_up
    with bookable(inbox) as calendar:
        calendar.book()
        assert inbox.process is not None
        inbox.process.wait(10)
    post.stop()  # the second mail may still lie in its socket: that one never arrives
    assert post.letters == []
    post.on_data = lambda: "250 taken"
    post.start()
    comes_back_later(inbox)
    all_is_done(inbox)
    each_has(post, 1)


def test_stopped_while_a_mail_is_on_its_way(inbox: InboxServer, post: MailServer) -> None:
    def stop_and_take() -> str:
        if inbox.process is not None and inbox.process.poll() is None:
            inbox.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not accepts(inbox.port), "it takes no requests any more", seconds=2)
        return "250 taken"

    post.on_data = stop_and_take
    with bookable(inbox) as calendar:
        calendar.book()
        assert inbox.process is not None
        inbox.process.wait(10)
    each_has(post, 1)
    comes_back_later(inbox)
    all_is_done(inbox)
    each_has(post, 1)


def test_a_mail_server_that_is_away_for_a_while(inbox: InboxServer, post: MailServer) -> None:
    post.stop()
    with bookable(inbox) as calendar:
        calendar.book()
        wait_until(lambda: "mail.agent" in inbox.log and "mail.visitor" in inbox.log, "it was tried")
        post.start()
        wait_until(lambda: len(post.letters) == 2, "both are told", seconds=20)
        all_is_done(inbox)
    each_has(post, 1)
