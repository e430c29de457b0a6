"""The managers' table as a file (PRODUCT 5.1): the whole filtered set, a page at a time, so that any number fits."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, Final, TypedDict

from inbox_app.data import views
from inbox_app.data.models import HistoryRowView, Page
from inbox_app.domain.people import Member
from inbox_app.services.use_case import use_case

COLUMNS = tuple(field.name for field in fields(HistoryRowView))
_FORMULA: Final = re.compile(r"^(?=[\t\r\n])|((?:^|[;\t\r\n])[\s\"]*)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin a formula: at the start of a cell, and after what some countries separate cells by.

What visitors wrote is text. The wide signs mean the same to a spreadsheet.
"""


class Filters(TypedDict):
    """As `views.history` takes them."""

    query: str
    agent: str
    outcome: str
    date_from: str
    date_to: str


Form = Callable[[AsyncIterator[Page[HistoryRowView]]], AsyncIterator[str]]


async def exported(member: Member, form: Form, filters: Filters, *, now: datetime) -> AsyncIterator[str]:
    """The file in pieces. Refused filters are told before the first; the export is in the audit log.

    Raises NotAllowed, InvalidInput naming the field.
    """
    first = await views.history(member, **filters)
    asked: dict[str, Any] = {name: value for name, value in filters.items() if value}
    async with use_case() as case:
        case.audit("conversations.exported", by=member.id, now=now, **asked)
    return form(_pages(member, first, filters))


async def _pages(member: Member, page: Page[HistoryRowView], filters: Filters) -> AsyncIterator[Page[HistoryRowView]]:
    yield page
    while page.next:
        page = await views.history(member, **filters, before=page.next)
        yield page


async def as_csv(pages: AsyncIterator[Page[HistoryRowView]]) -> AsyncIterator[str]:
    """RFC 4180, the names of the columns first."""
    yield _lines([COLUMNS])
    async for page in pages:
        yield _lines([cell(value) for value in asdict(row).values()] for row in page.items)


def _lines(rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def cell(value: object) -> object:
    """As a spreadsheet shows it and never runs it."""
    if isinstance(value, bool):
        return str(value).lower()
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


async def as_json(pages: AsyncIterator[Page[HistoryRowView]]) -> AsyncIterator[str]:
    """One list, a line a conversation."""
    before = "["
    async for page in pages:
        for row in page.items:
            yield f"{before}\n{json.dumps(asdict(row), ensure_ascii=False)}"
            before = ","
    yield "[]\n" if before == "[" else "\n]\n"
