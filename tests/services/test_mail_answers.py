"""Whatever bytes a mail server answers, the answer is stored, shown and acted on (PRODUCT 4.4)."""

from collections.abc import Callable
from datetime import datetime

import pytest

from inbox_app.data.tables import OutboxRow
from inbox_app.integrations.mail_message import Mail
from inbox_app.services import mailing, outbox
from inbox_app.services.outgoing import Errand
from inbox_app.settings import Settings
from tests.data.builders import NOW, rows_of
from tests.mail_servers import refusing_in_bytes
from tests.services.test_outbox import planned

pytestmark = pytest.mark.usefixtures("database")


async def send(errand: Errand, *, now: datetime) -> None:
    mail = Mail(
        key=errand.key, to_name="Vera", to_email="vera@example.com", subject="Hello", text="Hello\n", html="", date=now
    )
    await mailing.send(mail)


@pytest.mark.parametrize(
    ("answer", "state", "noted"),
    [
        (b"550 Bo\xeete inconnue", "failed", "refused\n550 Bo\ufffdte inconnue"),
        ("550 Boîte inconnue".encode(), "failed", "refused\n550 Boîte inconnue"),
        (b"550 no\x00 such \x1b[31mbox", "failed", "refused\n550 no such [31mbox"),
        (b"450 \xed\xa0\xbd later", "pending", "put_off\n450 \ufffd\ufffd\ufffd later"),
        ("450 \u202eretal\u202c".encode(), "pending", "put_off\n450 retal"),
    ],
)
async def test_an_answer_that_is_not_clean_text_is_noted_and_a_refusal_is_final(
    settings_with: Callable[..., Settings], answer: bytes, state: str, noted: str
) -> None:
    async with refusing_in_bytes(answer) as url:
        settings_with(smtp_url=url)
        await planned()
        assert await outbox.run_due(now=NOW, handlers={"mail": send}) == 1
    (row,) = await rows_of(OutboxRow)
    assert (row.state, row.problem, row.attempts, row.taken_until) == (state, noted, 1, None)
