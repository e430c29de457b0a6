"""What the address of the inbox says: which conversation, which list (`/inbox/<id>?filter=all&q=…`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from inbox_app.state.address import parameter, step

ID_LIMIT = 40


@dataclass(frozen=True)
class InboxUrl:
    """Whatever a browser sends becomes one of these; nonsense becomes the default."""

    conversation_id: str = ""
    only: Literal["active", "all"] = "active"
    query: str = ""


def read_url(router_data: Mapping[str, Any]) -> InboxUrl:
    """From the address that came with an event."""
    return InboxUrl(
        conversation_id=step(router_data, 1)[:ID_LIMIT],
        only="all" if parameter(router_data, "filter") == "all" else "active",
        query=parameter(router_data, "q"),
    )
