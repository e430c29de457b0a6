"""What can be listened to. Topics are per agent, conversation and visitor; the only wide one tells of rare things."""

from typing import Final


def agent(member_id: str) -> str:
    """Offers, own conversations, messages in them, availability, drafts."""
    return f"agent:{member_id}"


def conversation(conversation_id: str) -> str:
    """Messages, states, seen, typing, presence."""
    return f"conversation:{conversation_id}"


def visitor(visitor_id: str) -> str:
    """The record changed, or an activity was added."""
    return f"visitor:{visitor_id}"


def sign_in(sign_in_id: str) -> str:
    """`signed_out`: this browser's session is over."""
    return f"sign_in:{sign_in_id}"


def sign_ins() -> str:
    """`signed_out` of any browser, for the caches of other processes."""
    return "sign_ins"


def visitors() -> str:
    """`changed` of any visitor or browser (`ids`), for the caches of the processes."""
    return "visitors"


def past() -> str:
    """A conversation became past: once in its life."""
    return "past"


def meetings() -> str:
    """A meeting was booked, moved or cancelled: for who reads all of them."""
    return "meetings"


def outbox() -> str:
    """Something that was to be done outside is done, failed, or is tried again."""
    return "outbox"


def everyone() -> str:
    """Settings and people changed."""
    return "everyone"


OF_PROCESSES: Final = frozenset({sign_ins(), visitors()})
"""What each process listens to for itself."""
