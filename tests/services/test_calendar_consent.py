"""Consent at Google and Microsoft: bound to who began it, for ten minutes, and kept only when the calendar is read."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from inbox_app.data import views
from inbox_app.data.tables import BusyRow, CalendarRow
from inbox_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from inbox_app.domain.people import Role
from inbox_app.sealing import unseal
from inbox_app.services import calendar_consent, calendar_sync
from inbox_app.settings import Settings
from tests.data.builders import NOW, a_member, rows_of
from tests.integrations.recorded import Recorded, answer
from tests.services.builders import later

pytestmark = pytest.mark.usefixtures("database")
ID_TOKEN = ".".join(["e30", base64.urlsafe_b64encode(json.dumps({"email": "ana@gmail.com"}).encode()).decode(), "x"])
TOKENS = {"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 3599, "id_token": ID_TOKEN}
FREE = {"calendars": {"ana@gmail.com": {"busy": []}}}
TOKEN, FREE_BUSY = ("POST", "/token"), ("POST", "/calendar/v3/freeBusy")


@pytest.fixture(autouse=True)
def _both_are_set_up(settings_with: Callable[..., Settings]) -> None:
    for name in ("google", "microsoft"):
        settings_with(**{f"{name}_client_id": f"{name}-1", f"{name}_client_secret": "secret-1"})


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def google() -> Recorded:
    return Recorded({TOKEN: answer(200, TOKENS), FREE_BUSY: answer(200, FREE)})


async def test_the_question_asks_for_no_more_than_busy_times_and_own_events() -> None:
    query = query_of(calendar_consent.begin("google", member=await a_member(), now=NOW))
    assert query["scope"].split() == [
        "openid", "email", "https://www.googleapis.com/auth/calendar.freebusy",
        "https://www.googleapis.com/auth/calendar.events.owned",
    ]  # fmt: skip
    assert (query["code_challenge_method"], query["access_type"]) == ("S256", "offline")
    assert query["redirect_uri"].endswith("/api/v1/calendars/oauth/google/callback")
    microsoft = calendar_consent.begin("microsoft", member=await a_member(), now=NOW)
    assert microsoft.startswith("https://login.microsoftonline.com/common/oauth2/v2.0/authorize?")
    assert query_of(microsoft)["scope"] == "offline_access https://graph.microsoft.com/Calendars.ReadWrite"


async def test_a_consent_becomes_a_calendar_with_a_sealed_secret() -> None:
    ana, recorded = await a_member(), google()
    query = query_of(calendar_consent.begin("google", member=ana, now=NOW))

    await calendar_consent.finish(
        "google", state=query["state"], code="code-1", member=ana, now=later(60), transport=recorded.transport
    )

    form = recorded.form(0)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
    assert (form["code"], form["grant_type"], challenge) == ("code-1", "authorization_code", query["code_challenge"])
    (view,) = await views.calendars(ana)
    assert (view.kind, view.name, view.account, view.status) == ("google", "ana@gmail.com", "ana@gmail.com", "ok")
    (row,) = await rows_of(CalendarRow)
    assert "refresh-1" not in row.secret
    assert json.loads(unseal(row.secret, purpose="calendar", now=NOW))["refresh"] == "refresh-1"


async def test_an_answer_of_another_member_provider_or_time_is_refused() -> None:
    ana, ben, recorded = await a_member(), await a_member("Ben"), google()
    state = query_of(calendar_consent.begin("google", member=ana, now=NOW))["state"]
    for name, text, member, now in (
        ("google", state, ben, NOW), ("microsoft", state, ana, NOW), ("google", "", ana, NOW),
        ("google", "forged", ana, NOW), ("google", state, ana, NOW + timedelta(minutes=10, seconds=1)),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            await calendar_consent.finish(
                name, state=text, code="c", member=member, now=now, transport=recorded.transport
            )
    assert recorded.requests == []
    assert await rows_of(CalendarRow) == []


@pytest.mark.parametrize(
    "routes",
    [
        {TOKEN: answer(400, {"error": "invalid_grant"})},
        {TOKEN: answer(200, {"nothing": 1})},
        {TOKEN: answer(200, TOKENS), FREE_BUSY: answer(403, {"message": "insufficient"})},
    ],
    ids=["code", "tokens", "scope"],
)
async def test_nothing_is_kept_of_a_consent_that_does_not_work(routes: dict) -> None:
    ana = await a_member()
    state = query_of(calendar_consent.begin("google", member=ana, now=NOW))["state"]
    with pytest.raises((Conflict, InvalidInput)):
        await calendar_consent.finish(
            "google", state=state, code="c", member=ana, now=NOW, transport=Recorded(routes).transport
        )
    assert await rows_of(CalendarRow) == []


async def test_what_is_not_set_up_is_not_offered(settings_with: Callable[..., Settings]) -> None:
    ana = await a_member()
    assert calendar_consent.offered() == ["google", "microsoft"]
    settings_with(google_client_id="", microsoft_client_secret="")
    assert calendar_consent.offered() == []
    for name in ("google", "microsoft", "caldav", "http"):
        with pytest.raises(NotFound):
            calendar_consent.begin(name, member=ana, now=NOW)


async def test_managers_connect_nothing() -> None:
    with pytest.raises(NotAllowed):
        calendar_consent.begin("google", member=await a_member("Mia", role=Role.MANAGER), now=NOW)


async def test_a_renewed_access_is_kept_for_the_next_reading() -> None:
    from inbox_app.integrations.calendars import google as module

    ana, recorded = await a_member(), google()
    state = query_of(calendar_consent.begin("google", member=ana, now=NOW))["state"]
    await calendar_consent.finish("google", state=state, code="c", member=ana, now=NOW, transport=recorded.transport)
    later_tokens = Recorded({TOKEN: answer(200, {"access_token": "access-2", "expires_in": 3599}),
                             FREE_BUSY: answer(200, FREE)})  # fmt: skip

    async def opener(*, secret: str, keep, now, **_: object):
        return module.connect(secret=secret, keep=keep, now=now, transport=later_tokens.transport)

    for hours in (2, 2.1):
        assert await calendar_sync.run_due(now=NOW + timedelta(hours=hours), opener=opener) == 1

    assert later_tokens.asked.count(TOKEN) == 1


@pytest.mark.parametrize(
    ("calendar", "name"),
    [
        ({"id": "a\x00b", "owner": {"address": "ana\ud83d\x00@acme.com"}}, "ana@acme.com"),
        ({"id": "ab", "owner": {"address": "\u200b\u3164"}, "name": "\u202eCalendar"}, "Calendar"),
        ({"id": "ab", "owner": {"address": ""}, "name": "\u2065"}, "Microsoft 365"),
        ({"id": "ab", "name": "x" * 5_000}, "x" * 120),
    ],
)
async def test_what_microsoft_says_is_stored_without_what_no_database_takes(
    calendar: dict[str, object], name: str
) -> None:
    ana = await a_member()
    times = {"start": {"dateTime": "2026-03-02T10:00:00"}, "end": {"dateTime": "2026-03-02T11:00:00"}}
    view = {"value": [times | {"showAs": "busy", "iCalUId": "0400\udc80\x00"}]}
    recorded = Recorded({
        ("POST", "/common/oauth2/v2.0/token"): answer(200, TOKENS), ("GET", "/v1.0/me/calendar"): answer(200, calendar),
        ("GET", "/v1.0/me/calendars/ab/calendarView"): answer(200, view),
    })  # fmt: skip
    state = query_of(calendar_consent.begin("microsoft", member=ana, now=NOW))["state"]

    await calendar_consent.finish(
        "microsoft", state=state, code="code-1", member=ana, now=NOW, transport=recorded.transport
    )

    (row,) = await rows_of(CalendarRow)
    assert (row.address, row.name) == ("ab", name)
    assert [busy.uid for busy in await rows_of(BusyRow)] == ["0400"]


async def test_a_google_account_is_stored_and_named_as_it_can_be_seen() -> None:
    ana = await a_member()
    claims = base64.urlsafe_b64encode(json.dumps({"email": "\u202eana\x00\ud83d@gmail.com"}).encode()).decode()
    spoiled = TOKENS | {"id_token": f"e30.{claims}.x"}
    account = "ana \ufffd@gmail.com"
    recorded = Recorded({TOKEN: answer(200, spoiled), FREE_BUSY: answer(200, {"calendars": {account: {"busy": []}}})})
    state = query_of(calendar_consent.begin("google", member=ana, now=NOW))["state"]

    await calendar_consent.finish(
        "google", state=state, code="code-1", member=ana, now=NOW, transport=recorded.transport
    )

    (view,) = await views.calendars(ana)
    assert (view.name, view.account) == (account, account)
