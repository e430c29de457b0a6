"""The visitor panel beside one of two open chats whose visitors share a record (PRODUCT 6.4)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest
from reflex.state import State

from inbox_app import clock
from inbox_app.data.tables import DeviceRow
from inbox_app.services import visitors
from inbox_app.state.thread import ThreadState
from inbox_app.state.visitor_panel import VisitorPanelState
from tests.data.builders import Chat, a_chat, a_device, a_member, set_row
from tests.services.builders import later
from tests.state.test_access_table import browser, signed_in, waits_for_news

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"
Facts = tuple[bool, dict[str, str], str]


@asynccontextmanager
async def opened(root: State, chat: Chat) -> AsyncIterator[VisitorPanelState]:
    """Its page is open: what the thread's listener starts runs, as Reflex would run it."""
    root.router_data = root.router_data | {"asPath": f"/inbox/{chat.id}"}
    async with aclosing(ThreadState.watch.fn(await root.get_state(ThreadState))) as listener:
        (panel, _) = await anext(listener)
        state = await root.get_state(VisitorPanelState)
        running = asyncio.create_task(
            panel.handler.fn(state, **{str(name): _plain(value) for name, value in panel.args})
        )
        try:
            await _is_quiet(running)
            yield state
            await _is_quiet(running)
        finally:
            running.cancel()
            await asyncio.wait({running})


def _plain(value: Any) -> Any:
    return value._var_value


async def _is_quiet(running: asyncio.Task[None]) -> None:
    async with asyncio.timeout(20):
        while not waits_for_news(running):
            await asyncio.wait({running}, timeout=0.01)
            assert not running.done(), running


async def until(state: VisitorPanelState, **facts: Any) -> None:
    """The panel has been told."""
    async with asyncio.timeout(20):
        while any(getattr(state.visitor, name) != value for name, value in facts.items()):  # noqa: ASYNC110  Reflex
            await asyncio.sleep(0.01)


def facts(state: VisitorPanelState) -> Facts:
    return state.visitor.is_signed_in, state.visitor.said, state.chat_id


async def test_switching_and_news_keep_to_the_chat_that_is_open() -> None:
    ana = await a_member()
    own, foreign = await a_device("Vera Lind", email=VERA, user_id="42"), None
    foreign = await a_device("Eve", visitor_id=own.visitor_id)
    await set_row(DeviceRow, {"user_id": "42"}, id=own.id)
    eve = await a_chat(agent=ana, device=foreign, said_name="Eve")
    vera = await a_chat(agent=ana, device=own, at=later(60))
    root = browser(await signed_in(ana.email))
    of_eve, of_vera = (False, {"name": "Eve"}, eve.id), (True, {}, vera.id)
    for chat, told in ((eve, of_eve), (vera, of_vera), (eve, of_eve)):
        async with opened(root, chat) as panel:
            assert facts(panel) == told
            for phone in ("+47 1", "+47 2"):
                await visitors.correct(own.visitor_id, field="phone", value=phone, member=ana, now=clock.now())
                await until(panel, phone=phone)
                assert facts(panel) == told
            await VisitorPanelState.correct.fn(panel, own.visitor_id, "phone", f"+33 {chat.id[:3]}")
            assert (panel.visitor.phone, facts(panel)) == (f"+33 {chat.id[:3]}", told)
