"""PRODUCT 6.4, 10.2: another person on the same browser neither sees nor continues the chat of the one before."""

import uuid
from typing import Any

import httpx
import pytest

from inbox_app.data.tables import ConversationRow
from tests.api.conftest import Agent, People, Visitor
from tests.api.test_identity import an_admin, secrets_of, signed, signed_address
from tests.data.builders import rows_of

SECRET_ORDER = "My order is 4711"
Identity = dict[str, Any]
VERA = {"user_id": "1", "name": "Vera"}
OTTO = {"user_id": "2", "name": "Otto"}
VERAS_ADDRESS = {"email": "vera@example.com", "address_too": True}
OTTOS_ADDRESS = {"email": "otto@example.com", "address_too": True}


def identity_of(said: Identity, secret: str) -> Identity:
    """Signed: the id, if there is one, and with `address_too` the address."""
    identity = {name: value for name, value in said.items() if name != "address_too"}
    if user_id := said.get("user_id"):
        identity["hash"] = signed(secret, user_id)
    if said.get("address_too"):
        identity["email_hash"] = signed_address(secret, said["email"])
    return identity


def token_of(visitor: Visitor) -> str:
    return visitor.http.headers["Authorization"].removeprefix("Bearer ")


async def a_chat_of(people: People, first: Identity, secret: str) -> tuple[Visitor, Agent]:
    ana = await people.agent()
    vera = await people.visitor(identity=identity_of(first, secret))
    await vera.ask(SECRET_ORDER)
    await ana.accept_all()
    return vera, ana


async def every_route(caller: Visitor, chat_id: str) -> list[httpx.Response]:
    base = f"/conversations/{chat_id}"
    return [
        await caller.get(base),
        await caller.get(f"{base}/events"),
        await caller.post(f"{base}/messages", client_id=str(uuid.uuid4()), text="Change the order"),
        await caller.post(f"{base}/typing"),
        await caller.post(f"{base}/seen", seq=1),
        await caller.post(f"{base}/end"),
        await caller.post("/offline-messages", text="Call me", conversation_id=chat_id),
    ]


OTHERS = {
    "another user": (VERA, OTTO),
    "another user of the same address": (VERA | VERAS_ADDRESS, OTTO | {"email": "vera@example.com"}),
    "another proved address": (VERAS_ADDRESS, OTTOS_ADDRESS),
    "another address than a user's": (VERA | VERAS_ADDRESS, OTTOS_ADDRESS),
    "an address after a user without one": (VERA, OTTOS_ADDRESS),
    "a user with another address than the one proved": (VERAS_ADDRESS, OTTO | {"email": "otto@example.com"}),
    "a user with another address than the one claimed": (
        {"email": "vera@example.com"},
        OTTO | {"email": "otto@example.com"},
    ),
}


@pytest.mark.parametrize(("first", "second"), OTHERS.values(), ids=OTHERS)
async def test_another_person_starts_anew_on_the_same_browser(
    people: People, first: Identity, second: Identity
) -> None:
    secret = (await secrets_of(await an_admin(people)))[0]
    vera, ana = await a_chat_of(people, first, secret)
    before, old_token = await record_of(ana, vera), token_of(vera)
    async with vera.listen(f"/conversations/{vera.chat_id}/events") as open_tab:
        answer = await vera.post("/sessions", token=old_token, identity=identity_of(second, secret))
        events = await open_tab.rest()
    assert answer.status_code == 201
    session = answer.json()
    assert (session["conversation"], session["token"] != old_token) == (None, True)
    assert SECRET_ORDER not in answer.text
    assert (events[-1].kind, events[-1].data["state"]) == ("state", "ended")
    assert {one.status_code for one in await every_route(vera, vera.chat_id)} == {401}
    otto = await people.visitor(token=session["token"])
    assert {one.status_code for one in await every_route(otto, vera.chat_id)} == {404}
    messages = (await ana.get(f"/conversations/{vera.chat_id}/messages")).json()["items"]
    assert [one["text"] for one in messages if one["text"]] == [SECRET_ORDER]
    assert await record_of(ana, vera) == before


async def record_of(ana: Agent, visitor: Visitor) -> Identity:
    (row,) = await rows_of(ConversationRow, id=visitor.chat_id)
    shown = (await ana.get(f"/visitors/{row.visitor_id}")).json()
    return {name: shown[name] for name in ("id", "name", "email", "user_id")}


async def test_a_replaced_visitor_no_longer_waits(people: People) -> None:
    secret = (await secrets_of(await an_admin(people)))[0]
    ana, vera = await people.agent(), await people.visitor(identity=identity_of(VERA, secret))
    await vera.ask()
    assert len((await ana.get("/offers")).json()["items"]) == 1
    await vera.post("/sessions", token=token_of(vera), identity=identity_of(OTTO, secret))
    assert (await ana.get("/offers")).json()["items"] == []
    (row,) = await rows_of(ConversationRow)
    assert row.state == "cancelled"


SAME = {
    "the same user": (VERA, VERA),
    "the same user with a new address": (VERA | VERAS_ADDRESS, VERA | {"email": "vera@new.example"}),
    "signs in after asking": ({}, VERA),
    "signs in after giving a name": ({"name": "Vee"}, VERA),
    "signs in after giving an address": ({"email": "vera@example.com"}, VERA),
    "signs in with the address given": ({"email": "vera@example.com"}, VERA | {"email": "vera@example.com"}),
    "signs in with the address proved": (VERAS_ADDRESS, VERA | {"email": "vera@example.com"}),
    "proves the address of a user": (VERA | {"email": "vera@example.com"}, VERAS_ADDRESS),
}


@pytest.mark.parametrize(("first", "second"), SAME.values(), ids=SAME)
async def test_the_same_person_continues_the_open_chat(people: People, first: Identity, second: Identity) -> None:
    secret = (await secrets_of(await an_admin(people)))[0]
    vera, _ = await a_chat_of(people, first, secret)
    answer = (await vera.post("/sessions", token=token_of(vera), identity=identity_of(second, secret))).json()
    assert (answer["token"], answer["conversation"]["id"]) == (token_of(vera), vera.chat_id)
    assert (await vera.write("It is me")).status_code == 201
