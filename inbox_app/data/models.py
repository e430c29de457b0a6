"""What screens and the API read: frozen, plain, small. A database row never leaves this package.

Instants are ISO 8601 UTC with `Z` (empty text: none), so that a page shows them in its reader's own zone.
"""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True)
class MessageView:
    """An entry that both sides see. `state`, `end_reason`: only of kind `state`.

    `details`: of a shared calendar (`id, agent, withdrawn`) or of a meeting (`id, share_id, agent, start, end,
    status`) as it was at that moment; `agent` is `{id, name}`.
    """

    seq: int
    kind: str
    sender: str
    sender_name: str
    text: str
    at: str
    client_id: str = ""
    state: str = ""
    end_reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ConversationRowView:
    """A line of the list of conversations (PRODUCT 1.2)."""

    id: str
    title: str
    initials: str
    colour: int
    state: str
    end_reason: str
    is_mine: bool
    agent_name: str
    is_online: bool
    preview: str
    preview_by: str
    at: str
    unread: int
    waiting_since: str


@dataclass(frozen=True)
class ConversationView:
    """A conversation opened by a member. `seen_by_visitor`: the newest seq that the visitor has seen.

    `idle_ends_at`: when it ends because nobody writes, once that was said. `epoch`: of the history it's part of.
    """

    id: str
    title: str
    initials: str
    colour: int
    state: str
    end_reason: str
    is_mine: bool
    visitor_id: str
    agent_id: str
    agent_name: str
    is_online: bool
    why: str
    page_url: str
    requested_at: str
    accepted_at: str
    ended_at: str
    last_seq: int
    unread: int
    seen_by_agent: int
    seen_by_visitor: int
    score: int | None
    can_score: bool
    draft: str
    why_kind: str = ""
    why_name: str = ""
    idle_ends_at: str = ""
    epoch: str = ""


@dataclass(frozen=True)
class OfferView:
    """A chat that this agent is asked to take. `expires_at` empty: no limit."""

    id: str
    conversation_id: str
    visitor_name: str
    text: str
    page_url: str
    why: str
    offered_at: str
    expires_at: str
    why_kind: str = ""
    why_name: str = ""
    why_on_claim: bool = False


@dataclass(frozen=True)
class PreviousChat:
    """A past conversation of the same visitor."""

    id: str
    at: str
    agent_name: str
    state: str
    end_reason: str


@dataclass(frozen=True)
class SameAddress:
    """Another record with the address that a visitor claims (PRODUCT 6.4)."""

    id: str
    name: str
    company: str
    is_confirmed: bool


@dataclass(frozen=True)
class VisitorView:
    """The visitor panel, in the seed's order (PRODUCT 1.4). Empty text: not supplied, shown as `-`.

    `user_id`: the site's own id of the person. `is_signed_in`: the browser of the shown conversation has proved it;
    without one, the browsers of the newest and of all open ones. `said`: what the visitor claimed in it, or in the
    newest, and the record doesn't say. `same_address`: records that this one may be merged into. `can_send_link`: to
    the address claimed in it, by this reader; `is_link_sent`: in the past hour.
    """

    id: str
    name: str
    job_title: str
    email: str
    phone: str
    crm_status: str
    company: str
    page_url: str
    referrer: str
    country: str
    language: str
    browser: str
    time_zone: str
    is_online: bool
    user_id: str
    is_signed_in: bool
    is_email_confirmed: bool
    can_send_link: bool = False
    is_link_sent: bool = False
    tags: list[str] = field(default_factory=list)
    previous_chats: list[PreviousChat] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    same_address: list[SameAddress] = field(default_factory=list)


@dataclass(frozen=True)
class ActivityView:
    """A line of the activity history. `conversation_id`: its transcript can be opened."""

    id: int
    type: str
    at: str
    title: str
    conversation_id: str


@dataclass(frozen=True)
class HistoryRowView:
    """A line of the managers' table, and of its export. `email_confirmed`: not only claimed (PRODUCT 6.4)."""

    id: str
    title: str
    email: str
    agent_name: str
    state: str
    end_reason: str
    requested_at: str
    ended_at: str
    messages: int
    score: int | None
    preview: str
    email_confirmed: bool


@dataclass(frozen=True)
class MissedView:
    """A visitor nobody came for, to be followed up. `claimed_by` empty: nobody does yet."""

    id: str
    visitor_id: str
    title: str
    email: str
    email_confirmed: bool
    phone: str
    text: str
    left_message: str
    page_url: str
    requested_at: str
    missed_at: str
    claimed_by: str
    is_mine: bool


@dataclass(frozen=True)
class Transcript:
    """A past conversation as it is read and downloaded."""

    id: str
    title: str
    email: str
    email_confirmed: bool
    agent_name: str
    state: str
    end_reason: str
    requested_at: str
    accepted_at: str
    ended_at: str
    page_url: str
    score: int | None
    entries: list[MessageView] = field(default_factory=list)


@dataclass(frozen=True)
class AgentView:
    """The signed-in member as the top bar and `GET /agent` show one.

    `available_until` empty: does not change by itself.

    `missed_too_many`: the override in force was not set by the member (PRODUCT 3.3).
    """

    id: str
    name: str
    email: str
    role: str
    initials: str
    colour: int
    is_agent: bool
    language: str
    colour_scheme: str
    time_zone: str
    available: bool
    available_reason: str
    available_until: str
    active_conversations: int
    capacity: int
    missed_too_many: bool = False
    picture: str = ""


@dataclass(frozen=True)
class SessionView:
    """A browser in which a member is signed in. `browser` and `system` are empty where its header doesn't tell."""

    id: str
    browser: str
    system: str
    address: str
    signed_in_at: str
    used_at: str
    is_current: bool


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list, and the cursor for the next (empty: this was the last)."""

    items: list[Item]
    next: str = ""
