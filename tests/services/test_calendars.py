"""Calendars outside (PRODUCT 4.1): connected only when they can be read, and never told about again with a secret."""

import base64
import json
import logging
from collections.abc import Callable

import pytest

from inbox_app.data import views
from inbox_app.data.calendars import busy
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import AuditRow, BusyRow, CalendarRow
from inbox_app.domain.booking import Interval
from inbox_app.domain.errors import InvalidInput, NotAllowed, NotFound
from inbox_app.domain.people import Member, Role
from inbox_app.live import topics
from inbox_app.sealing import unseal
from inbox_app.services import calendars
from inbox_app.settings import Settings
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale, an_event, http, odd_server
from tests.data.builders import NOW, a_member, rows_of
from tests.programs import free_port
from tests.services.builders import an_admin, later, listening, told_of

pytestmark = pytest.mark.usefixtures("database")


async def connect(member: Member, radicale: Radicale, calendar: str = "work", password: str = PASSWORD) -> str:
    return await calendars.connect_caldav(
        radicale.address(calendar), ACCOUNT, password, name="Work", member=member, now=NOW
    )


async def test_a_calendar_is_connected_with_what_is_busy_in_it(radicale: Radicale) -> None:
    ana = await a_member()
    radicale.add_calendar("busy", "Busy")
    radicale.put("busy", "e", an_event(later(minutes=60), later(minutes=90)))
    async with listening(topics.agent(ana.id)) as changes:
        calendar_id = await connect(ana, radicale, "busy")
        assert await told_of("calendar", changes) == [{}, {}]

    (view,) = await views.calendars(ana)
    assert (view.id, view.kind, view.name, view.account) == (calendar_id, "caldav", "Work", ACCOUNT)
    assert (view.status, view.is_target, view.problem) == ("ok", True, "")
    async with unit_of_work() as session:
        assert await busy(session, ana.id, Interval(NOW, later(minutes=120))) == [
            Interval(later(minutes=60), later(minutes=90))
        ]


