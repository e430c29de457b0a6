"""The question that a mail's link asks in another browser, over HTTP (PRODUCT 6.4). The link is the right to answer."""

import json
import re

import httpx
import pytest

from inbox_app import clock
from inbox_app.data.engine import reading_session
from inbox_app.data.tables import MeetingRow
from inbox_app.services import address_proof
from tests.api.booking import EMAIL, book, code_of, shared, starts, wrong_fields
from tests.api.conftest import VISITOR, Agent, Caller, People, Visitor
from tests.data.builders import a_device, rows_of

QUESTION, ANSWER = "/address-proofs/question", "/address-proofs/answer"
ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # a refusal reaches no database
SHOP = "https://shop.example/basket"


async def a_mail(people: People, **identity: str) -> tuple[Caller, str, Visitor, Agent]:
    """A phone that has nothing but the link of a booking's mail; its token, the booker, the agent."""
    ana, visitor = await people.agent(), await people.visitor(page_url=SHOP)
    chat_id = await visitor.ask(**identity)
    await ana.accept_all()
    share_id = await shared(ana, chat_id)
    answer = await book(visitor, share_id, (await starts(visitor, share_id))[0], **identity)
    assert answer.status_code == 201, answer.text
    (meeting,) = [row for row in await rows_of(MeetingRow) if row.conversation_id == chat_id]
    async with reading_session() as session:
        token = await address_proof.token_for(session, meeting, now=clock.now())
    assert token
    return await people.somebody(VISITOR), token, visitor, ana


async def is_confirmed(ana: Agent, visitor: Visitor) -> bool:
    """As the agent reads it."""
    return bool((await ana.get(f"/visitors/{visitor.visitor_id}")).json()["is_email_confirmed"])


async def test_a_phone_reads_what_it_is_asked_and_its_yes_proves_the_address(people: People) -> None:
    phone, token, visitor, ana = await a_mail(people, name="Vera", email=EMAIL)
    asked = await phone.post(QUESTION, token=token)
    assert asked.status_code == 200
    facts = asked.json()
    assert facts.pop("at").endswith("Z")
    assert facts == {"email": EMAIL, "name": "Vera", "site": "shop.example"}
    assert await is_confirmed(ana, visitor) is False
    assert (await phone.post(ANSWER, token=token, answer="yes")).status_code == 204
    assert await is_confirmed(ana, visitor) is True


async def test_after_no_the_link_neither_asks_again_nor_proves_anything(people: People) -> None:
    phone, token, visitor, ana = await a_mail(people, name="Eve", email=EMAIL)
    assert (await phone.post(ANSWER, token=token, answer="no")).status_code == 204
    assert code_of(await phone.post(QUESTION, token=token)) == (409, "conflict")
    assert code_of(await phone.post(ANSWER, token=token, answer="yes")) == (409, "conflict")
    assert code_of(await visitor.post("/address-proofs", token=token)) == (409, "conflict")
    assert await is_confirmed(ana, visitor) is False


async def test_no_answer_tells_whether_a_record_has_the_address(people: People) -> None:
    """Not even after her careless yes to a stranger: the same words as for an address that nobody knows."""
    told = []
    for is_known in (False, True):
        email = f"{is_known}@example.com".lower()
        if is_known:
            await a_device("Vera Lind", email=email, company="Acme", phone="+47 22")
        phone, token, eve, _ = await a_mail(people, name="Eve", email=email)
        answers = [
            await phone.post(QUESTION, token=token),
            await phone.post(ANSWER, token=token, answer="yes"),
            await phone.post(QUESTION, token=token),
            await eve.post("/sessions", token=eve.http.headers["Authorization"].removeprefix("Bearer ")),
        ]
        told.append([(one.status_code, one.text.replace(email, "…")) for one in answers])
        assert not re.search("Lind|Acme|22", answers[0].json()["name"] + str(answers[3].json()["visitor"]))
    assert [[status for status, _ in one] for one in told] == [[200, 204, 409, 201]] * 2
    assert {name for one in told for name in json.loads(one[3][1])["visitor"].values()} == {"Eve", "…"}


@ONE_KIND
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
async def test_whatever_opens_the_link_proves_nothing(people: People, method: str) -> None:
    """Scanners of mails open links: only the POST of a button answers."""
    phone, token, visitor, ana = await a_mail(people, name="Vera", email=EMAIL)
    for path in (QUESTION, ANSWER, "/address-proofs"):
        answer = await phone.http.request(method, f"{VISITOR}{path}", params={"token": token, "answer": "yes"})
        assert answer.status_code == 405
    assert await is_confirmed(ana, visitor) is False


@ONE_KIND
async def test_another_sites_page_neither_asks_nor_answers(people: People) -> None:
    phone, token, visitor, ana = await a_mail(people, name="Vera", email=EMAIL)
    for origin, status in (("https://evil.example", 403), ("null", 403), ("http://test", 204)):
        phone.http.headers["Origin"] = origin
        assert (await phone.post(ANSWER, token=token, answer="yes")).status_code == status
        assert await is_confirmed(ana, visitor) is (status == 204)


@ONE_KIND
@pytest.mark.parametrize("answer", ["", "YES", "maybe", True, 1, None, ["yes"]])
async def test_anything_but_yes_or_no_is_refused(people: People, answer: object) -> None:
    phone, token, visitor, ana = await a_mail(people, name="Vera", email=EMAIL)
    assert wrong_fields(await phone.post(ANSWER, token=token, answer=answer)) == ["answer"]
    assert await is_confirmed(ana, visitor) is False


@ONE_KIND
async def test_a_form_of_another_site_cannot_answer(people: People) -> None:
    """A form needs no preflight; what it sends isn't JSON."""
    phone, token, visitor, ana = await a_mail(people, name="Vera", email=EMAIL)
    answer: httpx.Response = await phone.http.post(f"{VISITOR}{ANSWER}", data={"token": token, "answer": "yes"})
    assert answer.status_code == 422
    assert await is_confirmed(ana, visitor) is False
