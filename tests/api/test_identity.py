"""PRODUCT 10.2 over HTTP: the site's secret, the switch, and what is refused on which path."""

import hashlib
import hmac
from typing import Any

import pytest

from inbox_app import clock
from inbox_app.data.engine import reading_session
from inbox_app.data.tables import AuditRow, MeetingRow, SettingRow
from inbox_app.domain.people import Role
from inbox_app.services import address_proof
from tests.api.booking import book, code_of, shared, starts
from tests.api.conftest import Agent, People, Visitor
from tests.data.builders import rows_of

VERA = "vera@example.com"


async def an_admin(people: People) -> Agent:
    return await people.agent("Root", role=Role.ADMIN, is_present=False)


async def secrets_of(root: Agent) -> list[str]:
    return [one["secret"] for one in (await root.get("/site-secrets")).json()["items"]]


def signed(secret: str, user_id: str = "42") -> str:
    """As the docs tell a developer to."""
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()


def signed_address(secret: str, email: str = VERA) -> str:
    """As the docs tell a developer to."""
    return hmac.new(secret.encode(), ("email:" + email.strip().lower()).encode(), hashlib.sha256).hexdigest()


async def test_a_signed_address_leads_to_its_record_and_an_id_of_the_same_letters_does_not(people: People) -> None:
    root, ana = await an_admin(people), await people.agent()
    secret = (await secrets_of(root))[0]
    vera = await people.visitor(identity={"email": " Vera@Example.com", "email_hash": signed_address(secret)})
    await vera.ask()
    await ana.accept_all()
    assert (await ana.get(f"/visitors/{vera.visitor_id}")).json()["is_email_confirmed"] is True
    phone = await people.visitor(identity={"email": VERA, "email_hash": signed_address(secret)})
    assert phone.visitor_id == vera.visitor_id
    eve: dict[str, Any] = {"user_id": VERA, "email": VERA, "hash": signed(secret, VERA)}
    assert (await people.visitor(identity=eve)).visitor_id != vera.visitor_id
    caller = await people.somebody("/api/v1/visitor")
    for replayed in ({"email": VERA, "email_hash": eve["hash"]}, eve | {"email_hash": eve["hash"]}):
        assert code_of(await caller.post("/sessions", identity=replayed)) == (401, "identity_not_proved")


async def test_a_signed_user_is_one_person_in_two_browsers(people: People) -> None:
    secret = (await secrets_of(await an_admin(people)))[0]
    identity: dict[str, Any] = {"user_id": "42", "name": "Vera", "email": VERA}
    laptop = await people.visitor(identity=identity, identity_hash=signed(secret))
    phone = await people.visitor(
        identity={"user_id": 42, "hash": signed(secret).upper()}
    )  # a number, and as the widget
    assert laptop.visitor_id == phone.visitor_id


@pytest.mark.parametrize("no_text", [False, [], {}, 0.0, True])
async def test_a_hash_that_is_no_text_is_refused_and_not_taken_for_none(people: People, no_text: object) -> None:
    caller = await people.somebody("/api/v1/visitor")
    answer = await caller.post("/sessions", identity={"user_id": "42", "name": "Vera", "hash": no_text})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "identity.hash")


async def test_a_wrong_hash_is_401_and_tells_why(people: People) -> None:
    secret = (await secrets_of(await an_admin(people)))[0]
    caller = await people.somebody("/api/v1/visitor")
    for identity, identity_hash in (
        ({"user_id": "42"}, signed("another")), ({"user_id": "43"}, signed(secret)), ({}, signed(secret, "")),
        ({"user_id": "42", "hash": "\u2603"}, ""),
        ({"email": VERA, "email_hash": signed_address(secret, "otto@x.com")}, ""),
    ):  # fmt: skip
        answer = await caller.post("/sessions", identity=identity, identity_hash=identity_hash)
        assert code_of(answer) == (401, "identity_not_proved")


