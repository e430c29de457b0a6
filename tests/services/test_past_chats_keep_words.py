"""A past chat shows what was known when its visitor's words last belonged to it (PRODUCT 1.5, 6.4)."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import pytest

from inbox_app.data import keeping, views
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Member, Role
from inbox_app.services import chat, conversations, devices, merging, visitors
from inbox_app.services.visitors import Session
from tests.data.builders import NOW, a_chat, a_device, a_member
from tests.services.builders import a_request, an_active_chat
from tests.services.visitor_sessions import a_secret, a_session

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"
PHONE, COMPANY = "+47 22", "Acme"


async def identified(session: Session, ana: Member) -> None:
    await a_session(session.token, name="Vera", email=VERA, phone=PHONE, company=COMPANY, job_title="Architect")


async def asked_again(session: Session, ana: Member) -> None:
    device = await devices.device(session.token)
    await an_active_chat(ana, device, name="Vera", email=VERA, phone=PHONE, company=COMPANY)


async def left_a_message(session: Session, ana: Member) -> None:
    device = await devices.device(session.token)
    claims = Claims(name="Vera", email=VERA, phone=PHONE)
    await chat.leave_message(text="Call me", claims=claims, conversation_id=None, device=device, now=NOW)


async def signed_in(session: Session, ana: Member) -> None:
    secret = await a_secret()
    words = {"name": "Vera", "email": VERA, "phone": PHONE, "company": COMPANY}
    await a_session(session.token, user_id="42", secret=secret, address_too=True, **words)


async def signed_in_with_a_record(session: Session, ana: Member) -> None:
    secret = await a_secret()
    words = {"name": "Vera", "email": VERA, "phone": PHONE, "company": COMPANY}
    await a_session(user_id="42", secret=secret, address_too=True, **words)
    await a_session(session.token, user_id="42", secret=secret)


async def proved_by_an_address(session: Session, ana: Member) -> None:
    secret = await a_secret()
    await a_chat(agent=ana, state="ended", device=await a_device("Vera", email=VERA, phone=PHONE, company=COMPANY))
    await a_session(session.token, user_id="42", secret=secret, email=VERA, address_too=True)


Later = Callable[[Session, Member], Awaitable[None]]
LATER = pytest.mark.parametrize(
    "later",
    [identified, asked_again, left_a_message, signed_in, signed_in_with_a_record, proved_by_an_address],
    ids=lambda later: later.__name__,
)
FIRST: dict[str, dict[str, str]] = {
    "nothing": {}, "a name": {"name": "V"}, "an address": {"email": VERA}, "a phone": {"phone": "+1"},
    "everything": {"name": "V", "email": VERA, "phone": "+1", "company": "Old", "job_title": "Baker"},
}  # fmt: skip


async def shown(chat_id: str) -> dict[str, Any]:
    """Of a past chat, wherever agents and managers read who its visitor is."""
    mia = await a_member("Mia", role=Role.MANAGER, is_present=False)
    row = next(asdict(one) for one in (await views.history(mia)).items if one.id == chat_id)
    transcript = asdict(await views.transcript(mia, chat_id))
    page, _ = await keeping.past_page(None, limit=50)
    exported = next(one["visitor"] for one in page if one["id"] == chat_id)
    listed = (await views.conversation(mia, chat_id)).title
    return {
        "row": (row["title"], row["email"]), "transcript": (transcript["title"], transcript["email"]), "list": listed,
        **{name: exported[name] for name in ("name", "email", "phone", "company", "job_title")},
    }  # fmt: skip


@LATER
@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST.keys())
async def test_what_a_browser_says_or_proves_later_changes_nothing(first: dict[str, str], later: Later) -> None:
    ana, session = await a_member(), await a_session()
    chat_id = await an_active_chat(ana, await devices.device(session.token), **first)
    await conversations.end(chat_id, member=ana, now=NOW)
    before = await shown(chat_id)
    assert (before["name"], before["email"]) == (first.get("name", ""), first.get("email", ""))
    assert {name: before[name] for name in first} == first

    await later(session, ana)

    after = await shown(chat_id)
    code = (after.pop("list"), after["row"], after["transcript"])
    if "name" in first:
        assert code[0] == before["list"]
        assert after == {name: value for name, value in before.items() if name != "list"}
    else:  # an anonymous visitor goes by a code of the record, which may be another one now
        assert {one if isinstance(one, str) else one[0] for one in code} == {code[0]}
        assert code[0].startswith("Visitor ")
        assert {name: after[name] for name in ("name", "email", "phone", "company", "job_title")} == {
            name: before[name] for name in ("name", "email", "phone", "company", "job_title")
        }


async def test_nor_does_another_persons_chat_take_anything_from_a_record_that_joins_it() -> None:
    """A known person's own past chat, in which no name was said, before a browser with a name is hers too."""
    secret, ana = await a_secret(), await a_member()
    laptop = await a_session(user_id="42", secret=secret)
    chat_id = await an_active_chat(ana, await devices.device(laptop.token))
    await conversations.end(chat_id, member=ana, now=NOW)
    before = await shown(chat_id)

    phone = await a_session(name="Otto", phone=PHONE, company=COMPANY)
    await a_session(phone.token, user_id="42", secret=secret)

    assert await shown(chat_id) == before
    assert before["name"] == ""


