"""What admins set for offers, waiting and the widget (CONTRACT `/settings`): limits, all or nothing, audit, at once."""

import asyncio
from typing import Any

import pytest

from inbox_app.data.tables import AuditRow
from inbox_app.domain.chat_settings import ChatSettings
from inbox_app.domain.errors import InvalidInput, NotAllowed
from inbox_app.domain.people import Role
from inbox_app.services import chat_settings
from tests.data.builders import NOW, a_member, rows_of
from tests.services.builders import an_admin, listening, told_of

pytestmark = pytest.mark.usefixtures("database")
EDGES = {
    "offer_seconds": (10, 500), "wait_limit_seconds": (10, 500), "idle_minutes": (1, 240), "capacity": (1, 10),
    "gone_minutes": (1, 60),
}  # fmt: skip
JUST_OUTSIDE = [(name, value) for name, (low, high) in EDGES.items() for value in (low - 1, high + 1)]
WRONG = [
    *JUST_OUTSIDE, ("capacity", True), ("capacity", "5"), ("capacity", 5.0), ("capacity", None), ("offer_seconds", -30),
    ("offer_seconds", 10**30), ("offer_to_absent", 1), ("offer_to_absent", "yes"), ("ask_name", "maybe"),
    ("ask_email", None), ("ask_email", ["off"]), ("title", 5), ("title", "x" * 1_001), ("fallback_text", {}),
    ("of_a_later_version", 1),
]  # fmt: skip


@pytest.mark.parametrize("name", EDGES)
async def test_both_edges_of_a_limit_are_taken(name: str) -> None:
    root = await an_admin()
    for value in EDGES[name]:
        await chat_settings.change({name: value}, member=root, now=NOW)
        assert getattr(await chat_settings.load(), name) == value


@pytest.mark.parametrize(("name", "value"), WRONG)
async def test_a_wrong_setting_is_refused_by_name_and_none_of_the_others_is_changed(name: str, value: Any) -> None:
    root = await an_admin()
    with pytest.raises(InvalidInput) as refused:
        await chat_settings.change({"greeting": "Hello", name: value}, member=root, now=NOW)
    assert refused.value.field == name
    assert await chat_settings.load() == ChatSettings()
    assert await rows_of(AuditRow) == []


async def test_each_changed_setting_is_a_line_of_the_audit_log() -> None:
    root = await an_admin()
    changes = {"offer_seconds": 45, "greeting": "Hello", "capacity": 5}
    await chat_settings.change(changes, member=root, now=NOW)
    lines = {row.subject: row.details for row in await rows_of(AuditRow, action="settings.changed", actor_id=root.id)}
    assert lines == {"offer_seconds": {"before": 30, "after": 45}, "greeting": {"before": "", "after": "Hello"}}


async def test_a_change_leaves_earlier_ones_alone_and_is_told_to_open_pages() -> None:
    root = await an_admin()
    await chat_settings.change({"title": "Talk to us"}, member=root, now=NOW)
    async with listening() as changes:
        await chat_settings.change({"greeting": "Hello"}, member=root, now=NOW)
        assert await told_of("settings", changes) == [{}]
    settings = await chat_settings.load()
    assert (settings.title, settings.greeting) == ("Talk to us", "Hello")


async def test_admins_who_change_different_settings_at_once_all_have_their_way() -> None:
    root = await an_admin()
    changes = {"offer_seconds": 45, "wait_limit_seconds": 200, "idle_minutes": 20, "capacity": 3, "gone_minutes": 7}
    acts = [chat_settings.change({name: value}, member=root, now=NOW) for name, value in changes.items()]
    await asyncio.gather(*acts)
    settings = await chat_settings.load()
    assert {name: getattr(settings, name) for name in changes} == changes


@pytest.mark.parametrize("role", [Role.AGENT, Role.MANAGER])
async def test_only_admins_change_settings(role: Role) -> None:
    with pytest.raises(NotAllowed):
        await chat_settings.change({"capacity": 3}, member=await a_member("Ana", role=role), now=NOW)
    assert (await chat_settings.load()).capacity == 5