async def test_where_signatures_are_required_no_path_believes_an_unsigned_identity(people: People) -> None:
    root, ana = await an_admin(people), await people.agent()
    assert (await root.put("/settings", identity_required=True)).status_code == 200
    caller = await people.somebody("/api/v1/visitor")
    for identity in ({"email": VERA}, {"name": "Vera"}, {"user_id": "42"}):
        assert code_of(await caller.post("/sessions", identity=identity)) == (401, "identity_not_proved")
    visitor = await people.visitor()
    chat_id = await visitor.ask(name="Vera", email=VERA, phone="+47", company="Acme")
    await ana.accept_all()
    share_id = await shared(ana, chat_id)
    booked = await book(visitor, share_id, (await starts(visitor, share_id))[0], name="Vera", email=VERA)
    assert (booked.status_code, booked.json()["visitor"]) == (201, {"name": "Vera", "email": VERA})
    left = await visitor.post("/offline-messages", text="Call me", name="Vera", email=VERA)
    assert left.status_code == 201
    record = (await ana.get(f"/visitors/{visitor.visitor_id}")).json()
    assert [record[name] for name in ("name", "email", "phone", "company", "user_id")] == [""] * 5
    assert record["said"] == {"name": "Vera", "email": VERA, "phone": "+47", "company": "Acme"}


async def test_a_signed_user_is_let_in_where_signatures_are_required(people: People) -> None:
    root, ana = await an_admin(people), await people.agent()
    await root.put("/settings", identity_required=True)
    secret = (await secrets_of(root))[0]
    visitor = await people.visitor(identity={"user_id": "42", "name": "Vera", "hash": signed(secret)})
    await visitor.ask(name="Vera", email="other@example.com")
    await ana.accept_all()
    record = (await ana.get(f"/visitors/{visitor.visitor_id}")).json()
    assert (record["name"], record["user_id"], record["email"]) == ("Vera", "42", "")
    assert record["said"] == {"email": "other@example.com"}


async def test_the_secret_is_rotated_with_two_valid_ones_in_between(people: People) -> None:
    root = await an_admin(people)
    (old,) = await secrets_of(root)
    assert (await root.post("/site-secrets")).status_code == 201
    new, kept = await secrets_of(root)
    assert (kept, new != old, code_of(await root.post("/site-secrets"))) == (old, True, (409, "conflict"))
    caller = await people.somebody("/api/v1/visitor")
    for secret in (old, new):
        answer = await caller.post("/sessions", identity={"user_id": "42"}, identity_hash=signed(secret))
        assert answer.status_code == 201
    assert (await root.http.delete("/api/v1/site-secrets/old")).status_code == 204
    assert await secrets_of(root) == [new]
    answer = await caller.post("/sessions", identity={"user_id": "42"}, identity_hash=signed(old))
    assert code_of(answer) == (401, "identity_not_proved")
    actions = [row.action for row in await rows_of(AuditRow) if row.action.startswith("site_secret")]
    assert actions == ["site_secret.made", "site_secret.made", "site_secret.retired"]


async def test_only_admins_see_the_secret_and_the_database_holds_it_sealed(people: People) -> None:
    root = await an_admin(people)
    (secret,) = await secrets_of(root)
    assert secret not in str([vars(row) for row in await rows_of(SettingRow) + await rows_of(AuditRow)])
    for caller in (await people.agent(), await people.agent("Mia", role=Role.MANAGER)):
        for method, path in (("GET", ""), ("POST", ""), ("DELETE", "/old")):
            answer = await caller.http.request(method, f"/api/v1/site-secrets{path}")
            assert code_of(answer) == (403, "not_allowed")


async def test_an_agent_merges_a_claimant_over_the_api(people: People) -> None:
    ana, ben = await people.agent(), await people.agent("Ben", is_present=False)
    visitors: list[Visitor] = []
    for name in ("Vera Lind", "V"):
        visitor = await people.visitor()
        await visitor.ask(name=name, email=VERA)
        visitors.append(visitor)
        await ana.accept_all()
    known, claimant = visitors
    path = f"/visitors/{claimant.visitor_id}/merge"
    shown = (await ana.get(f"/visitors/{claimant.visitor_id}")).json()["same_address"]
    assert [(one["id"], one["name"], one["is_confirmed"]) for one in shown] == [(known.visitor_id, "Vera Lind", False)]
    assert code_of(await ben.post(path, into=known.visitor_id)) == (404, "not_found")
    merged = await ana.post(path, into=known.visitor_id)
    assert (merged.status_code, merged.json()["id"], merged.json()["name"]) == (200, known.visitor_id, "Vera Lind")
    assert (await claimant.write("Still here")).status_code == 201
    assert (await ana.get(f"/visitors/{claimant.visitor_id}")).status_code == 404


