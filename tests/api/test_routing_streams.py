"""What streams tell of offers, waiting, availability and idle chats (CONTRACT): with the fields that clients go by."""

from datetime import datetime, timedelta

from inbox_app import clock
from inbox_app.services import sweeper, waiting
from tests.api.conftest import Agent, People
from tests.services.builders import a_busy_member, leave

EVENTS = "/agent/events"


def in_seconds(seconds: float) -> datetime:
    return clock.now() + timedelta(seconds=seconds)


async def time_passes(seconds: float) -> None:
    """What is due until then is done."""
    await sweeper.run_due(now=in_seconds(seconds))


def chat_events(chat_id: str) -> str:
    return f"/conversations/{chat_id}/events"


async def test_an_offer_tells_until_when_it_rings_and_why(people: People) -> None:
    ana, vera = await people.agent("Ana"), await people.visitor()
    async with ana.listen(EVENTS) as stream:
        await stream.next("ready")
        chat_id = await vera.ask("Do you ship?", name="Vera")
        offer = (await stream.next("offer")).data
    assert (offer["conversation_id"], offer["visitor_name"], offer["text"]) == (chat_id, "Vera", "Do you ship?")
    assert offer["why"] == "It is your turn: everyone who is available takes turns."
    rings_for = datetime.fromisoformat(offer["expires_at"]) - clock.now()
    assert timedelta(seconds=25) < rings_for <= timedelta(seconds=30)
    assert (await ana.get("/offers")).json()["items"] == [offer]


async def test_an_expired_offer_is_gone_here_and_rings_there(people: People) -> None:
    ana, vera = await people.agent("Ana"), await people.visitor()
    await vera.ask()
    ben = await people.agent("Ben")
    async with ana.listen(EVENTS) as at_ana, ben.listen(EVENTS) as at_ben:
        first = (await at_ana.next("offer")).data
        await at_ben.next("ready")
        await time_passes(30)
        assert (await at_ana.next("offer_gone")).data == {"id": first["id"]}
        assert (await at_ben.next("offer")).data["conversation_id"] == vera.chat_id
    assert (await ana.post(f"/offers/{first['id']}/accept")).json()["code"] == "offer_gone"


async def test_what_rings_is_told_again_to_a_page_that_was_reloaded(people: People) -> None:
    ana, vera = await people.agent("Ana"), await people.visitor()
    await vera.ask()
    seen = []
    for _ in range(2):
        async with ana.listen(EVENTS) as stream:
            seen.append((await stream.next("offer")).data)
    assert seen[0] == seen[1]


async def test_an_accept_in_one_tab_is_told_to_the_other(people: People) -> None:
    ana, vera = await people.agent("Ana"), await people.visitor()
    await vera.ask()
    async with ana.listen(EVENTS) as other_tab:
        offer = (await other_tab.next("offer")).data
        assert (await ana.post(f"/offers/{offer['id']}/accept")).status_code == 200
        assert (await other_tab.next("offer_gone")).data == {"id": offer["id"]}
        opened = (await other_tab.next("conversation")).data
    assert (opened["id"], opened["state"]) == (vera.chat_id, "active")


async def test_three_misses_are_told_with_their_cause(people: People) -> None:
    ana, vera = await people.agent("Ana"), await people.visitor()
    async with ana.listen(EVENTS) as stream:
        await stream.next("ready")
        for seconds in (30, 60, 90):
            await vera.ask()
            await time_passes(seconds)
        news = (await stream.next("availability")).data
    assert (news["available"], news["cause"]) == (False, "misses")
    assert (await ana.get("/agent")).json()["available"] is False


async def test_a_boundary_is_told_while_the_page_is_open(people: People) -> None:
    ana = await people.agent("Ana")
    mornings = [
        {"day": day, "from": "00:00", "to": "12:00"} for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    ]
    await ana.put("/agent/schedule", time_zone="UTC", blocks=mornings, exceptions=[])
    before = (await ana.get("/agent")).json()
    boundary = datetime.fromisoformat(before["available_until"])
    async with ana.listen(EVENTS) as stream:
        await stream.next("ready")
        await sweeper.run_due(now=boundary)
        news = (await stream.next("availability")).data
    assert (news["available"], news["available_reason"]) == (not before["available"], "schedule")
    assert datetime.fromisoformat(news["available_until"]) == boundary + timedelta(hours=12)


