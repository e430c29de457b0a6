"""What the address of the history says: `/history?q=…&agent=…&outcome=…&from=…&to=…&before=…`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LIMIT = 120
PARAMETERS = {
    "q": "query",
    "agent": "agent",
    "outcome": "outcome",
    "from": "date_from",
    "to": "date_to",
    "before": "before",
}
"""Name in the address → argument of `views.history`."""


def read_filters(router_data: Mapping[str, Any]) -> dict[str, str]:
    """Whatever a browser sends becomes short texts."""
    asked = parse_qs(urlsplit(str(router_data.get("asPath", ""))).query)
    return {argument: asked.get(name, [""])[0].strip()[:LIMIT] for name, argument in PARAMETERS.items()}


def read_id(router_data: Mapping[str, Any]) -> str:
    """The conversation of `/history/<id>`."""
    path = urlsplit(str(router_data.get("asPath", ""))).path
    steps = [unquote(step) for step in path.split("/") if step]
    return steps[1][:LIMIT] if len(steps) > 1 else ""
