"""A hint that was lost keeps nothing open: sessions and chats are looked at again, whoever ended them and however."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from inbox_app import clock
from inbox_app.data.engine import unit_of_work
from inbox_app.data.keeping import PARTS
from inbox_app.data.tables import ConversationRow, MemberRow, SignInRow
from inbox_app.services import rechecking
from tests.api.conftest import People

ENDINGS = {
    "signed out": delete(SignInRow),
    "expired": update(SignInRow).values(expires_at=clock.now() - timedelta(days=1)),
    "not used for too long": update(SignInRow).values(used_at=clock.now() - timedelta(days=400)),
    "disabled": update(MemberRow).values(disabled_at=clock.now()),
}


@pytest.mark.parametrize("how", ENDINGS)
async def test_an_agents_stream_ends_with_its_session_even_without_an_event(people: People, how: str) -> None:
    ana = await people.agent()
    async with ana.listen("/agent/events") as stream:
        await stream.next("ready")
        await rechecking.recheck()
        async with unit_of_work() as session:
            await session.execute(ENDINGS[how])
        await rechecking.recheck()
        assert [event.kind for event in await stream.rest()] == []


async def test_an_agents_stream_stays_open_while_its_session_is_good(people: People) -> None:
    _, ana, chat_id = await people.chat()
    async with ana.listen("/agent/events") as stream:
        await stream.next("ready")
        await rechecking.recheck()
        await ana.write(chat_id, "Still here")
        assert (await stream.next("message")).data["text"] == "Still here"


async def test_a_visitors_stream_ends_with_its_chat_even_without_an_event(people: People) -> None:
    vera, _, chat_id = await people.chat()
    await vera.post(f"/conversations/{chat_id}/seen", seq=1)
    async with vera.listen(f"/conversations/{chat_id}/events", "after=2") as stream:
        await stream.next("seen")  # told on connecting: from here on the stream listens
        await rechecking.recheck()
        async with unit_of_work() as session:
            for part in PARTS:
                await session.execute(delete(part).where(col(part.conversation_id) == chat_id))
            await session.execute(delete(ConversationRow).where(col(ConversationRow.id) == chat_id))
        await rechecking.recheck()
        assert [event.kind for event in await stream.rest()] == []
