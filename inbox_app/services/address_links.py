"""An agent has a link sent to the address that a visitor claims in a chat (PRODUCT 6.4)."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from inbox_app import live
from inbox_app.data import outbox
from inbox_app.data.engine import reading_session
from inbox_app.data.ids import new_id
from inbox_app.data.tables import DeviceRow
from inbox_app.data.views import visitor_chat
from inbox_app.data.views.visitors import LINK_MAIL
from inbox_app.domain.errors import Conflict, NotAllowed
from inbox_app.domain.people import Member
from inbox_app.integrations.mail_message import Mail
from inbox_app.services import address_proof, mailing
from inbox_app.services.mail_layout import Block, Link, Paragraph, Title, as_html, as_text
from inbox_app.services.outgoing import Errand, NotNeeded
from inbox_app.services.own_visitors import visitor_of
from inbox_app.services.use_case import UseCase, use_case
from inbox_app.settings import get_settings
from inbox_app.texts.catalogue import closest_language, translate

PAUSE: Final = timedelta(hours=1)
log = logging.getLogger(__name__)


async def send(visitor_id: str, conversation_id: str | None = None, *, member: Member, now: datetime) -> None:
    """Mail the claimed address a link that proves it for the browser of this chat, or of the member's newest.

    Raises NotFound, NotAllowed unless the caller is the agent of one of the visitor's chats or an admin, Conflict where
    there is nothing to confirm, without mail, or within an hour of the last link to this address or for this browser.
    """
    refusal = "Only the agent of this chat or an admin can send a link to its visitor."
    async with use_case() as case:
        visitor = await visitor_of(case, visitor_id, member=member, refusal=refusal)
        if not mailing.is_configured():
            raise Conflict("Email isn’t set up, so no link can be sent.")
        chat = None
        if conversation_id is not None:
            (chat,) = await visitor_chat.chats(case.session, member, visitor_id, conversation_id)
            if not visitor_chat.is_its_agent(member, chat):
                raise NotAllowed(refusal)
        claiming = await visitor_chat.claiming(case.session, member, visitor, chat)
        await _plan(case, claiming, visitor.email or visitor.said_email, now=now)
        case.audit("visitor.link_sent", by=member.id, now=now, subject=visitor_id)
        case.tell(live.topics.visitor(visitor_id), "changed")
    log.info("planned address link visitor=%s", visitor_id)


async def _plan(case: UseCase, chat: Any, email: str, *, now: datetime) -> None:
    if chat is None:
        raise Conflict("There is no address to confirm.")
    for sent in await outbox.planned_since(case.session, LINK_MAIL, now - PAUSE):
        if sent["email"] == email or sent["device_id"] == chat.device_id:
            raise Conflict("A link was sent less than an hour ago. Try again later.")
    await outbox.plan(
        case.session, kind=LINK_MAIL, key=f"{LINK_MAIL}:{new_id()}", subject_id=chat.id,
        payload={"email": email, "device_id": chat.device_id}, now=now,
    )  # fmt: skip


async def mail(errand: Errand, *, now: datetime) -> None:
    """Hand the mail over. Raises NotNeeded when the address was proved, denied or replaced meanwhile."""
    email = errand.payload["email"]
    async with reading_session() as session:
        device = await session.get(DeviceRow, errand.payload["device_id"])
        if device is None:
            raise NotNeeded("gone")
        token = await address_proof.token_for_chat(session, errand.subject_id, email, now=now)
        if not token:
            raise NotNeeded("withdrawn")
    language = closest_language(device.language)
    say = {name: translate(sentence, language) for name, sentence in _WORDS.items()}
    url = f"{get_settings().public_url}/confirm#{token}"
    blocks: list[Block] = [
        Title(say["subject"]), Paragraph(say["words"]), Link(say["link"], url),
        Paragraph(say["quiet"], is_quiet=True),
    ]  # fmt: skip
    await mailing.send(
        Mail(
            key=errand.key, to_name="", to_email=email, date=now, subject=say["subject"], text=as_text(blocks),
            html=as_html(blocks, language=language),
        )
    )  # fmt: skip


_WORDS: Final = {
    "subject": "Confirm your email address",
    "words": "Someone gave this address in a chat with us. If that was you, please confirm it.",
    "link": "Confirm your address",
    "quiet": "The link is valid for 30 days. If you didn’t chat with us, open it and say so, or ignore this email.",
}
