"""Mail against a real SMTP server: what arrives, and what is said when it does not (PRODUCT 4.4)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from urllib.parse import quote

import pytest

from inbox_app.integrations.mail import NotSent, SmtpMailer
from inbox_app.integrations.mail_message import Mail
from tests.mail_servers import (
    PASSWORD,
    USER,
    Letter,
    MailServer,
    authenticator,
    refusing_in_bytes,
    running_mail_server,
    tls_context,
)
from tests.programs import free_port

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SENDER = "Agent Inbox <inbox@example.com>"
SIGNED_IN = f"{USER}:{quote(PASSWORD, safe='')}"
ICS = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:Été 🎉\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


def a_mail(**changes: object) -> Mail:
    values = {
        "key": "mail.visitor:m1:0", "to_name": "Vera Klein", "to_email": "vera@example.com", "subject": "Hello",
        "text": "Hello\n", "html": "<p>Hello</p>", "date": NOW, "reply_to": "ana@example.com", "calendar": ICS,
    }  # fmt: skip
    return Mail(**values | changes)  # type: ignore[arg-type]


async def send(url: str, **changes: object) -> None:
    await SmtpMailer(url, SENDER).send(a_mail(**changes))


async def refusal(url: str, **changes: object) -> NotSent:
    with pytest.raises(NotSent) as refused:
        await send(url, **changes)
    return refused.value


async def test_text_html_and_calendar_stand_beside_each_other_and_the_calendar_is_attached(
    mail_server: MailServer,
) -> None:
    await send(mail_server.url)
    (letter,) = mail_server.letters
    assert letter.kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar", "application/ics",
    ]  # fmt: skip
    inline, attached = letter.part("text/calendar"), letter.part("application/ics")
    assert (inline["content-type"].params["method"], inline.get_content_charset()) == ("REQUEST", "utf-8")
    assert (attached.get_content_disposition(), attached.get_filename()) == ("attachment", "meeting.ics")
    assert attached.get_content() == inline.get_content().replace("\r\n", "\n").replace("\n", "\r\n").encode()
    assert "Été 🎉" in inline.get_content()


async def test_the_headers_say_who_and_that_a_machine_wrote(mail_server: MailServer) -> None:
    await send(mail_server.url)
    (letter,) = mail_server.letters
    assert (letter.sender, letter.recipients) == ("inbox@example.com", ["vera@example.com"])
    named = {name: str(letter.message[name]) for name in ("From", "To", "Reply-To", "Subject", "Auto-Submitted")}
    assert named == {
        "From": SENDER, "To": "Vera Klein <vera@example.com>", "Reply-To": "ana@example.com", "Subject": "Hello",
        "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    assert letter.message["Date"].datetime == NOW


@pytest.mark.parametrize("reply_to", ["jörg@example.com", "=?utf-8?q?a?=@example.com", "nonsense"])
async def test_an_address_that_replies_cannot_be_sent_to_is_left_out(mail_server: MailServer, reply_to: str) -> None:
    await send(mail_server.url, reply_to=reply_to)
    (letter,) = mail_server.letters
    assert letter.recipients == ["vera@example.com"]
    assert letter.message["Reply-To"] is None


async def test_a_repetition_is_recognisable_by_its_message_id(mail_server: MailServer) -> None:
    for key in ("a", "a", "b"):
        await send(mail_server.url, key=key)
    first, again, other = (letter.message["Message-ID"] for letter in mail_server.letters)
    assert first == again != other
    assert first.endswith("@example.com>")


@pytest.mark.parametrize(
    "name",
    [
        "Vera\r\nBcc: all@example.com",
        'Vera\x00\x1b, "K" <x@y.z>',
        "👩‍👩‍👧 Вера Александровна Сергеева-Ковалёва, née Ångström",
    ],
)
async def test_no_name_begins_another_header(mail_server: MailServer, name: str) -> None:
    await send(mail_server.url, to_name=name, subject=f"Meeting with {name}")
    (letter,) = mail_server.letters
    shown = " ".join(name.replace("\x00", " ").replace("\x1b", " ").split())
    assert letter.recipients == ["vera@example.com"]
    assert letter.message["Bcc"] is None
    assert decoded(letter, "To").endswith("<vera@example.com>")
    assert shown in decoded(letter, "To").replace("\\", "")
    assert decoded(letter, "Subject") == f"Meeting with {shown}"
    assert all(len(line) < 998 for line in letter.raw.split(b"\r\n"))


def decoded(letter: Letter, name: str) -> str:
    """RFC 2047 as mail programs read it; the parser of Python 3.11 leaves blanks between parts of a name."""
    return str(make_header(decode_header(message_from_bytes(letter.raw)[name])))


async def test_a_file_to_keep_is_only_attached(mail_server: MailServer) -> None:
    await send(mail_server.url, method="PUBLISH")
    assert "text/calendar" not in mail_server.letters[0].kinds
    assert "application/ics" in mail_server.letters[0].kinds


async def test_lines_that_begin_with_a_dot_and_long_ones_arrive(mail_server: MailServer) -> None:
    text = ".\r\n..\n" + "é" * 3_000 + "\n" + "x" * 3_000 + "\n"
    await send(mail_server.url, text=text)
    assert mail_server.letters[0].text.replace("\r\n", "\n") == text.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("answer", "problem", "is_final"),
    [
        ("550 5.1.1 No such mailbox", "refused", True),
        ("450 4.2.1 Greylisted", "put_off", False),
        ("421 Too busy", "put_off", False),
    ],
)
async def test_a_mailbox_is_refused_for_good_or_for_now(
    mail_server: MailServer, answer: str, problem: str, is_final: bool
) -> None:
    mail_server.answer = lambda _recipient: answer
    refused = await refusal(mail_server.url)
    assert (refused.problem, refused.is_final) == (problem, is_final)
    assert refused.detail == answer
    assert mail_server.letters == []


@pytest.mark.parametrize(("answer", "is_final"), [("554 No spam", True), ("452 Disk is full", False)])
async def test_a_mail_is_refused_for_good_or_for_now(mail_server: MailServer, answer: str, is_final: bool) -> None:
    mail_server.on_data = lambda: answer
    refused = await refusal(mail_server.url)
    assert (refused.detail, refused.is_final) == (answer, is_final)


async def test_an_answer_in_another_encoding_can_be_printed() -> None:
    async with refusing_in_bytes(b"550 Bo\xeete inconnue\x00") as url:
        refused = await refusal(url)
    assert (refused.detail, str(refused)) == ("550 Bo\ufffdte inconnue", "refused: 550 Bo\ufffdte inconnue")


async def test_a_connection_that_breaks_before_the_answer_is_tried_again(mail_server: MailServer) -> None:
    mail_server.on_data = lambda: None
    refused = await refusal(mail_server.url)
    assert (refused.problem, refused.is_final) == ("unreachable", False)


async def test_nobody_listens() -> None:
    refused = await refusal(f"smtp://127.0.0.1:{free_port()}")
    assert (refused.problem, refused.is_final) == ("unreachable", False)


@pytest.mark.parametrize(
    "email",
    [
        "vera", "", "vera@exa mple.com", "vera@example.com\r\nRCPT TO:<x@y.z>", "вера@example.com",
        "=?utf-8?q?vera=0D=0ARCPT_TO:<x@y.z>?=@example.com", "vera@=?utf-8?q?example?=.com", "vera@-..example.com",
    ],
)  # fmt: skip
async def test_what_is_no_address_is_refused_for_good(mail_server: MailServer, email: str) -> None:
    refused = await refusal(mail_server.url, to_email=email)
    assert (refused.problem, refused.is_final) == ("refused", True)
    assert mail_server.letters == []


@pytest.mark.parametrize(
    ("email", "recipient"),
    [
        ("vera@пример.рф", "vera@xn--e1afmkfd.xn--p1ai"),
        ("vera@straße.example", "vera@xn--strae-oqa.example"),
        ("vera@i❤.ws", "vera@xn--i-7iq.ws"),
    ],
)
async def test_a_domain_of_another_script_goes_out_in_its_ascii_form(
    mail_server: MailServer, email: str, recipient: str
) -> None:
    await send(mail_server.url, to_email=email, reply_to=email)
    (letter,) = mail_server.letters
    assert letter.recipients == [recipient]
    assert (letter.message["To"].addresses[0].addr_spec, str(letter.message["Reply-To"])) == (recipient, recipient)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
async def test_user_and_password_let_in_and_a_wrong_one_is_said_so() -> None:
    with running_mail_server(authenticator=authenticator, auth_required=True, auth_require_tls=False) as server:
        address = f"127.0.0.1:{server.port}"
        await send(f"smtp://{SIGNED_IN}@{address}")
        assert server.letters[0].user == USER
        await SmtpMailer(f"smtp://{SIGNED_IN}@{address}", SENDER).check()
        refused = await refusal(f"smtp://{USER}:wrong@{address}")
        assert (refused.problem, refused.is_final) == ("sign_in", False)
        assert (await refusal(f"smtp://{address}")).problem == "sender_refused"


async def test_tls_is_taken_when_it_is_offered(tmp_path: Path) -> None:
    with running_mail_server(tls_context=tls_context(tmp_path), require_starttls=True) as server:
        await send(server.url)
    assert server.letters[0].is_encrypted


async def test_smtps_is_encrypted_from_the_first_byte(tmp_path: Path) -> None:
    with running_mail_server(ssl_context=tls_context(tmp_path)) as server:
        await send(f"smtps://127.0.0.1:{server.port}")
    assert len(server.letters) == 1


def of_another_machine(server: MailServer) -> str:
    """The same server by an address that is not taken for this machine's own, though it is."""
    return f"127.0.0.2:{server.port}"


async def test_over_a_network_a_certificate_must_be_good_or_be_excused(tmp_path: Path) -> None:
    with running_mail_server(tls_context=tls_context(tmp_path), address="0.0.0.0") as server:
        refused = await refusal(f"smtp://{of_another_machine(server)}")
        assert (refused.problem, refused.is_final) == ("tls", False)
        await send(f"smtp://{of_another_machine(server)}?verify=no")
    assert server.letters[0].is_encrypted


async def test_over_a_network_no_password_goes_unencrypted() -> None:
    with running_mail_server(authenticator=authenticator, auth_require_tls=False, address="0.0.0.0") as server:
        refused = await refusal(f"smtp://{SIGNED_IN}@{of_another_machine(server)}")
    assert refused.problem == "tls"
    assert server.letters == []
