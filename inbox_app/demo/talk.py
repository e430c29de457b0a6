"""Plays a dialogue into a timeline at the speed at which people read and type, and ends it as chats end."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from inbox_app.data.tables import MemberRow
from inbox_app.demo import vocabulary as words
from inbox_app.demo.dialogues import Dialogue, Line
from inbox_app.demo.meetings import Booking, Plan
from inbox_app.demo.timeline import Caller, Ids, Timeline
from inbox_app.demo.visitors import Guest
from inbox_app.domain.conversation import EndReason, Sender

IDLE: Final = timedelta(minutes=10)  # PRODUCT 3.6
LETTERS_A_SECOND: Final = {"visitor": 4.0, "agent": 6.0}
THINKING_SECONDS: Final = {"visitor": (5, 45), "agent": (5, 25)}
SCORES: Final = ((3, 2, 1, 0), (50, 30, 14, 6))


class Ending(StrEnum):
    """How an invented conversation goes."""

    AGENT = "agent"
    VISITOR = "visitor"
    IDLE = "idle"
    MISSED = "missed"
    CANCELLED = "cancelled"


@dataclass
class Talk:
    """One conversation in the making; `at` is how far its clock has come."""

    guest: Guest
    dialogue: Dialogue
    caller: Caller
    agents: tuple[MemberRow, ...]
    at: datetime
    dice: random.Random
    ids: Ids
    plan: Plan | None = None
    booking: Booking | None = None

    def play(self, ending: Ending) -> Timeline:
        """The whole conversation. `agents`: in the order in which they are asked."""
        self.gaps = gaps(self.guest, self.agents[0], self.dice)
        first, *more = self.dialogue.opening
        timeline = Timeline.requested(self.caller, self._text(first), ids=self.ids, at=self.at)
        timeline.offer(self.agents[0], at=self.at)
        if ending is Ending.MISSED:
            self._nobody_comes(timeline)
        elif ending is Ending.CANCELLED:
            timeline.end(EndReason.VISITOR, at=self._after(15, 80))
        else:
            timeline.accept(at=self._after(3, 24))
            self._speak(timeline, (*more, *self._spoken(ending)))
            self._part(timeline, ending)
        return timeline

    def _nobody_comes(self, timeline: Timeline) -> None:
        timeline.decline(at=self._after(6, 28))
        for agent in self.agents[1:]:
            timeline.offer(agent, at=self.at)
            timeline.decline(at=self._after(6, 28))
        timeline.miss(at=self.at)

    def _spoken(self, ending: Ending) -> tuple[Line, ...]:
        """What follows the opening; a visitor who falls silent does so after an answer, not always after the last."""
        rest = self.dialogue.lines[len(self.dialogue.opening) :]
        if ending is not Ending.IDLE:
            return rest
        answers = [index for index, line in enumerate(rest) if line.speaker == "agent"]
        return rest[: self.dice.choice(answers) + 1]

    def _speak(self, timeline: Timeline, lines: tuple[Line, ...]) -> None:
        before = "visitor"
        for line in lines:
            text = self._text(line)
            low, high = THINKING_SECONDS[line.speaker] if line.speaker != before else (2, 6)
            self._after(low, high, typing=len(text) / LETTERS_A_SECOND[line.speaker])
            timeline.say(Sender(line.speaker), text, at=self.at)
            before = line.speaker

    def _part(self, timeline: Timeline, ending: Ending) -> None:
        language = self.dialogue.language
        by_visitor = timeline.row.last_seq
        if ending is Ending.IDLE:
            if self.dice.random() < 0.5:
                self._after(120, 300)
                timeline.say(Sender.AGENT, self.dice.choice(words.ARE_YOU_THERE[language]), at=self.at)
            self.at += IDLE
            timeline.end(EndReason.IDLE, at=self.at)
        else:
            if self.plan:
                self._book(timeline, self.plan)
            if timeline.row.last_sender == Sender.VISITOR and self.dice.random() < 0.8:
                self._speak(timeline, (Line("agent", self.dice.choice(words.GOODBYES[language])),))
            timeline.end(EndReason(ending.value), at=self._after(4, 50))
            by_visitor = timeline.row.last_seq
        timeline.seen(by_visitor=by_visitor)
        if self.dice.random() < 0.65:
            timeline.score(self.dice.choices(*SCORES)[0], at=self._after(5, 120))

    def _book(self, timeline: Timeline, plan: Plan) -> None:
        """The agent shares the own calendar, the visitor takes a time of it."""
        language = self.dialogue.language
        self.booking = Booking(timeline, self.agents[0], self.guest)
        self._speak(timeline, (Line("agent", self.dice.choice(words.HERE_IS_MY_CALENDAR[language])),))
        self.booking.share(at=self._after(3, 8))
        self.booking.book(plan.start, at=self._after(20, 90))
        if plan.other is not None and plan.moves_in_chat:
            self.booking.move(plan.other, at=self._after(15, 60))
        self._speak(timeline, (Line("visitor", self.dice.choice(words.BOOKED[language])),))

    def _text(self, line: Line) -> str:
        return line.text.format(**self.gaps).strip()

    def _after(self, low: float, high: float, *, typing: float = 0) -> datetime:
        self.at += timedelta(milliseconds=round(1000 * (self.dice.uniform(low, high) + typing)))
        return self.at


def gaps(guest: Guest, agent: MemberRow, dice: random.Random) -> dict[str, str]:
    """What the gaps of a dialogue are filled with, the same throughout one conversation."""
    first = guest.name.split()[0] if guest.name else ""
    language = guest.language
    hello = "Bonjour" if language == "fr" else dice.choice(("Hello", "Hi"))
    return {
        "hi": f"{hello} {first}," if first else f"{hello},", "agent": agent.name.split()[0],
        "kwh": f"{dice.randrange(26, 92) * 100:,}".replace(",", " " if language == "fr" else ","),
        "panels": f"{dice.randrange(8, 28) / 2:g}", "town": dice.choice(guest.country.towns),
        "bill": f"€{dice.randrange(62, 240)}", "car": dice.choice(words.CARS[language]),
        "day": dice.choice(words.DAYS[language]), "weeks": str(dice.randrange(4, 11)),
        "clock": f"{dice.randrange(9, 17)}:{dice.choice(('00', '30'))}", "order": f"NL-{dice.randrange(41000, 58000)}",
        "serial": f"N10-{dice.randrange(2100, 2699)}-{dice.randrange(10000, 99999)}",
        "price": f"€{dice.randrange(39, 43)}90", "street": dice.choice(words.STREETS), "email": guest.email,
        "case": str(dice.randrange(3000, 4000)),
    }  # fmt: skip
