"""Whatever the API's own description allows is never answered by a 5xx, whoever asks: schemathesis, in this process.

Its own transport would need a server, and breaks where urllib3-future is installed.
"""

import itertools
import json
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import schemathesis
from anyio.from_thread import BlockingPortal, start_blocking_portal
from hypothesis import HealthCheck, Phase, given, settings

from inbox_app.api.application import build_api
from inbox_app.data.engine import use_database
from tests.api.conftest import People
from tests.fuzz.sending import Sent, escaped
from tests.fuzz.test_known_keys import NEVER
from tests.fuzz.world import ROLES, World, a_world

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
bounded = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def portal() -> Iterator[BlockingPortal]:
    """A loop in a thread of its own: hypothesis calls functions that wait for nothing."""
    with start_blocking_portal() as found:
        yield found


@pytest.fixture
def world(portal: BlockingPortal, database_url: str) -> Iterator[World]:
    portal.call(use_database, database_url)
    stack = AsyncExitStack()
    yield portal.call(a_world, People(build_api(), stack))
    portal.call(stack.aclose)
    portal.call(use_database, None)


@pytest.mark.timeout(3_600)
def test_nothing_that_the_description_allows_is_a_5xx(world: World, portal: BlockingPortal) -> None:
    described = schemathesis.openapi.from_dict(build_api().openapi())
    operations = [result.ok() for result in described.get_all_operations()]
    tried = [operation for operation in operations if (operation.method.lower(), operation.path) not in NEVER]
    assert len(tried) > 60
    wrong = [line for operation in tried for line in failures(operation, world, portal)]
    assert wrong == []
    portal.call(world.is_readable)


def failures(operation: schemathesis.APIOperation, world: World, portal: BlockingPortal) -> Iterator[str]:
    """The calls of one operation that ended in a 5xx, by each role in turn with real ids in the path and without."""
    found: set[str] = set()
    real = {name: values[0] for name, values in world.real.items() if values}
    ids = itertools.cycle((real, real, {}))

    @bounded
    @given(case=operation.as_strategy())
    def call(case: schemathesis.Case) -> None:
        for role in ROLES:
            sent = _sent(case, role, next(ids))
            status, text = portal.call(sent.answered, world.callers[role])
            if status >= 500:
                found.add(f"{sent}: {text}")

    call()
    yield from sorted(found)


def _sent(case: schemathesis.Case, role: str, real: dict[str, str]) -> Sent:
    path = case.path
    for name, value in (case.path_parameters or {}).items():
        path = path.replace(f"{{{name}}}", escaped(str(real.get(name, value))))
    query = tuple((name, _text(value)) for name, value in (case.query or {}).items())
    kind = case.media_type or "application/json"
    return Sent(role, case.method.lower(), path, query, _content(case), {"Content-Type": kind})


def _content(case: schemathesis.Case) -> bytes | None:
    if isinstance(case.body, bytes):
        return case.body
    is_json = isinstance(case.body, dict | list | str | int | float | bool | None)
    return json.dumps(case.body).encode() if is_json and case.media_type else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
