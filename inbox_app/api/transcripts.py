"""Transcripts to download, and the managers' list."""

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Query, Response
from fastapi.responses import StreamingResponse

from inbox_app import clock
from inbox_app.api.callers import CallingMember, CallingReader
from inbox_app.api.incoming import clean_router
from inbox_app.data import views
from inbox_app.data.models import Transcript
from inbox_app.domain.conversation import PAST
from inbox_app.domain.errors import Conflict
from inbox_app.domain.people import Member
from inbox_app.services import transcripts
from inbox_app.services.history_export import Filters, Form, as_csv, as_json, exported

router = clean_router(prefix="/api/v1", tags=["history"])


async def _past(member: Member, conversation_id: str) -> Transcript:
    transcript = await views.transcript(member, conversation_id)
    if transcript.state not in PAST:
        raise Conflict("A transcript can be downloaded once the conversation has ended.")
    return transcript


def _file(body: str, name: str, media_type: str) -> Response:
    return Response(body, media_type=media_type, headers=_attachment(name))


def _attachment(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


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


async def _filters(
    q: str = "", agent: str = "", outcome: str = "",
    date_from: Annotated[str, Query(alias="from")] = "", date_to: Annotated[str, Query(alias="to")] = "",
) -> Filters:  # fmt: skip
    """`from`, `to`: days, inclusive, in the caller's zone."""
    return {"query": q, "agent": agent, "outcome": outcome, "date_from": date_from, "date_to": date_to}


AskedFor = Annotated[Filters, Depends(_filters)]


@router.get("/history")
async def read_history(member: CallingReader, filters: AskedFor, before: str = "") -> dict[str, Any]:
    """Past conversations, newest first."""
    page = await views.history(member, **filters, before=before)
    return {"items": [vars(row) for row in page.items], "next": page.next or None}


@router.get("/history/export.csv")
async def export_csv(member: CallingReader, filters: AskedFor) -> Response:
    """PRODUCT 5.1: the whole filtered set for a spreadsheet, times in UTC."""
    return await _export(member, filters, as_csv, "csv", "text/csv; charset=utf-8")


@router.get("/history/export.json")
async def export_json(member: CallingReader, filters: AskedFor) -> Response:
    """PRODUCT 5.1: the same as JSON."""
    return await _export(member, filters, as_json, "json", "application/json")


async def _export(member: Member, filters: Filters, form: Form, kind: str, media_type: str) -> Response:
    pieces = await exported(member, form, filters, now=clock.now())
    return StreamingResponse(pieces, media_type=media_type, headers=_attachment(f"conversations.{kind}"))
