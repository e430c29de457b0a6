"""Sessions of visitors, with or without a signature of their site."""

from typing import Any

from inbox_app.data.tables import VisitorRow
from inbox_app.domain.identity import Claims, Signature, sign, sign_email
from inbox_app.domain.people import Role
from inbox_app.services import site_secrets, visitors
from inbox_app.services.visitors import Session, Surroundings
from tests.data.builders import NOW, a_member, rows_of


async def a_secret() -> str:
    root = await a_member("Root", role=Role.ADMIN, is_present=False)
    return (await site_secrets.listed(root, now=NOW))[0].secret


async def a_session(
    token: str | None = None, *, page: str = "", user_id: str = "", secret: str = "", address_too: bool = False,
    **claims: str,
) -> Session:  # fmt: skip
    """Signed, with a secret; with `address_too` also the address."""
    signature = Signature(
        user_id,
        sign(user_id, secret) if secret and user_id else "",
        sign_email(claims["email"], secret) if address_too else "",
    )
    return await visitors.begin_session(token, Surroundings(page_url=page), Claims(**claims), signature, now=NOW)


async def record(session: Session) -> Any:
    (row,) = await rows_of(VisitorRow, id=session.visitor_id)
    return row
