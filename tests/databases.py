"""Migrated databases: made once a session for each kind, copied for each test."""

import shutil
from pathlib import Path

from inbox_app.data.migrate import migrate
from tests.programs import Postgres, run_apart


class SqliteTemplate:
    """A migrated file to copy."""

    def __init__(self, directory: Path) -> None:
        self.file = directory / "template.db"
        run_apart(migrate(f"sqlite:///{self.file}"))

    def copy(self, directory: Path) -> str:
        """A database of its own in that directory. Returns its address."""
        target = directory / "inbox.db"
        shutil.copyfile(self.file, target)
        return f"sqlite:///{target}"


class PostgresTemplate:
    """A migrated database to copy."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self.name = server.new_database().rpartition("/")[2]
        run_apart(migrate(server.url(self.name)))

    def copy(self) -> str:
        """A database of its own on that server. Returns its address."""
        return self.server.new_database(self.name)
