"""Joining and setting a new password: what a one-time link allows without signing in.

A link is looked at and used by POST with the token in the body: a mail scanner that follows it uses nothing up.
"""

from fastapi import Depends, Request, Response
from pydantic import BaseModel

from inbox_app import clock
from inbox_app.api import limits
from inbox_app.api.auth import remember_browser, set_session_cookie
from inbox_app.api.callers import refuse_other_sites
from inbox_app.api.incoming import clean_router
from inbox_app.api.shapes import Text
from inbox_app.services import invitations, member_links, password_reset, sign_in
from inbox_app.texts.catalogue import closest_language

router = clean_router(prefix="/api/v1/auth", tags=["sign-in"], dependencies=[Depends(refuse_other_sites)])


class AddressIn(BaseModel):
    """Who forgot the password."""

    email: Text


class TokenIn(BaseModel):
    """The part of a link after `#`."""

    token: Text


class NewPasswordIn(TokenIn):
    """The password that replaces the forgotten one."""

    password: Text


class JoinIn(NewPasswordIn):
    """The name and the password of someone who joins."""

    name: Text


@router.post("/reset", status_code=202)
async def ask_for_a_reset(body: AddressIn, request: Request) -> dict[str, str]:
    """Mail a link if the address belongs to someone. The answer is the same if it doesn't; 409 without mail.

    While a link that was mailed minutes ago works, or after six mails in an hour, none is mailed: a stranger who asks
    for links neither floods the owner nor locks the owner out, who has a link that works.
    """
    account, network = sign_in.account_of(body.email), limits.network_of(request)
    await limits.hit(limits.RESETS_PER_ADDRESS, "reset", network)
    await limits.hit(limits.RESETS_PER_ACCOUNT, "reset", account, network)
    password_reset.require_mail()
    is_first = await limits.fits(limits.RESET_MAILS_PER_ACCOUNT, "reset mail", account)
    if is_first and await limits.fits(limits.RESET_MAILS_PER_ACCOUNT_SLOW, "reset mail", account):
        language = closest_language(request.headers.get("accept-language"))
        await password_reset.ask(body.email, language=language, address=limits.address_of(request), now=clock.now())
    return {}


@router.post("/reset/person")
async def person_of_a_reset(body: TokenIn, request: Request) -> dict[str, str]:
    """Whose password the link resets: `{email, name}`."""
    await limits.hit(limits.LINKS_PER_ADDRESS, "links", limits.network_of(request))
    return await member_links.person_of(body.token, member_links.RESET, now=clock.now())


@router.post("/reset/password", status_code=204)
async def reset_password(body: NewPasswordIn, request: Request) -> None:
    """Set the new password; all sessions end. The link works once."""
    await limits.hit(limits.LINKS_PER_ADDRESS, "links", limits.network_of(request))
    email = await password_reset.reset(body.token, body.password, now=clock.now())
    await limits.forgive(limits.RESET_MAILS_PER_ACCOUNT, "reset mail", sign_in.account_of(email))


@router.post("/invitation/person")
async def person_of_an_invitation(body: TokenIn, request: Request) -> dict[str, str]:
    """Who is invited: `{email, name}`."""
    await limits.hit(limits.LINKS_PER_ADDRESS, "links", limits.network_of(request))
    return await member_links.person_of(body.token, member_links.INVITATION, now=clock.now())


@router.post("/invitation", status_code=204)
async def accept_an_invitation(body: JoinIn, request: Request, response: Response) -> None:
    """Join with a name and a password, and be signed in. The link works once."""
    await limits.hit(limits.LINKS_PER_ADDRESS, "links", limits.network_of(request))
    joined = await invitations.accept(
        body.token, name=body.name, password=body.password, address=limits.address_of(request),
        user_agent=request.headers.get("user-agent", ""), now=clock.now(),
    )  # fmt: skip
    set_session_cookie(response, joined.token)
    remember_browser(request, response, joined.email)
