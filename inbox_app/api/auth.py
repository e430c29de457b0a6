"""Signing in by a cookie that scripts cannot read."""

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from inbox_app import clock
from inbox_app.api import limits
from inbox_app.api.callers import refuse_other_sites
from inbox_app.api.incoming import clean_router
from inbox_app.api.shapes import Text
from inbox_app.api.sign_in_limits import counted_sign_in
from inbox_app.services import known_browsers, sign_in
from inbox_app.settings import get_settings

router = clean_router(prefix="/api/v1/auth", tags=["sign-in"])
OWN_SITE = [Depends(refuse_other_sites)]


class Credentials(BaseModel):
    """Email and password."""

    email: Text
    password: Text


@router.post("/login", status_code=204, dependencies=OWN_SITE)
async def login(body: Credentials, request: Request, response: Response) -> None:
    """Sign in: 204 with the session cookie; 401 `sign_in_failed` for a wrong pair. Only failures use up the limits."""
    account = sign_in.account_of(body.email)
    known = known_browsers.known_as(request.cookies.get(known_browsers.COOKIE), account, now=clock.now())
    async with counted_sign_in(account, limits.network_of(request), known):
        token = await sign_in.sign_in(
            body.email, body.password, address=limits.address_of(request),
            user_agent=request.headers.get("user-agent", ""),
            may_wait=known is not None or not get_settings().rate_limits, now=clock.now(),
        )  # fmt: skip
    set_session_cookie(response, token)
    remember_browser(request, response, account)


def set_session_cookie(response: Response, token: str) -> None:
    """Scripts can't read it, and other sites can't send it along with a form."""
    response.set_cookie(
        sign_in.COOKIE, token, max_age=int(sign_in.LASTS.total_seconds()), httponly=True, samesite="lax",
        secure=get_settings().is_https, path="/",
    )  # fmt: skip


def remember_browser(request: Request, response: Response, account: str) -> None:
    """Other people's wrong guesses no longer lock this browser out of the account that it signed in to."""
    cookie = known_browsers.remember(request.cookies.get(known_browsers.COOKIE), account, now=clock.now())
    response.set_cookie(
        known_browsers.COOKIE, cookie, max_age=int(known_browsers.LASTS.total_seconds()), httponly=True,
        samesite="strict", secure=get_settings().is_https, path=router.prefix,
    )  # fmt: skip


@router.post("/logout", status_code=204, dependencies=OWN_SITE)
async def logout(request: Request, response: Response) -> None:
    """Sign out: the session ends everywhere it is open."""
    await sign_in.sign_out(request.cookies.get(sign_in.COOKIE), now=clock.now())
    response.delete_cookie(sign_in.COOKIE, path="/")
