"""A member's own account: the password, and the browsers that are signed in.

A changed password ends every other session, because anyone who knew the old one may be signed in with it.
"""

from datetime import datetime

from inbox_app.data import member_links, members, sign_ins
from inbox_app.data.engine import reading_session
from inbox_app.data.instants import iso
from inbox_app.data.models import SessionView
from inbox_app.data.tables import MemberRow, SignInRow
from inbox_app.domain.browsers import browser_of
from inbox_app.domain.errors import InvalidInput, NotFound
from inbox_app.domain.people import Member, check_password
from inbox_app.services import sign_in
from inbox_app.services.hashing import hashing
from inbox_app.services.member_links import RESET
from inbox_app.services.use_case import UseCase, use_case


async def change_password(current: str, new: str, *, member: Member, token: str | None, now: datetime) -> None:
    """Set a new password; the session of `token` stays. Raises InvalidInput for `current` or `new`."""
    check_password(new, field="new")
    async with reading_session() as session:
        seen = await session.get_one(MemberRow, member.id)
    is_known = await sign_in.is_right(current, seen.password_hash)
    hashed = await hashing(lambda: sign_in.hash_password(new)) if is_known else ""
    async with use_case() as case:
        is_changed = is_known and await sign_in.is_unchanged(case, seen)
        if is_changed:
            row = await case.session.get_one(MemberRow, member.id)
            ended = await replace_password(case, row, hashed, keep=token)
            case.audit("password.changed", by=member.id, now=now, subject=member.id, sessions_ended=ended)
        else:
            case.audit("password.refused", by=member.id, now=now, subject=member.id)
    if not is_changed:
        raise InvalidInput("current", "Your current password is incorrect.")
    sign_in.forget()


async def set_password(email: str, password: str, *, now: datetime) -> Member:
    """The operator sets someone's password. Raises InvalidInput, NotFound."""
    hashed = sign_in.hash_password(check_password(password))
    async with use_case() as case:
        row = await members.by_email(case.session, email)
        if row is None:
            raise NotFound(f"There is no user with the email {email}.")
        ended = await replace_password(case, row, hashed)
        case.audit("password.set", by=None, now=now, subject=row.id, sessions_ended=ended)
    sign_in.forget()
    return members.value(row)


async def replace_password(case: UseCase, row: MemberRow, hashed: str, *, keep: str | None = None) -> int:
    """Store it, revoke reset links and end all sessions but the one of token `keep`. Returns how many ended."""
    row.password_hash = hashed
    await member_links.revoke(case.session, row.id, RESET)
    return await sign_in.end_all_of(case, row.id, but=keep)


async def sessions(*, member: Member, token: str | None, now: datetime) -> list[SessionView]:
    """The browsers in which this member is signed in; the one that asks comes first."""
    current = sign_in.id_of(token or "")
    async with reading_session() as session:
        rows = await sign_ins.rows_of(session, member.id)
    ended = await sign_ins.ended([row.id for row in rows], now=now)
    views = [_view(row, is_current=row.id == current) for row in rows if row.id not in ended]
    return sorted(views, key=lambda view: not view.is_current)


def _view(row: SignInRow, *, is_current: bool) -> SessionView:
    browser, system = browser_of(row.user_agent)
    return SessionView(
        id=row.id, browser=browser, system=system, address=row.address, signed_in_at=iso(row.created_at),
        used_at=iso(row.used_at), is_current=is_current,
    )  # fmt: skip


async def end_session(session_id: str, *, member: Member, now: datetime) -> None:
    """Sign one of the member's own browsers out. Raises NotFound for every other."""
    async with use_case() as case:
        if session_id not in {row.id for row in await sign_ins.rows_of(case.session, member.id)}:
            raise NotFound
        await sign_in.end(case, session_id)
        case.audit("sign_in.ended", by=member.id, now=now)
    sign_in.forget(session_id)


async def end_other_sessions(*, member: Member, token: str | None, now: datetime) -> int:
    """Sign the member out everywhere but in the browser of `token`. Returns how many sessions ended."""
    async with use_case() as case:
        ended = await sign_in.end_all_of(case, member.id, but=token)
        if ended:
            case.audit("sign_in.ended", by=member.id, now=now, sessions_ended=ended)
    sign_in.forget()
    return ended
