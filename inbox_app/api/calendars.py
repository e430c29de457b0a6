"""Calendars that agents connect (PRODUCT 4.1), and how all of them are, for admins."""

from typing import Any

from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from inbox_app import clock
from inbox_app.api.callers import CallingAdmin, CallingAgent
from inbox_app.api.incoming import clean_router
from inbox_app.api.shapes import Optional, Switch, Text
from inbox_app.data import views
from inbox_app.domain.errors import Conflict, InvalidInput
from inbox_app.services import calendar_consent, calendars

router = clean_router(prefix="/api/v1", tags=["calendars"])


class AccountIn(BaseModel):
    """An account on a CalDAV server."""

    url: Text
    account: Text
    password: Text


class CalendarIn(AccountIn):
    """`address`: of one of its calendars; empty: the first that is found at `url`."""

    address: Optional = ""
    name: Optional = ""


class ChangeIn(BaseModel):
    """What is left out stays."""

    name: Text | None = None
    is_target: Switch | None = None


def shown(view: Any) -> dict[str, Any]:
    """Null for what is not known."""
    times = {"broken_since": view.broken_since or None, "checked_at": view.checked_at or None}
    return vars(view) | {"problem": view.problem or None} | times


@router.get("/agent/calendars")
async def read_calendars(member: CallingAgent) -> dict[str, Any]:
    """My own, with how they are. Never a secret."""
    return {"items": [shown(view) for view in await views.calendars(member)]}


@router.post("/agent/calendars/discover")
async def discover(body: AccountIn, member: CallingAgent) -> dict[str, Any]:
    """The calendars of this account. Nothing is kept."""
    found = await calendars.discover(body.url, body.account, body.password, member=member, now=clock.now())
    return {"items": [vars(calendar) for calendar in found]}


@router.post("/agent/calendars", status_code=201)
async def connect(body: CalendarIn, member: CallingAgent) -> dict[str, Any]:
    """Connect one. It is read first; 422 says what to do, and nothing is kept."""
    address, name = body.address, body.name
    if not address:
        found = await calendars.discover(body.url, body.account, body.password, member=member, now=clock.now())
        address, name = found[0].address, name or found[0].name
    calendar_id = await calendars.connect_caldav(
        address, body.account, body.password, name=name, member=member, now=clock.now()
    )
    return next(shown(view) for view in await views.calendars(member) if view.id == calendar_id)


@router.patch("/agent/calendars/{calendar_id}", status_code=204)
async def change(calendar_id: str, body: ChangeIn, member: CallingAgent) -> None:
    """Its name here, and whether meetings are written into it."""
    if body.name is not None:
        await calendars.rename(calendar_id, body.name, member=member)
    if body.is_target is not None:
        await calendars.set_target(calendar_id, body.is_target, member=member)


@router.delete("/agent/calendars/{calendar_id}", status_code=204)
async def disconnect(calendar_id: str, member: CallingAgent) -> None:
    """Forget it; what was written there stays there."""
    await calendars.disconnect(calendar_id, member=member, now=clock.now())


@router.get("/calendars")
async def health(member: CallingAdmin) -> dict[str, Any]:
    """Of everyone: whose, what kind, whether it answers."""
    return {"items": [shown(view) for view in await views.calendar_health(member)]}


@router.get("/calendars/oauth/{provider}/start", status_code=303)
async def ask_consent(provider: str, member: CallingAgent) -> RedirectResponse:
    """To the page of Google or Microsoft that asks."""
    return RedirectResponse(calendar_consent.begin(provider, member=member, now=clock.now()), 303)


@router.get("/calendars/oauth/{provider}/callback", status_code=303)
async def take_consent(provider: str, member: CallingAgent, state: Text = "", code: Text = "") -> RedirectResponse:
    """From their page, back to the settings, which say what came of it."""
    if not code:
        return RedirectResponse("/settings?calendar=refused#calendars", 303)
    try:
        await calendar_consent.finish(provider, state=state, code=code, member=member, now=clock.now())
    except (Conflict, InvalidInput):
        return RedirectResponse("/settings?calendar=failed#calendars", 303)
    return RedirectResponse("/settings?calendar=connected#calendars", 303)
