"""Whether the database takes writes: read-only files, standbys and missing tables answer questions just as well."""

from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.exc import DBAPIError

from inbox_app import clock
from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import ProcessRow
from inbox_app.domain.errors import DatabaseUnavailable


async def probe_write() -> None:
    """Insert a row and roll it back. Raises DatabaseUnavailable when the database refuses or doesn't answer."""
    try:
        async with unit_of_work() as session:
            await session.execute(insert(ProcessRow).values(id=f"probe-{uuid4().hex}", renewed_at=clock.now()))
            await session.rollback()
    except DBAPIError as error:
        raise DatabaseUnavailable from error
