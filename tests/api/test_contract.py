"""The calls of CONTRACT.md: who may, what comes back, in which shape."""

import uuid
from collections.abc import Callable

import pytest

from inbox_app.domain.people import Role
from tests.api.conftest import People
from tests.data.builders import a_member, a_uuid

CONVERSATION = {"id", "state", "end_reason", "agent", "queue_position", "messages", "last_seq", "seen"}
MESSAGE = {"seq", "client_id", "sender", "sender_name", "text", "sent_at"}
AGENT = {
    "id", "name", "role", "available", "available_reason", "available_until", "active_conversations", "capacity",
}  # fmt: skip


async def test_a_session_gives_a_token_and_goes_on_with_the_open_conversation(people: People) -> None:
    await a_member()
    vera = await people.visitor()
    chat_id = await vera.ask()
    token = vera.http.headers["Authorization"].removeprefix("Bearer ")
    answer = await vera.post("/sessions", token=token)
    assert answer.status_code == 201
    body = answer.json()
    assert body.keys() >= {"token", "visitor_id", "settings", "conversation"}
    assert (body["token"], body["visitor_id"], body["conversation"]["id"]) == (token, vera.visitor_id, chat_id)


async def test_a_new_visitor_has_no_conversation(people: People) -> None:
    vera = await people.visitor()
    assert (await vera.post("/sessions")).json()["conversation"] is None


async def test_a_conversation_has_the_shape_of_the_contract(people: People) -> None:
    await a_member()
    vera = await people.visitor()
    asked = await vera.post("/conversations", client_id=a_uuid(), text="Hello", name="Vera", email="vera@example.com")
    read = await vera.get(f"/conversations/{asked.json()['id']}")
    assert (asked.status_code, read.status_code) == (201, 200)
    assert asked.json() == read.json()
    assert asked.json().keys() == CONVERSATION
    assert (asked.json()["state"], asked.json()["queue_position"]) == ("offered", 1)
    assert asked.json()["messages"][0].keys() == MESSAGE


