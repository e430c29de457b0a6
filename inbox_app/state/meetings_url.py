"""What the address of the meetings says: `/meetings?when=past&status=…&agent=…&before=…`."""

from collections.abc import Mapping
from typing import Any, Final

from inbox_app.state.address import parameter

PARAMETERS: Final = ("when", "status", "agent", "before")
"""Names in the address, and arguments of `views.meetings`."""


def read_filters(router_data: Mapping[str, Any]) -> dict[str, str]:
    """Whatever a browser sends becomes short texts; without a word, what is to come."""
    filters = {name: parameter(router_data, name) for name in PARAMETERS}
    return filters | {"when": "past" if filters["when"] == "past" else "coming"}
