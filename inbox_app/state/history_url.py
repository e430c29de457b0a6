"""What the address of the history says: `/history?q=…&agent=…&outcome=…&from=…&to=…&before=…`."""

from collections.abc import Mapping
from typing import Any

from inbox_app.state.address import parameter, step

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
    return {argument: parameter(router_data, name) for name, argument in PARAMETERS.items()}


def read_id(router_data: Mapping[str, Any]) -> str:
    """The conversation of `/history/<id>`."""
    return step(router_data, 1)
