"""The caller's own account: name, picture, password and signed-in browsers. For every role."""

from dataclasses import asdict
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from inbox_app import clock
from inbox_app.api import limits
from inbox_app.api.callers import CallingMember
from inbox_app.api.incoming import clean_router
from inbox_app.api.shapes import Text
from inbox_app.api.sign_in_limits import counted_password
from inbox_app.services import accounts, profile, sign_in

router = clean_router(prefix="/api/v1", tags=["account"])


class PasswordIn(BaseModel):
    """The password in use, and the one that replaces it."""

    current: Text
    new: Text


@router.put("/account/password", status_code=204)
async def change_password(body: PasswordIn, request: Request, member: CallingMember) -> None:
    """Change it: all other sessions end. Only wrong current ones are counted."""
    token = request.cookies.get(sign_in.COOKIE)
    async with counted_password(member.id):
        await accounts.change_password(body.current, body.new, member=member, token=token, now=clock.now())


@router.get("/account/sessions")
async def read_sessions(request: Request, member: CallingMember) -> dict[str, Any]:
    """The browsers in which you are signed in; `is_current` marks the one that asks."""
    found = await accounts.sessions(member=member, token=request.cookies.get(sign_in.COOKIE), now=clock.now())
    return {"items": [asdict(view) for view in found]}


@router.delete("/account/sessions/{session_id}", status_code=204)
async def end_session(session_id: str, member: CallingMember) -> None:
    """Sign one of them out."""
    await accounts.end_session(session_id, member=member, now=clock.now())


@router.delete("/account/sessions", status_code=204)
async def end_other_sessions(request: Request, member: CallingMember) -> None:
    """Sign all of them out but the one that asks."""
    await accounts.end_other_sessions(member=member, token=request.cookies.get(sign_in.COOKIE), now=clock.now())


class ProfileIn(BaseModel):
    """What others see."""

    name: Text


@router.patch("/account", status_code=204)
async def change_profile(body: ProfileIn, member: CallingMember) -> None:
    """Change the name."""
    await profile.rename(body.name, member=member, now=clock.now())


UPLOAD = {"requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}}


@router.put("/account/picture", status_code=204, openapi_extra=UPLOAD)
async def set_picture(request: Request, member: CallingMember) -> None:
    """The body is a JPEG, PNG or WebP file; a square of 256 px is kept, without the file's metadata."""
    await limits.hit(limits.PICTURES_PER_MEMBER, "picture", member.id)
    await profile.set_picture(await request.body(), member=member, now=clock.now())


@router.delete("/account/picture", status_code=204)
async def remove_picture(member: CallingMember) -> None:
    """Show the initials again."""
    await profile.remove_picture(member=member, now=clock.now())


@router.get("/members/{member_id}/picture/{version}", response_class=Response)
async def read_picture(member_id: str, version: str, _member: CallingMember) -> Response:
    """A colleague's picture. A new one has a new address, so a browser may keep this one."""
    content = await profile.picture(member_id, version)
    return Response(content, media_type="image/webp", headers=PICTURE_HEADERS)


PICTURE_HEADERS = {
    "Cache-Control": "private, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
