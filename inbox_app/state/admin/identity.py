"""Signed identities: the site's secrets and whether every identity must be signed (PRODUCT 10.2)."""

from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.services import chat_settings, site_secrets
from inbox_app.services.site_secrets import SiteSecret
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import flag
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin


class IdentityState(rx.State):
    """Of one admin; newest secret first."""

    secrets: list[SiteSecret] = []
    is_required: bool = False
    is_loaded: bool = False
    answer: Answer = Answer()

    @rx.event
    async def open(self) -> None:
        """From the tab. Makes the first secret."""
        await self._read()
        self.answer = Answer()

    @rx.event
    async def rotate(self) -> None:
        """A second valid secret."""
        await self._do(site_secrets.rotate(await admin(self), now=clock.now()), "secret")

    @rx.event
    async def retire(self) -> None:
        """The old secret ends."""
        await self._do(site_secrets.retire(await admin(self), now=clock.now()), "secret")

    @rx.event
    async def require(self, is_required: bool) -> None:
        """From now on."""
        member = await admin(self)
        value = {"identity_required": flag(is_required, field="is_required")}
        await self._do(chat_settings.change(value, member=member, now=clock.now()), "identity_required")

    async def _do(self, deed: Any, about: str) -> None:
        answer = await answered(deed, self.router_data, self.answer, about=about)
        await self._read()
        self.answer = answer

    async def _read(self) -> None:
        secrets = await site_secrets.listed(await admin(self), now=clock.now())
        is_required = (await chat_settings.load()).identity_required
        assign(self, secrets=secrets, is_required=is_required, is_loaded=True)
