"""Who a visitor is (PRODUCT 6.4), what agents correct (1.4), and the 90 days of the history (1.6)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from inbox_app.data import views
from inbox_app.data.tables import ActivityRow, AuditRow, ConversationRow, DeviceRow, VisitorRow
from inbox_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn
from inbox_app.domain.identity import Claims
from inbox_app.domain.people import Role
from inbox_app.services import chat, devices, visitors
from inbox_app.services.visitors import Session, Surroundings
from tests.data.builders import NOW, a_chat, a_device, a_member, a_uuid, an_activity, rows_of
from tests.services.builders import a_request

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


async def a_session(token: str | None = None, *, page: str = "", **claims: str) -> Session:
    return await visitors.begin_session(token, Surroundings(page_url=page), Claims(**claims), now=NOW)


async def test_a_returning_browser_is_recognised_by_its_token() -> None:
    first = await a_session(name="Vera", email=VERA)
    again = await a_session(first.token)
    assert (again.visitor_id, again.name, again.email, again.token) == (first.visitor_id, "Vera", VERA, first.token)


async def test_an_unknown_token_begins_anew_with_another() -> None:
    session = await a_session("not-a-token")
    assert session.token != "not-a-token"
    assert (await devices.device(session.token)).visitor_id == session.visitor_id


async def test_a_token_that_nobody_has_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        await devices.device("not-a-token")


async def test_the_token_itself_is_not_stored() -> None:
    session = await a_session()
    assert session.token not in str([vars(row) for row in await rows_of(DeviceRow)])


async def test_a_message_is_signed_with_the_name_given_a_moment_ago() -> None:
    ana, session = await a_member(), await a_session()
    device = await devices.device(session.token)
    chat_id = await a_request(device, name="Vera")
    await chat.send(chat_id, client_id=a_uuid("2"), text="And?", device=await devices.device(session.token), now=NOW)
    assert (await views.pending_offers(ana))[0].visitor_name == "Vera"
    assert (await rows_of(ConversationRow))[0].last_text == "And?"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "vera"),
        ("name", "x" * 121),
        ("phone", "1" * 121),
        ("company", "half \ud83d"),
        ("job_title", "x" * 999),
    ],
)
async def test_a_wrong_claim_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await a_session(**{field: value})
    assert refused.value.field == field
    assert await rows_of(VisitorRow) == []


async def test_a_reload_of_a_page_is_one_line_and_another_page_a_second() -> None:
    session = await a_session(page="/a")
    await a_session(session.token, page="/a")
    device = await devices.device(session.token)
    for page in ("/a", "/b", "/b"):
        await visitors.track_page(device, Surroundings(page_url=page), now=NOW)
    assert [row.title for row in await rows_of(ActivityRow)] == ["/a", "/b"]


async def test_an_agent_corrects_a_field_and_the_audit_log_says_so() -> None:
    ana = await a_member()
    past = await a_chat(agent=ana, state="ended")
    await visitors.correct(past.visitor_id, field="phone", value=" +47  22 ", member=ana, now=NOW)
    assert (await views.visitor(ana, past.visitor_id)).phone == "+47 22"
    (line,) = await rows_of(AuditRow)
    assert (line.action, line.actor_id, line.subject) == ("visitor.corrected", ana.id, past.visitor_id)
    assert line.details == {"field": "phone", "before": "", "after": "+47 22"}


async def test_a_correction_that_changes_nothing_is_no_line_of_the_audit_log() -> None:
    ana = await a_member()
    past = await a_chat(agent=ana, state="ended")
    await visitors.correct_all(past.visitor_id, {"name": "Vera", "email": None}, member=ana, now=NOW)
    assert await rows_of(AuditRow) == []


async def test_an_email_can_be_taken_away() -> None:
    ana = await a_member()
    chat = await a_chat(agent=ana, state="ended", device=await a_device(email=VERA))
    await visitors.correct(chat.visitor_id, field="email", value="", member=ana, now=NOW)
    assert (await views.visitor(ana, chat.visitor_id)).email == ""


async def test_an_email_of_somebody_else_is_refused() -> None:
    ana, past = await a_member(), await a_chat(state="ended")
    await a_device(email=VERA)
    with pytest.raises(Conflict, match="Another visitor"):
        await visitors.correct(past.visitor_id, field="email", value=VERA, member=ana, now=NOW)


async def test_two_agents_who_give_one_email_to_two_visitors_at_once_cannot_both() -> None:
    ana, one, two = await a_member(), await a_chat(state="ended"), await a_chat(state="ended")
    acts = [visitors.correct(past.visitor_id, field="email", value=VERA, member=ana, now=NOW) for past in (one, two)]
    answers = await asyncio.gather(*acts, return_exceptions=True)
    assert sorted(type(answer) for answer in answers if answer is not None) == [Conflict]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": "other"}, "id"), ({"tags": "vip"}, "tags"), ({"name": 5}, "name"), ({"email": "vera"}, "email"),
        ({"phone": ["1"]}, "phone"), ({"name": "half \ud83d"}, "name"),
        ({"name": "Otto", "company": "x" * 121}, "company"),
    ],
)  # fmt: skip
async def test_a_wrong_correction_changes_nothing(changes: dict[str, Any], field: str) -> None:
    ana, past = await a_member(), await a_chat(state="ended")
    with pytest.raises(InvalidInput) as refused:
        await visitors.correct_all(past.visitor_id, changes, member=ana, now=NOW)
    assert refused.value.field == field
    assert (await views.visitor(ana, past.visitor_id)).name == "Vera"


async def test_only_agents_who_know_the_visitor_correct() -> None:
    ana, ben, mia = await a_member("Ana"), await a_member("Ben"), await a_member("Mia", role=Role.MANAGER)
    active = await a_chat(agent=ana)
    for member, error in ((ben, NotFound), (mia, NotAllowed)):
        with pytest.raises(error):
            await visitors.correct(active.visitor_id, field="name", value="X", member=member, now=NOW)


async def test_the_history_shows_the_past_90_days_to_the_instant() -> None:
    ana, past = await a_member(), await a_chat(state="ended", at=NOW - timedelta(days=100))
    edge = NOW - timedelta(days=90)
    await an_activity(past.visitor_id, edge, title="just")
    await an_activity(past.visitor_id, edge - timedelta(microseconds=1), title="too old")
    shown = await views.activities(ana, past.visitor_id, now=NOW)
    assert [activity.title for activity in shown] == ["just"]


async def test_the_history_shows_the_25_newest_of_the_crm() -> None:
    ana, past = await a_member(), await a_chat(state="ended")
    for minutes in range(30):
        at = NOW - timedelta(minutes=minutes)
        await an_activity(past.visitor_id, at, type="opened_email", title=f"mail {minutes}")
    shown = await views.activities(ana, past.visitor_id, now=NOW)
    assert [line.title for line in shown if line.type == "opened_email"] == [f"mail {n}" for n in range(25)]
    assert "requested_live_chat" in [line.type for line in shown]
