"""Mail over SMTP: one message to one mailbox, with a calendar object where it tells of a meeting.

NotSent is all that can go wrong; it says whether another try makes sense.
"""

import contextlib
import hashlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from email.utils import format_datetime, parseaddr
from typing import Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from inbox_app.integrations.invitation import Method

ANSWER_SECONDS: Final = 30
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class Mail:
    """`key`: what it is, once: the same key gives the same Message-ID, so that a repetition is recognisable.

    `calendar`: an iCalendar text of this `method`. PUBLISH is only attached, others can be taken by the mail program.
    """

    key: str
    to_name: str
    to_email: str
    subject: str
    text: str
    html: str
    date: datetime
    reply_to: str = ""
    calendar: str = ""
    method: Method = "REQUEST"


class NotSent(Exception):
    """`problem`: a code; `detail`: what the other side said. `is_final`: it will not be taken later either."""

    def __init__(self, problem: str, detail: str = "", *, is_final: bool = False) -> None:
        super().__init__(f"{problem}: {detail}")
        self.problem, self.detail, self.is_final = problem, detail, is_final


class Mailer(Protocol):
    async def send(self, mail: Mail) -> None:
        """It was taken when this returns. Raises NotSent."""


@dataclass(frozen=True)
class SmtpMailer:
    """`url`: smtp:// or smtps://, with user and password where the server asks for them.

    smtp:// goes over to TLS when the server offers it, and must before a password is sent over a network. A
    certificate is checked, but not this machine's own, and not with `?verify=no`.
    """

    url: str
    sender: str

    async def send(self, mail: Mail) -> None:
        """One connection a mail."""
        try:
            message = message_of(mail, self.sender)
        except (ValueError, MessageError) as error:  # no address that a mail can be sent to
            raise NotSent("refused", str(error), is_final=True) from error
        async with self._connected() as server:
            try:
                await server.send_message(message, sender=mailbox(self.sender), recipients=[mail.to_email])
            except (aiosmtplib.SMTPException, OSError, ValueError) as error:
                raise _not_taken(error) from error

    async def check(self) -> None:
        """The server is there and lets us in. Raises NotSent."""
        async with self._connected() as server:
            await server.noop()

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        server = _server_of(self.url)
        try:
            await server.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            raise _not_reached(error) from error
        try:
            yield server
            with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                await server.quit()  # the mail is taken; how we part does not matter
        finally:
            server.close()


def _server_of(url: str) -> aiosmtplib.SMTP:
    parts = urlsplit(url)
    host, is_tls = parts.hostname or "localhost", parts.scheme == "smtps"
    is_local = host in LOOPBACK
    must_start_tls = bool(parts.password) and not is_local and not is_tls
    trusts_all = is_local or parse_qs(parts.query).get("verify") == ["no"]
    return aiosmtplib.SMTP(
        hostname=host,
        port=parts.port or (465 if is_tls else 587 if parts.password else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=is_tls,
        start_tls=True if must_start_tls else (None if not is_tls else False),
        validate_certs=not trusts_all,
        timeout=ANSWER_SECONDS,
    )


def mailbox(sender: str) -> str:
    """The address in `Name <name@example.com>`."""
    return parseaddr(sender)[1]


def message_id(key: str, sender: str) -> str:
    """RFC 5322, the same for the same key."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{mailbox(sender).rpartition('@')[2]}>"


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """Text, HTML and the calendar object beside each other, and the object once more as a file to keep."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=CRLF)
    message["Message-ID"] = message_id(mail.key, sender)
    message["Date"] = format_datetime(mail.date)
    message["From"] = _address(name, address)
    message["To"] = _address(mail.to_name, mail.to_email)
    if mail.reply_to:
        message["Reply-To"] = _address("", mail.reply_to)
    message["Subject"] = one_line(mail.subject)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        if mail.method != "PUBLISH":
            message.add_alternative(mail.calendar, subtype="calendar", params={"method": mail.method})
        message.add_attachment(
            mail.calendar.encode(), maintype="application", subtype="ics", filename="meeting.ics",
        )  # fmt: skip
    return message


def _address(name: str, email: str) -> Address:
    """Raises ValueError."""
    local, _, domain = email.rpartition("@")
    if not local or not domain or not email.isprintable() or any(c in " <>,;" for c in email):
        raise ValueError(f"{one_line(email)} is no address")
    return Address(one_line(name), local, domain)


def one_line(text: str) -> str:
    """What may stand in a header: a name with a line's end in it would begin another one."""
    return " ".join("".join(c if c.isprintable() or not c.isascii() else " " for c in text).split())


def _not_reached(error: Exception) -> NotSent:
    detail = _said(error)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return NotSent("sign_in", detail)
    lacks_tls = type(error) is aiosmtplib.SMTPException  # it has no class of its own
    if lacks_tls or isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return NotSent("tls", detail)
    if isinstance(error, TimeoutError):
        return NotSent("slow", detail)
    return NotSent("unreachable", detail)


def _not_taken(error: Exception) -> NotSent:
    """5xx about this mail or its recipient is final. About our sender it is not: that is set up wrong."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPSenderRefused):
        return NotSent("sender_refused", _said(error))
    if isinstance(error, aiosmtplib.SMTPResponseException):
        is_final = 500 <= error.code < 600
        return NotSent("refused" if is_final else "put_off", _said(error), is_final=is_final)
    if isinstance(error, aiosmtplib.SMTPNotSupported | ValueError):
        return NotSent("refused", _said(error), is_final=True)
    return _not_reached(error)


def _said(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    return str(error)
