"""`GET /deliveries`, `POST /deliveries/{id}/retry`, and what `/metrics` counts of them."""

import re
from collections.abc import Callable, Iterator

import pytest

from inbox_app import clock
from inbox_app.domain.people import Role
from inbox_app.services import outbox
from inbox_app.settings import Settings
from tests.api.conftest import People
from tests.mail_servers import MailServer, running_mail_server
from tests.services.meetings import a_meeting

VERA = "vera@example.com"


@pytest.fixture
def post(settings_with: Callable[..., Settings]) -> Iterator[MailServer]:
    with running_mail_server() as server:
        server.answer = lambda recipient: "550 No such mailbox" if recipient == VERA else "250 OK"
        settings_with(smtp_url=server.url)
        yield server


async def a_booking() -> None:
    """For an hour from now, so that the server's own clock finds it ahead."""
    start = clock.now()
    await a_meeting(start_at=start, end_at=start.replace(year=start.year + 1))


async def test_what_failed_is_listed_and_tried_again(people: People, post: MailServer) -> None:
    root = await people.agent("Root", role=Role.ADMIN)
    await a_booking()
    await outbox.run_due(now=clock.now())
    found = (await root.get("/deliveries")).json()
    assert (found["failed"], found["mail_is_set_up"], found["waiting_for_mail"]) == (1, True, 0)
    (item,) = found["items"]
    assert (item["kind"], item["state"], item["detail"]) == ("mail.visitor", "failed", "550 No such mailbox")

    post.answer = lambda _recipient: "250 OK"
    assert (await root.post(f"/deliveries/{item['id']}/retry")).status_code == 204
    await outbox.run_due(now=clock.now())
    assert len(post.to(VERA)) == 1
    assert (await root.get("/deliveries")).json()["items"] == []
    again = await root.post(f"/deliveries/{item['id']}/retry")
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize(("which", "status"), [("999999", 404), ("0", 422), ("x", 422), (str(2**70), 422)])
async def test_what_is_not_there_is_not_tried(people: People, which: str, status: int) -> None:
    root = await people.agent("Root", role=Role.ADMIN)
    assert (await root.post(f"/deliveries/{which}/retry")).status_code == status


async def test_metrics_count_what_waits_and_what_failed(people: People, post: MailServer) -> None:
    operator = await people.operator()
    await a_booking()
    metrics = (await operator.get("/metrics")).text
    assert 'inbox_outbox_rows{state="pending"} 3.0' in metrics
    oldest = re.search(r"^inbox_outbox_oldest_seconds (\S+)", metrics, re.MULTILINE)
    assert oldest is not None
    assert float(oldest[1]) > 0
    await outbox.run_due(now=clock.now())
    metrics = (await operator.get("/metrics")).text
    assert 'inbox_outbox_rows{state="pending"} 0.0' in metrics
    assert 'inbox_outbox_rows{state="failed"} 1.0' in metrics
