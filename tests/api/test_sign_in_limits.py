"""Guessing passwords is slow, at once or from many places, and locks nobody out of an account."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack

import httpx
import pytest

from inbox_app.api.application import build_api
from inbox_app.domain.people import Member, Role
from inbox_app.services import known_browsers
from tests.api.conftest import Caller, People
from tests.api.limited import SettingsWith, limited, new_address
from tests.data.builders import PASSWORD, a_member

__all__ = ["limited"]
ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a wrong password costs time on purpose


async def sign_in(caller: Caller, email: str, password: str, **headers: str) -> int:
    body = {"email": email, "password": password}
    return (await caller.http.post("/api/v1/auth/login", json=body, headers=headers)).status_code


async def guess(caller: Caller, member: Member, times: int) -> list[int]:
    return [await sign_in(caller, member.email, "wrong") for _ in range(times)]


async def guess_from_everywhere(people: People, member: Member, times: int) -> list[int]:
    return [await sign_in(await people.somebody(address=new_address()), member.email, "wrong") for _ in range(times)]


@ONE_KIND
async def test_sixty_guesses_at_once_are_twenty(limited: People) -> None:
    caller = await limited.somebody(address=new_address())
    answers: Counter[int] = Counter()
    for wave in range(60):  # most of a wave is refused because two others are being checked
        guesses = [sign_in(caller, f"nobody{wave}-{n}@example.com", "x") for n in range(60)]
        answers.update(now := Counter(await asyncio.gather(*guesses)))
        if not now[401]:
            break
    assert set(answers) == {401, 429}
    assert answers[401] == 20


async def test_five_failures_in_five_minutes_are_an_accounts_from_one_address(limited: People) -> None:
    ana, caller = await a_member(), await limited.somebody(address=new_address())
    emails = [ana.email, ana.email.upper(), f" {ana.email}"] * 2
    assert [await sign_in(caller, email, "wrong") for email in emails] == [401] * 5 + [429]
    assert await sign_in(caller, ana.email, PASSWORD) == 429


async def test_failures_at_one_address_lock_out_no_other(limited: People) -> None:
    ana, eve = await a_member(), await limited.somebody(address=new_address())
    assert await guess(eve, ana, 6) == [401] * 5 + [429]
    assert await sign_in(await limited.somebody(address=new_address()), ana.email, PASSWORD) == 204


async def test_the_addresses_of_one_ipv6_network_count_together(limited: People) -> None:
    ana = await a_member()
    addresses = [f"2001:db8:1:2::{n:x}" for n in range(1, 7)]
    answers = [await sign_in(await limited.somebody(address=a), ana.email, "wrong") for a in addresses]
    assert answers == [401] * 5 + [429]
    assert await sign_in(await limited.somebody(address="2001:db8:1:3::1"), ana.email, "wrong") == 401


@ONE_KIND
async def test_successful_sign_ins_do_not_count(limited: People) -> None:
    ana, address = await a_member(), new_address()
    strangers = [await limited.somebody(address=address) for _ in range(32)]
    assert [await sign_in(caller, ana.email, PASSWORD) for caller in strangers] == [204] * 32
    assert await guess(await limited.somebody(address=address), ana, 6) == [401] * 5 + [429]


@ONE_KIND
async def test_thirty_failures_an_hour_are_an_accounts_but_its_own_browser_gets_in(limited: People) -> None:
    ana, own = await a_member(), await limited.somebody(address=new_address())
    assert await sign_in(own, ana.email, PASSWORD) == 204
    assert (await own.post("/auth/logout")).status_code == 204
    assert await guess_from_everywhere(limited, ana, 31) == [401] * 30 + [429]
    assert await sign_in(await limited.somebody(address=new_address()), ana.email, PASSWORD) == 429
    assert await sign_in(own, ana.email, PASSWORD) == 204


@ONE_KIND
async def test_a_browser_that_accepted_an_invitation_is_known_at_sign_in(limited: People) -> None:
    root = await limited.agent("Root", role=Role.ADMIN)
    added = await root.post("/members", email="nina@example.com", name="Nina", role="agent")
    token = added.json()["invitation"]["url"].partition("#")[2]
    own = await limited.somebody(address=new_address())
    assert (await own.post("/auth/invitation", token=token, name="Nina", password=PASSWORD)).status_code == 204
    assert (await own.post("/auth/logout")).status_code == 204
    for _ in range(31):
        answer = await sign_in(await limited.somebody(address=new_address()), "nina@example.com", "wrong")
    assert answer == 429
    assert await sign_in(await limited.somebody(address=new_address()), "nina@example.com", PASSWORD) == 429
    assert await sign_in(own, "nina@example.com", PASSWORD) == 204


async def test_a_browser_is_known_for_its_accounts_only_and_counts_its_own_failures(limited: People) -> None:
    ana, ben, address = await a_member("Ana"), await a_member("Ben"), new_address()
    own, other = await limited.somebody(address=address), await limited.somebody(address=address)
    assert await sign_in(own, ana.email, PASSWORD) == 204
    for account in (ana, ben):
        assert await guess(other, account, 6) == [401] * 5 + [429]
    assert await sign_in(own, ben.email, PASSWORD) == 429
    assert await guess(own, ana, 6) == [401] * 5 + [429]


@pytest.mark.parametrize("cookie", ["", "null", "gAAAAAB", "%C3%A9", "[1, 2]", "x" * 5_000])
async def test_a_cookie_that_was_not_made_here_is_none(limited: People, cookie: str) -> None:
    ana, caller = await a_member(), await limited.somebody(address=new_address())
    assert await guess(caller, ana, 5) == [401] * 5
    assert await sign_in(caller, ana.email, PASSWORD, cookie=f"{known_browsers.COOKIE}={cookie}") == 429


async def test_the_browser_keeps_it_for_a_year_out_of_reach_of_scripts(
    database: str, settings_with: SettingsWith
) -> None:
    settings_with(public_url="https://inbox.example")
    async with AsyncExitStack() as stack:
        caller = await People(build_api(), stack).somebody()
        body = {"email": (await a_member()).email, "password": PASSWORD}
        answer = await caller.http.post("https://inbox.example/api/v1/auth/login", json=body)
    (cookie,) = [c for c in answer.headers.get_list("set-cookie") if c.startswith(known_browsers.COOKIE)]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert attributes == {"httponly", "secure", "samesite=strict", "path=/api/v1/auth", "max-age=31536000"}


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://evil.example", 403), ("null", 403), ("http://test.evil.example", 403), ("http://[", 403),
        ("http://test", 204),
    ],
)  # fmt: skip
async def test_only_our_own_pages_sign_anyone_in_or_out(people: People, origin: str, status: int) -> None:
    ana, caller = await a_member(), await people.somebody()
    assert await sign_in(caller, ana.email, PASSWORD, origin=origin) == status
    assert await sign_in(caller, ana.email, PASSWORD) == 204
    answer: httpx.Response = await caller.http.post("/api/v1/auth/logout", headers={"origin": origin})
    assert answer.status_code == status


@pytest.mark.parametrize(("origin", "status"), [("https://test", 204), ("http://test", 403), ("https://test:444", 403)])
async def test_our_pages_have_the_scheme_of_the_public_url(
    people: People, settings_with: SettingsWith, origin: str, status: int
) -> None:
    ana, caller = await a_member(), await people.somebody()
    settings_with(public_url="https://test")
    assert await sign_in(caller, ana.email, PASSWORD, origin=origin) == status
