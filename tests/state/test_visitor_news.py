"""An open page whose visitor is merged into another record."""

from contextlib import aclosing

import pytest

from inbox_app.data import views
from inbox_app.services import merging
from inbox_app.state.visitor_news import while_known
from tests.data.builders import NOW, a_chat, a_device, a_member

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


async def test_following_a_visitor_ends_without_an_error_when_the_record_is_merged() -> None:
    ana = await a_member()
    known = await a_chat(agent=ana, state="ended", device=await a_device("Vera Lind", email=VERA))
    claimant = await a_chat(agent=ana, device=await a_device("V", said_email=VERA))
    shown = []
    async with aclosing(while_known(claimant.visitor_id, lambda: views.visitor(ana, claimant.visitor_id))) as news:
        async for visitor in news:
            shown.append(visitor.name)
            await merging.merge(claimant.visitor_id, known.visitor_id, member=ana, now=NOW)
    assert shown == ["V"]
