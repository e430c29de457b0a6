"""Hostile names and subjects over a real SMTP server: a mail has the headers that were set, and one recipient."""

from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from inbox_app.domain.text import header_text
from inbox_app.integrations.invitation import Invitation, Person, calendar_text
from inbox_app.integrations.mail import SmtpMailer
from inbox_app.integrations.mail_message import Mail
from tests.integrations.test_mail import NOW, SENDER
from tests.mail_servers import Letter, MailServer, running_mail_server
from tests.programs import run_apart

BODY_IN_A_NAME = "=?utf-8?q?Eve=0D=0AContent-Type:_text/html=0D=0A=0D=0A<h1>Pay_here</h1>?="
ADDRESS_IN_A_LONG_NAME = "Vera " * 12 + '"Klein" <spy@evil.example>, x, <spy@evil.example>'
HEADERS = ["Auto-Submitted", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Reply-To", "Subject", "To"]
PIECES = st.sampled_from(
    [
        BODY_IN_A_NAME, "=?utf-8?b?DQpCY2M6IHNweUBldmlsLmV4YW1wbGU=?=", "=?", "?=", "=?utf-8?q?", "=?q?=", "\r\n", "\n",
        "\r", "Bcc: spy@evil.example", "<spy@evil.example>", '"', "\\", ",", ";", ":", "(", ")", "@", "^n", "^'",
        "\x00", "\x1b", "\x85", "\u2028", "\u202e", "\u2066", "\ufeff", "é",
        "👩‍👩‍👧", "x" * 80, "Ж" * 40, " " * 90, "\t", ".",
    ]
)  # fmt: skip
HOSTILE = st.lists(PIECES | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), max_size=12).map("".join)
over_smtp = settings(
    max_examples=60, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@pytest.fixture(scope="module")
def post() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


def arrived(post: MailServer, *, name: str, subject: str) -> Letter:
    post.letters.clear()
    mail = Mail(
        key="k", to_name=name, to_email="vera@example.com", subject=subject, text="Hello\n", html="<p>Hello</p>",
        date=NOW, reply_to="ana@example.com",
    )  # fmt: skip
    run_apart(SmtpMailer(post.url, SENDER).send(mail))
    (letter,) = post.letters
    return letter


def as_mail_programs_read(letter: Letter, header: str) -> str:
    return str(make_header(decode_header(message_from_bytes(letter.raw)[header])))


@over_smtp
@given(name=HOSTILE, subject=HOSTILE)
@example(name=BODY_IN_A_NAME, subject=BODY_IN_A_NAME)
@example(name=ADDRESS_IN_A_LONG_NAME, subject=ADDRESS_IN_A_LONG_NAME)
@example(name="a" * 900 + "\r\n.\r\n", subject="b" * 2_000)
@example(name="\u202eVera", subject="")
def test_a_mail_has_the_headers_that_were_set_and_one_recipient(post: MailServer, name: str, subject: str) -> None:
    letter = arrived(post, name=name, subject=subject)

    plain = message_from_bytes(letter.raw)
    assert sorted(plain.keys()) == HEADERS
    assert sorted(letter.message.keys()) == HEADERS
    assert letter.kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert letter.recipients == ["vera@example.com"]
    assert [address for _, address in getaddresses([plain["To"]])] == ["vera@example.com"]
    assert [address.addr_spec for address in letter.message["To"].addresses] == ["vera@example.com"]
    assert all(len(line) < 998 for line in letter.raw.split(b"\r\n"))


@over_smtp
@given(text=HOSTILE)
@example(text=BODY_IN_A_NAME)
@example(text=ADDRESS_IN_A_LONG_NAME)
def test_what_is_read_is_what_was_typed_without_encoded_words(post: MailServer, text: str) -> None:
    letter = arrived(post, name=text, subject=text)

    subject, to = as_mail_programs_read(letter, "Subject"), as_mail_programs_read(letter, "To")
    assert subject == header_text(text)
    assert " ".join(to.split()) == (f"{subject} <vera@example.com>" if subject else "vera@example.com")
    assert "=?" not in subject + to
    assert not {"\r", "\n", "\u202e", "\u2066"} & {*subject, *to}


@settings(deadline=None, derandomize=True, database=None)
@given(name=HOSTILE, summary=HOSTILE)
@example(name=BODY_IN_A_NAME, summary="a\r\nATTENDEE:mailto:spy@evil.example")
def test_an_invitation_has_two_people_and_no_line_that_a_name_added(name: str, summary: str) -> None:
    event = event_of(Person(name, "vera@example.com"), summary=summary)

    assert event.errors == []
    assert sorted(str(one) for one in event["ATTENDEE"]) == ["mailto:ana@example.com", "mailto:vera@example.com"]
    vera = next(one for one in event["ATTENDEE"] if str(one) == "mailto:vera@example.com")
    assert "=?" not in vera.params.get("CN", "") + str(event["SUMMARY"])
    assert str(event["SUMMARY"]) == header_text(summary)
    assert set(event) == {
        "UID", "SEQUENCE", "DTSTAMP", "CREATED", "LAST-MODIFIED", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP",
        "ORGANIZER", "ATTENDEE",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("email", "address"),
    [
        ("vera@münchen.example", "mailto:vera@xn--mnchen-3ya.example"),
        ("jörg@example.com", "mailto:j%C3%B6rg@example.com"),
        ("vera?bcc=spy@evil.example", "mailto:vera%3Fbcc%3Dspy@evil.example"),
        ("o'brien+chat@example.com", "mailto:o'brien+chat@example.com"),
    ],
)
def test_a_person_of_an_invitation_has_an_address_in_ascii(email: str, address: str) -> None:
    assert address in {str(one) for one in event_of(Person("Vera", email))["ATTENDEE"]}


def event_of(attendee: Person, *, summary: str = "Meeting") -> Calendar:
    text = calendar_text(
        Invitation(
            uid="m1", sequence=0, start=NOW, end=NOW, created_at=NOW, changed_at=NOW, is_cancelled=False,
            summary=summary, description="", link="", organizer=Person("Ana", "ana@example.com"), attendee=attendee,
        ),
        "REQUEST",
    )  # fmt: skip
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event
