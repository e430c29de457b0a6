"""The managers' table as a file (PRODUCT 5.1)."""

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest

from inbox_app.data.tables import AuditRow
from inbox_app.domain.errors import InvalidInput, NotAllowed
from inbox_app.domain.people import Role
from inbox_app.services.history_export import Filters, Form, as_csv, as_json, exported
from tests.data.builders import NOW, a_chat, a_device, a_member, rows_of

pytestmark = pytest.mark.usefixtures("database")
ALL: Filters = {"query": "", "agent": "", "outcome": "", "date_from": "", "date_to": ""}


async def file_of(form: Form, **filters: Any) -> str:
    mia = await a_member("Mia", role=Role.MANAGER)
    pieces = await exported(mia, form, ALL | filters, now=NOW)  # type: ignore[operator]
    return "".join([piece async for piece in pieces])


async def test_it_is_the_whole_filtered_set_over_pages_newest_first() -> None:
    past = [(await a_chat(state="ended", at=NOW - timedelta(minutes=n))).id for n in range(103)]
    await a_chat(state="missed", at=NOW)
    await a_chat(state="active")

    rows = list(csv.DictReader(io.StringIO(await file_of(as_csv, outcome="ended"), newline="")))

    assert [row["id"] for row in rows] == past
    (audited,) = await rows_of(AuditRow, action="conversations.exported")
    assert audited.details == {"outcome": "ended"}


async def test_json_is_the_same_and_nothing_is_an_empty_list() -> None:
    assert json.loads(await file_of(as_json)) == []
    chats = [await a_chat(state="ended", texts=("Été “à” 15 h",), at=NOW - timedelta(minutes=n)) for n in range(2)]
    found = json.loads(await file_of(as_json))
    assert [(row["id"], row["preview"]) for row in found] == [(chat.id, "Été “à” 15 h") for chat in chats]


async def test_what_a_visitor_wrote_is_no_formula_and_stays_in_its_cell() -> None:
    text = '=HYPERLINK("https://evil.example","x"),\r\n2'
    await a_chat(state="ended", device=await a_device("@SUM(1)"), texts=(text,))
    (row,) = csv.DictReader(io.StringIO(await file_of(as_csv), newline=""))
    assert (row["title"], row["preview"]) == ("'@SUM(1)", f"'{text}")


async def test_every_cell_is_quoted() -> None:
    await a_chat(state="ended", texts=("Hello",))
    for line in (await file_of(as_csv)).splitlines():
        assert re.fullmatch(r'"([^"]|"")*"(,"([^"]|"")*")*', line)


async def test_an_agent_and_a_wrong_day_are_refused_before_anything_is_written() -> None:
    ana = await a_member("Ana")
    with pytest.raises(NotAllowed):
        await exported(ana, as_csv, ALL, now=NOW)
    with pytest.raises(InvalidInput):
        await file_of(as_csv, date_from="garbage")
    assert await rows_of(AuditRow, action="conversations.exported") == []
