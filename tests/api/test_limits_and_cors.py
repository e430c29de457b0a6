"""Who may ask how often, and from which sites (CONTRACT)."""

from contextlib import AsyncExitStack

import httpx
import pytest

from inbox_app import clock
from inbox_app.api.application import build_api
from inbox_app.services import sign_in
from tests.api.conftest import AGENT, VISITOR, People
from tests.api.limited import SITE, SettingsWith, limited, new_address
from tests.data.builders import PASSWORD, a_member, a_uuid

__all__ = ["limited"]


async def tries(people: People, number: int, address: str = "", **headers: str) -> list[int]:
    """So many sessions from one address."""
    caller = await people.somebody(VISITOR, address or new_address())
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return [
        (await caller.http.post(f"{VISITOR}/sessions", json={}, headers=headers)).status_code for _ in range(number)
    ]


async def test_60_sessions_a_minute_come_from_one_address(limited: People) -> None:
    assert await tries(limited, 61) == [201] * 60 + [429]


async def test_a_refusal_says_how_long_to_wait(limited: People) -> None:
    caller = await limited.somebody(VISITOR, new_address())
    for _ in range(60):
        await caller.post("/sessions")
    answer = await caller.post("/sessions")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.headers["retry-after"] in answer.json()["detail"]


async def test_whom_a_stranger_claims_to_forward_counts_nothing(limited: People) -> None:
    address = new_address()
    assert await tries(limited, 60, address) == [201] * 60
    assert await tries(limited, 1, address, X_Forwarded_For=new_address()) == [429]


async def test_behind_a_trusted_proxy_the_visitors_own_address_counts(limited: People) -> None:
    one, other = new_address(), new_address()
    assert await tries(limited, 61, "10.0.0.1", X_Forwarded_For=f"spoofed, {one}") == [201] * 60 + [429]
    assert await tries(limited, 1, "10.0.0.1", X_Forwarded_For=f"{one}, {other}, 10.0.0.2") == [201]


async def test_six_conversations_an_hour_are_a_visitors(limited: People) -> None:
    vera = await limited.visitor()
    answers = [await vera.post("/conversations", client_id=a_uuid(), text="Hello") for n in range(7)]
    assert [answer.status_code for answer in answers] == [201] * 6 + [429]


async def test_a_burst_of_ten_messages_is_a_visitors(limited: People) -> None:
    await a_member()
    vera = await limited.visitor()
    await vera.ask()
    answers = [await vera.write() for _ in range(11)]
    assert [answer.status_code for answer in answers] == [201] * 10 + [429]
    assert int(answers[-1].headers["retry-after"]) <= 2


async def asked_from(people: People, origin: str, path: str = f"{VISITOR}/availability") -> httpx.Response:
    caller = await people.somebody("")
    return await caller.http.get(path, headers={"Origin": origin})


async def test_an_allowed_site_may_read_the_answer(limited: People) -> None:
    assert (await asked_from(limited, SITE)).headers["access-control-allow-origin"] == SITE


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://shop.example", f"{SITE}.evil.example", f"{SITE}:81", "null"]
)
async def test_another_site_may_not(limited: People, origin: str) -> None:
    assert "access-control-allow-origin" not in (await asked_from(limited, origin)).headers


async def test_no_site_may_read_what_is_for_agents(limited: People) -> None:
    for path in ("/agent", "/visitors/x", "/conversations", "/auth/login"):
        assert "access-control-allow-origin" not in (await asked_from(limited, SITE, AGENT + path)).headers


async def test_an_allowed_site_may_send_its_token_after_asking(limited: People) -> None:
    caller = await limited.somebody("")
    wish = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    answers = {
        origin: await caller.http.options(f"{VISITOR}/conversations", headers=wish | {"Origin": origin})
        for origin in (SITE, "https://evil.example")
    }
    assert answers[SITE].status_code == 200
    assert "authorization" in answers[SITE].headers["access-control-allow-headers"].lower()
    assert answers["https://evil.example"].status_code == 400


async def test_an_allowed_site_may_read_refusals_too(limited: People) -> None:
    caller = await limited.somebody("")
    for content, status in ((b"x" * 40_000, 413), (b"{", 400), (b'{"token": 5}', 422)):
        answer = await caller.http.post(f"{VISITOR}/sessions", content=content, headers={"Origin": SITE})
        assert (answer.status_code, answer.headers.get("access-control-allow-origin")) == (status, SITE)


async def test_how_long_to_wait_may_be_read(limited: People) -> None:
    assert "retry-after" in (await asked_from(limited, SITE)).headers["access-control-expose-headers"].lower()


async def test_no_cookie_ever_goes_to_another_site(limited: People) -> None:
    assert "access-control-allow-credentials" not in (await asked_from(limited, SITE)).headers


async def test_on_https_the_cookie_is_secure(database: str, settings_with: SettingsWith) -> None:
    settings_with(public_url="https://inbox.example")
    async with AsyncExitStack() as stack:
        people = People(build_api(), stack)
        ana, caller = await a_member(), await people.somebody()
        answer = await caller.post("/auth/login", email=ana.email, password=PASSWORD)
    assert "Secure" in answer.headers["set-cookie"]


async def test_a_stolen_session_guesses_five_passwords_in_five_minutes(limited: People) -> None:
    ana, member = await limited.somebody(), await a_member()
    ana.http.cookies.set(sign_in.COOKIE, await sign_in.sign_in(member.email, PASSWORD, now=clock.now()))
    guesses = [(await ana.put("/account/password", current="wrong", new=PASSWORD)).status_code for _ in range(6)]
    assert guesses == [422] * 5 + [429]


async def test_only_wrong_current_passwords_count(limited: People) -> None:
    ana, member = await limited.somebody(), await a_member()
    ana.http.cookies.set(sign_in.COOKIE, await sign_in.sign_in(member.email, PASSWORD, now=clock.now()))
    too_short = [await ana.put("/account/password", current=PASSWORD, new="short") for _ in range(6)]
    assert [answer.json()["errors"][0]["field"] for answer in too_short] == ["new"] * 6
    mixed = [
        (await ana.put("/account/password", current=current, new=new)).status_code
        for current, new in [("wrong", "a-new-password-1"), (PASSWORD, "short")] * 4
    ]
    assert mixed == [422] * 8
    assert (await ana.put("/account/password", current=PASSWORD, new="a-new-password-1")).status_code == 204