async def test_those_to_follow_up_keep_their_phone_and_address() -> None:
    ana, session = await a_member(is_present=False), await a_session()
    await a_request(await devices.device(session.token))
    (before,) = await views.missed(ana, now=NOW)

    await identified(session, ana)

    assert await views.missed(ana, now=NOW) == [before]
    assert (before.title.startswith("Visitor "), before.email, before.phone) == (True, "", "")


async def test_a_left_message_names_the_visitor_of_the_chat_that_was_missed() -> None:
    session = await a_session()
    device = await devices.device(session.token)
    missed, another = await a_request(device), await a_request(device)
    claims = Claims(name="Vera", email=VERA)
    await chat.leave_message(text="Call me", claims=claims, conversation_id=missed, device=device, now=NOW)

    read = {one: await shown(one) for one in (missed, another)}
    assert read[missed]["row"] == ("Vera", VERA)
    assert (read[another]["name"], read[another]["email"]) == ("", "")

    await a_session(session.token, name="Otto", phone=PHONE)
    assert await shown(missed) == read[missed]


async def test_an_open_chat_takes_what_its_visitor_says() -> None:
    ana, session = await a_member(), await a_session()
    chat_id = await an_active_chat(ana, await devices.device(session.token))
    await identified(session, ana)
    assert (await views.conversation(ana, chat_id)).title == "Vera"


async def test_a_corrected_slip_is_corrected_wherever_a_past_chat_kept_it() -> None:
    ana, session = await a_member(), await a_session()
    chat_id = await an_active_chat(
        ana, await devices.device(session.token), name="Vera", email="vera@exmaple.com", phone="+4", company="Amce"
    )
    await conversations.end(chat_id, member=ana, now=NOW)
    await a_session(session.token, name="Vera Lind", job_title="Architect")
    right = {"email": VERA, "phone": PHONE, "company": COMPANY, "job_title": "Baker"}

    await visitors.correct_all(session.visitor_id, right, member=ana, now=NOW)

    read = await shown(chat_id)
    assert (read["email"], read["phone"], read["company"]) == (VERA, PHONE, COMPANY)
    assert (read["name"], read["job_title"]) == ("Vera", "")  # nothing that wasn't said in it
    (row,) = (await views.history(await a_member("Max", role=Role.MANAGER, is_present=False))).items
    assert row.email_confirmed


async def test_after_a_merge_by_an_agent_past_chats_go_by_the_known_record() -> None:
    ana, session = await a_member(), await a_session()
    known = await a_chat(agent=ana, state="ended", device=await a_device("Vera Lind", email=VERA))
    chat_id = await an_active_chat(ana, await devices.device(session.token))
    await conversations.end(chat_id, member=ana, now=NOW)
    await a_session(session.token, name="V", email=VERA)

    await merging.merge(session.visitor_id, known.visitor_id, member=ana, now=NOW)

    assert (await shown(chat_id))["row"] == ("Vera Lind", VERA)


async def test_the_panel_repeats_nothing_of_a_past_chat_that_the_record_says_too() -> None:
    ana, session = await a_member(), await a_session()
    chat_id = await an_active_chat(ana, await devices.device(session.token), name="Vera", email=VERA, phone="+1")
    await conversations.end(chat_id, member=ana, now=NOW)
    await a_session(session.token, phone=PHONE)
    assert (await views.visitor(ana, session.visitor_id)).said == {"phone": "+1"}
