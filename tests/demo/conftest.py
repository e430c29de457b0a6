"""These tests share one PostgreSQL database, emptied before each."""

from tests.data.reuse import postgres_url, reused_postgres

__all__ = ["postgres_url", "reused_postgres"]
