"""`inbox …`: what an operator reads when something is missing, and the exit code that a script sees."""

import sqlite3
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from inbox_app.commands.doctor import NotWell, public_address
from inbox_app.settings import Settings
from tests.mail_servers import running_mail_server
from tests.programs import free_port
from tests.servers import INBOX, InboxServer


def inbox(directory: Path, *arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    values = {"data_dir": directory, "env": "production", "port": free_port()} | settings
    environment = {f"INBOX_{name.upper()}": str(value) for name, value in values.items()}
    return subprocess.run([INBOX, *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False)


def sentence_of(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence on standard error. Fails when it is a traceback, or when the command succeeded."""
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    assert "INBOX_PORT is not accepted" in sentence_of(inbox(tmp_path, "doctor", port="many"))


def test_migrate_makes_a_database_and_is_done_the_second_time(tmp_path: Path) -> None:
    first = inbox(tmp_path, "migrate")
    again = inbox(tmp_path, "migrate")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert first.stdout.startswith("Applied")
    assert again.stdout == "The database is up to date.\n"


def test_six_migrations_at_once_make_one_database(tmp_path: Path, empty_url: str) -> None:
    """As when several machines or containers start together; on SQLite all but one ended in a traceback."""
    with ThreadPoolExecutor(6) as threads:
        done = list(threads.map(lambda _: inbox(tmp_path, "migrate", database_url=empty_url), range(6)))
    assert [(one.returncode, one.stderr) for one in done] == [(0, "")] * 6
    applied = [one.stdout for one in done if one.stdout.startswith("Applied")]
    assert len(applied) == 1
    assert inbox(tmp_path, "migrate", database_url=empty_url).stdout == "The database is up to date.\n"


def test_serve_refuses_a_database_without_its_tables(tmp_path: Path) -> None:
    assert "run 'inbox migrate'" in sentence_of(inbox(tmp_path, "serve"))


@pytest.mark.postgres
def test_serve_says_which_database_does_not_answer(tmp_path: Path) -> None:
    url = f"postgresql://ann:hush@127.0.0.1:{free_port()}/inbox"
    told = sentence_of(inbox(tmp_path, "serve", database_url=url))
    assert "does not answer" in told
    assert "postgresql://ann:***@127.0.0.1" in told


def test_serve_says_that_the_port_is_taken(server: InboxServer, tmp_path: Path) -> None:
    told = sentence_of(inbox(tmp_path, "serve", port=server.port))
    assert f"Cannot listen on 127.0.0.1:{server.port}" in told
    assert "INBOX_PORT" in told


def test_doctor_shows_settings_and_what_is_not_well(tmp_path: Path) -> None:
    done = inbox(tmp_path, "doctor", redis_url="redis://:hush@127.0.0.1:1")
    assert done.returncode == 1
    assert "INBOX_REDIS_URL" in done.stdout
    assert "hush" not in done.stdout
    assert "FAIL  redis: does not answer" in done.stdout
    assert "FAIL  database: The database lacks" in done.stdout
    assert "ok    data directory" in done.stdout


def test_doctor_finds_two_servers_that_do_not_hear_of_each_other(tmp_path: Path) -> None:
    assert inbox(tmp_path, "migrate").returncode == 0
    told = []
    with closing(sqlite3.connect(tmp_path / "inbox.db", isolation_level=None)) as database:
        for server in ("one", "other"):
            database.execute("INSERT INTO process (id, renewed_at) VALUES (?, datetime('now'))", (server,))
            told.append(inbox(tmp_path, "doctor").stdout)
    assert "ok    redis: not set: one process" in told[0]
    assert "FAIL  redis: not set, but 2 servers use this database" in told[1]


def test_doctor_tells_of_mail_and_of_what_did_not_go_out(tmp_path: Path) -> None:
    assert inbox(tmp_path, "migrate").returncode == 0
    with running_mail_server() as post:
        well = inbox(tmp_path, "doctor", smtp_url=post.url).stdout
    away = inbox(tmp_path, "doctor", smtp_url=post.url)
    unset = inbox(tmp_path, "doctor").stdout
    assert "ok    mail: the server answers and lets us in" in well
    assert (away.returncode, "FAIL  mail: unreachable" in away.stdout) == (1, True), away.stdout
    assert "ok    mail: not set up: mails wait until INBOX_SMTP_URL is set" in unset
    assert "ok    deliveries: 0 waiting, 0 failed" in unset


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "ok: http://127.0.0.1:3000; set INBOX_PUBLIC_URL if people use another"),
        ({"public_url": "http://inbox.lan"}, "ok: http://inbox.lan, no other Host is answered"),
        ({"public_url": "https://a.example"}, "FAIL: INBOX_PUBLIC_URL is https, but INBOX_TRUSTED_PROXIES is empty"),
        ({"public_url": "https://a.example", "trusted_proxies": "127.0.0.1"}, "ok: https://a.example, no other Host"),
    ],
)
async def test_doctor_finds_a_proxy_that_hides_all_visitors_behind_its_address(
    settings_with: Callable[..., Settings], settings: dict[str, str], told: str
) -> None:
    line = await line_of_public_address(settings_with(env="production", **settings))
    assert line.startswith(told)


@pytest.mark.parametrize(
    "settings",
    [{"smtp_url": "smtp://127.0.0.1:1"}, {"trusted_proxies": "127.0.0.1"}]
    + [{"host": host} for host in ("0.0.0.0", "::", "192.168.1.5", "inbox.lan")],
)
async def test_doctor_asks_for_the_address_that_people_type(
    settings_with: Callable[..., Settings], settings: dict[str, str]
) -> None:
    """Without it mailed links lead to the reader's own computer, and a request for any Host is answered."""
    line = await line_of_public_address(settings_with(env="production", **settings))
    assert line.startswith("FAIL: INBOX_PUBLIC_URL is not set")
    assert "https://chat.example.com" in line
    assert (await line_of_public_address(settings_with(env="demo", **settings))).startswith("ok: http://")
    told = settings_with(env="production", public_url="http://inbox.lan", **settings)
    assert await line_of_public_address(told) == "ok: http://inbox.lan, no other Host is answered"


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
async def test_doctor_needs_no_address_where_only_this_machine_gets_in(
    settings_with: Callable[..., Settings], host: str
) -> None:
    assert (await line_of_public_address(settings_with(env="production", host=host))).startswith("ok: http://")


async def line_of_public_address(settings: Settings) -> str:
    try:
        return f"ok: {await public_address(settings)}"
    except NotWell as problem:
        return f"FAIL: {problem}"


def test_help_lists_the_tasks(tmp_path: Path) -> None:
    done = inbox(tmp_path, "--help")
    assert done.returncode == 0
    for task in ("serve", "migrate", "doctor", "user", "demo", "prune", "export"):
        assert task in done.stdout
