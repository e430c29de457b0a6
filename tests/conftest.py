"""Fixtures of all tests: real databases, real servers, a real browser. What a machine lacks is skipped by name."""

import os
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from inbox_app.settings import Settings, get_settings
from tests.databases import PostgresTemplate, SqliteTemplate
from tests.mail_servers import MailServer, running_mail_server
from tests.programs import Postgres, Redis, running_postgres, why_no_postgres
from tests.servers import LOCAL_CALENDARS, InboxServer

pytest_plugins = ["tests.browsers"]

BROWSER_TESTS = Path(__file__).parent / "e2e"
StartServer = Callable[..., InboxServer]


def pytest_configure(config: pytest.Config) -> None:
    """Code that a test calls directly sees the settings of a test installation, whatever the machine has set."""
    for name in [name for name in os.environ if name.startswith("INBOX_")]:
        del os.environ[name]
    os.environ["INBOX_ENV"] = "test"
    os.environ["INBOX_CALENDAR_NETWORKS"] = LOCAL_CALENDARS
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # tests run in several processes, see the Makefile
    os.environ["INBOX_DATA_DIR"] = str(config.rootpath / "test-results" / f"data-{worker}")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests are marked by where they are, and come last.

    Playwright keeps an event loop running, beside which no async test can run.
    """
    for item in items:
        if item.path.is_relative_to(BROWSER_TESTS):
            item.add_marker(pytest.mark.e2e)
    items.sort(key=lambda item: item.get_closest_marker("e2e") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Fixtures that end after a test can see how it went."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    # xdist ends the whole run over half a character, which tests of hostile text do log.
    report.sections = [(title, text.encode(errors="backslashreplace").decode()) for title, text in report.sections]
    return report


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, which is what Granian gives us."""
    return "asyncio"


@pytest.fixture
def settings_with(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Settings]]:
    """`settings_with(port=4000)`: the settings of this process with others for one test."""

    def change(**values: object) -> Settings:
        for name, value in values.items():
            monkeypatch.setenv(f"INBOX_{name.upper()}", str(value))
        get_settings.cache_clear()
        return get_settings()

    yield change
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """PostgreSQL for the session. A test that stops it starts it again."""
    if reason := why_no_postgres():
        pytest.skip(reason)
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: Postgres) -> PostgresTemplate:
    return PostgresTemplate(postgres_server)


@pytest.fixture
def sqlite_url(sqlite_template: SqliteTemplate, tmp_path: Path) -> str:
    """A migrated, empty SQLite database of this test."""
    return sqlite_template.copy(tmp_path)


@pytest.fixture
def postgres_url(postgres_template: PostgresTemplate) -> str:
    """A migrated, empty PostgreSQL database of this test."""
    return postgres_template.copy()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database: the test runs once on each kind."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any table, on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'inbox.db'}"
    server: Postgres = request.getfixturevalue("postgres_server")
    return server.new_database()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The database that this process uses during the test, on each kind."""
    from inbox_app.data.engine import use_database

    await use_database(database_url)
    yield database_url
    await use_database(None)


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not on this machine")
    server = Redis(program)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def post() -> Iterator[MailServer]:
    with running_mail_server() as server:
        yield server


@pytest.fixture
def start_server(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[StartServer]:
    """`start_server(database_url, clock_offset=60, allowed_errors=("…",))`: a running server that ends with the test.

    Without an address it gets an empty SQLite database. Several servers of one test are separate processes.
    """
    servers: list[InboxServer] = []

    def start(database_url: str | None = None, **settings: object) -> InboxServer:
        url = database_url or str(request.getfixturevalue("sqlite_url"))
        servers.append(InboxServer(tmp_path, url, **settings))  # type: ignore[arg-type]
        return servers[-1].start()

    yield start
    try:
        for server in servers:
            server.stop()
    finally:
        if request.node.stash.get(FAILED, False):
            for server in servers:
                print(f"--- log of {server.url}\n{server.log}")
    trouble = [line for server in servers for line in server.trouble()]
    assert not trouble, "the server logged errors:\n" + "\n".join(trouble)


@pytest.fixture
def server(start_server: StartServer) -> InboxServer:
    """A running server with an empty SQLite database."""
    return start_server()
