"""What did not go out, for admins."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path

from inbox_app import clock
from inbox_app.api.callers import CallingAdmin
from inbox_app.api.incoming import clean_router
from inbox_app.data import views
from inbox_app.services import deliveries

router = clean_router(prefix="/api/v1", tags=["admin"])


@router.get("/deliveries")
async def read_deliveries(member: CallingAdmin) -> dict[str, Any]:
    """Mails and calendar events that failed, or are tried again; and whether mail is set up at all."""
    rows = await views.deliveries(member, now=clock.now())
    standing = await deliveries.mail_standing(member)
    return {
        "items": [asdict(row) for row in rows], "failed": await views.failed_deliveries(member),
        "mail_is_set_up": standing.is_set_up, "waiting_for_mail": standing.waiting,
    }  # fmt: skip


@router.post("/deliveries/{delivery_id}/retry", status_code=204)
async def retry(delivery_id: Annotated[int, Path(ge=1, le=2**53)], member: CallingAdmin) -> None:
    """Try it at once: 404 for what is not there, 409 for what is done already."""
    await deliveries.retry(delivery_id, member=member, now=clock.now())
