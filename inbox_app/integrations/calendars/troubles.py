"""What can be wrong with a calendar outside. Each says in a sentence what to do; none holds what a server answered.

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

from typing import ClassVar


class CalendarTrouble(Exception):
    """`sentence`: English, the key of its translation. `passes`: worth another try before anybody is told."""

    sentence: ClassVar[str] = ""
    passes: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__(self.sentence)


class Unreachable(CalendarTrouble):
    sentence = "The calendar server cannot be reached. Check its address; we keep trying."
    passes = True


class TooSlow(CalendarTrouble):
    sentence = "The calendar server didn't answer in time. We keep trying."
    passes = True


class ServerFailed(CalendarTrouble):
    sentence = "The calendar server reports an error of its own. We keep trying."
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


class Refused(CalendarTrouble):
    sentence = "The calendar server does not allow this account to do that. Choose another calendar."


class CalendarGone(CalendarTrouble):
    sentence = "This calendar is not there any more. Disconnect it and connect another one."


class ConsentGone(CalendarTrouble):
    sentence = "The access was withdrawn or has run out. Connect it again."


class SecretLost(CalendarTrouble):
    sentence = "The key of this installation has changed, so the password cannot be read. Connect it again."
