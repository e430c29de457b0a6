"""How a connected calendar is reached: its secret is opened, renewed where it runs out, and told to nobody."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Final, Protocol

from inbox_app.data import calendars
from inbox_app.data.engine import unit_of_work
from inbox_app.integrations.calendars import Connection, module_of
from inbox_app.integrations.calendars.troubles import SecretLost
from inbox_app.sealing import SealBroken, seal, unseal

PURPOSE: Final = "calendar"
Keep = Callable[[str], Awaitable[None]]


class Stored(Protocol):
    """A row of a calendar, or what was taken of it."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def account(self) -> str: ...
    @property
    def secret(self) -> str: ...


Opener = Callable[..., Awaitable[Connection]]


def sealed(secret: str, *, now: datetime) -> str:
    """As it is stored."""
    return seal(secret, purpose=PURPOSE, now=now)


async def connect(*, kind: str, address: str, account: str, secret: str, keep: Keep, now: datetime) -> Connection:
    """`keep`: is given a renewed secret. Nothing is sent yet."""
    module = await module_of(kind)
    if kind == "caldav":
        connection: Connection = module.connect(url=address, account=account, password=secret)
    else:
        connection = module.connect(secret=secret, keep=keep, now=now)
    return connection


@asynccontextmanager
async def opened(calendar: Stored, *, now: datetime, opener: Opener = connect) -> AsyncIterator[Connection]:
    """Raises CalendarTrouble."""
    try:
        secret = unseal(calendar.secret, purpose=PURPOSE, now=now)
    except SealBroken:
        raise SecretLost from None

    async def keep(renewed: str) -> None:
        async with unit_of_work() as session:
            await calendars.keep_secret(session, calendar.id, old=calendar.secret, new=sealed(renewed, now=now))

    connection = await opener(
        kind=calendar.kind, address=calendar.address, account=calendar.account, secret=secret, keep=keep, now=now
    )
    try:
        yield connection
    finally:
        await connection.close()
