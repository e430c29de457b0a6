"""Mail over SMTP: one message to one mailbox, with a calendar object where it tells of a meeting.

NotSent is all that can go wrong; it says whether another try makes sense.
"""

import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from inbox_app.domain.text import told
from inbox_app.integrations.addresses import ascii_address
from inbox_app.integrations.mail_message import Mail, mailbox, written

ANSWER_SECONDS: Final = 30
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class NotSent(Exception):
    """`problem`: a code; `detail`: what the other side said. `is_final`: it will not be taken later either."""

    def __init__(self, problem: str, detail: str = "", *, is_final: bool = False) -> None:
        self.problem, self.detail, self.is_final = problem, told(detail), is_final
        super().__init__(f"{problem}: {self.detail}")


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
            recipient, message = ascii_address(mail.to_email), written(mail, self.sender)
        except ValueError as error:  # an address or a header that can't be sent
            raise NotSent("refused", str(error), is_final=True) from error
        async with self._connected() as server:
            try:
                await server.sendmail(ascii_address(mailbox(self.sender)), [recipient], message)
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
