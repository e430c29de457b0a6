"""One PostgreSQL database for many tests, emptied before each: copying the template takes half a second a test."""

import asyncpg
import pytest
from sqlmodel import SQLModel

import inbox_app.data.tables  # noqa: F401  (its tables are the metadata)
from tests.databases import PostgresTemplate
from tests.programs import run_apart

__all__ = ["postgres_url", "reused_postgres"]


@pytest.fixture(scope="session")
def reused_postgres(postgres_template: PostgresTemplate) -> str:
    return postgres_template.copy()


@pytest.fixture
def postgres_url(reused_postgres: str) -> str:
    """A migrated PostgreSQL database with no row in it."""
    run_apart(empty(reused_postgres))
    return reused_postgres


async def empty(url: str) -> bool:
    """Delete all rows, whoever refers to whom."""
    tables = reversed(SQLModel.metadata.sorted_tables)
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("; ".join(f'DELETE FROM "{table.name}"' for table in tables))
    finally:
        await connection.close()
    return True
