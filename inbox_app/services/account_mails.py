"""The mails with a link to set a password, as the outbox hands them over."""

from datetime import datetime

from inbox_app.data import members
from inbox_app.data.engine import reading_session
from inbox_app.data.tables import MemberRow
from inbox_app.integrations.mail_message import Mail
from inbox_app.sealing import unseal
from inbox_app.services import mailing, member_links
from inbox_app.services.mail_layout import Block, Link, Paragraph, Title, as_html, as_text
from inbox_app.services.member_links import INVITATION, RESET
from inbox_app.services.outgoing import Errand, NotNeeded
from inbox_app.services.use_case import use_case
from inbox_app.texts.catalogue import closest_language, translate


async def invitation(errand: Errand, *, now: datetime) -> None:
    """Mail an invitation. Raises NotNeeded when it was withdrawn or replaced."""
    token = unseal(errand.payload["token"], purpose=member_links.SEAL, now=now)
    row = await _person(errand.subject_id)
    if not await member_links.is_in_force(token, INVITATION, now=now):
        raise NotNeeded("withdrawn")
    language = closest_language(row.language or errand.payload["language"])
    say = {name: translate(sentence, language, email=row.email) for name, sentence in _INVITATION.items()}
    await _send(errand, row, say, member_links.url_of(INVITATION, token), language, now)


async def reset(errand: Errand, *, now: datetime) -> None:
    """Mail a reset link. Whether the address belongs to an account is decided only here.

    An admin's link comes sealed; for one that was asked for, it is made when the mail goes out.
    """
    row = await _person(errand.subject_id)
    if row.disabled_at is not None:
        raise NotNeeded("disabled")
    if sealed := errand.payload.get("token"):
        token = unseal(sealed, purpose=member_links.SEAL, now=now)
    else:
        async with use_case() as case:
            locked = await members.lock(case.session, row.id)
            if locked is None or locked.disabled_at is not None:
                raise NotNeeded("disabled")
            token, _ = await member_links.make(case, row.id, RESET, now=now)
    language = closest_language(row.language or errand.payload.get("language"))
    say = {name: translate(sentence, language, email=row.email) for name, sentence in _RESET.items()}
    await _send(errand, row, say, member_links.url_of(RESET, token), language, now)


_INVITATION = {
    "subject": "You’re invited to Agent Inbox",
    "words": "Set your name and a password to join. You’ll sign in with {email}.",
    "link": "Accept the invitation",
    "quiet": "The link works once, for 7 days. If you didn’t expect this email, you can ignore it.",
}
_RESET = {
    "subject": "Reset your password",
    "words": "Choose a new password for {email}. You’ll be signed out everywhere.",
    "link": "Choose a new password",
    "quiet": "The link works once and expires soon. If you didn’t ask for it, ignore this email: nothing changes.",
}


async def _person(member_id: str) -> MemberRow:
    async with reading_session() as session:
        row = await session.get(MemberRow, member_id)
    if row is None:
        raise NotNeeded("gone")
    return row


async def _send(errand: Errand, row: MemberRow, say: dict[str, str], url: str, language: str, now: datetime) -> None:
    blocks: list[Block] = [
        Title(say["subject"]), Paragraph(say["words"]), Link(say["link"], url), Paragraph(say["quiet"], is_quiet=True),
    ]  # fmt: skip
    await mailing.send(
        Mail(
            key=errand.key, to_name=row.name, to_email=row.email, date=now, subject=say["subject"],
            text=as_text(blocks), html=as_html(blocks, language=language),
        )
    )  # fmt: skip
