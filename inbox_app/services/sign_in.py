"""Signing in and out.

A cookie's token names a row; who is asking is looked up on every event and call, with a short cache.
"""

import functools
import logging
from datetime import datetime, timedelta
from typing import Final

from pwdlib import PasswordHash

from inbox_app import live
from inbox_app.data import members, sign_ins
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import digest, new_secret
from inbox_app.data.tables import MemberRow, SignInRow
from inbox_app.domain.errors import DatabaseUnavailable, NotSignedIn, SignInFailed
from inbox_app.domain.people import Member, normal_email
from inbox_app.services.hashing import hashing
from inbox_app.services.kept_briefly import KeptBriefly
from inbox_app.services.use_case import UseCase, use_case

COOKIE: Final = "inbox_session"
LASTS: Final = timedelta(days=30)
USE_NOTED_EVERY: Final = timedelta(minutes=5)
"""A session's last use is written at most this often: a page that is open asks every few seconds."""
_members: Final = KeptBriefly[Member](10_000, seconds=5)
"""An ended session is forgotten at once in all processes; another change, such as of a role, counts after 5 s there."""
_passwords: Final = PasswordHash.recommended()
log = logging.getLogger(__name__)


def hash_password(password: str) -> str:
    """Argon2id, with the library's present parameters."""
    return _passwords.hash(password)


async def is_right(password: str, stored: str | None, *, may_wait: bool = True) -> bool:
    """Check a password. An unknown email, and an account without a password, take as long as a wrong one."""
    is_match = await hashing(lambda: _passwords.verify(password, stored or _nobodys()), may_wait=may_wait)
    return is_match and bool(stored)


@functools.cache
def _nobodys() -> str:
    return hash_password("nobody has this password")  # made when it is needed: a start of the server waits for nothing


def account_of(email: str) -> str:
    """What names an account, however its email is written."""
    return normal_email(email)


async def sign_in(
    email: str, password: str, *, address: str = "", user_agent: str = "", may_wait: bool = True, now: datetime
) -> str:
    """The token for the cookie. Raises SignInFailed, the same for an unknown email and a wrong password.

    Raises TooManyRequests if others are signing in and it may not wait for them.
    """
    async with reading_session() as session:
        row = await members.by_email(session, email)
    is_known = await is_right(password, row.password_hash if row else None, may_wait=may_wait)
    async with use_case() as case:
        if row and is_known and await is_unchanged(case, row):
            return start(case, row, address=address, user_agent=user_agent, now=now)
        case.audit("sign_in.failed", by=row.id if row else None, now=now, address=address)
    raise SignInFailed


async def is_unchanged(case: UseCase, seen: MemberRow) -> bool:
    """Whether a password that was checked against the row still counts; nobody changes it before the commit.

    Checking takes its time in a queue, and meanwhile the password may be replaced or the account disabled: what ends
    all sessions then doesn't see the one that is about to begin.
    """
    row = await members.lock(case.session, seen.id)
    return row is not None and row.disabled_at is None and row.password_hash == seen.password_hash


def start(case: UseCase, row: MemberRow, *, address: str, user_agent: str, now: datetime) -> str:
    """Open a session for a member whose identity is proved. Returns the token for the cookie."""
    token = new_secret()
    case.session.add(
        SignInRow(
            id=digest(token), member_id=row.id, created_at=now, used_at=now, expires_at=now + LASTS, address=address,
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
    found = await sign_ins.signed_in(sign_in_id, now=now)
    async with use_case() as case:
        await end(case, sign_in_id)
        if found:
            case.audit("sign_in.ended", by=found.member.id, now=now)
    forget(sign_in_id)


async def end(case: UseCase, *sign_in_ids: str) -> None:
    """End these sessions and tell their open pages and the caches of all processes. Call `forget` after the commit."""
    await sign_ins.end(case.session, *sign_in_ids)
    for sign_in_id in sign_in_ids:
        case.tell(live.topics.sign_in(sign_in_id), "signed_out")
        case.tell(live.topics.sign_ins(), "signed_out", id=sign_in_id)


async def end_all_of(case: UseCase, member_id: str, *, but: str | None = None) -> int:
    """End all of a member's sessions except the one of the token `but`. Returns how many."""
    kept = digest(but) if but else ""
    ended = [row.id for row in await sign_ins.rows_of(case.session, member_id) if row.id != kept]
    await end(case, *ended)
    return len(ended)


async def member_of(token: str | None, *, now: datetime) -> Member:
    """Who is asking. Raises NotSignedIn for nobody, an ended session and a disabled member."""
    if not token:
        raise NotSignedIn
    sign_in_id = digest(token)
    member = await _members.get(sign_in_id, lambda: _signed_in(sign_in_id, now))
    if member is None:
        raise NotSignedIn("Your session has ended. Sign in again; your drafts are kept.")
    return member


async def _signed_in(sign_in_id: str, now: datetime) -> Member | None:
    """Look in the database, and note that the session is in use. If noting fails, the session stays open."""
    found = await sign_ins.signed_in(sign_in_id, now=now)
    if found is None:
        return None
    if now - found.used_at >= USE_NOTED_EVERY:
        try:
            async with use_case() as case:
                await sign_ins.note_use(case.session, sign_in_id, now=now)
        except DatabaseUnavailable:
            log.warning("the use of a session could not be noted; it is noted with its next use")
    return found.member


def id_of(token: str) -> str:
    """What names this session in topics: never the token itself."""
    return digest(token)


async def forget_what_ends_elsewhere() -> None:
    """Who signs out in one process is signed out in all: runs as long as the process."""
    async with live.subscribe(live.topics.sign_ins()) as changes:
        forget()  # what ended before, if this begins again
        while True:
            event = await changes.next()
            forget(*event.data.values())


def forget(*sign_in_ids: str) -> None:
    """Ask the database again for these, or for all."""
    _members.forget(*sign_in_ids)
