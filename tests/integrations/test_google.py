"""Google Calendar, over answers of the shapes in its public reference; not tried against the service."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from inbox_app.integrations.calendars import BusyTime, Event, google, troubles
from inbox_app.integrations.calendars.oauth import Tokens
from inbox_app.settings import Settings
from tests.integrations.recorded import Recorded, answer

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANA = "ana@example.com"
EVENT = Event("01MEETING@agent-inbox", 2, "Meeting with Vera", "vera@acme.com", "", NOW, NOW + timedelta(hours=1), NOW)
PLACE = f"/calendar/v3/calendars/{ANA}/events"
OURS = f"{PLACE}/{google.event_id(EVENT.uid)}"
FREE_BUSY = ("POST", "/calendar/v3/freeBusy")
TOKEN = ("POST", "/token")


@pytest.fixture(autouse=True)
def _client(settings_with: Callable[..., Settings]) -> None:
    settings_with(google_client_id="client-1", google_client_secret="secret-1")


def connected(recorded: Recorded, *, lasts: int = 3600, kept: list[str] | None = None) -> google.GoogleConnection:
    async def keep(secret: str) -> None:
        (kept if kept is not None else []).append(secret)

    tokens = Tokens("access-1", "refresh-1", (NOW + timedelta(seconds=lasts)).timestamp(), ANA)
    return google.connect(secret=tokens.to_secret(), keep=keep, now=NOW, transport=recorded.transport)


def free_busy(*busy: tuple[str, str]) -> dict[str, object]:
    times = [{"start": start, "end": end} for start, end in busy]
    return {"kind": "calendar#freeBusy", "calendars": {ANA: {"busy": times}}}


async def test_busy_times_of_a_year_are_asked_in_parts_that_they_take() -> None:
    day = free_busy(("2026-03-03T09:00:00+01:00", "2026-03-03T10:00:00+01:00"))
    recorded = Recorded({FREE_BUSY: [answer(200, day), *[answer(200, free_busy())] * 6]})

    reading = await connected(recorded).busy(ANA, NOW, NOW + timedelta(days=366), zone="Europe/Paris")

    assert reading.times == [BusyTime(datetime(2026, 3, 3, 8, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC))]
    assert recorded.body(0) == {
        "timeMin": "2026-03-02T09:00:00Z", "timeMax": "2026-05-01T09:00:00Z", "items": [{"id": ANA}],
    }  # fmt: skip
    assert [recorded.body(n)["timeMin"] for n in range(1, 7)] == [recorded.body(n)["timeMax"] for n in range(6)]
    assert recorded.requests[0].headers["authorization"] == "Bearer access-1"


async def test_our_event_is_changed_where_it_is() -> None:
    recorded = Recorded({("PUT", OURS): answer(200, {})})
    await connected(recorded).write(ANA, EVENT)

    assert recorded.body() == {
        "id": google.event_id(EVENT.uid), "status": "confirmed", "sequence": 2, "summary": "Meeting with Vera",
        "description": "vera@acme.com", "location": "", "start": {"dateTime": "2026-03-02T09:00:00Z"},
        "end": {"dateTime": "2026-03-02T10:00:00Z"}, "transparency": "opaque",
    }  # fmt: skip
    assert recorded.requests[0].url.params["sendUpdates"] == "none"
    assert set(google.event_id(EVENT.uid)) <= set("0123456789abcdefghijklmnopqrstuv")


async def test_a_new_one_is_made_and_made_once_also_when_two_make_it() -> None:
    recorded = Recorded({("PUT", OURS): [answer(404), answer(200, {})], ("POST", PLACE): answer(409)})
    await connected(recorded).write(ANA, EVENT)
    assert recorded.asked == [("PUT", OURS), ("POST", PLACE), ("PUT", OURS)]


@pytest.mark.parametrize("status", [204, 404, 410])
async def test_it_is_removed_and_gone_already_is_as_good(status: int) -> None:
    recorded = Recorded({("DELETE", OURS): answer(status)})
    await connected(recorded).remove(ANA, EVENT.uid)
    assert recorded.asked == [("DELETE", OURS)]


async def test_an_access_that_runs_out_is_renewed_and_kept() -> None:
    kept: list[str] = []
    recorded = Recorded({TOKEN: answer(200, {"access_token": "access-2", "expires_in": 3599, "token_type": "Bearer"}),
                         FREE_BUSY: answer(200, free_busy())})  # fmt: skip
    await connected(recorded, lasts=30, kept=kept).busy(ANA, NOW, NOW + timedelta(days=1), zone="UTC")

    assert recorded.form(0) == {"grant_type": "refresh_token", "refresh_token": "refresh-1", "client_id": "client-1",
                                "client_secret": "secret-1"}  # fmt: skip
    assert recorded.requests[1].headers["authorization"] == "Bearer access-2"
    assert ('"access-2"' in kept[0], '"refresh-1"' in kept[0]) == (True, True)


async def test_an_access_that_was_refused_early_is_renewed_once() -> None:
    token = {"access_token": "access-2", "expires_in": 3599}
    recorded = Recorded({TOKEN: answer(200, token), FREE_BUSY: [answer(401), answer(200, free_busy())]})
    await connected(recorded).busy(ANA, NOW, NOW + timedelta(days=1), zone="UTC")
    assert recorded.asked == [FREE_BUSY, TOKEN, FREE_BUSY]


ERROR = {"error": {"errors": [{"domain": "usageLimits", "reason": "userRateLimitExceeded"}], "code": 403}}
SCOPE = {"error": {"code": 403, "message": "Request had insufficient authentication scopes."}}
GONE = {"calendars": {ANA: {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}}}


@pytest.mark.parametrize(
    ("given", "trouble"),
    [
        (answer(403, ERROR), troubles.ServerFailed),
        (answer(403, SCOPE), troubles.ConsentGone),
        (answer(403, {"error": {"code": 403}}), troubles.Refused),
        (answer(404, {}), troubles.CalendarGone),
        (answer(200, GONE), troubles.CalendarGone),
        (answer(200, {"calendars": {}}), troubles.ServerFailed),
        (answer(200, {"calendars": {ANA: {"busy": [{"start": "x"}]}}}), troubles.ServerFailed),
        (answer(200, ["?"]), troubles.ServerFailed),
        (answer(503), troubles.ServerFailed),
        (answer(429), troubles.ServerFailed),
    ],
)
async def test_what_they_refuse_is_one_of_ours(given, trouble: type[troubles.CalendarTrouble]) -> None:
    with pytest.raises(trouble):
        await connected(Recorded({FREE_BUSY: given})).busy(ANA, NOW, NOW + timedelta(days=1), zone="UTC")


async def test_a_withdrawn_consent_is_told() -> None:
    recorded = Recorded({TOKEN: answer(400, {"error": "invalid_grant", "error_description": "Token was revoked."})})
    with pytest.raises(troubles.ConsentGone):
        await connected(recorded, lasts=0).busy(ANA, NOW, NOW + timedelta(days=1), zone="UTC")
