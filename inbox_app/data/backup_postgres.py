"""Back up and restore a PostgreSQL database, table by table, by PostgreSQL's own COPY.

`pg_dump` has to be installed, at least as new as the server, and on the same network; COPY needs only the connection
that the server uses. The tables themselves come from our migrations, so an archive fits every version of PostgreSQL.
All tables are read in one REPEATABLE READ transaction: a snapshot, while messages are still being written. They're
restored in one transaction too: an error leaves what was there.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

import asyncpg
from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from inbox_app import clock
from inbox_app.data import migrate, presence
from inbox_app.data.archive import Archive, ArchiveWriter, BackupFailed, Sink
from inbox_app.data.engine import Database
from inbox_app.domain.leases import PROCESS

REVISIONS: Final = "alembic_version"
LOCK_TIMEOUT: Final = "5s"
LOOK_SECONDS: Final = 0.5
log = logging.getLogger(__name__)
_RESTART: Final = """
SELECT setval(pg_get_serial_sequence('"{table}"', '{column}'), coalesce(max("{column}"), 0) + 1, false) FROM "{table}"
"""
IN_USE: Final = (
    "A server is using this database. Stop it, then restore again; after a crash, wait {seconds} s first. "
    "Nothing was changed."
)


def part_of(table: str) -> str:
    """The name of a table's part."""
    return f"tables/{table}.copy"


async def back_up(database: Database, archive: ArchiveWriter) -> tuple[str, dict[str, list[str]]]:
    """Add a snapshot of all tables; the schema revision, and the columns of each table."""
    snapshot = await database.engine.connect()
    try:
        await snapshot.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        revision = await snapshot.run_sync(migrate.revision_of)
        if not revision:
            raise BackupFailed("The database has no tables of Agent Inbox. Check INBOX_DATABASE_URL.")
        columns = await snapshot.run_sync(_columns)
        driver = await _driver(snapshot)
        for table, names in columns.items():
            with archive.part(part_of(table)) as sink:
                await driver.copy_from_table(table, output=_into(sink), columns=names, format="text")
    finally:
        await snapshot.close()
    return revision, columns


def _columns(connection: Connection) -> dict[str, list[str]]:
    found = inspect(connection)
    tables = [table for table in found.get_table_names() if table != REVISIONS]
    return {
        table: [column["name"] for column in found.get_columns(table) if not column.get("computed")] for table in tables
    }


def _into(sink: Sink) -> Any:
    async def write(data: bytes) -> None:
        await asyncio.to_thread(sink.write, data)

    return write


async def _driver(connection: AsyncConnection) -> asyncpg.Connection:
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise BackupFailed("The connection to PostgreSQL was lost. Try again.")
    return driver


async def restore(connection: AsyncConnection, archive: Archive) -> None:
    """Replace all of our tables, in the caller's transaction."""
    manifest = archive.manifest
    await connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({migrate.LOCK})")
    await check_unused(connection)
    for table in (REVISIONS, *SQLModel.metadata.tables.keys() | manifest.columns.keys()):
        await connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{table}" CASCADE')
    await connection.run_sync(migrate.upgrade_within, manifest.revision)
    made = await connection.run_sync(_in_order_of_references)
    for table in made:
        await connection.exec_driver_sql(f'TRUNCATE "{table}" CASCADE')
    driver = await _driver(connection)
    for table in made:
        if (names := manifest.columns.get(table)) is not None:
            source = _pieces(archive, table)
            await driver.copy_to_table(table, source=source, columns=names, format="text")
    for table, column in (await connection.run_sync(_counted)).items():
        await connection.exec_driver_sql(_RESTART.format(table=table, column=column))


async def check_unused(connection: AsyncConnection, *, watch: timedelta = PROCESS) -> None:
    """Raise BackupFailed if a server renews its lease in this database.

    A lease that looks dead may be of a server whose clock differs, so it's watched for as long as a lease lasts.
    """
    if (await connection.exec_driver_sql("SELECT to_regclass('process')")).scalar_one() is None:
        return
    before = await presence.renewals(connection)
    is_used = await presence.is_any_server_alive(connection, now=clock.now())
    if before and not is_used:
        log.warning("Checking for %d s that no server runs: one didn't stop properly.", watch.total_seconds())
    until = time.monotonic() + watch.total_seconds()
    while before and not is_used and time.monotonic() < until:
        await asyncio.sleep(LOOK_SECONDS)
        is_used = bool((await presence.renewals(connection)).items() - before.items())
    if is_used:
        raise BackupFailed(IN_USE.format(seconds=round(PROCESS.total_seconds())))


def _in_order_of_references(connection: Connection) -> list[str]:
    """Tables before those that refer to them."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table.name for table in metadata.sorted_tables if table.name != REVISIONS]


def _counted(connection: Connection) -> dict[str, str]:
    """Tables that number their rows, and the column."""
    metadata = MetaData()
    metadata.reflect(connection)
    found = {table.name: table.autoincrement_column for table in metadata.sorted_tables}
    return {name: column.name for name, column in found.items() if column is not None and column.server_default}


async def _pieces(archive: Archive, table: str) -> AsyncIterator[bytes]:
    for chunk in archive.chunks(part_of(table)):
        yield chunk
