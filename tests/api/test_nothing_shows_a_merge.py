"""PRODUCT 6.4: a browser that has proved nothing is answered alike, whatever is known of the person it claims to be."""

import json
import re
import uuid
from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.api.booking import book, shared, starts
from tests.api.conftest import Agent, People, Visitor

VERA = {"name": "Vera Lind", "email": "vera@acme.com", "phone": "+47 22 33", "company": "Acme", "job_title": "Buyer"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)")
ID = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
TOKEN = re.compile(r'"token": ?"[^"]+"')
Happens = Callable[[People, Agent, Visitor], Awaitable[None]]


async def nothing(_people: People, _ana: Agent, _eve: Visitor) -> None:
    """There may be a record with the address, but no agent has merged anything."""


async def a_merge(_people: People, ana: Agent, eve: Visitor) -> None:
    (record,) = (await ana.get(f"/visitors/{eve.visitor_id}")).json()["same_address"]
    merged = await ana.post(f"/visitors/{eve.visitor_id}/merge", into=record["id"])
    assert merged.status_code == 200


async def a_merge_with_a_corrected_record(people: People, ana: Agent, eve: Visitor) -> None:
    (record,) = (await ana.get(f"/visitors/{eve.visitor_id}")).json()["same_address"]
    await a_merge(people, ana, eve)
    assert (await ana.patch(f"/visitors/{record['id']}", email="v.lind@acme.com")).status_code == 200


async def an_address_by_the_agent(_people: People, ana: Agent, eve: Visitor) -> None:
    changed = await ana.patch(f"/visitors/{eve.visitor_id}", email="v.lind@acme.com", phone="+47 1", company="Acme")
    assert changed.status_code == 200


async def every_answer(eve: Visitor, share_id: str, email: str, other: str) -> list[httpx.Response]:
    """What each route answers to the browser's own token."""
    token = eve.http.headers["Authorization"].removeprefix("Bearer ")
    chat, share = f"/conversations/{eve.chat_id}", f"/calendar-shares/{share_id}"
    start = (await starts(eve, share_id))[-1]
    answers = [
        await eve.post("/sessions", token=token),
        await eve.post("/sessions", token=token, identity={"email": email}, page_url="https://evil.example/2"),
        await eve.post("/page-views", page_url="https://evil.example/3"),
        await eve.write("So?"),
        await eve.post(f"{chat}/typing", active=True),
        await eve.post(f"{chat}/seen", seq=1),
        await eve.get(chat),
        await eve.get("/availability"),
        await eve.get(share),
        await eve.get(f"{share}/slots"),
        await eve.get(f"{share}/slots", to="2099-01-01"),
        await eve.post("/address-proofs", token="no such"),
        await book(eve, share_id, start, email=""),
        await book(eve, share_id, start, email="eve@evil.example"),
        await eve.get(share),
        await eve.post("/offline-messages", text="Call me", email=email, name="Eve"),
    ]
    meeting = f"/meetings/{answers[-2].json()['meeting']['token']}"
    return [
        *answers,
        await eve.get(meeting),
        await eve.get(f"{meeting}/slots"),
        await eve.post(f"{meeting}/reschedule", start=(await starts(eve, share_id))[0]),
        await eve.post(f"{meeting}/cancel"),
        await eve.post("/sessions", token=token),
        await eve.post(f"{chat}/end"),
        await eve.get(chat),
        await eve.post("/conversations", client_id=str(uuid.uuid4()), text="Me again"),
        await eve.post("/sessions", token=token, identity={"email": other}),
        await eve.post("/sessions", token=token, identity={"phone": "+666", "name": "E"}),
    ]


async def vera_came(people: People, ana: Agent) -> None:
    vera = await people.visitor(identity=VERA, page_url="https://acme.com/", time_zone="America/New_York", locale="fr")
    await vera.ask("Hello", **VERA)
    await ana.accept_all()


async def told(people: People, ana: Agent, happens: Happens, emails: tuple[str, str], **said: str) -> list[str]:
    """The answers and the events of the chat, for a browser that claims one address and later the other."""
    eve = await people.visitor(page_url="https://evil.example/", identity=said)
    await eve.ask("Hi", email=emails[0])
    await ana.accept_all()
    share_id, chat = await shared(ana, eve.chat_id), f"/conversations/{eve.chat_id}"
    await happens(people, ana, eve)
    answers = await every_answer(eve, share_id, *emails)
    async with eve.listen(f"{chat}/events", "after=0") as stream:
        events = [f"{one.kind} {json.dumps(one.data)}" for one in await stream.rest()]
    assert (await eve.post(f"/conversations/{answers[-3].json()['id']}/end")).status_code == 204
    whole = "\n".join([*(f"{one.request.url.path} {one.status_code} {one.text}" for one in answers), *events])
    return _without_own(whole, eve, *emails).split("\n")


def _without_own(text: str, eve: Visitor, email: str, other: str) -> str:
    """Ids become numbers in the order in which they come, so that one that changes shows."""
    seen = {eve.visitor_id: "<own>"}
    text = TOKEN.sub('"token":"-"', re.sub("/meetings/[^/ ]+", "/meetings/-", TIME.sub("<time>", text)))
    text = ID.sub(lambda found: seen.setdefault(found[0], f"<{len(seen)}>"), text)
    text = text.replace(f"Visitor {eve.visitor_id[-4:]}", "Visitor <own>")
    return text.replace(email, "<email>").replace(other, "<other>")


@pytest.mark.parametrize("said", [{}, {"name": "Eve"}], ids=["nameless", "named"])
@pytest.mark.parametrize("happens", [nothing, a_merge, a_merge_with_a_corrected_record, an_address_by_the_agent])
async def test_a_claimant_cannot_tell_what_is_known_of_the_address(
    people: People, happens: Happens, said: dict[str, str]
) -> None:
    ana = await people.agent(capacity=20)
    unknown = await told(people, ana, nothing, ("otto@acme.com", "o.berg@acme.com"), **said)
    await vera_came(people, ana)
    known = await told(people, ana, happens, ("vera@acme.com", "v.lind@acme.com"), **said)
    assert known == unknown
