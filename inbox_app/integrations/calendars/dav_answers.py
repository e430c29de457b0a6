"""Answers of CalDAV servers as the `caldav` library takes them, without its work on the event loop."""

from dataclasses import replace

from caldav.response import DAVResponse, PropfindResult

from inbox_app.integrations.calendars.http import Answer


class Unread(DAVResponse):
    """An answer to a REPORT. `body` is left to `unroll`; the library parses nothing where it sees none."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(replace(answer, content=b""))
        self.body = answer.content


class Parsed(DAVResponse):
    """Parsed to its end when it is made, in a thread: the library would do it on the event loop."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self._properties = super().parse_propfind() if answer.content else []

    def parse_propfind(self) -> list[PropfindResult]:
        return self._properties
