"""After a restore, numbers go on above what the replaced database gave out, whatever state that is in."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from inbox_app.data.engine import unit_of_work, use_database
from inbox_app.data.tables import ConversationRow
from inbox_app.domain.replay import ORIGIN
from inbox_app.services.backup import back_up, restore
from inbox_app.settings import Settings
from tests.data.builders import a_chat, rows_of
from tests.programs import Postgres

CLOCK = 1_000
NOW = ORIGIN + timedelta(seconds=CLOCK)
SINCE_THE_BACKUP = {
    "nothing happened": ([], CLOCK),
    "it gave out more": (["UPDATE conversation SET last_seq = 5000"], 5000),
    "it was restored": (["UPDATE conversation SET seq_floor = 5000"], 5000),
    "it has the schema of an older version": (
        ["UPDATE conversation SET last_seq = 5000", "ALTER TABLE conversation DROP COLUMN seq_floor"], 5000,
    ),
}  # fmt: skip


@pytest.mark.parametrize("happened", SINCE_THE_BACKUP)
async def test_numbers_go_on_above_those_of_the_replaced_database(
    happened: str, database: str, tmp_path: Path, settings_with: Callable[..., Settings]
) -> None:
    settings = settings_with(database_url=database, data_dir=tmp_path)
    await a_chat(texts=("one", "two"))
    await back_up(tmp_path / "inbox.backup", settings=settings, version="1", now=NOW)
    statements, expected = SINCE_THE_BACKUP[happened]
    async with unit_of_work() as session:
        for statement in statements:
            await session.execute(text(statement))
    await use_database(None)
    await restore(tmp_path / "inbox.backup", settings=settings, now=NOW)
    await use_database(database)
    assert [(row.last_seq, row.seq_floor) for row in await rows_of(ConversationRow)] == [(2, expected)]


@pytest.mark.postgres
async def test_in_a_new_database_the_clock_decides(
    postgres_url: str, postgres_server: Postgres, tmp_path: Path, settings_with: Callable[..., Settings]
) -> None:
    settings = settings_with(database_url=postgres_url, data_dir=tmp_path)
    await use_database(postgres_url)
    await a_chat()
    await back_up(tmp_path / "inbox.backup", settings=settings, version="1", now=NOW)
    await use_database(None)
    settings = settings_with(database_url=postgres_server.new_database())
    await restore(tmp_path / "inbox.backup", settings=settings, now=NOW)
    await use_database(settings.database_url)
    assert [row.seq_floor for row in await rows_of(ConversationRow)] == [CLOCK]
    await use_database(None)


def spoil(sqlite_url: str) -> None:
    Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(b"no database any more" * 500)


async def test_a_damaged_database_is_replaced_and_the_clock_decides(
    sqlite_url: str, tmp_path: Path, settings_with: Callable[..., Settings]
) -> None:
    settings = settings_with(database_url=sqlite_url, data_dir=tmp_path)
    await use_database(sqlite_url)
    await a_chat()
    await back_up(tmp_path / "inbox.backup", settings=settings, version="1", now=NOW)
    await use_database(None)
    spoil(sqlite_url)
    await restore(tmp_path / "inbox.backup", settings=settings, now=NOW)
    await use_database(sqlite_url)
    assert [row.seq_floor for row in await rows_of(ConversationRow)] == [CLOCK]
    await use_database(None)
