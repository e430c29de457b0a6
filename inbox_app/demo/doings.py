"""What visitors did besides chatting: pages, forms, mails."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from inbox_app.data.tables import ActivityRow
from inbox_app.demo import vocabulary as words
from inbox_app.demo.visitors import Guest
from inbox_app.domain.activity import ActivityType

DAYS: Final = 120
WELL_KNOWN: Final = "Lena Vogt"
"""So active that the limit of PRODUCT 1.6, the 25 most recent of the CRM, shows."""
FROM_CRM: Final = (  # type, titles, at most how many a visitor
    (ActivityType.FILLED_OUT_FORM, words.FORMS, 3),
    (ActivityType.OPENED_EMAIL, words.EMAILS, 8),
    (ActivityType.INTERESTING_MOMENT, words.MOMENTS, 2),
)


def page_views(visitor_id: str, last_page: str, at: datetime, dice: random.Random) -> list[ActivityRow]:
    """A walk through the site that ends on `last_page` a little before `at`."""
    steps = [*dice.sample(words.PAGES, dice.randrange(0, 4)), last_page]
    moments: list[datetime] = []
    for _ in steps:
        at -= timedelta(seconds=dice.uniform(12, 240))
        moments.append(at)
    pairs = zip(steps, reversed(moments), strict=True)
    return [_row(visitor_id, ActivityType.VISITED_PAGE, words.SITE + page, moment) for page, moment in pairs]


def between_chats(visitor_id: str, guest: Guest, now: datetime, dice: random.Random) -> Iterator[ActivityRow]:
    """Visits without a chat, and, of whoever has an address, what the CRM knows."""
    for _ in range(dice.randrange(1, 5)):
        yield from page_views(visitor_id, dice.choice(words.PAGES), _moment(now, dice), dice)
    if not guest.email:
        return
    is_well_known = guest.name == WELL_KNOWN
    for kind, titles, limit in FROM_CRM:
        count = dice.randrange(limit // 2, limit + 1) * (4 if is_well_known else 1)
        for _ in range(count):
            yield _row(visitor_id, kind, dice.choice(titles), _moment(now, dice))


def without_reloads(activities: list[ActivityRow]) -> list[ActivityRow]:
    """In order of time; the same page twice running is one line, as `services.visitors` writes it."""
    kept: list[ActivityRow] = []
    page = ""
    for row in sorted(activities, key=lambda row: row.at):
        if row.type == ActivityType.VISITED_PAGE:
            if row.title == page:
                continue
            page = row.title
        kept.append(row)
    return kept


def _moment(now: datetime, dice: random.Random) -> datetime:
    """Some time of the past 120 days, between seven and twenty-two o'clock UTC."""
    day = (now - timedelta(days=dice.randrange(1, DAYS))).replace(hour=7, minute=0, second=0, microsecond=0)
    return day + timedelta(seconds=dice.uniform(0, 15 * 3600))


def _row(visitor_id: str, kind: ActivityType, title: str, at: datetime) -> ActivityRow:
    return ActivityRow(visitor_id=visitor_id, type=kind, title=title, at=at)
