"""A mail as bytes: its headers are written here, a line at a time, and read again before it goes out.

Python's own header classes decode encoded words (RFC 2047) in a value, and drop the quotes of a name when
they fold it. With them, what a visitor types as a name could add headers, a body or recipients.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parseaddr
from typing import Final

from inbox_app.domain.text import header_text
from inbox_app.integrations.addresses import ascii_address, can_be_sent_to
from inbox_app.integrations.invitation import Method

LINE_LENGTH: Final = 76
BODY_HEADERS: Final = ("Content-Type", "MIME-Version")
ADDRESS_HEADERS: Final = ("From", "To", "Reply-To")
IN_ASCII: Final = SMTP.clone(cte_type="7bit")
_ATOMS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~-]+( [A-Za-z0-9!#$%&'*+/^_`{|}~-]+)*")


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


def written(mail: Mail, sender: str) -> bytes:
    """The mail as it is sent. Raises ValueError for an address or a text that can't be sent."""
    headers = _headers(mail, sender)
    block = "".join(f"{name}: {value}\r\n" for name, value in headers)
    message = block.encode("ascii") + _body(mail).as_bytes()
    _check(message, headers)
    return message


def _headers(mail: Mail, sender: str) -> list[tuple[str, str]]:
    headers = [
        ("Message-ID", message_id(mail.key, sender)),
        ("Date", format_datetime(mail.date)),
        ("From", _address("From", *parseaddr(sender))),
        ("To", _address("To", mail.to_name, mail.to_email)),
        ("Subject", _unstructured("Subject", mail.subject)),
        ("Auto-Submitted", "auto-generated"),
    ]
    if mail.reply_to and can_be_sent_to(mail.reply_to):  # an address of an earlier version: the mail still goes out
        headers.insert(4, ("Reply-To", ascii_address(mail.reply_to)))
    return headers


def _body(mail: Mail) -> EmailMessage:
    """Text, HTML and the calendar object beside each other, and the object once more as a file to keep."""
    message = EmailMessage(policy=IN_ASCII)
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.calendar:
        if mail.method != "PUBLISH":
            message.add_alternative(mail.calendar, subtype="calendar", params={"method": mail.method})
        message.add_attachment(
            mail.calendar.encode(), maintype="application", subtype="ics", filename="meeting.ics",
        )  # fmt: skip
    return message


def _check(message: bytes, headers: Sequence[tuple[str, str]]) -> None:
    """The block of headers holds what was set and nothing else, and each address field one address."""
    block, _, _ = message.partition(b"\r\n\r\n")
    read = BytesHeaderParser().parsebytes(block + b"\r\n\r\n")
    found = [(name, value) for name, value in read.items() if name not in BODY_HEADERS]
    names = sorted(read.keys())
    addresses = [getaddresses([value]) for name, value in found if name in ADDRESS_HEADERS]
    if found != list(headers) or names != sorted([*BODY_HEADERS, *(name for name, _ in headers)]) or read.defects:
        raise ValueError("the headers of this mail are not those that were set")
    if any(len(listed) != 1 or "@" not in listed[0][1] for listed in addresses):
        raise ValueError("an address field of this mail does not hold exactly one address")


def mailbox(sender: str) -> str:
    """The address in `Name <name@example.com>`."""
    return parseaddr(sender)[1]


def message_id(key: str, sender: str) -> str:
    """RFC 5322, the same for the same key."""
    domain = ascii_address(mailbox(sender)).rpartition("@")[2]
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{domain}>"


def _address(header: str, name: str, email: str) -> str:
    """`Name <name@example.com>`. Raises ValueError."""
    address, name = ascii_address(email), header_text(name)
    if not name:
        return address
    if _ATOMS.fullmatch(name) and len(name) + len(address) < LINE_LENGTH - 10:
        return f"{name} <{address}>"
    return f"{_encoded(header, name)}\r\n <{address}>"


def _unstructured(header: str, text: str) -> str:
    text = header_text(text)
    return text if text.isascii() and len(header) + len(text) < LINE_LENGTH else _encoded(header, text)


def _encoded(header: str, text: str) -> str:
    """As encoded words of UTF-8, none of which is longer than a line."""
    return Header(text, "utf-8", maxlinelen=LINE_LENGTH, header_name=header).encode(linesep="\r\n")
