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

from typing import ClassVar, Final

UNREADABLE: Final = (
    "This calendar can't be read. We keep trying. If this lasts, check its address or ask your operator."
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
    sentence = "The calendar server cannot be reached. Check its address; we keep trying."
    passes = True


class TooSlow(CalendarTrouble):
    sentence = "The calendar server didn't answer in time. We keep trying."
    passes = True


class ServerFailed(CalendarTrouble):
    sentence = "The calendar server reports an internal error. We keep trying."
    passes = True


class NotTrusted(CalendarTrouble):
    sentence = "The certificate of the calendar server is not valid. Tell who runs it; nothing was sent."


class NotAllowed(CalendarTrouble):
    sentence = "The calendar server is in a private network. The operator can allow it with INBOX_CALENDAR_NETWORKS."


class WrongAddress(CalendarTrouble):
    sentence = "This is no address of a calendar server, such as https://calendar.example.com."


class SentAway(CalendarTrouble):
    sentence = "The calendar server sends to another host. Enter the address of that one; no password was sent there."


class NoCalendarServer(CalendarTrouble):
    sentence = "There is an answer, but not of a calendar server (CalDAV). Check the address."


class TooLarge(CalendarTrouble):
    sentence = "The calendar server answers with more than a calendar can hold. Choose a smaller calendar."


class PasswordWrong(CalendarTrouble):
    sentence = "The account or the password is not right. Connect it again."
    reveals_network = False  # the server asked for a password; an agent can't mend this without being told


class Refused(CalendarTrouble):
    sentence = "The calendar server does not allow this account to do that. Choose another calendar."


class CalendarGone(CalendarTrouble):
    sentence = "This calendar is not there any more. Disconnect it and connect another one."


class ConsentGone(CalendarTrouble):
    sentence = "The access was withdrawn or has run out. Connect it again."


class SecretLost(CalendarTrouble):
    sentence = "The key of this installation has changed, so the password cannot be read. Connect it again."
    reveals_network = False


def as_shown_to_agents(trouble: CalendarTrouble, kind: str) -> tuple[str, bool]:
    """The sentence, and whether the failure may pass. `kind`: of the calendar; only CalDAV has addresses of agents."""
    if kind == "caldav" and trouble.reveals_network:
        return UNREADABLE, True
    return trouble.sentence, trouble.passes
