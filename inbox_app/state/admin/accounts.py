"""Accounts with their owners, and their import from a CSV file: looked at first, then written (PRODUCT 5.3)."""

from dataclasses import dataclass
from typing import Any, Final

import reflex as rx

from inbox_app import clock
from inbox_app.services import routing_admin
from inbox_app.services.routing_admin import AccountImport
from inbox_app.state.answers import Answer, answered
from inbox_app.state.arguments import record, text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin, language_of
from inbox_app.texts.catalogue import translate

SHOWN: Final = 200
CSV_LIMIT: Final = 400_000  # characters; a socket's message may hold a megabyte


@dataclass(frozen=True)
class AccountRow:
    """A line of the table, or of the file (then without an id)."""

    company: str
    domain: str
    owner: str
    id: str = ""


@dataclass(frozen=True)
class Refused:
    """A line of the file that is not taken, and why."""

    line: int
    reason: str


class AccountsState(rx.State):
    """At most SHOWN rows of each are sent; `count`, `good_count` and `bad_count` are of all."""

    accounts: list[AccountRow] = []
    count: int = 0
    is_loaded: bool = False
    good: list[AccountRow] = []
    bad: list[Refused] = []
    good_count: int = 0
    bad_count: int = 0
    written: int = -1
    answer: Answer = Answer()
    _csv: str = ""

    @rx.event
    async def open(self) -> None:
        """From the tab."""
        self._forget()
        await self._read()

    @rx.event
    async def look(self, form: dict[str, Any]) -> None:
        """What the file would write, and what not; nothing is written."""
        member, csv = await admin(self), text(record(form, field="form").get("csv"), field="file", limit=CSV_LIMIT)
        self._forget()
        self.answer = await answered(self._look(csv, member), self.router_data, self.answer)

    async def _look(self, csv: str, member: Any) -> None:
        found = await routing_admin.read_accounts(csv, member=member)
        self._csv = csv
        self._show(found)

    @rx.event
    async def forget(self) -> None:
        """The text was changed after it was looked at: what would be written is not what stands there."""
        await admin(self)
        self._forget()

    @rx.event
    async def write(self) -> None:
        """Write the good lines of what was looked at."""
        member = await admin(self)
        found = await routing_admin.write_accounts(self._csv, member=member, now=clock.now())
        self._forget()
        self.written = len(found.good)
        await self._read()

    @rx.event
    async def remove(self, account_id: str) -> None:
        """Its visitors are routed as all others."""
        account_id = text(account_id, field="account_id")
        await routing_admin.remove("account", account_id, member=await admin(self), now=clock.now())
        await self._read()

    async def _read(self) -> None:
        rows = await routing_admin.accounts(await admin(self))
        assign(self, accounts=[AccountRow(**row) for row in rows[:SHOWN]], count=len(rows), is_loaded=True)

    def _show(self, found: AccountImport) -> None:
        language = language_of(self.router_data)
        bad = [Refused(row.line, translate(row.sentence, language, **row.gaps)) for row in found.bad[:SHOWN]]
        assign(self, good=[AccountRow(*row) for row in found.good[:SHOWN]], bad=bad)
        assign(self, good_count=len(found.good), bad_count=len(found.bad))

    def _forget(self) -> None:
        self._csv = ""
        assign(self, good=[], bad=[], good_count=0, bad_count=0, written=-1, answer=Answer())
