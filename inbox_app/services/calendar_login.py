"""What an agent types to connect a CalDAV calendar, and how often that may fail."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from limits import parse

from inbox_app.domain.errors import InvalidInput, TooManyRequests
from inbox_app.domain.people import Member, clean_text
from inbox_app.live.counts import counts
from inbox_app.settings import get_settings

URL_LIMIT: Final = 500
PASSWORD_LIMIT: Final = 500
FAILURES_PER_MEMBER: Final = parse("20 per hour")


@asynccontextmanager
async def counted(member: Member) -> AsyncIterator[None]:
    """Count first and give back what succeeds: how long each failure, of any kind, takes tells what is at an address.

    Raises TooManyRequests.
    """
    if not get_settings().rate_limits:
        yield
        return
    who = "calendar", member.id
    if (wait := await counts().hit(FAILURES_PER_MEMBER, *who)) is not None:
        raise TooManyRequests(wait)
    yield
    await counts().give_back(FAILURES_PER_MEMBER, *who)


def clean_url(value: Any) -> str:
    """With https:// where no scheme is named; without a user in it."""
    url = clean_text(value, field="url", limit=URL_LIMIT)
    if url and "://" not in url:
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        is_url = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_url = False
    if not is_url or " " in url or parts.username is not None:
        raise InvalidInput("url", "Enter the address of a calendar server, such as https://calendar.example.com.")
    return url


def clean_account(value: Any) -> str:
    account = clean_text(value, field="account", limit=URL_LIMIT)
    if not account or ":" in account:
        raise InvalidInput("account", "Enter the name of the account.")
    return account


def clean_password(value: str) -> str:
    if not 0 < len(value) <= PASSWORD_LIMIT or not value.isprintable():
        raise InvalidInput("password", "Enter the password of the account.")
    return value
