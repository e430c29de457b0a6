"""Passwords, sessions and access of the people who work here (PRODUCT 5.3, 5.4, 9.5)."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from inbox_app import live
from inbox_app.data.tables import AuditRow, SignInRow
from inbox_app.domain.errors import Conflict, InvalidInput, NotFound, NotSignedIn, SignInFailed
from inbox_app.domain.people import Member, Role
from inbox_app.services import accounts, chat_settings, people, sign_in
from tests.data.builders import NOW, PASSWORD, a_member, rows_of

pytestmark = pytest.mark.usefixtures("database")
NEW = "a-new-password-1"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"


async def token_of(member: Member, password: str = PASSWORD, **more: Any) -> str:
    return await sign_in.sign_in(member.email, password, **{"now": NOW} | more)


async def change(member: Member, current: str = PASSWORD, new: str = NEW, token: str | None = None) -> None:
    await accounts.change_password(current, new, member=member, token=token, now=NOW)


async def is_signed_in(token: str, days: float = 0) -> bool:
    sign_in.forget()
    try:
        await sign_in.member_of(token, now=NOW + timedelta(days=days))
    except NotSignedIn:
        return False
    return True


async def actions() -> list[str]:
    return [row.action for row in sorted(await rows_of(AuditRow), key=lambda row: row.id)]


async def test_a_changed_password_is_the_only_one_that_signs_in() -> None:
    ana = await a_member()
    await change(ana)
    with pytest.raises(SignInFailed):
        await token_of(ana)
    assert await is_signed_in(await token_of(ana, NEW))
    assert (await actions())[0] == "password.changed"


async def test_changing_the_password_ends_all_other_sessions_at_once() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    here, elsewhere, bens = await token_of(ana), await token_of(ana), await token_of(ben)
    async with live.subscribe(live.topics.sign_in(sign_in.id_of(elsewhere))) as changes:
        await change(ana, token=here)
        assert (await changes.next()).kind == "signed_out"
    assert [await is_signed_in(token) for token in (here, elsewhere, bens)] == [True, False, True]


async def test_a_wrong_current_password_changes_nothing_and_is_audited() -> None:
    ana = await a_member()
    other = await token_of(ana)
    with pytest.raises(InvalidInput) as refused:
        await change(ana, current="wrong")
    assert refused.value.field == "current"
    assert await is_signed_in(other)
    assert "password.refused" in await actions()
    await token_of(ana)


@pytest.mark.parametrize("new", ["", "short", "123456789", "0123456789\x00", "\ud83d0123456789"])
async def test_a_new_password_has_ten_characters_that_can_be_typed(new: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await change(await a_member(), new=new)
    assert refused.value.field == "new"


async def test_the_operator_sets_a_password_and_every_session_ends() -> None:
    ana = await a_member()
    before = await token_of(ana)
    await accounts.set_password(f" {ana.email.upper()} ", NEW, now=NOW)
    assert not await is_signed_in(before)
    await token_of(ana, NEW)
    assert "password.set" in await actions()
    with pytest.raises(NotFound):
        await accounts.set_password("nobody@example.com", NEW, now=NOW)
    with pytest.raises(InvalidInput):
        await accounts.set_password(ana.email, "short", now=NOW)


async def test_the_audit_log_holds_no_password() -> None:
    ana = await a_member()
    await change(ana)
    await accounts.set_password(ana.email, NEW, now=NOW)
    assert NEW not in str([vars(row) for row in await rows_of(AuditRow)])


async def test_sessions_are_listed_in_words_with_this_one_first() -> None:
    ana = await a_member()
    here = await token_of(ana, user_agent=CHROME, address="203.0.113.7")
    await token_of(ana, user_agent="curl/8.5.0", now=NOW + timedelta(hours=1))
    await token_of(await a_member("Ben"))
    first, second = await accounts.sessions(member=ana, token=here, now=NOW)
    assert (first.browser, first.system, first.address, first.is_current) == ("Chrome", "Windows", "203.0.113.7", True)
    assert (second.browser, second.used_at, second.is_current) == ("curl", "2026-03-02T10:30:00.000Z", False)
    assert here not in str((first, second))


@pytest.mark.parametrize("days", [15, 31], ids=["unused for too long", "run out"])
async def test_a_session_that_is_over_is_not_listed(days: int) -> None:
    ana = await a_member()
    await token_of(ana)
    later = NOW + timedelta(days=days)
    here = await token_of(ana, now=later)
    assert [one.is_current for one in await accounts.sessions(member=ana, token=here, now=later)] == [True]


async def test_one_session_or_all_others_are_ended() -> None:
    ana = await a_member()
    here, phone, old, older = [await token_of(ana) for _ in range(4)]
    await accounts.end_session(sign_in.id_of(phone), member=ana, now=NOW)
    assert [await is_signed_in(token) for token in (here, phone, old)] == [True, False, True]
    assert await accounts.end_other_sessions(member=ana, token=here, now=NOW) == 2
    assert [await is_signed_in(token) for token in (here, old, older)] == [True, False, False]
    assert (await actions()).count("sign_in.ended") == 2


async def test_a_member_cannot_end_another_members_session() -> None:
    ana, ben = await a_member("Ana"), await a_member("Ben")
    bens = await token_of(ben)
    for session_id in (sign_in.id_of(bens), "unknown", ""):
        with pytest.raises(NotFound):
            await accounts.end_session(session_id, member=ana, now=NOW)
    assert await is_signed_in(bens)


@pytest.mark.parametrize(
    ("settings", "used_on", "is_in_force"),
    [
        ({}, [13.9, 27.7], True), ({}, [13.9], False), ({}, [], False),
        ({"session_idle_days": 30}, [], True), ({"session_idle_days": 1}, [0.9, 1.8], False),
    ],
)  # fmt: skip
async def test_a_session_that_is_not_used_for_long_ends(
    settings: dict[str, int], used_on: list[float], is_in_force: bool
) -> None:
    token = await token_of(await a_member())
    if settings:
        await chat_settings.change(settings, member=await a_member("Root", role=Role.ADMIN), now=NOW)
    for day in used_on:
        assert await is_signed_in(token, day)
    assert await is_signed_in(token, 28) is is_in_force


async def test_a_use_is_written_once_in_five_minutes() -> None:
    token = await token_of(await a_member())
    noted = []
    for minutes in (1, 4, 5, 6, 9, 10, 2):
        await is_signed_in(token, minutes / 24 / 60)
        (row,) = await rows_of(SignInRow)
        noted.append((row.used_at - NOW) / timedelta(minutes=1))
    assert noted == [0, 0, 5, 5, 5, 10, 10]


async def test_a_disabled_person_is_enabled_again_with_the_same_password() -> None:
    root, ana = await a_member("Root", role=Role.ADMIN), await a_member("Ana")
    for enable in (
        lambda: people.enable(ana.email, now=NOW),
        lambda: people.change(ana.id, {"is_disabled": False}, member=root, now=NOW),
    ):
        await people.disable(ana.email, now=NOW)
        with pytest.raises(SignInFailed):
            await token_of(ana)
        await enable()
        await token_of(ana)
    with pytest.raises(NotFound):
        await people.enable("nobody@example.com", now=NOW)


async def test_the_last_admin_stays_one() -> None:
    root, ana = await a_member("Root", role=Role.ADMIN), await a_member("Ana")
    await a_member("Gone", role=Role.ADMIN, disabled_at=NOW)
    await people.disable(ana.email, now=NOW)
    with pytest.raises(Conflict, match="last admin"):
        await people.disable(root.email, now=NOW)
    await people.change(ana.id, {"is_disabled": False, "role": "admin"}, member=root, now=NOW)
    await people.disable(root.email, now=NOW)
    with pytest.raises(Conflict, match="last admin"):
        await people.disable(ana.email, now=NOW)


@pytest.mark.parametrize("changes", [{"role": "agent"}, {"is_disabled": True}])
async def test_two_admins_who_remove_each_other_leave_one(changes: dict[str, Any]) -> None:
    one, two = await a_member("One", role=Role.ADMIN), await a_member("Two", role=Role.ADMIN)
    outcomes = await asyncio.gather(
        people.change(two.id, changes, member=one, now=NOW),
        people.change(one.id, changes, member=two, now=NOW),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes].count(Conflict) == 1, outcomes
    (left,) = [person for person in await people.everyone() if person.role == Role.ADMIN and not person.disabled_at]
    assert left.id in {one.id, two.id}
