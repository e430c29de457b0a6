"""Shared calendars and meetings as words in a transcript (PRODUCT 1.7, 1.8)."""

import pytest

from inbox_app.data import views
from inbox_app.services import bookings, conversations, shares, transcripts
from inbox_app.texts.catalogue import translations
from tests.data.builders import NOW, a_member
from tests.services.booking_builders import a_meeting, a_share, at, set_meetings


@pytest.mark.usefixtures("database")
async def test_a_transcript_tells_of_calendars_and_meetings_in_the_readers_zone() -> None:
    ana = await a_member("Ana", time_zone="Europe/Paris", language="en")
    share = await a_share(ana)
    meeting = await a_meeting(share, at(10), name="Vera")
    await bookings.reschedule(meeting.id, start=at(11).isoformat(), by=None, now=NOW)
    await bookings.cancel(meeting.id, by=ana, now=NOW)
    await shares.withdraw(share.id, member=ana, now=NOW)
    await conversations.end(share.chat.id, member=ana, now=NOW)

    lines = transcripts.as_text(await views.transcript(ana, share.chat.id), ana).splitlines()

    assert [line.partition("— ")[2] for line in lines if "— " in line] == [
        "The calendar of Ana was shared",
        "Vera booked a meeting with Ana: 2026-03-03 11:00-11:30",
        "Vera moved the meeting to 2026-03-03 12:00-12:30",
        "Ana cancelled the meeting: 2026-03-03 12:00-12:30",
        "The calendar of Ana was withdrawn",
        "Ana ended the session",
    ]
    assert lines[-1].startswith("[2026-03-02 10:30:00] ")


@pytest.mark.usefixtures("database")
async def test_a_meeting_over_midnight_names_both_days() -> None:
    aya = await a_member("Aya", time_zone="Asia/Tokyo", language="en")
    await set_meetings(aya, step_minutes=15)
    share = await a_share(aya)
    await a_meeting(share, at(14, 45))
    text = transcripts.as_text(await views.transcript(aya, share.chat.id), aya)
    assert "Aya: 2026-03-03 23:45-2026-03-04 00:15\n" in text


@pytest.mark.parametrize("language", ["fr"])
def test_every_line_of_a_transcript_is_translated(language: str) -> None:
    said = transcripts.STATES | transcripts.ENDS | transcripts.MEETINGS
    sentences = [*said.values(), *transcripts.CALENDARS.values(), *transcripts.HEADS, transcripts.ENDED]
    assert [sentence for sentence in sentences if sentence not in translations(language)] == []
