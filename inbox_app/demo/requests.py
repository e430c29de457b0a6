"""Who asked when: the three hundred requests of the past 120 days, before anything was said."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from inbox_app.demo.dialogues import Dialogue, all_dialogues
from inbox_app.demo.talk import Ending
from inbox_app.demo.visitors import Guest

COUNT: Final = 300
DAYS: Final = 120
OFFICE: Final = ZoneInfo("Europe/Berlin")
SETTLED: Final = timedelta(minutes=45)  # the newest is over by now
APART: Final = timedelta(hours=20)  # the same visitor does not come back sooner
BY_DAY: Final = ((Ending.AGENT, Ending.VISITOR, Ending.IDLE, Ending.MISSED, Ending.CANCELLED), (56, 24, 9, 5, 6))
AFTER_HOURS: Final = ((Ending.AGENT, Ending.MISSED, Ending.CANCELLED), (35, 45, 20))


@dataclass
class Regular:
    """A visitor, and what this one has not asked yet (`open_subjects`)."""

    guest: Guest
    visitor_id: str
    device_ids: list[str]
    last_at: datetime
    open_subjects: list[Dialogue] = field(default_factory=list)
    has_come: bool = False

    def __post_init__(self) -> None:
        guest = self.guest
        self.open_subjects = [
            dialogue
            for dialogue in all_dialogues()
            if dialogue.language == guest.language
            and dialogue.audience in {guest.audience, "any"}
            and (guest.email or not dialogue.needs_email)
        ]

    def weight(self, at: datetime) -> float:
        """How likely this one is the next: people with a name come back, the others hardly ever."""
        if at - self.last_at < APART or not self.open_subjects:
            return 0
        if self.guest.name:
            return 3
        return 0.1 if self.has_come else 2

    def choose(self, at: datetime, dice: random.Random) -> Dialogue:
        """The next subject; general ones are rare."""
        weights = [1 if dialogue.audience == "any" else 5 for dialogue in self.open_subjects]
        dialogue = dice.choices(self.open_subjects, weights)[0]
        self.open_subjects.remove(dialogue)
        self.last_at, self.has_come = at, True
        return dialogue


def moments(now: datetime, dice: random.Random) -> list[datetime]:
    """Oldest first: mostly in office hours, a few in the evening and at the weekend, a little more of late."""
    found: list[datetime] = []
    while len(found) < COUNT:
        days = int(DAYS * dice.random() ** 1.25)
        day = (now - timedelta(days=days)).astimezone(OFFICE).replace(minute=0, second=0, microsecond=0)
        is_late = dice.random() < 0.07
        if not is_late and day.weekday() > 4:
            continue
        start, length = (18, 4) if is_late else (8, 10)
        at = (day.replace(hour=start) + timedelta(seconds=dice.uniform(0, length * 3600))).astimezone(UTC)
        if at < now - SETTLED:
            found.append(at)
    return sorted(found)


def ending_of(at: datetime, dice: random.Random) -> Ending:
    """After hours, most find nobody."""
    local = at.astimezone(OFFICE)
    is_office = local.weekday() < 5 and 8 <= local.hour < 18
    endings, weights = BY_DAY if is_office else AFTER_HOURS
    return dice.choices(endings, weights)[0]
