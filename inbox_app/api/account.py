"""The caller's own account: the password and the signed-in browsers. For every role."""

from dataclasses import asdict
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from inbox_app import clock
from inbox_app.api import limits
from inbox_app.api.callers import CallingMember
from inbox_app.api.incoming import clean_router
from inbox_app.api.shapes import Text
from inbox_app.services import accounts, sign_in

router = clean_router(prefix="/api/v1/account", tags=["account"])


class PasswordIn(BaseModel):
    """The password in use, and the one that replaces it."""

    current: Text
    new: Text


@router.put("/password", status_code=204)
async def change_password(body: PasswordIn, request: Request, member: CallingMember) -> None:
    """Change it: all other sessions end. Wrong ones are counted, so that a stolen session can't be used to guess."""
    await limits.hit(limits.PASSWORDS_PER_MEMBER, "password", member.id)
    await accounts.change_password(
        body.current, body.new, member=member, token=request.cookies.get(sign_in.COOKIE), now=clock.now()
    )
    await limits.forgive(limits.PASSWORDS_PER_MEMBER, "password", member.id)


@router.get("/sessions")
async def read_sessions(request: Request, member: CallingMember) -> dict[str, Any]:
    """The browsers in which you are signed in; `is_current` marks the one that asks."""
    found = await accounts.sessions(member=member, token=request.cookies.get(sign_in.COOKIE))
    return {"items": [asdict(view) for view in found]}


@router.delete("/sessions/{session_id}", status_code=204)
async def end_session(session_id: str, member: CallingMember) -> None:
    """Sign one of them out."""
    await accounts.end_session(session_id, member=member, now=clock.now())


@router.delete("/sessions", status_code=204)
async def end_other_sessions(request: Request, member: CallingMember) -> None:
    """Sign all of them out but the one that asks."""
    await accounts.end_other_sessions(member=member, token=request.cookies.get(sign_in.COOKIE), now=clock.now())
