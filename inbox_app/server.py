"""`inbox serve`: checks that say in one sentence what is missing, then Granian with the kept front-end build.

State is held in memory (a process is a cache), so workers need no stickiness; a worker that dies is replaced.
"""

import asyncio
import contextlib
import multiprocessing
import os
import socket
from pathlib import Path
from typing import Any

from inbox_app.draining import drain_workers_when_told_to_stop
from inbox_app.frontend_build import ensure_built
from inbox_app.log_lines import ClientFault, OneLine
from inbox_app.private_files import private_directory, private_file
from inbox_app.reflex_runtime import enter_serving
from inbox_app.settings import KEY_FILE, ROOT, Settings

STOP_SECONDS = 5
"""How long open requests and streams may take to end before their worker is killed."""

CONNECTIONS = 16_384
"""Open at once in each worker. By default Granian takes 1,024 in all workers together: the next visitors would hang."""
BACKLOG = 4_096
"""Connections that wait to be taken, as when everybody comes back after a restart."""

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": OneLine, "format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        "access": {"()": OneLine, "format": "%(message)s"},
    },
    "filters": {"client_fault": {"()": ClientFault}},
    "handlers": {
        "line": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"},
        "access": {"class": "logging.StreamHandler", "formatter": "access", "stream": "ext://sys.stdout"},
    },
    "root": {"handlers": ["line"], "level": "WARNING"},
    "loggers": {
        "inbox_app": {"level": "INFO"},
        "_granian": {"level": "WARNING"},
        "engineio.server": {"level": "ERROR", "filters": ["client_fault"]},  # without a level each adds a handler
        "socketio.server": {"level": "ERROR", "filters": ["client_fault"]},
        "granian.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
    },
}


class CannotServe(Exception):
    """The server does not start; the message says why and what to do."""


def serve(settings: Settings, *, access_log: bool = False) -> None:
    """Serve until SIGTERM or Ctrl-C. Raises `CannotServe`, `FrontendBuildFailed` or a domain error before that."""
    check_port(settings.host, settings.port)
    keep_private(settings)
    asyncio.run(check_database(settings))
    ensure_built(lambda line: print(line, flush=True))
    os.chdir(ROOT)  # Reflex looks for rxconfig.py and .web here
    enter_serving()
    allow_open_files()
    # Forked workers would inherit the event loop and the connections of the checks.
    multiprocessing.set_start_method("spawn", force=True)
    _granian(settings, access_log=access_log).serve()


def keep_private(settings: Settings) -> None:
    """Make the signing key if there is none, and close what an earlier version left open to other users."""
    private_directory(settings.data_dir)
    settings.signing_key()
    if (key := settings.data_dir / KEY_FILE).exists():
        private_file(key)


def allow_open_files() -> None:
    """A connection is an open file, of which many systems allow a process 1,024 until it asks for more."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 2 * CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def check_port(host: str, port: int) -> None:
    """Raises `CannotServe` unless this address can be listened on."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            if os.name != "nt":  # there it would allow two listeners
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotServe(
            f"Cannot listen on {host}:{port} ({reason}): stop what uses it, or set INBOX_HOST or INBOX_PORT."
        ) from None


async def check_database(settings: Settings) -> None:
    """Raises `CannotServe` unless the database is reachable, migrated, and no demo in production."""
    from inbox_app.data import migrate
    from inbox_app.data.engine import use_database
    from inbox_app.domain.errors import DatabaseUnavailable
    from inbox_app.services.demo_mark import is_demo_database

    try:
        pending = await migrate.pending()
        if pending:
            raise CannotServe(f"The database lacks {len(pending)} migration(s): run 'inbox migrate', then serve again.")
        if settings.env == "production" and await is_demo_database():
            raise CannotServe(
                "This is a demo database, whose sign-ins everyone knows: set INBOX_ENV=demo to try it, "
                "or INBOX_DATABASE_URL or INBOX_DATA_DIR to a database of your own."
            )
    except DatabaseUnavailable as error:
        raise CannotServe(f"{error} Looked for it at {settings.masked()['INBOX_DATABASE_URL']}.") from None
    finally:
        await use_database(None)


def _granian(settings: Settings, *, access_log: bool) -> Any:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "inbox_app.asgi:application",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        workers_kill_timeout=STOP_SECONDS,
        backlog=BACKLOG,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        working_dir=Path(ROOT),
        log_level=LogLevels.warning,
        log_dictconfig=LOGGING,
        log_access=access_log,
    )
    server.on_startup(drain_workers_when_told_to_stop)
    server.on_startup(lambda: print(_greeting(settings), flush=True))
    return server


def _greeting(settings: Settings) -> str:
    database = "PostgreSQL" if settings.is_postgresql else "SQLite"
    workers = f"{settings.workers} workers" if settings.workers > 1 else "1 worker"
    return f"Agent Inbox on http://{settings.host}:{settings.port} ({settings.env}, {database}, {workers})"
