"""Every kind of news that services tell, with changes that tell it and the topic of a listener who reads again.

A test compares the kinds with the sources.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from inbox_app import live
from inbox_app.data import messages
from inbox_app.data.tables import CalendarRow
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Member, Role
from inbox_app.services import (
    availability,
    calendar_sync,
    calendars,
    chat_settings,
    conversations,
    identity,
    keeping,
    merging,
    offers,
    outbox,
    people,
    presence,
    profile,
    sign_in,
    sweeper,
    visitors,
    waiting,
)
from inbox_app.services.chat import leave_message
from inbox_app.services.use_case import use_case
from tests.data.builders import (
    NOW,
    PASSWORD,
    a_chat,
    a_device,
    a_member,
    a_post,
    rows_of,
    set_row,
)
from tests.services.booking_builders import a_calendar, a_meeting, a_share, at
from tests.services.builders import a_request, an_active_chat, come_back, later, ringing

Change = tuple[str, Callable[[], Awaitable[Any]]]


async def seen() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    await messages.append(a_post(chat))
    return live.topics.conversation(chat.id), lambda: conversations.mark_seen(chat.id, 1, member=ana)


async def end_of_a_chat() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.conversation(chat.id), lambda: conversations.end(chat.id, member=ana, now=NOW)


async def end_of_a_chat_in_the_list() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.agent(ana.id), lambda: conversations.end(chat.id, member=ana, now=NOW)


async def end_of_a_chat_in_the_history() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.past(), lambda: conversations.end(chat.id, member=ana, now=NOW)


async def draft() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.agent(ana.id), lambda: conversations.save_draft(chat.id, "typed", member=ana, now=NOW)


async def offer() -> Change:
    ana = await a_member()
    return live.topics.agent(ana.id), a_request


async def accept() -> Change:
    ana = await a_member()
    _, offer_id = await ringing(await a_request(), ana)
    return live.topics.agent(ana.id), lambda: offers.accept(offer_id, member=ana, now=NOW)


async def decline() -> Change:
    ana, ben = await a_member(), await a_member("Ben", turn=1)
    asked, offer_id = await ringing(await a_request(), ana, ben)
    return live.topics.agent(asked.id), lambda: offers.decline(offer_id, member=asked, now=NOW)


async def place_in_the_queue() -> Change:
    ana = await a_member(capacity=1)
    first, second = await a_request(), await a_request()
    _, offer_id = await ringing(first, ana)
    return live.topics.conversation(second), lambda: offers.accept(offer_id, member=ana, now=NOW)


async def switch() -> Change:
    ana = await a_member()
    return live.topics.agent(ana.id), lambda: availability.set_available(False, member=ana, now=NOW)


async def correction() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.visitor(chat.visitor_id), lambda: visitors.correct(
        chat.visitor_id, field="name", value="Wera", member=ana, now=NOW
    )


async def setting() -> Change:
    root = await a_member("Root", role=Role.ADMIN)
    return live.topics.everyone(), lambda: chat_settings.change({"capacity": 3}, member=root, now=NOW)


async def sign_out() -> Change:
    ana = await a_member()
    token = await sign_in.sign_in(ana.email, PASSWORD, now=NOW)
    return live.topics.sign_in(sign_in.id_of(token)), lambda: sign_in.sign_out(token, now=NOW)


async def preference() -> Change:
    ana = await a_member()
    return live.topics.agent(ana.id), lambda: people.set_preferences(member=ana, language="fr")


async def message() -> Change:
    chat = await a_chat(agent=await a_member())
    return live.topics.conversation(chat.id), lambda: conversations.append(a_post(chat))


async def message_in_the_list() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.agent(ana.id), lambda: conversations.append(a_post(chat))


async def message_in_the_list_is_seen() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    await messages.append(a_post(chat))
    return live.topics.agent(ana.id), lambda: conversations.mark_seen(chat.id, 1, member=ana)


async def idle_warning() -> Change:
    chat_id = await an_active_chat(await a_member())
    return live.topics.conversation(chat_id), lambda: sweeper.run_due(now=later(minutes=9))


async def idle_warning_in_the_list() -> Change:
    ana = await a_member()
    await an_active_chat(ana)
    return live.topics.agent(ana.id), lambda: sweeper.run_due(now=later(minutes=9))


async def _arrival(in_list: bool) -> Change:
    ana, vera = await a_member(), await a_device()
    chat = await a_chat(agent=ana, device=vera)

    async def arrive() -> None:
        await come_back(vera)
        await presence._tell_devices([vera.id], is_online=True)

    return live.topics.agent(ana.id) if in_list else live.topics.conversation(chat.id), arrive


async def arrival() -> Change:
    return await _arrival(in_list=False)


async def arrival_in_the_list() -> Change:
    return await _arrival(in_list=True)


async def score() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.conversation(chat.id), lambda: conversations.set_score(chat.id, 2, member=ana, now=NOW)


async def score_after_the_end() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana, state="ended")
    return live.topics.conversation(chat.id), lambda: conversations.set_score(chat.id, 2, member=ana, now=NOW)


async def merge_in_the_chat() -> Change:
    _, conversation_id, merge = await _a_merge()
    return live.topics.conversation(conversation_id), merge


async def merge_in_the_list() -> Change:
    ana, _, merge = await _a_merge()
    return live.topics.agent(ana.id), merge


async def _a_merge() -> tuple[Member, str, Callable[[], Awaitable[Any]]]:
    ana = await a_member()
    known = await a_chat(agent=ana, state="ended", device=await a_device("Vera Lind", email="vera@example.com"))
    vera = await a_device("V", said_email="vera@example.com")
    chat = await a_chat(agent=ana, device=vera)
    return ana, chat.id, lambda: merging.merge(vera.visitor_id, known.visitor_id, member=ana, now=NOW)


async def merge_in_a_past_chat() -> Change:
    ana = await a_member()
    known = await a_chat(agent=ana, state="ended", device=await a_device("Vera Lind", email="vera@example.com"))
    vera = await a_device("V", said_email="vera@example.com")
    past = await a_chat(agent=ana, device=vera, state="ended")
    return live.topics.conversation(past.id), lambda: merging.merge(
        vera.visitor_id, known.visitor_id, member=ana, now=NOW
    )


async def correction_in_the_list() -> Change:
    ana = await a_member()
    chat = await a_chat(agent=ana)
    return live.topics.agent(ana.id), lambda: visitors.correct(
        chat.visitor_id, field="name", value="Wera", member=ana, now=NOW
    )


async def claimed_address() -> Change:
    vera = await a_device()

    async def claim() -> None:
        async with use_case() as case:
            await identity.claim(case, vera.id, Claims(email="vera@example.com"), now=NOW)

    return live.topics.visitor(vera.visitor_id), claim


async def words_of_a_known_visitor() -> Change:
    vera = await a_device(email="vera@example.com")

    async def claim() -> None:
        async with use_case() as case:
            await identity.claim(case, vera.id, Claims(name="Vera L"), now=NOW)

    return live.topics.visitor(vera.visitor_id), claim


async def page_view() -> Change:
    vera = await a_device()
    surroundings = visitors.Surroundings("https://acme.com/prices", language="fr")
    return live.topics.visitor(vera.visitor_id), lambda: visitors.track_page(vera, surroundings, now=NOW)


async def left_message() -> Change:
    vera = await a_device()
    conversation_id = await a_request(vera)
    return live.topics.past(), lambda: leave_message(
        text="Call me", claims=Claims(email="v@example.com"), conversation_id=conversation_id, device=vera, now=later(5)
    )


async def follow_up() -> Change:
    ana = await a_member()
    missed = await a_chat(state="missed")
    for _ in range(60):
        await a_chat(state="ended", at=later(60))
    return live.topics.past(), lambda: waiting.claim(missed.id, member=ana, now=NOW)


async def pruning() -> Change:
    for days in range(60):
        await a_chat(state="ended", at=NOW - timedelta(days=days))
    return live.topics.past(), lambda: keeping.prune(NOW - timedelta(days=55), now=NOW)


async def meeting_of_all() -> Change:
    share = await a_share(await a_member())
    return live.topics.meetings(), lambda: a_meeting(share, at(10))


async def meeting_with_another_agent_after_the_chat() -> Change:
    ana, ben = await a_member(), await a_member("Ben")
    share = await a_share(ana, of=ben)
    await conversations.end(share.chat.id, member=ana, now=NOW)
    return live.topics.agent(ana.id), lambda: a_meeting(share, at(10))


async def own_meeting_in_anothers_chat() -> Change:
    ana, ben = await a_member(), await a_member("Ben")
    share = await a_share(ana, of=ben)
    return live.topics.agent(ben.id), lambda: a_meeting(share, at(10))


async def _renamed_calendar() -> tuple[Member, Callable[[], Awaitable[Any]]]:
    ana = await a_member()
    await a_calendar(ana)
    (row,) = await rows_of(CalendarRow)
    return ana, lambda: calendars.rename(row.id, "Private", member=ana)


async def calendar() -> Change:
    ana, rename = await _renamed_calendar()
    return live.topics.agent(ana.id), rename


async def calendar_for_all() -> Change:
    _, rename = await _renamed_calendar()
    return live.topics.everyone(), rename


async def calendar_read_again() -> Change:
    ana = await a_member()
    await a_calendar(ana)

    async def read() -> None:
        await set_row(CalendarRow, {"checked_at": later(60)}, member_id=ana.id)
        async with use_case() as case:
            calendar_sync.tell(case, ana.id, is_news=False)

    return live.topics.agent(ana.id), read


async def own_name() -> Change:
    ana = await a_member()
    return live.topics.everyone(), lambda: profile.rename("Anna", member=ana, now=NOW)


async def own_name_on_own_pages() -> Change:
    ana = await a_member()
    return live.topics.agent(ana.id), lambda: profile.rename("Anna", member=ana, now=NOW)


async def delivery() -> Change:
    await a_meeting(await a_share(await a_member()), at(10))
    return live.topics.outbox(), lambda: outbox.run_due(now=later(1))


TOLD: Final[dict[tuple[str, str], list[Callable[[], Awaitable[Change]]]]] = {
    ("agent", "availability"): [switch],
    ("agent", "calendar"): [calendar],
    ("agent", "calendar_read"): [calendar_read_again],
    ("agent", "conversation"): [accept, end_of_a_chat_in_the_list, correction_in_the_list, merge_in_the_list],
    ("agent", "draft"): [draft],
    ("agent", "idle"): [idle_warning_in_the_list],
    ("agent", "meeting"): [own_meeting_in_anothers_chat, meeting_with_another_agent_after_the_chat],
    ("agent", "message"): [message_in_the_list],
    ("agent", "offer"): [offer],
    ("agent", "offer_gone"): [accept, decline],
    ("agent", "preferences"): [preference, own_name_on_own_pages],
    ("agent", "presence"): [arrival_in_the_list],
    ("agent", "seen"): [message_in_the_list_is_seen],
    ("conversation", "idle"): [idle_warning],
    ("conversation", "message"): [message],
    ("conversation", "presence"): [arrival],
    ("conversation", "queue"): [place_in_the_queue],
    ("conversation", "score"): [score, score_after_the_end],
    ("conversation", "seen"): [seen],
    ("conversation", "state"): [end_of_a_chat],
    ("conversation", "visitor"): [merge_in_the_chat, merge_in_a_past_chat],
    ("everyone", "calendar"): [calendar_for_all],
    ("everyone", "people"): [own_name],
    ("everyone", "settings"): [setting],
    ("meetings", "meeting"): [meeting_of_all],
    ("outbox", "delivery"): [delivery],
    ("past", "conversation"): [end_of_a_chat_in_the_history, follow_up, left_message],
    ("past", "resync"): [pruning],
    ("sign_in", "signed_out"): [sign_out],
    ("visitor", "activity"): [page_view],
    ("visitor", "changed"): [claimed_address, words_of_a_known_visitor, correction],
}
"""By topic and kind."""
