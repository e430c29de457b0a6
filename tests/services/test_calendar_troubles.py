"""What an agent and admins read about a calendar that can't be read, and from when on (PRODUCT 4.1)."""

import pytest

from inbox_app.data import calendars as stored
from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import BusyRow
from inbox_app.integrations.calendars.troubles import UNREADABLE, CalendarTrouble, PasswordWrong, TooSlow
from inbox_app.live import topics
from inbox_app.services import calendar_sync
from tests.calendar_servers import an_event, running_radicale
from tests.data.builders import NOW, a_member, rows_of
from tests.services.builders import an_admin, later, listening, told_of
from tests.services.outside_calendars import A_MINUTE, Calendar, a_row, connect, run_for_a_minute, status_of

pytestmark = pytest.mark.usefixtures("database")


async def test_a_server_that_stops_is_told_within_a_minute_and_so_is_its_return(tmp_path) -> None:
    ana, root = await a_member(), await an_admin()
    with running_radicale(tmp_path / "radicale") as server:
        await connect(ana, server, "mine")
        server.put("mine", "e", an_event(later(minutes=60), later(minutes=90)))
        now = await run_for_a_minute(NOW)
        assert await status_of(ana) == ("ok", "")

        server.stop()
        async with listening(topics.agent(ana.id)) as changes:
            now = await run_for_a_minute(now)
            assert await told_of("calendar", changes) == [{}, {}]  # to the agent and to everyone, once
        status, problem = await status_of(ana)
        assert status == "broken"
        assert problem == UNREADABLE
        (health,) = await views.calendar_health(root)
        assert (health.agent_name, health.kind, health.status) == ("Ana", "caldav", "broken")
        assert await views.broken_calendars(ana) == (1, 0)
        assert await views.broken_calendars(root) == (0, 1)
        async with unit_of_work() as session:
            assert await stored.is_broken(session, ana.id)
        assert len(await rows_of(BusyRow)) == 1  # what is known stays known

        server.start()
        await run_for_a_minute(now)
        assert await status_of(ana) == ("ok", "")
        assert (await views.calendars(ana))[0].broken_since == ""


async def test_a_changed_password_is_told_and_since_when(tmp_path) -> None:
    ana = await a_member()
    with running_radicale(tmp_path / "radicale") as server:
        await connect(ana, server, "mine")
        server.stop()
        server.set_password("another-1")
        server.start()
        now = await run_for_a_minute(NOW)
        first = (await views.calendars(ana))[0].broken_since
        await run_for_a_minute(now)

    assert await status_of(ana) == ("broken", "Incorrect account or password. Connect the calendar again.")
    assert (await views.calendars(ana))[0].broken_since == first != ""


async def test_temporary_failures_do_not_alarm_the_agent() -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana)
    outside.trouble = TooSlow()
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    assert await status_of(ana) == ("ok", "")
    assert (await views.calendars(ana))[0].broken_since == ""

    outside.trouble = None
    await calendar_sync.run_due(now=NOW + calendar_sync.SOON, opener=outside.open)
    assert await status_of(ana) == ("ok", "")
    await calendar_sync.run_due(now=NOW + calendar_sync.ALARM_AFTER, opener=outside.open)
    assert await status_of(ana) == ("ok", "")

    outside.trouble = TooSlow()
    first = NOW + calendar_sync.SOON + calendar_sync.EVERY
    await calendar_sync.run_due(now=first, opener=outside.open)
    await calendar_sync.run_due(now=first + calendar_sync.SOON, opener=outside.open)
    assert await status_of(ana) == ("ok", "")
    await calendar_sync.run_due(now=first + calendar_sync.ALARM_AFTER, opener=outside.open)
    assert await status_of(ana) == ("broken", UNREADABLE)
    assert calendar_sync.EVERY + calendar_sync.ALARM_AFTER < A_MINUTE


async def test_a_wrong_password_stays_what_is_shown_whatever_fails_next() -> None:
    """The moment of a change would tell how long the try took."""
    ana, outside = await a_member(), Calendar()
    await a_row(ana)
    outside.trouble = PasswordWrong()
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    outside.trouble = TooSlow()
    await run_for_a_minute(later(30), outside.open)
    assert await status_of(ana) == ("broken", PasswordWrong.sentence)


@pytest.mark.parametrize(
    ("kind", "failure"),
    [("caldav", PasswordWrong()), ("google", PasswordWrong()), ("google", ValueError("of a library"))],
)
async def test_a_failure_that_will_not_pass_is_shown_at_once(kind: str, failure: CalendarTrouble) -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana, kind=kind)
    outside.trouble = failure
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    assert (await status_of(ana))[0] == "broken"


async def test_an_unexpected_failure_breaks_a_calendar_and_logs_one_traceback(caplog: pytest.LogCaptureFixture) -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana)
    outside.trouble = ValueError("of a library")
    await run_for_a_minute(NOW, outside.open)
    assert await status_of(ana) == ("broken", UNREADABLE)
    first, *later_ones = [record for record in caplog.records if record.levelname == "ERROR"]
    assert first.exc_info
    assert len(later_ones) > 1
    assert not any(record.exc_info for record in later_ones)


async def test_a_secret_of_another_key_is_a_broken_connection() -> None:
    ana, outside = await a_member(), Calendar()
    await a_row(ana, secret="of another key")
    await calendar_sync.run_due(now=NOW, opener=outside.open)
    assert (await status_of(ana))[1].startswith("This installation's key has changed")
    assert outside.asked == []
