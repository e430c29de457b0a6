"""Asking for a reset link often: nobody is flooded with mail, and no stranger locks the owner out."""

import pytest

from inbox_app import clock
from inbox_app.data.tables import OutboxRow
from inbox_app.services.member_links import RESET
from tests.api.conftest import Caller, People
from tests.api.limited import SettingsWith, limited, new_address
from tests.data.builders import a_link, a_member, rows_of

__all__ = ["limited"]


@pytest.fixture(autouse=True)
def with_mail(limited: People, settings_with: SettingsWith) -> None:
    """Mail is planned; nobody runs the outbox here."""
    settings_with(smtp_url="smtp://127.0.0.1:1")


async def ask(caller: Caller, email: str) -> int:
    return (await caller.post("/auth/reset", email=email)).status_code


async def mails() -> int:
    return len(await rows_of(OutboxRow, kind="mail.reset"))


@pytest.mark.parametrize("is_known", [True, False], ids=["account", "no account"])
async def test_strangers_who_ask_for_a_link_do_not_lock_the_owner_out(limited: People, is_known: bool) -> None:
    """The mail that they caused has a link for the owner, so that none is missing."""
    email = (await a_member()).email if is_known else "nobody@example.com"
    owner = await limited.somebody(address=new_address())
    for _ in range(10):
        assert await ask(await limited.somebody(address=new_address()), f"{email.upper()} ") == 202
    assert await ask(owner, email) == 202
    assert await mails() == 1


async def test_three_links_an_hour_are_asked_for_one_account_from_one_address(limited: People) -> None:
    ana, ben, address = await a_member("Ana"), await a_member("Ben"), new_address()
    callers = [await limited.somebody(address=address) for _ in range(4)]
    assert [await ask(caller, ana.email) for caller in callers] == [202] * 3 + [429]
    assert await ask(callers[0], ben.email) == 202
    assert await ask(await limited.somebody(address=new_address()), ana.email) == 202
    assert await mails() == 2


async def test_twenty_links_an_hour_are_asked_for_from_one_address(limited: People) -> None:
    eve = await limited.somebody(address=new_address())
    assert [await ask(eve, f"nobody{n}@example.com") for n in range(21)] == [202] * 20 + [429]


async def test_once_a_link_was_used_the_next_one_is_mailed_at_once_up_to_six_an_hour(limited: People) -> None:
    ana, sent = await a_member(), []
    for number in range(8):
        caller = await limited.somebody(address=new_address())
        assert await ask(caller, ana.email) == 202
        assert await ask(caller, ana.email) == 202
        sent.append(await mails())
        token = await a_link(ana, RESET, now=clock.now())
        used = await caller.post("/auth/reset/password", token=token, password=f"a-new-password-{number}")
        assert used.status_code == 204
    assert sent == [1, 2, 3, 4, 5, 6, 6, 6]
