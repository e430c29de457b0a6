"""Requests that fit the API's own description: every route with a plausible path and body."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

NO_ID: Final = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
"""Well formed, and of nothing that exists: a call that is allowed changes nothing."""
A_UUID: Final = "7f1d4c4e-9d0b-4a3e-8a4f-0c2f6f1c2d3e"
BY_NAME: Final = {"client_id": A_UUID, "email": "somebody@example.com", "start": "2026-12-01T09:00:00Z"}
DEPTH: Final = 6


@dataclass(frozen=True)
class Request:
    """One call. `template` is the path as the description has it."""

    method: str
    template: str
    body: Any = None
    query: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        parts = self.template.split("/")
        return "/".join(NO_ID if part.startswith("{") else part for part in parts)


def requests(description: dict[str, Any]) -> Iterator[Request]:
    """One for each operation below /api/v1."""
    schemas = description.get("components", {}).get("schemas", {})
    for template, operations in sorted(description["paths"].items()):
        for method, operation in sorted(operations.items()):
            if template.startswith("/api/v1/"):
                content = operation.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema")
                query = {
                    parameter["name"]: str(sample(parameter["schema"], schemas, parameter["name"]))
                    for parameter in operation.get("parameters", [])
                    if parameter["in"] == "query" and parameter.get("required")
                }
                body = None if schema is None else sample(schema, schemas)
                yield Request(method.upper(), template, body, query)


def sample(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", depth: int = DEPTH) -> Any:
    """A small value that the schema accepts: required fields only."""
    if "$ref" in schema:
        return sample(schemas[schema["$ref"].rpartition("/")[2]], schemas, name, depth - 1)
    if options := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return sample(next((one for one in options if one.get("type") != "null"), options[0]), schemas, name, depth)
    if schema.get("type") == "object":
        required = schema.get("required", []) if depth else []
        return {one: sample(schema.get("properties", {}).get(one, {}), schemas, one, depth - 1) for one in required}
    return BY_NAME[name] if name in BY_NAME else _simple(schema)


def _simple(schema: dict[str, Any]) -> Any:
    if "const" in schema or "enum" in schema or "default" in schema:
        return schema.get("const", schema.get("default", schema.get("enum", [None])[0]))
    match schema.get("type"):
        case "array":
            return []
        case "boolean":
            return True
        case "integer" | "number":
            return schema.get("minimum", 1)
    return "a" * max(schema.get("minLength", 1), 1)
