"""Transcripts to download, and the managers' list."""

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from inbox_app.api.callers import CallingMember, CallingReader
from inbox_app.data import views
from inbox_app.data.models import Transcript
from inbox_app.domain.conversation import PAST
from inbox_app.domain.errors import Conflict
from inbox_app.domain.people import Member
from inbox_app.services import transcripts

router = APIRouter(prefix="/api/v1", tags=["history"])


async def _past(member: Member, conversation_id: str) -> Transcript:
    transcript = await views.transcript(member, conversation_id)
    if transcript.state not in PAST:
        raise Conflict("A transcript can be downloaded once the conversation has ended.")
    return transcript


def _file(body: str, name: str, media_type: str) -> Response:
    return Response(
        body, media_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )  # fmt: skip


@router.get("/conversations/{conversation_id}/transcript.txt")
async def transcript_text(conversation_id: str, member: CallingMember) -> Response:
    """PRODUCT 1.8: as text, times in the member's zone."""
    transcript = await _past(member, conversation_id)
    body = transcripts.as_text(transcript, member)
    return _file(body, f"transcript-{transcript.id}.txt", "text/plain; charset=utf-8")


@router.get("/conversations/{conversation_id}/transcript.json")
async def transcript_json(conversation_id: str, member: CallingMember) -> Response:
    """PRODUCT 1.8: as JSON, times in UTC."""
    transcript = await _past(member, conversation_id)
    body = json.dumps(asdict(transcript), ensure_ascii=False, indent=2)
    return _file(body, f"transcript-{transcript.id}.json", "application/json")


@router.get("/history")
async def read_history(
    member: CallingReader, q: str = "", agent: str = "", outcome: str = "", before: str = "",
    date_from: Annotated[str, Query(alias="from")] = "", date_to: Annotated[str, Query(alias="to")] = "",
) -> dict[str, Any]:  # fmt: skip
    """Past conversations, newest first; `from`, `to`: days, inclusive, in the caller's zone."""
    page = await views.history(
        member, query=q, agent=agent, outcome=outcome, date_from=date_from, date_to=date_to, before=before
    )
    return {"items": [vars(row) for row in page.items], "next": page.next or None}
