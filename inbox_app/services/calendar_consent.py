"""Connecting a calendar at Google or Microsoft by the agent's consent there (OAuth)."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Final

import httpx

from inbox_app.domain.errors import Conflict, NotFound
from inbox_app.domain.people import Member
from inbox_app.domain.permissions import require_agent
from inbox_app.integrations.calendars import module_of, oauth
from inbox_app.integrations.calendars.oauth import Provider
from inbox_app.integrations.calendars.troubles import CalendarTrouble
from inbox_app.sealing import SealBroken, seal, unseal
from inbox_app.services import calendars
from inbox_app.settings import get_settings

PROVIDERS: Final = ("google", "microsoft")
PURPOSE: Final = "calendar consent"
LASTS: Final = timedelta(minutes=10)  # from the question to the answer


def offered() -> list[str]:
    """Those that the operator has set up."""
    return [name for name in PROVIDERS if oauth.provider(name, get_settings())]


def begin(name: str, *, member: Member, now: datetime) -> str:
    """The address of their page. What comes back is bound to this member and runs out. Raises NotFound."""
    require_agent(member)
    verifier = secrets.token_urlsafe(48)
    state = seal(json.dumps([name, member.id, verifier]), purpose=PURPOSE, now=now)
    return oauth.consent_url(_provider(name), redirect_uri=_redirect_uri(name), state=state, verifier=verifier)


async def finish(
    name: str, *, state: str, code: str, member: Member, now: datetime,
    transport: httpx.AsyncBaseTransport | None = None,
) -> str:  # fmt: skip
    """Connect what was consented to. Returns its id. Raises Conflict, NotFound, InvalidInput."""
    require_agent(member)
    provider, verifier = _provider(name), _verifier(name, state, member, now)
    try:
        tokens = await oauth.exchange(
            provider, code=code, verifier=verifier, redirect_uri=_redirect_uri(name), now=now, transport=transport
        )
        module = await module_of(name)
        connection = module.connect(secret=tokens.to_secret(), keep=_keep_nothing, now=now, transport=transport)
        found = (await connection.calendars())[0]
    except CalendarTrouble as trouble:
        raise Conflict(trouble.sentence) from trouble
    return await calendars.keep(
        connection, kind=name, address=found.address, account=tokens.account, name=found.name,
        secret=tokens.to_secret(), member=member, now=now,
    )  # fmt: skip


def _provider(name: str) -> Provider:
    provider = oauth.provider(name, get_settings()) if name in PROVIDERS else None
    if provider is None:
        raise NotFound
    return provider


def _redirect_uri(name: str) -> str:
    return f"{get_settings().public_url}/api/v1/calendars/oauth/{name}/callback"


def _verifier(name: str, state: str, member: Member, now: datetime) -> str:
    """Whoever brings another member's answer, another provider's or an old one is refused."""
    try:
        asked, member_id, verifier = json.loads(unseal(state, purpose=PURPOSE, now=now, lasts=LASTS))
    except SealBroken:
        asked, member_id, verifier = "", "", ""
    if (asked, member_id) != (name, member.id):
        raise Conflict("This sign-in was started by someone else or has expired. Connect the calendar again.")
    return str(verifier)


async def _keep_nothing(_secret: str) -> None:
    return
