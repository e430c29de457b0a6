"""Sign-ins while the password or the account changes: none that began with the old one outlives the change."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from inbox_app.data.tables import MemberLinkRow, MemberRow, SignInRow
from inbox_app.domain.errors import DomainError, InvalidInput, NotFound, SignInFailed
from inbox_app.domain.people import Member, Role
from inbox_app.services import accounts, invitations, password_reset, people, sign_in
from inbox_app.services.member_links import INVITATION, RESET
from tests.data.builders import NOW, PASSWORD, a_link, a_member, rows_of

pytestmark = pytest.mark.usefixtures("database")
NEW = "a-new-password-1"
AT_ONCE = 6
Change = Callable[[Member], Awaitable[object]]


async def change_it(member: Member, new: str = NEW) -> None:
    await accounts.change_password(PASSWORD, new, member=member, token=None, now=NOW)


async def set_it(member: Member) -> None:
    await accounts.set_password(member.email, NEW, now=NOW)


async def reset_it(member: Member, new: str = NEW) -> None:
    await password_reset.reset(await a_link(member, RESET), new, now=NOW)


async def disable(member: Member) -> None:
    await people.disable(member.email, now=NOW)


async def disable_on_the_page(member: Member) -> None:
    root = await a_member("Root", role=Role.ADMIN)
    await people.change(member.id, {"is_disabled": True}, member=root, now=NOW)


async def disable_and_invite_again(member: Member) -> None:
    """Who accepts is signed in; that session isn't one of the old password."""
    root = await a_member("Root", role=Role.ADMIN)
    await people.disable(member.email, now=NOW)
    link = await invitations.invite_again(member.id, member=root, now=NOW)
    joined = await invitations.accept(
        link.url.partition("#")[2], name="Ana", password=NEW, address="", user_agent="", now=NOW
    )
    await sign_in.sign_out(joined.token, now=NOW)


CHANGES: dict[str, Change] = {
    "changed by its owner": change_it,
    "set by the operator": set_it,
    "reset by a link": reset_it,
    "disabled by the operator": disable,
    "disabled by an admin": disable_on_the_page,
    "disabled and joined again": disable_and_invite_again,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_no_sign_in_that_began_before_a_change_outlives_it(change: Change) -> None:
    ana = await a_member()
    opened = await signing_in_during(change, ana)
    assert opened, "no sign-in succeeded before the change: the test shows nothing"
    assert await rows_of(SignInRow) == []


async def signing_in_during(change: Change, member: Member) -> int:
    """Keep sign-ins with the old password on their way from before the change until all have ended."""
    running: set[asyncio.Task[bool]] = set()
    changing: asyncio.Task[None] | None = None
    opened = 0
    while running or changing is None:
        while len(running) < AT_ONCE and not (changing and changing.done()):
            running.add(asyncio.create_task(can_sign_in(member)))
        ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        opened += sum(task.result() for task in ended)
        if opened and changing is None:
            changing = asyncio.create_task(done(change, member))
    await changing
    return opened


async def done(change: Change, member: Member) -> None:
    await change(member)


async def can_sign_in(member: Member) -> bool:
    try:
        await sign_in.sign_in(member.email, PASSWORD, now=NOW)
    except SignInFailed:
        return False
    return True


async def test_of_two_changes_from_one_password_the_first_counts() -> None:
    """Otherwise whoever knew the old password could undo the owner's change."""
    ana = await a_member()
    news = [f"a-new-password-{number}" for number in range(4)]
    outcomes = await asyncio.gather(*(change_it(ana, new) for new in news), return_exceptions=True)
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert [type(error) for error in refused] == [InvalidInput] * 3, outcomes
    assert [error.field for error in refused if isinstance(error, InvalidInput)] == ["current"] * 3
    await sign_in.sign_in(ana.email, news[outcomes.index(None)], now=NOW)


@pytest.mark.parametrize("disabling", [disable, disable_on_the_page])
async def test_a_password_that_is_changed_while_the_account_is_disabled_leaves_no_way_in(disabling: Change) -> None:
    ana = await a_member()
    link = await a_link(ana, RESET)
    outcomes = await asyncio.gather(
        change_it(ana), password_reset.reset(link, NEW, now=NOW), done(disabling, ana), return_exceptions=True
    )
    assert [one for one in outcomes if isinstance(one, BaseException) and not isinstance(one, DomainError)] == []
    assert await rows_of(SignInRow) == await rows_of(MemberLinkRow) == []
    (row,) = await rows_of(MemberRow, id=ana.id)
    assert row.disabled_at is not None


async def test_an_invitation_is_accepted_once_and_ends_the_others() -> None:
    ana = await a_member(disabled_at=NOW)
    tokens = [await a_link(ana, INVITATION) for _ in range(4)]
    outcomes = await asyncio.gather(
        *(
            invitations.accept(token, name="Ana", password=f"{NEW}-{token[:4]}", address="", user_agent="", now=NOW)
            for token in tokens
        ),
        return_exceptions=True,
    )
    errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert [type(error) for error in errors] == [NotFound] * 3, outcomes
    assert len(await rows_of(SignInRow)) == 1
