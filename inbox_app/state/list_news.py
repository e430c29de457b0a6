"""The list of conversations as values: what a burst of events touches, and how the pieces are put together again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from inbox_app.data.models import ConversationRowView, Page
from inbox_app.live import Event

Row = ConversationRowView
CHANGED_AT_MOST: Final = 12  # lines that travel again with each change; more are put into the page
QUIET: Final = frozenset({"typing", "draft", "offer", "offer_gone", "availability", "preferences"})


@dataclass(frozen=True)
class Listing:
    """The page as it was sent, and what has changed since. A new message costs one line, not the page."""

    rows: list[Row]
    changed: list[Row]
    older: list[Row]
    gone: list[str]
    next: str


def listing(page: Page[Row]) -> Listing:
    """The first page, as read."""
    return Listing(page.items, [], [], [], page.next)


def refreshed(listed: Listing, page: Page[Row]) -> Listing:
    """The first page read again: older pages stay, and where nothing has changed nothing is sent again.

    A page that is all there is leaves nothing of what was shown before.
    """
    shown = merged(listed)
    if not page.next:
        return listed if shown == page.items and not listed.next else listing(page)
    if shown[: len(page.items)] == page.items and (listed.older or listed.next == page.next):
        return listed
    if not listed.older:
        return listing(page)
    fresh = {row.id for row in page.items}
    return replace(listed, rows=page.items, older=[row for row in shown if row.id not in fresh], changed=[], gone=[])


def touched(events: Iterable[Event]) -> list[str]:
    """The conversations whose lines may have changed, each once."""
    ids = (event.data.get("conversation_id") or event.data.get("id") for event in events if event.kind not in QUIET)
    return list(dict.fromkeys(identifier for identifier in ids if identifier))


def with_row(listed: Listing, identifier: str, row: Row | None) -> Listing:
    """With that line as it is now; None: it is no longer in this list."""
    rest = [other for other in listed.changed if other.id != identifier]
    gone = [other for other in listed.gone if other != identifier]
    if row is None:
        return replace(listed, changed=rest, gone=[*gone, identifier])
    return replace(listed, changed=[row, *rest], gone=gone)


def with_rows(listed: Listing, found: dict[str, Row | None], size: int) -> Listing:
    """With all those lines as they are now; many changes are put into the page of `size`."""
    for identifier, row in found.items():
        listed = with_row(listed, identifier, row)
    return folded(listed, size) if is_full(listed) else listed


def is_full(listed: Listing) -> bool:
    """Whether it is time to put the changes into the page."""
    return len(listed.changed) > CHANGED_AT_MOST or len(listed.gone) > CHANGED_AT_MOST


def folded(listed: Listing, size: int) -> Listing:
    """All lines in order, as a page of `size` and the rest; the cursor stays, so no line is lost or doubled."""
    lines = merged(listed)
    return replace(listed, rows=lines[:size], older=lines[size:], changed=[], gone=[])


def merged(listed: Listing) -> list[Row]:
    """What the browser shows (merged_rows.js does the same)."""
    by_id = {row.id: row for row in [*listed.older, *listed.rows, *listed.changed]}
    lines = [row for row in by_id.values() if row.id not in listed.gone]
    return sorted(lines, key=lambda row: (row.at, row.id), reverse=True)


def with_older(listed: Listing, page: Page[Row]) -> Listing:
    """With one more page at the end."""
    return replace(listed, older=[*listed.older, *page.items], next=page.next)


def belongs(row: Row | None, only: str) -> Row | None:
    """The line, where this list shows it: Active holds only what is active."""
    return row if row is not None and (only == "all" or row.state == "active") else None
