"""One server with its people for all of these tests; each opens sockets of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import people
from tests.databases import SqliteTemplate
from tests.people import ANA, BEN, MIA
from tests.servers import InboxServer


@pytest.fixture(scope="package")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    directory: Path = tmp_path_factory.mktemp("state")
    server = InboxServer(directory, sqlite_template.copy(directory))
    people.add(server, ANA, BEN, MIA)
    server.start()
    yield server
    server.stop()
    assert not server.trouble(), "the server logged errors:\n" + "\n".join(server.trouble())
