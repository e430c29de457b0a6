"""Signing in by a cookie that scripts cannot read."""

from fastapi import Request, Response
from pydantic import BaseModel

from inbox_app import clock
from inbox_app.api import limits
from inbox_app.api.incoming import clean_router
from inbox_app.api.shapes import Text
from inbox_app.domain.errors import SignInFailed
from inbox_app.services import sign_in
from inbox_app.settings import get_settings

router = clean_router(prefix="/api/v1/auth", tags=["sign-in"])


class Credentials(BaseModel):
    """Email and password."""

    email: Text
    password: Text


@router.post("/login", status_code=204)
async def login(body: Credentials, request: Request, response: Response) -> None:
    """Sign in: 204 with the session cookie; 401 `sign_in_failed` for a wrong pair. Only failures use up the limits."""
    address = limits.address_of(request)
    account = body.email.strip().lower()
    await limits.check(limits.SIGN_INS_PER_ADDRESS, "sign-in", address)
    await limits.hit(limits.SIGN_INS_PER_ACCOUNT, "sign-in", account)
    try:
        token = await sign_in.sign_in(
            body.email, body.password, address=address, user_agent=request.headers.get("user-agent", ""),
            now=clock.now(),
        )  # fmt: skip
    except SignInFailed:
        await limits.hit(limits.SIGN_INS_PER_ADDRESS, "sign-in", address)
        raise
    await limits.forgive(limits.SIGN_INS_PER_ACCOUNT, "sign-in", account)
    set_session_cookie(response, token)


def set_session_cookie(response: Response, token: str) -> None:
    """Scripts can't read it, and other sites can't send it along with a form."""
    response.set_cookie(
        sign_in.COOKIE, token, max_age=int(sign_in.LASTS.total_seconds()), httponly=True, samesite="lax",
        secure=get_settings().is_https, path="/",
    )  # fmt: skip


@router.post("/logout", status_code=204)
async def logout(request: Request, response: Response) -> None:
    """Sign out: the session ends everywhere it is open."""
    await sign_in.sign_out(request.cookies.get(sign_in.COOKIE), now=clock.now())
    response.delete_cookie(sign_in.COOKIE, path="/")
