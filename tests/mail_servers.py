"""A real SMTP server (aiosmtpd) on a port of its own: what it was given, and what it answers when it is told to."""

import asyncio
import contextlib
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from icalendar import Calendar, Event

from tests.programs import free_port

USER, PASSWORD = "inbox", "smtp: p@ss/1"
Answer = Callable[[str], str]


class Letter:
    """A mail as it arrived."""

    def __init__(self, envelope: Envelope, *, is_encrypted: bool, user: str) -> None:
        self.sender, self.recipients = envelope.mail_from, list(envelope.rcpt_tos)
        self.is_encrypted, self.user = is_encrypted, user
        self.raw = bytes(envelope.content or b"")
        message = message_from_bytes(self.raw, policy=default)
        assert isinstance(message, EmailMessage)
        self.message = message

    @property
    def kinds(self) -> list[str]:
        """Of its parts, in order."""
        return [part.get_content_type() for part in self.message.walk()]

    def part(self, kind: str) -> EmailMessage:
        (found,) = [part for part in self.message.walk() if part.get_content_type() == kind]
        assert isinstance(found, EmailMessage)
        return found

    @property
    def subject(self) -> str:
        return str(self.message["Subject"]).strip()

    @property
    def text(self) -> str:
        return str(self.part("text/plain").get_content())

    @property
    def html(self) -> str:
        return str(self.part("text/html").get_content())

    def calendar(self, kind: str = "text/calendar") -> Calendar:
        content = self.part(kind).get_content()
        return Calendar.from_ical(content)

    def event(self, kind: str = "text/calendar") -> Event:
        (event,) = self.calendar(kind).walk("VEVENT")
        assert event.errors == []
        return event


class MailServer:
    """`answer`: what it says to a recipient; `on_data`: what it says to a mail, None: it hangs up."""

    def __init__(self, *, address: str = "127.0.0.1", **options: Any) -> None:
        self.address, self.port = address, free_port()
        self.letters: list[Letter] = []
        self.answer: Answer = lambda _recipient: "250 OK"
        self.on_data: Callable[[], str | None] = lambda: "250 taken"
        self.tries = 0
        self._options = options
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Also after `stop`, on the same port."""
        self._controller = Controller(self, hostname=self.address, port=self.port, **self._options)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, email: str) -> list[Letter]:
        """What came for a mailbox."""
        return [letter for letter in self.letters if letter.recipients == [email]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.tries += 1
        answer = self.on_data()
        if answer is None:
            assert server.transport is not None
            server.transport.abort()
            return "451 never heard"
        if answer.startswith("250"):
            user = session.auth_data.decode() if session.auth_data else ""
            self.letters.append(Letter(envelope, is_encrypted=session.ssl is not None, user=user))
        return answer


def authenticator(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth_data: LoginPassword
) -> AuthResult:
    """Lets USER in, by PASSWORD."""
    is_known = (auth_data.login, auth_data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_known, handled=is_known, auth_data=auth_data.login if is_known else None)


@contextmanager
def running_mail_server(**options: Any) -> Iterator[MailServer]:
    """For the length of the block."""
    server = MailServer(**options)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@asynccontextmanager
async def refusing_in_bytes(answer: bytes) -> AsyncIterator[str]:
    """Yield the URL of a server that answers every recipient with these bytes; aiosmtpd can only send text."""

    talks: list[asyncio.Task[None]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            writer.write(b"220 ready\r\n")
            while line := (await reader.readline()).upper():
                writer.write(answer + b"\r\n" if line.startswith(b"RCPT") else b"250 OK\r\n")
            writer.close()
            await writer.wait_closed()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.append(asyncio.create_task(talk(reader, writer)))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await asyncio.gather(*talks)


def tls_context(directory: Path) -> ssl.SSLContext:
    """With a certificate that nobody has signed but itself."""
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
