"""Steps of a booking, each one call: `share_id = await shared(ana, chat_id)`, `await booked(vera, share_id)`."""

import uuid
from typing import Any

import httpx

from tests.api.conftest import Agent, Caller, Visitor

EMAIL = "vera@example.com"


async def shared(agent: Agent, chat_id: str, of: Agent | None = None) -> str:
    """The agent's own calendar, or another's (`of`), in this chat. Returns the share's id."""
    answer = await agent.post(f"/conversations/{chat_id}/calendar-shares", agent_id=(of or agent).member.id)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def starts(caller: Caller, share_id: str) -> list[str]:
    """The free times from today on."""
    answer = await caller.get(f"/calendar-shares/{share_id}/slots")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["slots"])


async def book(visitor: Caller, share_id: str, start: str, **more: Any) -> httpx.Response:
    """The address is given unless said otherwise."""
    wish = {"client_id": str(uuid.uuid4()), "start": start, "email": EMAIL} | more
    return await visitor.post(f"/calendar-shares/{share_id}/bookings", **wish)


async def booked(visitor: Visitor, share_id: str, index: int = 0, **more: Any) -> dict[str, Any]:
    """The first free time, or a later one. Returns the meeting as its visitor reads it."""
    answer = await book(visitor, share_id, (await starts(visitor, share_id))[index], **more)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def code_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem, which has a sentence."""
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["detail"]
    return answer.status_code, problem["code"]


def wrong_fields(answer: httpx.Response) -> list[str]:
    """The fields that a 422 names, each with a sentence."""
    assert answer.status_code == 422, answer.text
    assert all(error["message"] for error in answer.json()["errors"])
    return [error["field"] for error in answer.json()["errors"]]
