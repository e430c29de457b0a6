"""Signing in and out.

A cookie's token names a row; who is asking is looked up on every event and call, with a short cache.
"""

import asyncio
import functools
import logging
from datetime import datetime, timedelta
from typing import Final

from pwdlib import PasswordHash

from inbox_app import live
from inbox_app.data import members
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import digest, new_secret
from inbox_app.data.tables import SignInRow
from inbox_app.domain.errors import NotSignedIn, SignInFailed
from inbox_app.domain.people import Member
from inbox_app.services.kept_briefly import KeptBriefly
from inbox_app.services.use_case import UseCase, use_case

COOKIE: Final = "inbox_session"
LASTS: Final = timedelta(days=30)
_members: Final = KeptBriefly[Member](10_000, seconds=5)  # the command line, which disables people too, tells no server
_passwords: Final = PasswordHash.recommended()
log = logging.getLogger(__name__)


def hash_password(password: str) -> str:
    """Argon2id, with the library's present parameters."""
    return _passwords.hash(password)


def _is_right(password: str, stored: str | None) -> bool:
    """An unknown email costs the same time as a wrong password."""
    return _passwords.verify(password, stored or _nobodys())


@functools.cache
def _nobodys() -> str:
    return hash_password("nobody has this password")  # made when it is needed: a start of the server waits for nothing


async def sign_in(email: str, password: str, *, address: str = "", user_agent: str = "", now: datetime) -> str:
    """The token for the cookie. Raises SignInFailed, the same for an unknown email and a wrong password."""
    async with reading_session() as session:
        row = await members.by_email(session, email.strip().lower())
    is_right = await asyncio.to_thread(_is_right, password, row.password_hash if row else None)
    if row is None or not is_right or row.disabled_at is not None:
        async with use_case() as case:
            case.audit("sign_in.failed", by=row.id if row else None, now=now, address=address)
        raise SignInFailed
    token = new_secret()
    async with use_case() as case:
        case.session.add(
            SignInRow(
                id=digest(token), member_id=row.id, created_at=now, expires_at=now + LASTS, address=address,
                user_agent=user_agent[:300],
            )
        )  # fmt: skip
        case.audit("sign_in.succeeded", by=row.id, now=now, address=address)
    return token


async def sign_out(token: str | None, *, now: datetime) -> None:
    """End this browser's session everywhere it is open."""
    if not token:
        return
    sign_in_id = digest(token)
    member = await members.signed_in(sign_in_id, now=now)
    async with use_case() as case:
        await members.sign_out(case.session, sign_in_id)
        if member:
            case.audit("sign_in.ended", by=member.id, now=now)
        tell_signed_out(case, sign_in_id)
    forget(sign_in_id)


async def member_of(token: str | None, *, now: datetime) -> Member:
    """Who is asking. Raises NotSignedIn for nobody, an ended session and a disabled member."""
    if not token:
        raise NotSignedIn
    sign_in_id = digest(token)
    member = await _members.get(sign_in_id, lambda: members.signed_in(sign_in_id, now=now))
    if member is None:
        raise NotSignedIn("Your session has ended. Sign in again; your drafts are kept.")
    return member


def id_of(token: str) -> str:
    """What names this session in topics: never the token itself."""
    return digest(token)


def tell_signed_out(case: UseCase, sign_in_id: str) -> None:
    """To the open pages of this session, and to the caches of all processes."""
    case.tell(live.topics.sign_in(sign_in_id), "signed_out")
    case.tell(live.topics.sign_ins(), "signed_out", id=sign_in_id)


async def forget_what_ends_elsewhere() -> None:
    """Who signs out in one process is signed out in all: runs as long as the process."""
    async with live.subscribe(live.topics.sign_ins()) as changes:
        while True:
            event = await changes.next()
            forget(*event.data.values())


def forget(*sign_in_ids: str) -> None:
    """Ask the database again for these, or for all."""
    _members.forget(*sign_in_ids)
