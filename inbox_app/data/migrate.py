"""Migrations: bring a database to this version, and say what is missing.

`python -m inbox_app.data.migrate "message"` writes a new one.
"""

import asyncio
import sys
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

import inbox_app.data.tables  # noqa: F401  (its tables are the metadata)
from inbox_app.data.engine import Database, unavailable
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.settings import get_settings

HERE: Final = Path(__file__).parent / "migrations"
PATIENCE_MS: Final = 600_000
"""How long a second `inbox migrate` waits for the first one on SQLite."""
LOCK: Final = 7_420_233  # PostgreSQL's advisory lock: two servers that start at once migrate one after the other


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def _missing(connection: Connection) -> list[str]:
    done = set(MigrationContext.configure(connection).get_current_heads())
    script = ScriptDirectory.from_config(_config())
    if not done:
        return [revision.revision for revision in reversed(list(script.walk_revisions()))]
    unknown = done - {revision.revision for revision in script.walk_revisions()}
    if unknown:
        raise DatabaseUnavailable("The database was made by a newer version of Agent Inbox. Install that version.")
    return [r.revision for r in script.iterate_revisions("heads", tuple(done)) if r.revision not in done][::-1]


async def pending() -> list[str]:
    """The revisions that the database lacks, oldest first. Raises DatabaseUnavailable when it does not answer."""
    database = Database(get_settings().database_url)
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(_missing)
    except (DBAPIError, OSError, TimeoutError) as error:
        raise DatabaseUnavailable from error
    finally:
        await database.close()


async def migrate(url: str, revision: str = "head") -> int:
    """Apply what is missing, all or nothing; how many. A second caller waits and finds nothing to do."""
    database = Database(url)
    engine = database.write_engine.execution_options(patience_ms=PATIENCE_MS)
    try:
        async with database.writing(), engine.begin() as connection:
            if not database.is_sqlite:
                await connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            missing = await connection.run_sync(_missing)
            await connection.run_sync(upgrade_within, revision)
            return len(missing)
    except (DBAPIError, OSError, TimeoutError) as error:
        if unavailable(error):
            raise DatabaseUnavailable from error
        raise
    finally:
        await database.close()


def upgrade_within(connection: Connection, revision: str = "head") -> None:
    """Apply what is missing up to that revision, in the caller's transaction."""
    command.upgrade(_config(connection), revision)


def revision_of(connection: Connection) -> str:
    """The revision that a database has; empty for one without tables."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def knows(revision: str) -> bool:
    """Whether this version has that revision."""
    return revision in {known.revision for known in ScriptDirectory.from_config(_config()).walk_revisions()}


def upgrade() -> int:
    """Apply what is missing to the database of the settings; how many migrations."""
    return asyncio.run(migrate(get_settings().database_url))


async def differences(url: str) -> list[Any]:
    """What the tables in code have that the migrated database has not, and the reverse (a test wants none)."""
    database = Database(url)
    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(
                lambda sync: compare_metadata(MigrationContext.configure(sync), SQLModel.metadata)
            )
    finally:
        await database.close()


def _write_revision(message: str) -> None:
    async def run() -> None:
        database = Database(get_settings().database_url)
        async with database.engine.connect() as connection:
            await connection.run_sync(lambda sync: command.revision(_config(sync), message=message, autogenerate=True))
        await database.close()

    asyncio.run(run())


if __name__ == "__main__":
    _write_revision(sys.argv[1])
