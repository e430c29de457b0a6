"""The scripted visitor books a time of a calendar that was shared, as the card in the widget does."""

import uuid
from typing import Final

from inbox_app.demo.visitor.browser import Browser, Refused

TRIES: Final = 3
"""So often somebody else may be faster."""


async def book(browser: Browser, share_id: str) -> bool:
    """Whether a meeting stands now; a share that is withdrawn, booked or without free times is left alone."""
    share = (await browser.get(f"/calendar-shares/{share_id}")).json()
    if share["withdrawn"] or share["why_not"]:
        return False
    if share["meeting"]:
        return True
    free = (await browser.get(f"/calendar-shares/{share_id}/slots")).json()
    starts = free["slots"] or [start for start in [free["next_slot"]] if start]
    for _ in range(TRIES):
        if not starts:
            return False
        body = {"client_id": str(uuid.uuid5(uuid.NAMESPACE_URL, share_id)), "start": starts[0]}
        try:
            await browser.post(f"/calendar-shares/{share_id}/bookings", body)
        except Refused as refused:
            if refused.problem.get("code") != "slot_taken":
                return refused.problem.get("code") == "already_booked"
            starts = refused.problem["slots"]
        else:
            return True
    return False
