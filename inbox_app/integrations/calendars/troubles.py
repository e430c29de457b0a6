"""What can be wrong with a calendar outside. Each says in a sentence what to do; none holds what a server answered.

At an address that an agent typed, only the operator's log gets most of these sentences: see `as_shown_to_agents`.

CalendarTrouble
├── Unreachable      no such host, no connection            passes by itself
├── TooSlow          no whole answer in time                passes by itself
├── ServerFailed     5xx, 429                               passes by itself
├── NotTrusted       the certificate is not valid
├── NotAllowed       a private address outside INBOX_CALENDAR_NETWORKS
├── WrongAddress     not http(s)
├── SentAway         it sends to another host, where the password does not go
├── NoCalendarServer it answers, but not in CalDAV
├── TooLarge         more than a calendar can be
├── PasswordWrong    401
├── Refused          403
├── CalendarGone     404, 410
├── ConsentGone      Google or Microsoft take the consent no more
└── SecretLost       this installation has another key than when it was connected
"""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar, Final

log = logging.getLogger(__name__)
UNREADABLE: Final = (
    "We can't read this calendar. We'll keep trying. If this persists, check its address or ask your administrator."
)
"""The same for every failure at an address that an agent typed: the difference would tell which ports are open."""


class CalendarTrouble(Exception):
    """`sentence`: English, the key of its translation. `passes`: worth another try before the agent is alarmed.

    `reveals_network`: tells what is, or isn't, at an address.
    """

    sentence: ClassVar[str] = ""
    passes: ClassVar[bool] = False
    reveals_network: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__(self.sentence)


class Unreachable(CalendarTrouble):
    sentence = "The calendar server can't be reached. Check its address; we'll keep trying."
    passes = True


class TooSlow(CalendarTrouble):
    sentence = "The calendar server didn't answer in time. We'll keep trying."
    passes = True


class ServerFailed(CalendarTrouble):
    sentence = "The calendar server reported an internal error. We'll keep trying."
    passes = True


class NotTrusted(CalendarTrouble):
    sentence = "The calendar server's certificate isn't valid, so nothing was sent. Contact its administrator."


class NotAllowed(CalendarTrouble):
    sentence = (
        "The calendar server is on a private network. An administrator can allow it with INBOX_CALENDAR_NETWORKS."
    )


class WrongAddress(CalendarTrouble):
    sentence = "Enter the address of a calendar server, such as https://calendar.example.com."


class SentAway(CalendarTrouble):
    sentence = (
        "The calendar server redirects to another host, which wasn't sent your password. Enter that host's address."
    )


class NoCalendarServer(CalendarTrouble):
    sentence = "This server answers, but not as a calendar server (CalDAV). Check the address."


class TooLarge(CalendarTrouble):
    sentence = "The calendar server's answer is too large. Choose a smaller calendar."


class PasswordWrong(CalendarTrouble):
    sentence = "Incorrect account or password. Connect the calendar again."
    reveals_network = False  # the server asked for a password; an agent can't mend this without being told


class Refused(CalendarTrouble):
    sentence = "The calendar server doesn't allow this account to do that. Choose another calendar."


class CalendarGone(CalendarTrouble):
    sentence = "This calendar no longer exists. Disconnect it and connect another one."


class ConsentGone(CalendarTrouble):
    sentence = "Access was revoked or has expired. Connect the calendar again."


class SecretLost(CalendarTrouble):
    sentence = "This installation's key has changed, so the password can't be read. Connect the calendar again."
    reveals_network = False


@contextmanager
def odd_answers_are_trouble(trouble: type[CalendarTrouble] = NoCalendarServer) -> Iterator[None]:
    """Raise this for whatever a server's answer makes our code or a library raise.

    The server is anybody's, and no list of exceptions is complete: urllib, httpx, lxml and caldav each raise several
    kinds. The log gets one line that names the place. It leaves out the message, which may quote the answer.
    """
    try:
        yield
    except CalendarTrouble:
        raise
    except Exception as odd:
        place = traceback.extract_tb(odd.__traceback__)[-1]
        log.warning("calendars: unreadable answer: %s at %s:%s", type(odd).__name__, place.filename, place.lineno)
        raise trouble from odd


def as_shown_to_agents(trouble: CalendarTrouble, kind: str) -> tuple[str, bool]:
    """The sentence, and whether the failure may pass. `kind`: of the calendar; only CalDAV has addresses of agents."""
    if kind == "caldav" and trouble.reveals_network:
        return UNREADABLE, True
    return trouble.sentence, trouble.passes
