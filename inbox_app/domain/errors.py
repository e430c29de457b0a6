"""Everything that can go wrong by the rules, each with a sentence for a person and a stable code for a program.

DomainError
├── InvalidInput          422  a field holds what it may not hold
├── NotSignedIn           401  nobody, or a session that has ended
├── SignInFailed          401  wrong email or password
├── IdentityNotProved     401  an identity whose signature is wrong, or missing where it is required
├── NotAllowed            403  signed in, but not for this
├── NotFound              404  does not exist, or is not for you (the same answer for both)
├── Conflict              409  right in itself, but too late
│   ├── ConversationEnded
│   ├── OfferGone
│   ├── SlotTaken              with what is free instead
│   ├── AlreadyBooked          with the link of the meeting that there is
│   ├── ShareWithdrawn
│   ├── NotBookable
│   ├── MeetingPassed
│   └── MeetingCancelled
├── TooLarge              413
├── TooManyRequests       429  carries how long to wait, in seconds
└── DatabaseUnavailable   503
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class DomainError(Exception):
    """Base of all: `code` is stable, `message` is a sentence that a person can act on (English.

    The key of its translation).
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, message: str, **gaps: Any) -> None:
        super().__init__(message.format(**gaps) if gaps else message)
        self.message = str(self)
        self.sentence, self.gaps = message, gaps
        self.more: dict[str, Any] = {}
        """What a program needs beside the sentence, as JSON."""


class InvalidInput(DomainError):
    """A field holds what it may not hold; `field` names it."""

    code = "invalid_input"
    status = 422

    def __init__(self, field: str, message: str, **gaps: Any) -> None:
        super().__init__(message, **gaps)
        self.field = field


class NotSignedIn(DomainError):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"
    status = 401

    def __init__(self, message: str = "Sign in first.") -> None:
        super().__init__(message)


class SignInFailed(DomainError):
    """The same answer for an unknown email, a wrong password and a disabled account."""

    code = "sign_in_failed"
    status = 401

    def __init__(self) -> None:
        super().__init__("Incorrect email or password")


class IdentityNotProved(DomainError):
    """PRODUCT 10.2: the hash is wrong, or the site requires one and there is none."""

    code = "identity_not_proved"
    status = 401

    def __init__(self, message: str = "The hash is wrong. Compute it with the site's secret.") -> None:
        super().__init__(message)


class NotAllowed(DomainError):
    """Signed in, but this is for others; `code` may be narrowed, as in `not_for_managers`."""

    code = "not_allowed"
    status = 403

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.narrow_code = code


class NotFound(DomainError):
    """It does not exist, or it is not for the caller: on purpose the same answer."""

    code = "not_found"
    status = 404

    def __init__(self, message: str = "There is nothing here for you.") -> None:
        super().__init__(message)


class Conflict(DomainError):
    """Right in itself, but something else came first."""

    code = "conflict"
    status = 409


class ConversationEnded(Conflict):
    """PRODUCT 1.5: a message after the end is refused, never swallowed."""

    code = "conversation_ended"

    def __init__(self, message: str = "This conversation has ended. Your text was not sent.") -> None:
        super().__init__(message)


class OfferGone(Conflict):
    """PRODUCT 3.3: accept is won by exactly one; everyone else gets this."""

    code = "offer_gone"

    def __init__(self) -> None:
        super().__init__("This chat is no longer offered to you.")


class SlotTaken(Conflict):
    """PRODUCT 4.3: a slot is got by exactly one; everyone else gets this, with fresh `slots`."""

    code = "slot_taken"

    def __init__(self, fresh: Mapping[str, Any] | None = None) -> None:
        super().__init__("This time was just taken. Choose another one.")
        self.more = dict(fresh or {})


class AlreadyBooked(Conflict):
    """A shared calendar gives one meeting at a time; `token`: of the link of the one that there is."""

    code = "already_booked"

    def __init__(self, meeting_id: str, token: str) -> None:
        super().__init__("You have a meeting by this calendar already. Move it or cancel it instead.")
        self.more = {"meeting_id": meeting_id, "token": token}


class ShareWithdrawn(Conflict):
    """The agent took the shared calendar back."""

    code = "share_withdrawn"

    def __init__(self) -> None:
        super().__init__("This calendar is no longer shared with you.")


class NotBookable(Conflict):
    """The agent cannot be booked at all at present; the sentence says why."""

    code = "not_bookable"


class MeetingPassed(Conflict):
    """What has begun can be neither moved nor cancelled."""

    code = "meeting_passed"

    def __init__(self) -> None:
        super().__init__("This meeting has begun or is over. It can no longer be changed.")


class MeetingCancelled(Conflict):
    """What was cancelled can't be moved."""

    code = "meeting_cancelled"

    def __init__(self) -> None:
        super().__init__("This meeting was cancelled. It can no longer be moved.")


class TooLarge(DomainError):
    """The body of a request is over the limit."""

    code = "too_large"
    status = 413


class TooManyRequests(DomainError):
    """`retry_after` is in seconds."""

    code = "too_many_requests"
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many requests. Try again in {seconds} seconds.", seconds=retry_after)
        self.retry_after = retry_after


class DatabaseUnavailable(DomainError):
    """The database did not answer, or another process has it locked. `retry_after` is in seconds."""

    code = "database_unavailable"
    status = 503
    retry_after: ClassVar[int] = 2

    def __init__(self, message: str = "The database does not answer. Try again in a moment.") -> None:
        super().__init__(message)
