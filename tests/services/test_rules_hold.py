"""Whatever happens, in whatever order: never over capacity, never asked twice, never two winners, always a way on."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inbox_app.data import offers as offers_data
from inbox_app.data.engine import reading_session, use_database
from inbox_app.data.tables import ConversationRow, EntryRow, OfferRow
from inbox_app.domain.people import Device, Member
from inbox_app.services import availability, chat, conversations, offers, routing, sweeper, waiting
from tests.data.builders import NOW, a_device, a_member, a_uuid, rows_of
from tests.databases import SqliteTemplate
from tests.services.builders import a_request, come_back, leave

CAPACITIES = (1, 2, 3)
choices = st.integers(0, 1_000)
WHAT = (
    "request", "request", "request", "accept", "accept", "decline", "time", "time", "off", "on", "away", "back",
    "agent_ends", "visitor_ends", "visitor_leaves", "visitor_returns", "write",
)  # fmt: skip
deeds = st.lists(st.tuples(st.sampled_from(WHAT), choices), min_size=5, max_size=40)
KNOWN_SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@dataclass
class World:
    """Three agents, and the visitors who came so far."""

    team: list[Member]
    now: datetime = NOW
    away: set[str] = field(default_factory=set)
    visitors: list[tuple[Device, str]] = field(default_factory=list)

    async def does(self, deed: str, choice: int) -> None:
        await getattr(self, f"_{deed}")(choice)

    async def _request(self, _: int) -> None:
        device = await a_device()
        self.visitors.append((device, await a_request(device, now=self.now)))

    async def _time(self, choice: int) -> None:
        self.now += timedelta(seconds=(5, 30, 60, 300)[choice % 4])
        await sweeper.run_due(now=self.now)

    async def _accept(self, choice: int) -> None:
        await self._answer(offers.accept, choice)

    async def _decline(self, choice: int) -> None:
        await self._answer(offers.decline, choice)

    async def _answer(self, answer: Any, choice: int) -> None:
        pending = sorted(await rows_of(OfferRow, state="pending"), key=lambda row: row.id)
        if pending:
            offer = pending[choice % len(pending)]
            member = next(one for one in self.team if one.id == offer.agent_id)
            await answer(offer.id, member=member, now=self.now)

    async def _off(self, choice: int) -> None:
        await availability.set_available(False, member=self._agent(choice), now=self.now)

    async def _on(self, choice: int) -> None:
        await availability.set_available(True, member=self._agent(choice), now=self.now)

    async def _away(self, choice: int) -> None:
        member = self._agent(choice)
        if member.id not in self.away:
            self.away.add(member.id)
            await leave(member)
            await waiting.agent_is_away(member.id, now=self.now)

    async def _back(self, choice: int) -> None:
        member = self._agent(choice)
        if member.id in self.away:
            self.away.remove(member.id)
            await come_back(member)
            await routing.offer_waiting(now=self.now)

    async def _agent_ends(self, choice: int) -> None:
        active = sorted(await rows_of(ConversationRow, state="active"), key=lambda row: row.id)
        if active:
            row = active[choice % len(active)]
            member = next(one for one in self.team if one.id == row.agent_id)
            await conversations.end(row.id, member=member, now=self.now)

    async def _visitor_ends(self, choice: int) -> None:
        if self.visitors:
            device, chat_id = self.visitors[choice % len(self.visitors)]
            await chat.end(chat_id, device=device, now=self.now)

    async def _visitor_leaves(self, choice: int) -> None:
        if self.visitors:
            device, _ = self.visitors[choice % len(self.visitors)]
            await leave(device)
            await waiting.devices_are_gone([device.id], now=self.now)

    async def _visitor_returns(self, choice: int) -> None:
        if self.visitors:
            await come_back(self.visitors[choice % len(self.visitors)][0])

    async def _write(self, choice: int) -> None:
        active = {row.id for row in await rows_of(ConversationRow, state="active")}
        mine = [pair for pair in self.visitors if pair[1] in active]
        if mine:
            device, chat_id = mine[choice % len(mine)]
            await chat.send(chat_id, client_id=a_uuid(str(choice)), text="Hello?", device=device, now=self.now)

    def _agent(self, choice: int) -> Member:
        return self.team[choice % len(self.team)]

    async def holds(self) -> None:
        """Every rule of PRODUCT 3 that can be seen in the rows."""
        rows, asked = await rows_of(ConversationRow), await rows_of(OfferRow)
        await self._nobody_has_too_much(rows, asked)
        self._nobody_was_asked_twice(asked)
        self._state_and_offers_agree(rows, asked)
        await self._every_accept_is_one_entry(rows)
        await self._everyone_has_a_way_on(rows, asked)

    async def _nobody_has_too_much(self, rows: list[Any], asked: list[Any]) -> None:
        for member, capacity in zip(self.team, CAPACITIES, strict=True):
            active = [row for row in rows if row.state == "active" and row.agent_id == member.id]
            rings = [offer for offer in asked if offer.state == "pending" and offer.agent_id == member.id]
            assert len(active) + len(rings) <= capacity

    def _nobody_was_asked_twice(self, asked: list[Any]) -> None:
        pairs = [(offer.conversation_id, offer.agent_id) for offer in asked]
        assert len(pairs) == len(set(pairs))

    def _state_and_offers_agree(self, rows: list[Any], asked: list[Any]) -> None:
        pending = [offer.conversation_id for offer in asked if offer.state == "pending"]
        assert sorted(pending) == sorted(row.id for row in rows if row.state == "offered")
        assert all((row.agent_id is not None) for row in rows if row.state in {"active", "ended"})
        assert all((row.agent_id is None) for row in rows if row.state in {"waiting", "offered", "missed"})

    async def _every_accept_is_one_entry(self, rows: list[Any]) -> None:
        entries = await rows_of(EntryRow)
        for row in rows:
            seqs = sorted(entry.seq for entry in entries if entry.conversation_id == row.id and entry.seq)
            assert seqs == list(range(1, row.last_seq + 1))

    async def _everyone_has_a_way_on(self, rows: list[Any], asked: list[Any]) -> None:
        async with reading_session() as session:
            team = await offers_data.candidates(session, capacity=5, now=self.now)
        for row in rows:
            if row.state == "waiting":
                tried = {offer.agent_id for offer in asked if offer.conversation_id == row.id}
                there = [one for one in team if one.is_available and one.is_present and one.agent_id not in tried]
                assert there, "waits for nobody"
                assert not any(one.has_room for one in there), "waits although somebody has room"


@settings(max_examples=30, deadline=None, suppress_health_check=KNOWN_SLOW)
@given(deeds)
async def test_the_rules_hold_whatever_happens(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, int]]
) -> None:
    await use_database(sqlite_template.copy(tmp_path_factory.mktemp("world")))
    try:
        world = World([await a_member(f"A{capacity}", capacity=capacity) for capacity in CAPACITIES])
        for deed, choice in done:
            await world.does(deed, choice)
            await world.holds()
        world.now += timedelta(days=1)
        for _ in range(4):
            world.now += timedelta(minutes=20)
            await sweeper.run_due(now=world.now)
        assert {row.state for row in await rows_of(ConversationRow)} <= {"ended", "missed", "cancelled"}
    finally:
        await use_database(None)
