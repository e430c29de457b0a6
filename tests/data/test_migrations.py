"""Migrations make exactly the tables of the code, on both databases, and say what is missing."""

from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import text

from inbox_app import clock
from inbox_app.data import migrate, sign_ins, visitors
from inbox_app.data.engine import Database, unit_of_work, use_database
from inbox_app.data.ids import digest
from inbox_app.data.tables import ConversationRow, DeviceRow, MemberRow, VisitorRow
from inbox_app.domain.errors import DatabaseUnavailable
from inbox_app.domain.people import Device
from inbox_app.settings import Settings
from tests.data.builders import a_member, rows_of
from tests.databases import PostgresTemplate

SettingsWith = Callable[..., Settings]


@pytest.fixture
def postgres_url(postgres_template: PostgresTemplate) -> str:
    """A database of its own: these tests change tables."""
    return postgres_template.copy()


async def test_a_migrated_database_has_exactly_the_tables_of_the_code(database_url: str) -> None:
    assert await migrate.differences(database_url) == []


async def test_a_missing_column_would_be_told(database: str) -> None:
    async with unit_of_work() as session:
        await session.execute(text("ALTER TABLE visitor DROP COLUMN phone"))
    assert "phone" in str(await migrate.differences(database))


async def test_migrating_twice_changes_nothing(database: str) -> None:
    ana = await a_member()
    await migrate.migrate(database)
    assert [row.id for row in await rows_of(MemberRow)] == [ana.id]


async def test_an_empty_database_lacks_every_migration(empty_url: str, settings_with: SettingsWith) -> None:
    settings_with(database_url=empty_url)
    assert (await migrate.pending())[0] == "0001"
    await migrate.migrate(empty_url)
    assert await migrate.pending() == []


async def test_a_database_of_a_newer_version_is_refused(database: str, settings_with: SettingsWith) -> None:
    settings_with(database_url=database)
    async with unit_of_work() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseUnavailable, match="newer version of Agent Inbox"):
        await migrate.pending()


