"""`inbox doctor`: shows the settings and checks everything that the server needs."""

import asyncio
import ipaddress
import platform
import sys
from collections.abc import Awaitable, Callable
from importlib import metadata
from pathlib import Path

import typer

from inbox_app import __version__
from inbox_app.private_files import DIRECTORY_MODE, is_open_to_others
from inbox_app.settings import KEY_FILE, Settings, get_settings

Check = Callable[[Settings], Awaitable[str]]


class NotWell(Exception):
    """A check failed; the message says what to do."""


def doctor() -> None:
    """Print the settings, secrets masked, and check database, Redis, front end and mail. Exit 1 if one is not well."""
    settings = get_settings()
    width = max(map(len, settings.masked()))
    for name, value in settings.masked().items():
        typer.echo(f"{name:<{width}}  {value}")
    typer.echo("")
    checks = {
        "versions": versions,
        "data directory": data_directory,
        "database": database,
        "redis": redis,
        "pages": pages,
        "public address": public_address,
        "mail": mail,
        "deliveries": deliveries,
    }
    results = [asyncio.run(_told(name, check, settings)) for name, check in checks.items()]
    if not all(results):
        raise typer.Exit(1)


async def _told(name: str, check: Check, settings: Settings) -> bool:
    """Run one check and print its line. A check that breaks must not hide the ones behind it."""
    try:
        typer.echo(f"ok    {name}: {await check(settings)}")
    except Exception as problem:
        typer.echo(f"FAIL  {name}: {problem}")
        return False
    return True


async def versions(_: Settings) -> str:
    """Which program runs on what."""
    names = ("reflex", "granian", "sqlalchemy")
    parts = [f"{name} {metadata.version(name)}" for name in names]
    return f"Agent Inbox {__version__}, Python {platform.python_version()} on {sys.platform}, {', '.join(parts)}"


async def data_directory(settings: Settings) -> str:
    """Check that the directory is writable, and that no other user can read it, the database or the key."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=DIRECTORY_MODE)
    probe = settings.data_dir / ".probe"
    probe.touch()
    probe.unlink()
    if found := [str(path) for path in _private_paths(settings) if is_open_to_others(path)]:
        raise NotWell(f"other users of this machine can read {', '.join(found)}: run 'chmod go= {' '.join(found)}'.")
    return str(settings.data_dir)


def _private_paths(settings: Settings) -> list[Path]:
    from inbox_app.data.engine import sqlite_files

    paths = [settings.data_dir, settings.data_dir / KEY_FILE]
    if not settings.is_postgresql:
        paths += sqlite_files(Path(settings.database_url.removeprefix("sqlite:///")))
    return paths


async def database(settings: Settings) -> str:
    """The database answers, has all migrations and takes a write, which is rolled back."""
    from inbox_app.data.engine import use_database
    from inbox_app.data.probe import probe_write
    from inbox_app.domain.errors import DatabaseUnavailable
    from inbox_app.server import check_database

    await check_database(settings)
    try:
        await probe_write()
    except DatabaseUnavailable as error:
        raise NotWell(f"cannot be written to ({error.__cause__}): check the rights of its user.") from error
    finally:
        await use_database(None)
    return "reachable and writable, all migrations applied"


async def redis(settings: Settings) -> str:
    """Redis takes what a request gives it, an event, a rate limit's count and a lease, where one is set."""
    if settings.redis_url is None:
        return await _without_redis()
    from redis.exceptions import RedisError

    from inbox_app.live import Hub
    from inbox_app.live.counts import Counts
    from inbox_app.live.leases import Leases
    from inbox_app.live.redis_wire import RedisWire

    wire, counts, leases = RedisWire(settings.redis_url, Hub()), Counts(settings.redis_url), Leases(settings.redis_url)
    try:
        await wire.probe()
        await counts.probe()
        await leases.probe()
    except (RedisError, OSError, TimeoutError) as error:
        reason = str(error) or "no answer in time"
        raise NotWell(f"does not answer ({reason}): start it, or check INBOX_REDIS_URL.") from error
    finally:
        await wire.close()
        await counts.close()
        await leases.close()
    return "answers, takes events, rate limits and leases"


async def _without_redis() -> str:
    """Find servers that share a database without Redis: each works, but none hears of the others' chats."""
    from sqlalchemy.exc import DBAPIError

    from inbox_app import clock
    from inbox_app.data.engine import reading, use_database
    from inbox_app.data.presence import living_servers
    from inbox_app.domain.errors import DatabaseUnavailable

    servers = 0
    try:
        async with reading() as connection:
            servers = await living_servers(connection, now=clock.now())
    except (DatabaseUnavailable, DBAPIError):
        pass  # the line about the database says what is wrong
    finally:
        await use_database(None)
    if servers > 1:
        raise NotWell(
            f"not set, but {servers} servers use this database, and none hears of the others' chats. Set "
            "INBOX_REDIS_URL for all of them, or stop all but one. A server that crashed counts for 25 s."
        )
    return "not set: one process"


async def public_address(settings: Settings) -> str:
    """Where people reach the server. TLS means a proxy, whose own address all visitors would otherwise share."""
    if settings.is_https and settings.rate_limits and not settings.trusted_proxies:
        raise NotWell(
            "INBOX_PUBLIC_URL is https, but INBOX_TRUSTED_PROXIES is empty, so rate limits count all visitors as one. "
            "Set it to the address of your proxy, e.g. 127.0.0.1."
        )
    if "public_url" not in settings.model_fields_set:
        if settings.env == "production" and _serves_others(settings):
            raise NotWell(
                f"INBOX_PUBLIC_URL is not set, so links in mails lead to {settings.public_url}, and a request for any "
                "Host is answered. Set it to what people type, e.g. https://chat.example.com."
            )
        return f"{settings.public_url}; set INBOX_PUBLIC_URL if people use another"
    return f"{settings.public_url}, no other Host is answered"


def _serves_others(settings: Settings) -> bool:
    """Whether anyone on another machine opens its pages or its links."""
    try:
        is_local = settings.host == "localhost" or ipaddress.ip_address(settings.host).is_loopback
    except ValueError:  # a name, of some network
        is_local = False
    return not is_local or settings.smtp_url is not None or bool(settings.trusted_proxies)


async def mail(settings: Settings) -> str:
    """The mail server is there and lets us in, where one is set."""
    if settings.smtp_url is None:
        return "not set up: mails wait until INBOX_SMTP_URL is set"
    from inbox_app.integrations.mail import NotSent, SmtpMailer

    try:
        await SmtpMailer(settings.smtp_url, settings.mail_from).check()
    except NotSent as error:
        raise NotWell(f"{error.problem} ({error.detail}): check INBOX_SMTP_URL.") from error
    return "the server answers and lets us in"


async def deliveries(_: Settings) -> str:
    """How many mails and calendar events are on their way, and how many an admin has to look at."""
    from inbox_app.data import outbox
    from inbox_app.data.engine import use_database

    try:
        found = await outbox.counts()
    except Exception as error:
        raise NotWell("cannot be counted: see the database above.") from error
    finally:
        await use_database(None)
    hint = ": see /admin?tab=deliveries" if found["failed"] else ""
    return f"{found['pending']} waiting, {found['failed']} failed{hint}"


async def pages(_: Settings) -> str:
    """The kept front-end build fits the sources, or can be made."""
    from inbox_app.frontend_build import bun, fingerprint, is_kept

    if is_kept(fingerprint()):
        return "built"
    return f"not built; 'inbox serve' builds them with {bun()}"
