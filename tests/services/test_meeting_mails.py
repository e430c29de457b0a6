"""The mails after each step of a meeting as they arrive, read by `email` and `icalendar` (PRODUCT 4.4)."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from inbox_app.data import outbox as rows
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import CalendarRow, MemberRow, OutboxRow
from inbox_app.services import outbox
from inbox_app.settings import Settings
from tests.data.builders import NOW, a_device, a_member, rows_of
from tests.mail_servers import Letter, MailServer, running_mail_server
from tests.services.builders import later
from tests.services.meetings import START, a_meeting, change

pytestmark = pytest.mark.usefixtures("database")
VERA, ANA = "vera@example.com", "ana@example.com"
SettingsWith = Callable[..., Settings]


@pytest.fixture
def post(settings_with: SettingsWith) -> Iterator[MailServer]:
    """A mail server that the installation is set up with."""
    with running_mail_server() as server:
        settings_with(
            smtp_url=server.url, mail_from="Agent Inbox <inbox@example.com>", public_url="https://chat.example.com"
        )
        yield server


async def sent(post: MailServer, to: str, *, now: datetime = NOW) -> Letter:
    """The newest mail to somebody, after all that is due was done."""
    await outbox.run_due(now=now)
    return post.to(to)[-1]


async def states() -> dict[str, str]:
    return {row.kind: row.state for row in await rows_of(OutboxRow)}


async def test_both_are_told_of_a_booking_once(post: MailServer) -> None:
    await a_meeting()
    assert await outbox.run_due(now=NOW) == 3
    assert await outbox.run_due(now=later(9_999)) == 0
    assert (len(post.to(VERA)), len(post.to(ANA)), len(post.letters)) == (1, 1, 2)
    assert set((await states()).values()) == {"done"}


async def test_the_invitation_is_what_a_calendar_expects(post: MailServer) -> None:
    booked = await a_meeting(video_link="https://meet.example.com/a,b;c", invitation_text="Bis {date}, {visitor_name}")
    letter = await sent(post, VERA)
    calendar, event = letter.calendar(), letter.event()
    assert (calendar["METHOD"], calendar["VERSION"], calendar["PRODID"]) == (
        "REQUEST", "2.0", "-//Agent Inbox//Meetings//EN",
    )  # fmt: skip
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f"{booked.id}@agent-inbox", 0, "CONFIRMED")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (START, START + timedelta(minutes=30))
    assert b"\r\nDTSTART:20260303T093000Z\r\n" in letter.part("application/ics").get_content()
    assert (event.decoded("DTSTAMP"), event["SUMMARY"]) == (NOW, "Meeting: Ana Lovelace and Vera Klein")
    assert (event["LOCATION"], event["URL"]) == ("https://meet.example.com/a,b;c",) * 2
    assert "Bis Tuesday, March 3, 2026, Vera Klein" in event["DESCRIPTION"]
    assert "https://chat.example.com/meeting/" in event["DESCRIPTION"]
    assert letter.event("application/ics") == event


async def test_the_organizer_is_the_agent_and_the_visitor_attends(post: MailServer) -> None:
    await a_meeting()
    event = (await sent(post, VERA)).event()
    assert (event["ORGANIZER"], event["ORGANIZER"].params["CN"]) == (f"mailto:{ANA}", "Ana Lovelace")
    assert event["ORGANIZER"].params["SENT-BY"] == "mailto:inbox@example.com"
    people = {str(one): one.params for one in event["ATTENDEE"]}
    assert set(people) == {f"mailto:{ANA}", f"mailto:{VERA}"}
    expected = {"CN": "Vera Klein", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE", "ROLE": "REQ-PARTICIPANT"}
    assert expected.items() <= dict(people[f"mailto:{VERA}"]).items()


async def test_the_visitor_reads_when_in_the_own_zone_with_whom_and_how_to_move_it(post: MailServer) -> None:
    await a_meeting(video_link="https://meet.example.com/1", invitation_text="See you, {visitor_name} of {company} {x}")
    letter = await sent(post, VERA)
    text = letter.text.replace("\r\n", "\n")
    assert letter.subject == "Your meeting with Ana Lovelace, Tuesday, March 3, 2026, 10:30 AM"
    assert str(letter.message["Reply-To"]) == ANA
    assert "When: Tuesday, March 3, 2026, 10:30\u00a0AM – 11:00\u00a0AM (Central European Standard Time)" in text
    assert "With: Ana Lovelace\nVideo link: https://meet.example.com/1\n\nSee you, Vera Klein of  {x}\n" in text
    assert re.search(r"Move or cancel the meeting:\nhttps://chat\.example\.com/meeting/[\w=-]+\n", text)
    assert 'href="https://chat.example.com/meeting/' in letter.html
    assert not re.search(r"<img|src=|url\(|<script|<link", letter.html)


@pytest.mark.parametrize(
    ("visitor", "said"),
    [
        ({"email": VERA, "company": "Acme"}, "Vera Klein of Acme."),
        ({"email": "vera@acme.example", "company": "Acme"}, "Vera Klein of ."),
        ({"email": None, "user_id": "42", "said_email": VERA, "company": "Acme"}, "Vera Klein of ."),
        ({"email": None, "said_email": VERA, "company": "Acme"}, "Vera Klein of Acme."),
    ],
    ids=["proved", "another address", "claimed by a user", "only this browser's words"],
)
async def test_only_mails_to_the_proved_address_name_the_record(
    post: MailServer, visitor: dict[str, Any], said: str
) -> None:
    await a_meeting(visitor=visitor, invitation_text="{visitor_name} of {company}.")
    assert f"\n{said}\n" in (await sent(post, VERA)).text.replace("\r\n", "\n")


async def test_a_mail_to_a_typed_address_does_not_tell_the_name_of_the_record(post: MailServer) -> None:
    known = await a_device("Vera Lind", email="lind@acme.example")
    await a_meeting(
        visitor={"name": "", "visitor_id": known.visitor_id}, visitor_name="", invitation_text="{visitor_name}"
    )
    letter = await sent(post, VERA)
    assert "Lind" not in letter.text + letter.html + letter.calendar().to_ical().decode()


async def test_the_visitor_reads_french(post: MailServer) -> None:
    await a_meeting(language="fr-CA")
    letter = await sent(post, VERA)
    assert letter.subject == "Votre réunion avec Ana Lovelace, mardi 3 mars 2026, 10:30"
    assert "Quand: mardi 3 mars 2026, 10:30 – 11:00 (heure normale d’Europe centrale)" in letter.text
    assert "Déplacer ou annuler la réunion" in letter.html
    assert '<html lang="fr">' in letter.html
    assert letter.event()["SUMMARY"] == "Réunion : Ana Lovelace et Vera Klein"


async def test_the_agent_reads_who_when_and_the_chat_so_far(post: MailServer) -> None:
    booked = await a_meeting(
        visitor={"company": "Acme", "job_title": "CTO", "phone": "+33 1", "page_url": "https://acme.example/pricing"}
    )
    letter = await sent(post, ANA)
    text = letter.text.replace("\r\n", "\n")
    assert letter.subject == "New meeting: Vera Klein, Tuesday, March 3, 2026, 4:30 AM"
    assert str(letter.message["Reply-To"]) == VERA
    for line in (
        "When: Tuesday, March 3, 2026, 4:30\u00a0AM – 5:00\u00a0AM (Eastern Standard Time)",
        "For the visitor: Tuesday, March 3, 2026, 10:30\u00a0AM – 11:00\u00a0AM (Central European Standard Time)",
        "Name: Vera Klein", "Job title: CTO", "Company: Acme", f"Email: {VERA}", "Phone: +33 1",
        "Page: https://acme.example/pricing", "[2026-03-02 04:30:00] ", ": Can we <b>talk</b>?",
        f"https://chat.example.com/inbox/{booked.chat.id}",
    ):  # fmt: skip
        assert line in text
    assert "Can we &lt;b&gt;talk&lt;/b&gt;?" in letter.html
    assert "/meeting/" not in text  # that link is the visitor's


async def test_an_agent_without_a_calendar_outside_gets_the_event_as_a_file(post: MailServer) -> None:
    booked = await a_meeting()
    letter = await sent(post, ANA)
    assert "text/calendar" not in letter.kinds
    assert letter.calendar("application/ics")["METHOD"] == "PUBLISH"
    assert letter.event("application/ics")["UID"] == f"{booked.id}@agent-inbox"


async def test_an_agent_whose_calendar_is_written_gets_no_file(post: MailServer) -> None:
    agent = await a_member("Ana", email=ANA)
    async with unit_of_work() as session:
        session.add(
            CalendarRow(id="c", member_id=agent.id, kind="caldav", address="x", check_at=later(9_999), created_at=NOW)
        )
    await a_meeting(agent)
    handlers = {kind: deed for kind, deed in outbox.HANDLERS.items() if kind.startswith("mail")}
    await outbox.run_due(now=NOW, handlers=handlers)
    assert "application/ics" not in post.to(ANA)[-1].kinds


async def test_a_moved_meeting_is_the_same_event_with_a_higher_sequence(post: MailServer) -> None:
    booked = await a_meeting()
    first = (await sent(post, VERA)).event()
    await change(booked, start_at=START + timedelta(days=1), now=later(60))
    letter = await sent(post, VERA, now=later(60))
    moved = letter.event()
    assert (moved["UID"], moved["SEQUENCE"], letter.calendar()["METHOD"]) == (first["UID"], 1, "REQUEST")
    assert (moved.decoded("DTSTART"), moved.decoded("DTSTAMP")) == (START + timedelta(days=1), later(60))
    assert letter.subject.startswith("New time: your meeting with Ana Lovelace, Wednesday, March 4")
    assert post.to(ANA)[-1].subject.startswith("Meeting moved: Vera Klein, Wednesday, March 4")
    assert len({str(one.message["Message-ID"]) for one in post.letters}) == 4


@pytest.mark.parametrize(("by", "said"), [("visitor", "You cancelled it."), ("agent", "Ana Lovelace can’t make it.")])
async def test_a_cancelled_meeting_leaves_the_calendars(post: MailServer, by: str, said: str) -> None:
    booked = await a_meeting()
    await outbox.run_due(now=NOW)
    await change(booked, status="cancelled", cancelled_by=by, now=later(60))
    letter = await sent(post, VERA, now=later(60))
    event = letter.event()
    assert (letter.calendar()["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert (event["UID"], event["ORGANIZER"]) == (f"{booked.id}@agent-inbox", f"mailto:{ANA}")
    assert said in letter.text
    assert "/meeting/" not in letter.text
    agents = post.to(ANA)[-1]
    assert agents.subject.startswith("Meeting cancelled: Vera Klein")
    assert agents.event("application/ics")["STATUS"] == "CANCELLED"


async def test_what_was_overtaken_while_the_mail_server_was_away_is_one_mail(post: MailServer) -> None:
    post.stop()
    booked = await a_meeting()
    await outbox.run_due(now=NOW)
    await change(booked, start_at=START + timedelta(days=1), now=later(1))
    await outbox.run_due(now=later(1))
    await change(booked, status="cancelled", now=later(2))
    post.start()
    await outbox.run_due(now=later(2))
    assert [letter.calendar()["METHOD"] for letter in post.to(VERA)] == ["CANCEL"]
    assert (len(post.to(ANA)), post.to(VERA)[0].event()["SEQUENCE"]) == (1, 2)


async def test_a_refused_mailbox_fails_at_once_and_the_other_side_is_told(post: MailServer) -> None:
    post.answer = lambda recipient: "550 No such mailbox" if recipient == VERA else "250 OK"
    await a_meeting()
    await outbox.run_due(now=NOW)
    assert await states() == {"mail.visitor": "failed", "mail.agent": "done", "calendar": "done"}
    (failed,) = [row for row in await rows_of(OutboxRow) if row.state == "failed"]
    assert failed.problem == "refused\n550 No such mailbox"
    assert len(post.to(ANA)) == 1


async def test_a_mailbox_that_is_busy_is_tried_again(post: MailServer) -> None:
    post.answer = lambda _recipient: "450 Greylisted"
    await a_meeting()
    await outbox.run_due(now=NOW)
    assert (await states())["mail.visitor"] == "pending"
    post.answer = lambda _recipient: "250 OK"
    await outbox.run_due(now=later(13))
    assert (len(post.to(VERA)), (await states())["mail.visitor"]) == (1, "done")


async def test_a_mail_that_was_cut_off_in_the_middle_comes_once(post: MailServer) -> None:
    post.on_data = lambda: None
    await a_meeting()
    await outbox.run_due(now=NOW)
    assert (post.letters, post.tries) == ([], 2)
    post.on_data = lambda: "250 taken"
    await outbox.run_due(now=later(13))
    assert (len(post.to(VERA)), len(post.to(ANA))) == (1, 1)


async def test_who_was_killed_after_sending_repeats_the_same_message(post: MailServer) -> None:
    await a_meeting()
    async with unit_of_work() as session:
        taken = await rows.take(session, ["mail.visitor"], limit=1, now=NOW, lease=outbox.LEASE)
    await outbox.HANDLERS["mail.visitor"](errand_of(taken[0]), now=NOW)
    await outbox.run_due(now=NOW + outbox.LEASE)
    first, again = post.to(VERA)
    assert first.message["Message-ID"] == again.message["Message-ID"]
    assert first.event() == again.event() or first.event()["DESCRIPTION"] != again.event()["DESCRIPTION"]


def errand_of(row: Any) -> Any:
    return outbox.Errand(row.key, row.kind, row.subject_id, row.payload, row.tries)


async def test_without_a_mail_server_mails_wait_and_go_out_once_there_is_one(
    settings_with: SettingsWith, database: str
) -> None:
    settings_with(env="test")
    await a_meeting()
    await outbox.run_due(now=later(7_200))
    waiting = [row for row in await rows_of(OutboxRow) if row.kind.startswith("mail")]
    assert [(row.state, row.attempts) for row in waiting] == [("pending", 0)] * 2
    with running_mail_server() as server:
        settings_with(smtp_url=server.url)
        await outbox.run_due(now=later(7_200))
        assert (len(server.to(VERA)), len(server.to(ANA))) == (1, 1)


async def test_nobody_is_invited_to_what_has_passed(post: MailServer) -> None:
    await a_meeting()
    await outbox.run_due(now=START + timedelta(minutes=30))
    assert post.letters == []
    assert {kind: state for kind, state in (await states()).items() if kind != "calendar"} == {
        "mail.visitor": "skipped", "mail.agent": "skipped",
    }  # fmt: skip


async def test_an_agent_who_has_left_gets_no_mail(post: MailServer) -> None:
    booked = await a_meeting()
    async with unit_of_work() as session:
        row = await session.get_one(MemberRow, booked.agent.id)
        row.disabled_at = NOW
        session.add(row)
    await outbox.run_due(now=NOW)
    assert (len(post.to(VERA)), len(post.to(ANA))) == (1, 0)
    assert (await states())["mail.agent"] == "skipped"


async def test_a_name_is_never_markup_nor_a_token(post: MailServer) -> None:
    await a_meeting(
        visitor_name="<img src=x onerror=alert(1)> {video_link}", video_link="https://meet.example.com/secret",
        invitation_text="Hello {visitor_name}", time_zone="Mars/Base",
    )  # fmt: skip
    letter = await sent(post, VERA)
    assert "Hello <img src=x onerror=alert(1)> {video_link}" in letter.text
    assert "<img" not in letter.html
    assert "Coordinated Universal Time" in letter.text
