"""Adding people, and links with which they set a password themselves (PRODUCT 5.3, 9.5)."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.services import invitations, people
from inbox_app.services.member_links import Handed
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import record, text
from inbox_app.state.viewer import admin, language_of
from inbox_app.texts.catalogue import translate

MAILED = "We emailed a link to {email}."


@dataclass(frozen=True)
class LinkToCopy:
    """Where mail isn't configured: what an admin hands over. `url` empty: none."""

    email: str = ""
    url: str = ""
    expires_at: str = ""


class InvitationsState(rx.State):
    """`added` counts, so that the form is empty after each. `answer`: of the form."""

    added: int = 0
    answer: Answer = Answer()
    link: LinkToCopy = LinkToCopy()

    @rx.event
    async def add(self, form: dict[str, Any]) -> Any:
        """Add a person with a first password, or invite one without."""
        member, form = await admin(self), record(form, field="form")
        if form.get("password"):
            deed: Awaitable[Any] = people.invite(form, member=member, now=clock.now())
        else:
            deed = self._hand_over(invitations.invite_form(form, member=member, now=clock.now()))
        self.answer = await answered(deed, self.router_data, self.answer)
        if self.answer.problem:
            return None
        self.added += 1
        return self._told()

    @rx.event
    async def invite_again(self, member_id: str) -> Any:
        """Invite a disabled person, or one whose link has expired."""
        member, member_id = await admin(self), text(member_id, field="member_id")
        await self._hand_over(invitations.invite_again(member_id, member=member, now=clock.now()))
        return self._told()

    @rx.event
    async def offer_reset(self, member_id: str) -> Any:
        """Offer a link to a person who forgot the password."""
        member, member_id = await admin(self), text(member_id, field="member_id")
        await self._hand_over(invitations.reset_link(member_id, member=member, now=clock.now()))
        return self._told()

    @rx.event
    def set_open(self, is_open: bool) -> None:
        """Closing the dialog forgets the link."""
        if not is_open:
            self.link = LinkToCopy()

    async def _hand_over(self, deed: Awaitable[Handed]) -> None:
        handed = await deed
        self.link = LinkToCopy(handed.email, handed.url, handed.expires_at)

    def _told(self) -> list[rx.event.EventSpec]:
        if not self.link.email or self.link.url:
            return []
        words = translate(MAILED, language_of(self.router_data), email=self.link.email)
        self.link = LinkToCopy()
        return [rx.toast.success(words)]
