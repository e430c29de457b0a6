"""One server with its people for all of these tests; each opens sockets of its own."""

from collections.abc import Iterator

import pytest

from tests import people
from tests.databases import SqliteTemplate
from tests.people import ANA, BEN, MIA
from tests.servers import InboxServer


@pytest.fixture(scope="package")
def shared_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("state"), ANA, BEN, MIA) as server:
        yield server