async def test_a_database_that_does_not_answer_is_one_clear_error(settings_with: SettingsWith) -> None:
    settings_with(database_url="postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable):
        await migrate.pending()


async def test_a_use_of_a_database_that_does_not_answer_is_the_same_error() -> None:
    await use_database("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(DatabaseUnavailable):
        async with unit_of_work() as session:
            await session.execute(text("SELECT 1"))
    await use_database(None)


async def an_upgrade(url: str, *inserts: str, since: str) -> None:
    """From this revision, with these rows in its tables, to the newest."""
    database = Database(url)
    async with database.engine.connect() as connection:
        await connection.run_sync(lambda sync: command.upgrade(migrate._config(sync), since))
        await connection.commit()
        for insert in inserts:
            await connection.execute(text(f"INSERT INTO {insert}"))
        await connection.commit()
    await database.close()
    await migrate.migrate(url)


async def test_people_who_are_signed_in_stay_so_over_an_upgrade(empty_url: str) -> None:
    await an_upgrade(
        empty_url,
        "member (id, email, name, role, takes_chats, password_hash, time_zone, turn, created_at)"
        " VALUES ('m', 'ana@example.com', 'Ana', 'agent', true, 'x', 'UTC', 0, '2026-03-02 09:30:00')",
        "sign_in (id, member_id, created_at, expires_at, address, user_agent)"
        " VALUES ('s', 'm', '2026-03-02 09:30:00', '2126-03-02 09:30:00', '', '')",
        since="0004",
    )
    await use_database(empty_url)
    found = await sign_ins.signed_in("s", now=clock.now())
    await use_database(None)
    assert found is not None
    assert (found.member.name, found.used_at <= clock.now()) == ("Ana", True)


async def test_a_browser_is_told_the_same_id_after_an_upgrade_and_gets_no_other_browsers_time_zone(
    empty_url: str,
) -> None:
    tail = "'', '', '', '', '', 'fr', '', 'Europe/Paris', '', '', '[]', '{}', '2026-03-02 09:30:00'"
    devices = ", ".join(
        f"('{name}', '{name}', '{visitor}', '2026-03-02 09:30:00')" for name, visitor in ("ap", "bs", "cs")
    )
    await an_upgrade(
        empty_url,
        "visitor (id, name, phone, job_title, company, crm_status, language, browser, time_zone, country, page_url,"
        " tags, attributes, created_at, referrer, seen_at)"
        f" VALUES ('p', {tail}, '', '2026-03-02 09:30:00'), ('s', {tail}, '', '2026-03-02 09:30:00')",
        f"device (id, token_digest, visitor_id, created_at) VALUES {devices}",
        since="0011",
    )
    await use_database(empty_url)
    found = {row.id: (row.shown_id, row.language, row.time_zone) for row in await rows_of(DeviceRow)}
    await use_database(None)
    assert found == {"a": ("p", "fr", "Europe/Paris"), "b": ("s", "", ""), "c": ("s", "", "")}


async def test_addresses_from_before_claims_were_kept_apart_stay_confirmed(empty_url: str) -> None:
    """Nothing tells which of them were proved."""
    visitor = ", ".join(["''"] * 9) + ", '[]', '{}', '2026-03-02 09:30:00', '2026-03-02 09:30:00'"
    await an_upgrade(
        empty_url,
        "visitor (id, name, email, phone, job_title, company, crm_status, country, language, browser, time_zone,"
        " page_url, referrer, tags, attributes, created_at, seen_at)"
        f" VALUES ('v', 'Vera', 'vera@example.com', '', {visitor}), ('n', '', NULL, '', {visitor})",
        f"device (id, token_digest, visitor_id, created_at) VALUES ('d', '{digest('t')}', 'v', '2026-03-02 09:30:00')",
        "conversation (id, visitor_id, device_id, client_id, state, page_url, why, requested_at, tags, last_seq,"
        " last_text, last_sender, activity_at, unread, agent_seen_seq, visitor_seen_seq) VALUES ('c', 'v', 'd', 'x',"
        " 'ended', '', '', '2026-03-02 09:30:00', '[]', 1, '', 'visitor', '2026-03-02 09:30:00', 0, 0, 0)",
        since="0007",
    )
    await use_database(empty_url)
    people = {row.id: (row.name, row.email, row.said_email, row.user_id) for row in await rows_of(VisitorRow)}
    (device,), (chat,) = await rows_of(DeviceRow), await rows_of(ConversationRow)
    (browser,) = await visitors.devices_of(["t"])
    await use_database(None)
    assert people == {"v": ("Vera", "vera@example.com", "", None), "n": ("", None, "", None)}
    assert (device.said, chat.said_name, chat.said_email, chat.said_more) == ({}, "", "", {})
    assert browser == Device("d", "v", "", "v")  # told nothing of the record


async def test_what_agents_had_merged_is_known_as_such_after_an_upgrade(empty_url: str) -> None:
    empty = ", ".join(["''"] * 9) + ", '[]', '{}', '2026-03-02 09:30:00', '2026-03-02 09:30:00'"
    visitors_ = ", ".join(f"('{one}', '', '', {empty})" for one in "vw")
    devices = ", ".join(
        f"('{one}', '{one}', 'v', '{shown}', '2026-03-02 09:30:00')" for one, shown in (("own", "v"), ("eve", "e"))
    )
    chats = ", ".join(
        f"('{one}', '{visitor}', '{device}', '{one}', 'ended', '', '', '2026-03-02 09:30:00', '[]', 1, '', 'visitor',"
        " '2026-03-02 09:30:00', 0, 0, 0)"
        for one, visitor, device in (("1", "v", "own"), ("2", "v", "eve"), ("3", "w", "eve"))
    )
    await an_upgrade(
        empty_url,
        "visitor (id, name, phone, job_title, company, crm_status, country, language, browser, time_zone, page_url,"
        f" referrer, tags, attributes, created_at, seen_at) VALUES {visitors_}",
        f"device (id, token_digest, visitor_id, shown_id, created_at) VALUES {devices}",
        "conversation (id, visitor_id, device_id, client_id, state, page_url, why, requested_at, tags, last_seq,"
        f" last_text, last_sender, activity_at, unread, agent_seen_seq, visitor_seen_seq) VALUES {chats}",
        since="0016",
    )
    await use_database(empty_url)
    found = {row.id: row.merged_by_agent for table in (DeviceRow, ConversationRow) for row in await rows_of(table)}
    await use_database(None)
    assert found == {"own": False, "eve": True, "1": False, "2": True, "3": False}