async def test_a_merged_claimants_next_chat_does_not_tell_the_name_of_the_record(people: People) -> None:
    ana, known, claimant = await people.agent(), await people.visitor(), await people.visitor()
    for visitor, name in ((known, "Vera Lind"), (claimant, "")):
        await visitor.ask(name=name, email=VERA)
        await ana.accept_all()
    merged = await ana.post(f"/visitors/{claimant.visitor_id}/merge", into=known.visitor_id)
    assert merged.status_code == 200
    path = f"/conversations/{await claimant.ask('Me again')}"
    (message,) = (await claimant.get(path)).json()["messages"]
    async with claimant.listen(f"{path}/events", "after=0") as stream:
        told = (await stream.next("message")).data
    assert (message["text"], told["text"]) == ("Me again", "Me again")
    assert "Vera" not in message["sender_name"] + told["sender_name"]


async def test_a_merged_strangers_chat_is_never_shown_as_signed_in(people: People) -> None:
    secret, ana = (await secrets_of(await an_admin(people)))[0], await people.agent()
    identity = {"user_id": "42", "email": VERA, "hash": signed(secret), "email_hash": signed_address(secret)}
    vera, eve = await people.visitor(identity=identity), await people.visitor()
    await vera.ask()
    await ana.accept_all()
    await ana.post(f"/conversations/{vera.chat_id}/end")
    await eve.ask(name="Eve", email=VERA)
    await ana.accept_all()
    assert (await ana.post(f"/visitors/{eve.visitor_id}/merge", into=vera.visitor_id)).status_code == 200
    await vera.ask()
    await ana.accept_all()
    path = f"/visitors/{vera.visitor_id}"
    of = [(await ana.get(path, conversation_id=chat)).json()["is_signed_in"] for chat in (eve.chat_id, vera.chat_id)]
    assert (of, (await ana.get(path)).json()["is_signed_in"]) == ([False, True], False)
    stranger = await people.visitor()
    await stranger.ask()
    await ana.accept_all()
    for query in ({"conversation_id": stranger.chat_id}, {"conversation_id": "nothing"}, {"conversation_id": ""}):
        assert code_of(await ana.get(path, **query)) == (404, "not_found")


@pytest.mark.parametrize("wrong", [["42"], {"a": 1}, True, 4.2])
async def test_an_id_that_is_no_text_is_named(people: People, wrong: Any) -> None:
    caller = await people.somebody("/api/v1/visitor")
    answer = await caller.post("/sessions", identity={"user_id": wrong}, identity_hash="0")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "identity.user_id")


async def test_a_claim_is_no_proof_for_anybody_elses_browser(people: People) -> None:
    """A user's own valid hash beside somebody else's address."""
    root, ana = await an_admin(people), await people.agent()
    secret = (await secrets_of(root))[0]
    vera = await people.visitor(identity={"user_id": "1", "name": "Vera", "email": VERA, "hash": signed(secret, "1")})
    await vera.ask()
    await ana.accept_all()
    identity = {"user_id": "666", "name": "Eve", "email": VERA, "hash": signed(secret, "666")}
    eve = await people.visitor(identity=identity)
    assert eve.visitor_id != vera.visitor_id
    assert (await ana.get(f"/visitors/{vera.visitor_id}")).json()["name"] == "Vera"


async def test_the_link_of_the_mail_proves_the_address_in_the_browser_that_booked(people: People) -> None:
    visitor, ana, chat_id = await people.chat()
    share_id = await shared(ana, chat_id)
    assert (await book(visitor, share_id, (await starts(visitor, share_id))[0], email=VERA)).status_code == 201
    (meeting,) = await rows_of(MeetingRow)
    async with reading_session() as session:
        token = await address_proof.token_for(session, meeting, now=clock.now())
    stranger = await people.visitor()
    assert code_of(await stranger.post("/address-proofs", token=token)) == (403, "not_allowed")
    assert (await visitor.post("/address-proofs", token=token)).status_code == 204
    assert (await ana.get(f"/visitors/{visitor.visitor_id}")).json()["is_email_confirmed"] is True
