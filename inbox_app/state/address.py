"""The address that came with an event, taken apart: whatever a browser sends becomes short texts."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from inbox_app.domain.text import without_halves

LIMIT: Final = 120


def parameter(router_data: Mapping[str, Any], name: str) -> str:
    """What stands after `?name=`, or nothing."""
    asked = parse_qs(urlsplit(_address(router_data)).query)
    return asked.get(name, [""])[0].replace("\x00", "").strip()[:LIMIT]


def step(router_data: Mapping[str, Any], number: int) -> str:
    """A part of the path, from 0: `x` is step 1 of `/history/x`; nothing where the path is shorter."""
    steps = [unquote(part) for part in urlsplit(_address(router_data)).path.split("/") if part]
    return steps[number].replace("\x00", "")[:LIMIT] if len(steps) > number else ""


def _address(router_data: Mapping[str, Any]) -> str:
    return str(without_halves(str(router_data.get("asPath", ""))))
