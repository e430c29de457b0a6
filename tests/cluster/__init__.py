"""Several processes that share PostgreSQL and Redis, and what happens when one of them dies."""
