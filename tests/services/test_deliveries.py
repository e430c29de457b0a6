"""What did not go out is seen by admins, and goes out when they have it tried again (PRODUCT 4.4, 5.4)."""

from collections.abc import Callable, Iterator

import pytest

from inbox_app import live
from inbox_app.data import views
from inbox_app.data.models_admin import DeliveryView
from inbox_app.data.tables import AuditRow
from inbox_app.domain.errors import Conflict, NotAllowed, NotFound
from inbox_app.domain.people import Member
from inbox_app.services import deliveries, outbox
from inbox_app.settings import Settings
from tests.data.builders import NOW, a_member, rows_of
from tests.mail_servers import MailServer, running_mail_server
from tests.services.builders import an_admin, later, listening, told_of
from tests.services.meetings import START, a_meeting, change

pytestmark = pytest.mark.usefixtures("database")
VERA, ANA = "vera@example.com", "ana@example.com"


@pytest.fixture
def post(settings_with: Callable[..., Settings]) -> Iterator[MailServer]:
    """A mail server that does not know Vera."""
    with running_mail_server() as server:
        server.answer = lambda recipient: "550 No such mailbox" if recipient == VERA else "250 OK"
        settings_with(smtp_url=server.url)
        yield server


async def the_failed_one(root: Member) -> DeliveryView:
    (row,) = await views.deliveries(root, now=NOW)
    return row


async def test_an_admin_sees_what_failed_for_whom_and_why(post: MailServer) -> None:
    root, booked = await an_admin(), await a_meeting()
    await outbox.run_due(now=NOW)
    row = await the_failed_one(root)
    assert (row.kind, row.state, row.tries, row.next_at) == ("mail.visitor", "failed", 1, "")
    assert (row.problem, row.detail) == ("refused", "550 No such mailbox")
    assert (row.visitor, row.agent, row.conversation_id) == ("Vera Klein", "Ana Lovelace", booked.chat.id)
    assert row.meets_at == START.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert await views.failed_deliveries(root) == 1


async def test_what_is_tried_again_says_when(post: MailServer) -> None:
    root = await an_admin()
    post.answer = lambda _recipient: "450 Greylisted"
    await a_meeting()
    await outbox.run_due(now=NOW)
    rows = await views.deliveries(root, now=NOW)
    assert {(row.kind, row.state, row.problem) for row in rows} == {
        ("mail.visitor", "pending", "put_off"), ("mail.agent", "pending", "put_off"),
    }  # fmt: skip
    assert all("2026-03-02T09:30:07" < row.next_at < "2026-03-02T09:30:13" for row in rows)
    assert await views.failed_deliveries(root) == 0


async def test_it_goes_out_when_it_is_tried_again_and_the_log_says_who_did(post: MailServer) -> None:
    root, booked = await an_admin(), await a_meeting()
    await outbox.run_due(now=NOW)
    row = await the_failed_one(root)
    post.answer = lambda _recipient: "250 OK"
    await deliveries.retry(row.id, member=root, now=later(60))
    await outbox.run_due(now=later(60))
    assert (len(post.to(VERA)), len(post.to(ANA))) == (1, 1)
    assert await views.deliveries(root, now=later(60)) == []
    (entry,) = await rows_of(AuditRow, action="delivery.retried")
    assert (entry.actor_id, entry.subject) == (root.id, booked.id)


async def test_who_retries_what_waits_need_not_wait(post: MailServer) -> None:
    root = await an_admin()
    post.answer = lambda recipient: "450 Greylisted" if recipient == VERA else "250 OK"
    await a_meeting()
    await outbox.run_due(now=NOW)
    row = await the_failed_one(root)
    post.answer = lambda _recipient: "250 OK"
    await deliveries.retry(row.id, member=root, now=later(1))
    await outbox.run_due(now=later(1))
    assert len(post.to(VERA)) == 1


async def test_what_failed_again_is_there_again_with_a_new_count(post: MailServer) -> None:
    root = await an_admin()
    await a_meeting()
    await outbox.run_due(now=NOW)
    for _ in range(2):
        row = await the_failed_one(root)
        await deliveries.retry(row.id, member=root, now=later(60))
        await outbox.run_due(now=later(60))
    row = await the_failed_one(root)
    assert (row.state, row.tries) == ("failed", 1)


async def test_what_is_done_or_overtaken_is_not_tried_again(post: MailServer) -> None:
    root, booked = await an_admin(), await a_meeting()
    await outbox.run_due(now=NOW)
    failed = await the_failed_one(root)
    await change(booked, status="cancelled", now=later(1))
    post.answer = lambda _recipient: "250 OK"
    with pytest.raises(Conflict):
        await deliveries.retry(failed.id, member=root, now=later(2))
    await outbox.run_due(now=later(2))
    assert [letter.calendar()["METHOD"] for letter in post.to(VERA)] == ["CANCEL"]
    assert await views.deliveries(root, now=later(2)) == []
    with pytest.raises(NotFound):
        await deliveries.retry(2**40, member=root, now=later(2))


async def test_an_open_page_is_told(post: MailServer) -> None:
    await a_meeting()
    async with listening(live.topics.outbox()) as changes:
        await outbox.run_due(now=NOW)
        told = await told_of("delivery", changes)
    assert sorted((str(one["kind"]), str(one["state"])) for one in told) == [
        ("calendar", "done"), ("mail.agent", "done"), ("mail.visitor", "failed"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["agent", "manager"])
async def test_nobody_else_sees_or_retries(post: MailServer, role: str) -> None:
    other = await a_member("Mia", role=role)
    await a_meeting()
    await outbox.run_due(now=NOW)
    for refused in (
        views.deliveries(other, now=NOW), views.failed_deliveries(other), deliveries.mail_standing(other),
        deliveries.retry(1, member=other, now=NOW),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            await refused


async def test_without_a_mail_server_nothing_is_troubled_and_the_waiting_are_counted(
    settings_with: Callable[..., Settings],
) -> None:
    settings_with(env="test")
    root = await an_admin()
    await a_meeting()
    await outbox.run_due(now=NOW)
    assert await views.deliveries(root, now=NOW) == []
    standing = await deliveries.mail_standing(root)
    assert (standing.is_set_up, standing.waiting) == (False, 2)
