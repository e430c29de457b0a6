"""A link sent to an address proves it (PRODUCT 6.4), if it is opened in the browser that claimed the address.

Nothing but mail carries its token: the token of a meeting's link, which the API returns too, proves nothing.
"""

import json
import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from inbox_app.data import conversations
from inbox_app.data.tables import ConversationRow, MeetingRow, VisitorRow
from inbox_app.domain.errors import NotAllowed, NotFound
from inbox_app.domain.identity import Claims, Proof
from inbox_app.domain.people import Device
from inbox_app.sealing import SealBroken, seal, unseal
from inbox_app.services import identity
from inbox_app.services.use_case import use_case

PURPOSE: Final = "address proof"
LASTS: Final = timedelta(days=30)
log = logging.getLogger(__name__)


async def token_for(session: AsyncSession, meeting: MeetingRow, visitor: VisitorRow, *, now: datetime) -> str:
    """For the mail about this meeting; empty when the address needs no proof."""
    if visitor.email == meeting.visitor_email:
        return ""
    conversation = await session.get_one(ConversationRow, meeting.conversation_id)
    return seal(json.dumps([conversation.device_id, meeting.visitor_email]), purpose=PURPOSE, now=now)


async def confirm(token: str, *, device: Device, now: datetime) -> None:
    """The address is the one of this browser's visitor from now on.

    Raises NotFound for a token that isn't valid, NotAllowed in another browser: whoever receives a mail that a
    stranger caused must not prove the stranger's claim by opening it.
    """
    try:
        device_id, email = json.loads(unseal(token, purpose=PURPOSE, now=now, lasts=LASTS))
    except SealBroken:
        raise NotFound("This link doesn't work. Open it from the email again.") from None
    if device_id != device.id:
        raise NotAllowed("Open this link in the browser in which you chatted.")
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        visitor = await identity.prove(case, device.id, Proof(email=email), Claims(email=email), by="link", now=now)
        case.audit("visitor.address_proved", by=None, now=now, subject=visitor.id)
    log.info("proved address visitor=%s", visitor.id)