async def test_a_switch_is_told_to_the_other_tab(people: People) -> None:
    ana = await people.agent("Ana")
    async with ana.listen(EVENTS) as other_tab:
        await other_tab.next("ready")
        answer = (await ana.put("/agent/availability", available=False)).json()
        news = (await other_tab.next("availability")).data
    assert (answer["available"], answer["available_reason"], answer["available_until"]) == (False, "override", None)
    assert (news["available"], news["available_reason"]) == (False, "override")


async def test_a_visitor_sees_the_position_change(people: People) -> None:
    await a_busy_member()
    first, second = await people.visitor(), await people.visitor()
    await first.ask()
    chat_id = await second.ask()
    async with second.listen(chat_events(chat_id), "after=0") as stream:
        assert (await stream.next("queue")).data == {"position": 2}
        await first.post(chat_events(first.chat_id).replace("events", "end"))
        assert (await stream.next("queue")).data == {"position": 1}


async def test_a_visitor_for_whom_nobody_came_is_told_and_the_stream_ends(people: People) -> None:
    await a_busy_member()
    vera = await people.visitor()
    chat_id = await vera.ask()
    async with vera.listen(chat_events(chat_id), "after=1") as stream:
        await stream.next("queue")
        await time_passes(100)
        rest = await stream.rest()
    assert [(event.kind, event.id, event.data["state"]) for event in rest] == [("state", 2, "missed")]
    assert (await vera.get(chat_events(chat_id), after=2)).status_code == 204


async def test_both_sides_are_warned_before_an_idle_end(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    async with vera.listen(chat_events(chat_id), "after=2") as theirs, ana.listen(EVENTS) as mine:
        await mine.next("ready")
        await heard(vera, theirs.next("seen"))
        await time_passes(9 * 60 + 5)
        warnings = (await theirs.next("idle")).data, (await mine.next("idle")).data
        await time_passes(10 * 60 + 5)
        ended = (await theirs.next("state")).data
    assert (warnings[1]["conversation_id"], warnings[1]["ends_at"]) == (chat_id, warnings[0]["ends_at"])
    assert datetime.fromisoformat(warnings[0]["ends_at"]) > in_seconds(9 * 60)
    assert (ended["state"], ended["end_reason"], ended["agent"]) == ("ended", "idle", None)


async def heard(vera: object, seen: object) -> None:
    """The stream listens: it hears what the visitor has just seen."""
    await vera.post(f"/conversations/{vera.chat_id}/seen", seq=1)  # type: ignore[attr-defined]
    await seen  # type: ignore[misc]


async def test_a_visitor_whose_agent_is_gone_sees_that_another_is_asked(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    ben = await people.agent("Ben")
    async with vera.listen(chat_events(chat_id), "after=2") as stream:
        await heard(vera, stream.next("seen"))
        await gone(ana)
        waits, position = await stream.next("state"), await stream.next("queue")
        assert (waits.data["state"], waits.data["agent"], position.data) == ("waiting", None, {"position": 1})
        assert await ben.accept_all() == [chat_id]
        taken = (await stream.next("state")).data
    assert (taken["state"], taken["agent"]) == ("active", {"name": "Ben"})
    assert (await ana.get(f"/conversations/{chat_id}")).status_code == 404


async def gone(agent: Agent) -> None:
    """The last page is closed, for two minutes."""
    await leave(agent.member)
    await waiting.agent_is_away(agent.member.id, now=clock.now())
    await time_passes(120)


async def test_a_visitor_may_write_while_another_agent_is_asked(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    ben = await people.agent("Ben")
    await gone(ana)
    assert (await vera.write("Still there?")).status_code == 201
    assert (await ana.write(chat_id, "I am back")).status_code == 404
    await ben.accept_all()
    texts = [entry["text"] for entry in (await ben.get(f"/conversations/{chat_id}/messages")).json()["items"]]
    assert texts[-1] == "Still there?"