async def test_a_message_has_the_shape_of_the_contract_on_both_sides(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    for number, answer in enumerate((await vera.write("Hello"), await ana.write(chat_id, "Hi")), start=3):
        assert answer.status_code == 201
        assert answer.json().keys() == MESSAGE
        assert answer.json()["seq"] == number
        assert answer.json()["sent_at"].endswith("Z")


async def test_the_same_client_id_again_is_200_and_the_first_row(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    for write in (lambda text: vera.write(text, a_uuid("v")), lambda text: ana.write(chat_id, text, a_uuid("a"))):
        first, again = await write("first"), await write("second")
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()


@pytest.mark.parametrize("make", [uuid.uuid1, uuid.uuid4, lambda: uuid.uuid5(uuid.NAMESPACE_URL, uuid.uuid4().hex)])
async def test_a_client_id_of_any_version_is_the_same_in_either_case(
    people: People, make: Callable[[], uuid.UUID]
) -> None:
    vera, ana, chat_id = await people.chat()
    for write in (vera.write, lambda text, client_id: ana.write(chat_id, text, client_id)):
        client_id = str(make())
        first, again = await write("first", client_id.upper()), await write("second", client_id)
        assert (first.status_code, again.status_code, first.json()["client_id"]) == (201, 200, client_id)


async def test_the_same_request_again_is_200_and_the_same_conversation(people: People) -> None:
    vera, body = await people.visitor(), {"client_id": str(uuid.uuid4()), "text": "Hello"}
    first, again = [await vera.post("/conversations", **body) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


async def test_after_the_end_a_message_is_409(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    assert (await vera.post(f"/conversations/{chat_id}/end")).status_code == 204
    for answer in (await vera.write(), await ana.write(chat_id)):
        assert (answer.status_code, answer.json()["code"]) == (409, "conversation_ended")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_small_calls_of_both_sides_answer_204(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    for caller in (vera, ana):
        for call, body in (
            ("typing", {"active": True}),
            ("typing", {}),
            ("seen", {"seq": 2}),
            ("end", {}),
            ("end", {}),
        ):
            answer = await caller.post(f"/conversations/{chat_id}/{call}", **body)
            assert (call, answer.status_code, answer.content) == (call, 204, b"")


async def test_page_views_offline_messages_and_availability(people: People) -> None:
    vera = await people.visitor()
    assert (await vera.post("/page-views", page_url="https://example.com/a")).status_code == 204
    assert (await vera.post("/offline-messages", text="Call me", email="vera@example.com")).status_code == 201
    assert (await vera.get("/availability")).json() == {"available": False}


async def test_the_signed_in_agent_has_the_shape_of_the_contract(people: People) -> None:
    _, ana, _ = await people.chat()
    me = (await ana.get("/agent")).json()
    assert me.keys() == AGENT
    assert (me["name"], me["available"], me["available_reason"], me["available_until"]) == (
        "Ana",
        True,
        "schedule",
        None,
    )
    assert (me["active_conversations"], me["capacity"]) == (1, 5)


async def test_the_switch_answers_as_the_agent_is_then(people: People) -> None:
    ana = await people.agent()
    for available, reason in ((False, "override"), (True, "schedule")):
        answer = await ana.put("/agent/availability", available=available)
        assert answer.json() == (await ana.get("/agent")).json()
        assert (answer.json()["available"], answer.json()["available_reason"]) == (available, reason)


async def test_the_list_is_paged_and_filtered(people: People) -> None:
    ana = await people.agent(capacity=9)
    for number in range(3):
        vera = await people.visitor()
        await vera.ask(f"Question {number}")
    ids = await ana.accept_all()
    await ana.post(f"/conversations/{ids[0]}/end")
    page = (await ana.get("/conversations", filter="all", limit=2)).json()
    rest = (await ana.get("/conversations", filter="all", limit=2, before=page["next"])).json()
    assert sorted(row["id"] for row in page["items"] + rest["items"]) == sorted(ids)
    assert rest["next"] is None
    assert {row["id"] for row in (await ana.get("/conversations")).json()["items"]} == set(ids[1:])
    assert [row["preview"] for row in (await ana.get("/conversations", q="question 2")).json()["items"]] == [
        "Question 2"
    ]


async def test_an_offer_is_accepted_once(people: People) -> None:
    ana, vera = await people.agent(), await people.visitor()
    chat_id = await vera.ask()
    (offer,) = (await ana.get("/offers")).json()["items"]
    assert offer.keys() >= {"id", "conversation_id", "visitor_name", "text", "page_url", "expires_at", "why"}
    answers = [await ana.post(f"/offers/{offer['id']}/{act}") for act in ("accept", "accept", "decline")]
    assert [answer.status_code for answer in answers] == [200, 409, 409]
    assert (answers[0].json()["id"], answers[1].json()["code"]) == (chat_id, "offer_gone")


async def test_a_declined_offer_is_204_and_gone(people: People) -> None:
    ana, vera = await people.agent(), await people.visitor()
    chat_id = await vera.ask()
    (offer,) = (await ana.get("/offers")).json()["items"]
    assert (await ana.post(f"/offers/{offer['id']}/decline")).status_code == 204
    assert (await ana.get("/offers")).json()["items"] == []
    assert (await vera.get(f"/conversations/{chat_id}")).json()["state"] == "missed"


async def test_the_panel_its_history_and_a_correction(people: People) -> None:
    vera, ana, _ = await people.chat()
    panel = (await ana.get(f"/visitors/{vera.visitor_id}")).json()
    assert panel.keys() >= {"name", "job_title", "email", "phone", "crm_status", "previous_chats"}
    answer = await ana.patch(f"/visitors/{vera.visitor_id}", name="Vera", phone="+47 1")
    assert (answer.status_code, answer.json()["name"], answer.json()["phone"]) == (200, "Vera", "+47 1")
    lines = (await ana.get(f"/visitors/{vera.visitor_id}/activities")).json()["items"]
    assert [line["type"] for line in lines] == ["engaged_with_agent", "requested_live_chat"]
    assert lines[0].keys() >= {"type", "at", "title", "conversation_id"}


async def test_a_transcript_is_downloaded_once_the_chat_has_ended(people: People) -> None:
    vera, ana, chat_id = await people.chat()
    await vera.write("<b>1 & 2</b>")
    assert (await ana.get(f"/conversations/{chat_id}/transcript.txt")).status_code == 409
    await ana.post(f"/conversations/{chat_id}/end")
    text, document = [await ana.get(f"/conversations/{chat_id}/transcript.{kind}") for kind in ("txt", "json")]
    assert "<b>1 & 2</b>" in text.text
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.headers["content-disposition"] == f'attachment; filename="transcript-{chat_id}.txt"'
    assert [entry["seq"] for entry in document.json()["entries"]] == [1, 2, 3, 4]


async def test_a_draft_and_a_score_are_kept(people: People) -> None:
    _, ana, chat_id = await people.chat()
    assert (await ana.put(f"/conversations/{chat_id}/draft", text="Dear")).status_code == 204
    assert (await ana.get(f"/conversations/{chat_id}")).json()["draft"] == "Dear"
    await ana.post(f"/conversations/{chat_id}/end")
    assert (await ana.put(f"/conversations/{chat_id}/score", score=3)).status_code == 204
    assert (await ana.get(f"/conversations/{chat_id}")).json()["score"] == 3


async def test_managers_read_the_history_and_agents_do_not(people: People) -> None:
    _, ana, chat_id = await people.chat()
    mia = await people.agent("Mia", role=Role.MANAGER)
    assert (await mia.get("/history")).json() == {"items": [], "next": None}
    await ana.post(f"/conversations/{chat_id}/end")
    (row,) = (await mia.get("/history", q="hello", outcome="ended")).json()["items"]
    assert (row["id"], row["end_reason"]) == (chat_id, "agent")
    assert (await ana.get("/history")).status_code == 403


async def test_operators_see_that_the_process_is_ready(people: People) -> None:
    operator = await people.operator()
    assert (await operator.get("/healthz")).json() == {"status": "ok"}
    assert (await operator.get("/readyz")).json() == {"database": "ok", "redis": "not used"}
    assert "inbox_live_subscriptions" in (await operator.get("/metrics")).text
    assert "/api/v1/visitor/sessions" in (await operator.get("/api/openapi.json")).json()["paths"]
