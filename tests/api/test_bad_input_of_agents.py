"""Bad input of agents is refused like that of visitors (see test_bad_input.py), and names the field."""

from typing import Any

import pytest

from tests.api.conftest import AGENT, People
from tests.data.builders import a_uuid

WRONG_OF_AGENTS = [
    ("put", "/agent/availability", {"available": "yes"}, "available"),
    ("put", "/agent/availability", {"available": 1}, "available"),
    ("put", "/agent/availability", {}, "available"),
    ("put", "/conversations/{id}/score", {"score": 4}, "score"),
    ("put", "/conversations/{id}/score", {"score": True}, "score"),
    ("put", "/conversations/{id}/score", {"score": "3"}, "score"),
    ("put", "/conversations/{id}/draft", {"text": "x" * 4_001}, "text"),
    ("post", "/conversations/{id}/seen", {"seq": -1}, "seq"),
    ("post", "/conversations/{id}/seen", {"seq": "2"}, "seq"),
    ("post", "/conversations/{id}/seen", {"seq": 1.5}, "seq"),
    ("post", "/conversations/{id}/messages", {"client_id": a_uuid(), "text": "\x00"}, "text"),
    ("patch", "/visitors/{visitor}", {"id": "x"}, "id"),
    ("patch", "/visitors/{visitor}", {"email": "vera"}, "email"),
    ("patch", "/visitors/{visitor}", {"name": 5}, "name"),
]


@pytest.mark.parametrize(("method", "path", "body", "field"), WRONG_OF_AGENTS)
async def test_a_wrong_value_of_an_agent_is_422_and_named(
    sqlite_people: People, method: str, path: str, body: dict[str, Any], field: str
) -> None:
    vera, ana, chat_id = await sqlite_people.chat()
    answer = await getattr(ana, method)(path.format(id=chat_id, visitor=vera.visitor_id), **body)
    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [field])


@pytest.mark.parametrize(
    "raw", [rb'{"name": "\ud83d"}', rb'{"\ud83d": "x"}', b'{"\x7f": "x"}', rb'{"na\u0000me": "x"}']
)
async def test_half_a_character_in_a_correction_is_422(people: People, raw: bytes) -> None:
    vera, ana, _ = await people.chat()
    answer = await ana.http.patch(f"{AGENT}/visitors/{vera.visitor_id}", content=raw)
    assert answer.status_code == 422
