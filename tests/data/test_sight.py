"""PRODUCT 1.1: no view shows what `permissions.can_see` does not allow, whoever asks, whatever lies in the database."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from inbox_app.data import views
from inbox_app.domain.conversation import PAST, Conversation, State
from inbox_app.domain.errors import NotFound
from inbox_app.domain.people import Member, Role
from inbox_app.domain.permissions import can_see
from tests.data.builders import NOW, Chat, a_chat, a_device, a_member, an_offer

pytestmark = pytest.mark.usefixtures("database")
randomly = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
#                       state, number of its agent, number of its visitor
drafts = st.lists(st.tuples(st.sampled_from(State), st.integers(0, 4), st.integers(0, 3)), min_size=5, max_size=12)


@dataclass
class World:
    """Everything that lies in the database, and everyone who may ask."""

    members: list[Member]
    chats: list[Chat]

    def seen_by(self, member: Member) -> set[str]:
        return {chat.id for chat in self.chats if can_see(member, as_the_rules_know(chat))}


def as_the_rules_know(chat: Chat) -> Conversation:
    agent_id = chat.agent.id if chat.agent else None
    return Conversation(chat.id, chat.visitor_id, chat.state, NOW, agent_id=agent_id)


async def a_world(drafts: list[tuple[State, int, int]]) -> World:
    members = [
        await a_member("Ana"), await a_member("Ben"), await a_member("Mia", role=Role.MANAGER),
        await a_member("Root", role=Role.ADMIN), await a_member("Rita", role=Role.ADMIN, takes_chats=True),
    ]  # fmt: skip
    devices = [await a_device(f"Visitor {number}") for number in range(4)]
    chats = []
    for number, (state, agent, visitor) in enumerate(drafts):
        answered = members[agent] if state in {State.ACTIVE, State.ENDED} else None
        chat = await a_chat(
            agent=answered,
            state=state,
            device=devices[visitor],
            texts=(f"secret word{number:03}", f"word{number:03} last"),
        )
        chats.append(chat)
        if state is State.OFFERED:
            await an_offer(chat, members[agent])
    return World(members, chats)


async def found(reading: Awaitable[Any]) -> Any:
    """What a view answers, or None for "there is nothing here for you"."""
    try:
        return await reading
    except NotFound:
        return None


@randomly
@given(drafts)
async def test_the_list_shows_exactly_what_may_be_seen(drafts: list[tuple[State, int, int]]) -> None:
    world = await a_world(drafts)
    for member in world.members:
        mine = {chat.id for chat in world.chats if chat.state not in PAST} & world.seen_by(member)
        created = {chat.id for chat in world.chats}
        for only, expected in (("active", mine), ("all", world.seen_by(member))):
            page = await views.conversation_rows(member, only=only, limit=50)  # type: ignore[arg-type]
            assert {row.id for row in page.items} & created == expected


@randomly
@given(drafts)
async def test_search_finds_nothing_that_may_not_be_seen(drafts: list[tuple[State, int, int]]) -> None:
    world = await a_world(drafts)
    for member in world.members:
        for number, chat in enumerate(world.chats):
            page = await views.conversation_rows(member, only="all", query=f"WORD{number:03} ", limit=50)
            is_found = chat.id in {row.id for row in page.items}
            assert is_found is (chat.id in world.seen_by(member))


@randomly
@given(drafts)
async def test_a_conversation_is_opened_only_by_those_who_may_see_it(drafts: list[tuple[State, int, int]]) -> None:
    world = await a_world(drafts)
    for member in world.members:
        for chat in world.chats:
            answers = [
                await found(views.conversation(member, chat.id)),
                await found(views.messages(member, chat.id)),
                await found(views.messages(member, chat.id, after=99)) is not None,
                await found(views.transcript(member, chat.id)),
                await views.conversation_row(member, chat.id),
            ]
            assert {bool(answer) for answer in answers} == {chat.id in world.seen_by(member)}


@randomly
@given(drafts)
async def test_a_visitor_is_known_only_through_conversations_that_may_be_seen(
    drafts: list[tuple[State, int, int]],
) -> None:
    world = await a_world(drafts)
    for member in world.members:
        seen = {chat.id: chat for chat in world.chats if chat.id in world.seen_by(member)}
        for visitor_id in {chat.visitor_id for chat in world.chats}:
            theirs = {chat.id for chat in seen.values() if chat.visitor_id == visitor_id}
            panel = await found(views.visitor(member, visitor_id))
            history = await found(views.activities(member, visitor_id, now=NOW))
            assert (panel is not None) is (history is not None) is bool(theirs)
            if theirs:
                assert {chat.id for chat in panel.previous_chats} <= {one for one in theirs if seen[one].state in PAST}
                assert {line.conversation_id for line in history} == theirs


@randomly
@given(drafts)
async def test_the_history_of_managers_holds_past_conversations_only(drafts: list[tuple[State, int, int]]) -> None:
    world = await a_world(drafts)
    past = {chat.id for chat in world.chats if chat.state in PAST}
    for member in (one for one in world.members if one.reads_history):
        for how in ({}, {"query": "secret"}):
            page = await views.history(member, limit=50, **how)
            assert {row.id for row in page.items} & {chat.id for chat in world.chats} == past


@randomly
@given(drafts)
async def test_offers_and_counts_are_ones_own(drafts: list[tuple[State, int, int]]) -> None:
    world = await a_world(drafts)
    for number, member in enumerate(world.members):
        offered = {
            chat.id
            for chat, (state, to, _) in zip(world.chats, drafts, strict=True)
            if (state, to) == ("offered", number)
        }
        assert {offer.conversation_id for offer in await views.pending_offers(member)} == offered
        mine = [chat for chat in world.chats if chat.state is State.ACTIVE and chat.id in world.seen_by(member)]
        assert await views.unread_total(member) == 2 * len(mine)
