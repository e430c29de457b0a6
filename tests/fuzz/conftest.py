"""The API in this process, on each kind of database, as its own tests have it."""

from tests.api.conftest import api, people
from tests.data.reuse import postgres_url, reused_postgres

__all__ = ["api", "people", "postgres_url", "reused_postgres"]