async def test_a_password_is_kept_sealed_and_never_told(radicale: Radicale, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ana = await a_member()
    await connect(ana, radicale)

    (row,) = await rows_of(CalendarRow)
    assert PASSWORD not in row.secret
    assert unseal(row.secret, purpose="calendar", now=NOW) == PASSWORD
    told = [vars(view) for view in await views.calendars(ana)]
    told += [vars(view) for view in await views.calendar_health(await an_admin())]
    audited = [row.details for row in await rows_of(AuditRow)]
    for secret in (PASSWORD, row.secret):
        assert secret not in json.dumps([told, audited])
    for secret in (PASSWORD, base64.b64encode(f"{ACCOUNT}:{PASSWORD}".encode()).decode()):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    ("calendar", "password", "field", "sentence"),
    [
        ("work", "wrong", "url", calendars.NOT_CONNECTED),
        ("gone", PASSWORD, "url", calendars.NOT_CONNECTED),
    ],
)
async def test_nothing_is_kept_of_a_calendar_that_cannot_be_read(
    radicale: Radicale, calendar: str, password: str, field: str, sentence: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await connect(await a_member(), radicale, calendar, password)

    assert (refused.value.field, refused.value.message) == (field, sentence)
    assert await rows_of(CalendarRow) == []
    assert await rows_of(BusyRow) == []


async def test_every_address_that_cannot_be_connected_gets_the_same_sentence(
    settings_with: Callable[..., Settings],
) -> None:
    """Whoever types addresses learns nothing about the ports behind this server."""
    ana, answers = await a_member(), set()
    settings_with(calendar_networks="127.0.0.1/32")
    async with (
        odd_server(http("200 OK", "<html>", Content_Type="text/html")) as web,
        odd_server(b"SSH-2.0-OpenSSH_9.6\r\n") as ssh,
        odd_server(http("503 Busy")) as busy,
    ):
        closed, off_limits = f"http://127.0.0.1:{free_port()}/", f"http://127.0.0.2:{web.port}/"
        wrapped = f"http://[::ffff:127.0.0.2]:{web.port}/"
        for url in (web.url, ssh.url, busy.url, closed, off_limits, wrapped, "http://169.254.169.254/"):
            with pytest.raises(InvalidInput) as refused:
                await calendars.discover(url, ACCOUNT, PASSWORD, member=ana, now=NOW)
            answers.add((refused.value.field, refused.value.message))
    assert answers == {("url", calendars.NOT_CONNECTED)}
    assert len(web.asked) == 2, "only the allowed address was asked, at its path and at the well-known one"


async def test_a_server_that_is_none_is_told_beside_its_address() -> None:
    ana = await a_member()
    async with odd_server(http("200 OK", "<html>", Content_Type="text/html")) as odd:
        for url in (odd.url, f"http://127.0.0.1:{free_port()}", "ftp://x", "http://u:p@example.com", "", "http://["):
            for deed in (
                calendars.discover(url, ACCOUNT, PASSWORD, member=ana, now=NOW),
                calendars.connect_caldav(url, ACCOUNT, PASSWORD, member=ana, now=NOW),
            ):
                with pytest.raises(InvalidInput) as refused:
                    await deed
                assert refused.value.field == "url"


@pytest.mark.parametrize(("account", "password", "field"), [("", "x", "account"), ("a:b", "x", "account"),
                                                            ("a", "", "password"), ("a", "x" * 501, "password"),
                                                            ("a", "x\ny", "password")])  # fmt: skip
async def test_what_can_be_no_account_is_not_sent(account: str, password: str, field: str) -> None:
    async with odd_server(http("500 Oops")) as odd:
        with pytest.raises(InvalidInput) as refused:
            await calendars.discover(odd.url, account, password, member=await a_member(), now=NOW)
    assert refused.value.field == field
    assert odd.asked == []


async def test_connected_again_it_is_the_same_with_the_new_password(radicale: Radicale) -> None:
    ana = await a_member()
    first = await connect(ana, radicale)
    async with unit_of_work() as session:
        row = await session.get_one(CalendarRow, first)
        row.status, row.problem, row.broken_since, row.secret = "broken", "x", NOW, "unreadable"

    assert await connect(ana, radicale) == first

    (row,) = await rows_of(CalendarRow)
    assert (row.status, row.problem, row.broken_since) == ("ok", "", None)
    assert unseal(row.secret, purpose="calendar", now=NOW) == PASSWORD


async def test_several_are_connected_and_meetings_go_into_the_first_until_said_otherwise(radicale: Radicale) -> None:
    ana = await a_member()
    radicale.add_calendar("home", "Home")
    found = await calendars.discover(radicale.url, ACCOUNT, PASSWORD, member=ana, now=NOW)
    assert {"Work", "Home"} <= {calendar.name for calendar in found}
    work, home = await connect(ana, radicale), await connect(ana, radicale, "home")
    assert {view.id: view.is_target for view in await views.calendars(ana)} == {work: True, home: False}

    await calendars.set_target(home, True, member=ana)
    await calendars.rename(home, " At  home ", member=ana)

    assert [(view.name, view.is_target) for view in await views.calendars(ana)] == [("Work", True), ("At home", True)]


async def test_a_disconnected_one_leaves_nothing_behind(radicale: Radicale) -> None:
    ana = await a_member()
    radicale.add_calendar("left", "Left")
    radicale.put("left", "e", an_event(later(minutes=60), later(minutes=90)))
    calendar_id = await connect(ana, radicale, "left")
    assert len(await rows_of(BusyRow)) == 1

    await calendars.disconnect(calendar_id, member=ana, now=NOW)

    assert (await rows_of(CalendarRow), await rows_of(BusyRow)) == ([], [])
    assert [row.action for row in await rows_of(AuditRow)] == ["calendar.connected", "calendar.disconnected"]
    with pytest.raises(NotFound):
        await calendars.disconnect(calendar_id, member=ana, now=NOW)


async def test_nobody_touches_anothers_calendar(radicale: Radicale) -> None:
    ana, ben, mia = await a_member(), await a_member("Ben"), await a_member("Mia", role=Role.MANAGER)
    calendar_id = await connect(ana, radicale)
    for other, refusal in ((ben, NotFound), (mia, NotAllowed), (await an_admin(), NotAllowed)):
        for deed in (
            calendars.disconnect(calendar_id, member=other, now=NOW),
            calendars.set_target(calendar_id, False, member=other),
            calendars.rename(calendar_id, "Mine", member=other),
        ):
            with pytest.raises(refusal):
                await deed
    for other in (ben, mia):
        with pytest.raises(NotAllowed):
            await views.calendar_health(other)
    with pytest.raises(NotAllowed):
        await connect(mia, radicale)
    assert await views.calendars(ben) == []
    assert [view.name for view in await views.calendars(ana)] == ["Work"]
