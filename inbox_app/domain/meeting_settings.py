"""When and how an agent can be met (PRODUCT 4.2); the schedule of meetings is not that of the live chat."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlsplit

from inbox_app.domain import schedule as schedules
from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.schedule import Block, Schedule
from inbox_app.domain.text import without_nul

TEXT_LIMIT: Final = 2_000
URL_LIMIT: Final = 500
LIMITS: Final = {
    "duration_minutes": (5, 480), "step_minutes": (5, 480), "buffer_before_minutes": (0, 480),
    "buffer_after_minutes": (0, 480), "minimum_notice_hours": (0, 720), "horizon_days": (1, 365),
}  # fmt: skip
MAXIMUM_A_DAY: Final = (1, 100)
OFFICE_HOURS: Final = (Block(9 * 60, 17 * 60),)
WHEN_BROKEN: Final = ("keep", "stop")


@dataclass(frozen=True)
class MeetingSettings:
    """CONTRACT `GET /agent/meeting-settings`; defaults are the product's.

    `maximum_a_day` None: no limit. `when_broken`: while a calendar does not answer the agent is booked on what is
    known (`keep`), or not at all (`stop`). `invitation_text` may hold the tokens of domain/invitation.py.
    """

    schedule: Schedule
    duration_minutes: int = 30
    step_minutes: int = 30
    buffer_before_minutes: int = 0
    buffer_after_minutes: int = 0
    minimum_notice_hours: int = 24
    horizon_days: int = 60
    maximum_a_day: int | None = None
    invitation_text: str = ""
    video_link: str = ""
    when_broken: str = "keep"


def defaults(time_zone: str) -> MeetingSettings:
    """Monday to Friday, 09:00-17:00 in the agent's zone."""
    return MeetingSettings(Schedule(time_zone, (OFFICE_HOURS,) * 5 + ((), ())))


def to_json(settings: MeetingSettings) -> dict[str, Any]:
    """The reverse of `from_json`."""
    plain = {name: value for name, value in vars(settings).items() if name != "schedule"}
    return schedules.to_json(settings.schedule) | plain


def from_json(
    value: Any, *, time_zone: str = "UTC", today: date | None = None, kept: Container[str] = ()
) -> MeetingSettings:
    """As `domain.schedule.from_json`, with the rest; what is left out is as in `defaults(time_zone)`.

    `value`: anything that JSON can hold. Raises InvalidInput naming the field.
    """
    if not isinstance(value, Mapping):
        raise InvalidInput("settings", "This must be an object.")
    value = schedules.to_json(defaults(time_zone).schedule) | dict(value)
    numbers = {name: _number(name, value[name], *limits) for name, limits in LIMITS.items() if name in value}
    maximum = value.get("maximum_a_day")
    when_broken = value.get("when_broken", "keep")
    if when_broken not in WHEN_BROKEN:
        raise InvalidInput("when_broken", "This is one of {names}.", names=", ".join(WHEN_BROKEN))
    return MeetingSettings(
        schedule=schedules.from_json(value, today=today, kept=kept),
        maximum_a_day=None if maximum is None else _number("maximum_a_day", maximum, *MAXIMUM_A_DAY),
        invitation_text=_text("invitation_text", value.get("invitation_text"), TEXT_LIMIT),
        video_link=_link(_text("video_link", value.get("video_link"), URL_LIMIT)),
        when_broken=when_broken,
        **numbers,
    )


def _number(name: str, value: Any, low: int, high: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidInput(name, "This is a whole number from {low} to {high}.", low=low, high=high)
    return value


def _text(name: str, value: Any, limit: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidInput(name, "This must be text.")
    text = without_nul(value, field=name).replace("\r\n", "\n").strip()
    if len(text) > limit:
        raise InvalidInput(name, "At most {limit} characters.", limit=limit)
    return text


def _link(value: str) -> str:
    """Empty, or an address on the web in one piece: it goes into mails and calendars as it is."""
    if not value:
        return value
    is_one_piece = value.isprintable() and not any(character.isspace() or character in '<>"' for character in value)
    try:
        address = urlsplit(value)
    except ValueError:  # a bracket without its other half
        address = urlsplit("")
    if not is_one_piece or address.scheme not in {"https", "http"} or not address.hostname:
        raise InvalidInput("video_link", "Enter a full link such as https://meet.example.com/ana.")
    return value
