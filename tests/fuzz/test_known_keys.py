"""Hostile values under known keys: bodies from the models of the API's description, by somebody of each role.

`make fuzz` sends 6,000 of them to each kind of database, another seed each time; a normal run a few, always the same.
"""

import itertools
import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.api.conftest import People
from tests.fuzz.hostile import Values
from tests.fuzz.sending import Sent, escaped
from tests.fuzz.world import ROLES, World, a_world

REQUESTS = int(os.environ.get("FUZZ_REQUESTS", "200"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
IN_ONE_WORLD = 150
NEVER = {("post", "/api/v1/auth/logout"), ("delete", "/api/v1/account/sessions")}
"""They would end the sessions that the rest needs."""


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    found = [(method, path, more) for path, methods in described["paths"].items() for method, more in methods.items()]
    return [operation for operation in found if operation[:2] not in NEVER]


class Fuzzer:
    """Requests without end; the same seed gives the same ones."""

    def __init__(self, described: dict[str, Any], world: World, chance: random.Random) -> None:
        self.operations, self.chance = operations(described), chance
        self.values = Values(chance, described["components"]["schemas"], world.real)

    def requests(self) -> Iterator[Sent]:
        while True:
            method, path, operation = self.chance.choice(self.operations)
            has_body = "requestBody" in operation
            if not has_body and self.chance.random() < 0.5:  # what is written matters most
                continue
            self.values.hostility = self.chance.choice((0.0, 0.1, 0.3))
            yield self._request(method, path, operation)

    def _request(self, method: str, path: str, operation: dict[str, Any]) -> Sent:
        query: list[tuple[str, str]] = []
        headers = {}
        for parameter in operation.get("parameters", ()):
            name, schema = parameter["name"], parameter["schema"]
            if parameter["in"] == "path":
                path = path.replace(f"{{{name}}}", escaped(self.values.text(name, schema)))
            elif self.chance.random() < 0.5 and parameter["in"] == "query":
                query.append((name, self.values.text(name, schema)))
            elif self.chance.random() < 0.5 and parameter["in"] == "header":
                headers[name] = self.chance.choice(("1", "-1", "x", "9" * 30, ""))
        if self.chance.random() < 0.05:
            headers["Accept-Language"] = self.chance.choice(("fr", "*", ";;q", "fr;q=x", "x" * 500))
        role = self.chance.choice(self._likely(path))
        (kind,) = operation.get("requestBody", {"content": {"application/json": {}}})["content"]
        headers["Content-Type"] = kind
        content = self._content(operation) if kind == "application/json" else self.values.file()
        return Sent(role, method, path, tuple(query), content, headers)

    def _likely(self, path: str) -> tuple[str, ...]:
        fitting = ["visitor"] * 24 if "/visitor/" in path else ["admin"] * 16 + ["agent"] * 8
        return (*ROLES, *fitting)

    def _content(self, operation: dict[str, Any]) -> bytes | None:
        if "requestBody" not in operation:
            return None
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        body = self.values.of(schema) if self.chance.random() > 0.03 else self.values.hostile()
        content = json.dumps(body).encode()
        if self.chance.random() < 0.02:
            cut = self.chance.randrange(len(content) + 1)
            return content[:cut] + self.chance.choice((b"", b"\x00", b"\xed\xa0\xbd"))
        return content[: 32 * 1024]


@pytest.mark.timeout(3_600)
async def test_no_hostile_value_under_a_known_key_ends_in_a_5xx(api: FastAPI, people: People) -> None:
    chance, statuses, failed, begun = random.Random(SEED), Counter[int](), dict[str, str](), time.monotonic()
    for begin in range(0, REQUESTS, IN_ONE_WORLD):
        world = await a_world(people)
        requests = Fuzzer(api.openapi(), world, chance).requests()
        for sent in itertools.islice(requests, min(IN_ONE_WORLD, REQUESTS - begin)):
            status, text = await sent.answered(world.callers[sent.role])
            statuses[status] += 1
            if status >= 500:
                failed.setdefault(f"{sent.method} {sent.path}"[:60], f"{sent}: {text}")
        await world.is_readable()
    print(f"seed {SEED}: {dict(sorted(statuses.items()))} in {time.monotonic() - begun:.0f} s")
    assert not failed, "\n".join(failed.values())
    inside = sum(count for status, count in statuses.items() if status < 300)
    assert inside > REQUESTS / 10, f"too few of them get inside: {statuses}"
