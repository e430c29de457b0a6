"""Every route that takes a `client_id`, found in the API's own description, refuses what is no UUID."""

import json
from typing import Any

from inbox_app.domain.people import Role
from tests.api.conftest import Caller, People
from tests.api.samples import A_UUID, Request, requests

NO_UUIDS = [
    "1",
    "",
    "x" * 65,
    A_UUID.replace("-", ""),
    f"{A_UUID}\n",
    f"{A_UUID}\0",
    f"\0{A_UUID}",
    "{" + A_UUID + "}",
    "٧" + A_UUID[1:],
    5,
    None,
]
KNOWN = {
    "/api/v1/visitor/conversations",
    "/api/v1/visitor/conversations/{conversation_id}/messages",
    "/api/v1/visitor/calendar-shares/{share_id}/bookings",
    "/api/v1/conversations/{conversation_id}/messages",
}


def taking_a_client_id(description: dict[str, Any]) -> list[Request]:
    """Whatever the schema calls optional too: in the body at any depth, in the path or in the query."""
    schemas = description.get("components", {}).get("schemas", {})
    found = []
    for request in requests(description):
        operation = description["paths"][request.template][request.method.lower()]
        if "client_id" in json.dumps(resolved(operation, schemas)):
            found.append(request)
    return found


def resolved(part: Any, schemas: dict[str, Any], depth: int = 8) -> Any:
    """The description with what it refers to in place."""
    if isinstance(part, list):
        return [resolved(one, schemas, depth) for one in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part and depth:
        return resolved(schemas[part["$ref"].rpartition("/")[2]], schemas, depth - 1)
    return {name: resolved(one, schemas, depth) for name, one in part.items() if name != "responses"}


async def test_every_route_that_takes_a_client_id_refuses_what_is_no_uuid(sqlite_people: People) -> None:
    somebody, vera = await sqlite_people.somebody(""), await sqlite_people.visitor()
    ana = await sqlite_people.agent(role=Role.AGENT)
    found = taking_a_client_id((await somebody.get("/api/openapi.json")).json())
    assert {request.template for request in found} >= KNOWN, "the search finds less than there is"
    for request in found:
        assert isinstance(request.body, dict), f"{request.template}: teach this test to send it"
        assert "client_id" in request.body, f"{request.template}: teach this test to send it"
        caller: Caller = vera if request.template.startswith("/api/v1/visitor/") else ana
        for wrong in NO_UUIDS:
            answer = await caller.http.request(request.method, request.path, json=request.body | {"client_id": wrong})
            assert answer.status_code == 422, (request.template, wrong, answer.text)
            assert [error["field"] for error in answer.json()["errors"]] == ["client_id"], (request.template, wrong)
        well = await caller.http.request(request.method, request.path, json=request.body)
        assert well.status_code != 422, (request.template, "the UUID itself is refused", well.text)


def test_a_route_is_found_however_deep_its_body_hides_the_client_id() -> None:
    body = {"content": {"application/json": {"schema": {"$ref": "#/B"}}}}
    b = {"properties": {"one": {"items": {"$ref": "#/C"}}}}
    description = {
        "paths": {"/api/v1/new": {"post": {"requestBody": body}}},
        "components": {"schemas": {"B": b, "C": {"properties": {"client_id": {}}}}},
    }
    assert [request.template for request in taking_a_client_id(description)] == ["/api/v1/new"]
