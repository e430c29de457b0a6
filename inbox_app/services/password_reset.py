"""Reset a forgotten password by a mailed link.

The answer and the work are the same whether the address belongs to someone: a stranger learns nothing.
"""

from datetime import datetime

from inbox_app.data import members
from inbox_app.data.ids import new_id
from inbox_app.domain.errors import Conflict
from inbox_app.domain.people import check_password
from inbox_app.services import accounts, mailing, member_links, sign_in
from inbox_app.services.hashing import hashing
from inbox_app.services.member_links import RESET
from inbox_app.services.use_case import use_case


async def ask(email: str, *, language: str, address: str, now: datetime) -> None:
    """Plan the mail. An address without an account gets the same rows, so that the time it takes reveals nothing.

    Raises Conflict where mail isn't configured.
    """
    require_mail()
    async with use_case() as case:
        row = await members.by_email(case.session, email)
        subject = row.id if row else new_id()
        case.audit("password.reset_asked", by=None, now=now, subject=subject, address=address)
        await member_links.plan_mail(case, RESET, subject, {"language": language}, key=new_id(), now=now)


def require_mail() -> None:
    """Raise Conflict where mail isn't configured."""
    if not mailing.is_configured():
        raise Conflict("Email isn’t set up here. Ask an admin for a link to reset your password.")


async def reset(token: str, password: str, *, now: datetime) -> str:
    """Set the password and end all sessions. Returns the account's email.

    Raises InvalidInput and NotFound before a password is hashed and the link used.
    """
    check_password(password)
    await member_links.person_of(token, RESET, now=now)
    hashed = await hashing(lambda: sign_in.hash_password(password))
    async with use_case() as case:
        row = await member_links.used(case, token, RESET, now=now)
        if row.disabled_at is not None:
            raise member_links.gone()
        ended = await accounts.replace_password(case, row, hashed)
        case.audit("password.reset", by=row.id, now=now, subject=row.id, sessions_ended=ended)
    sign_in.forget()
    return row.email
