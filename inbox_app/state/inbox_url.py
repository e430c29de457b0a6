"""What the address of the inbox says: which conversation, which list (`/inbox/<id>?filter=all&q=…`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs, unquote, urlsplit

ID_LIMIT = 40
QUERY_LIMIT = 120


@dataclass(frozen=True)
class InboxUrl:
    """Whatever a browser sends becomes one of these; nonsense becomes the default."""

    conversation_id: str = ""
    only: Literal["active", "all"] = "active"
    query: str = ""


def read_url(router_data: Mapping[str, Any]) -> InboxUrl:
    """From the address that came with an event."""
    shown = urlsplit(str(router_data.get("asPath", "")))
    steps = [unquote(step) for step in shown.path.split("/") if step]
    asked = parse_qs(shown.query)
    return InboxUrl(
        conversation_id=steps[1][:ID_LIMIT] if len(steps) > 1 else "",
        only="all" if asked.get("filter", [""])[0] == "all" else "active",
        query=asked.get("q", [""])[0].strip()[:QUERY_LIMIT],
    )
