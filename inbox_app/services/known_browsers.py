"""Browsers that have signed in before: other people's wrong guesses don't lock them out of their accounts.

A browser keeps this in a sealed cookie for a year, also after signing out. It's no proof of identity.
"""

import json
from datetime import datetime, timedelta
from typing import Final

from inbox_app.data.ids import digest, new_id
from inbox_app.sealing import SealBroken, seal, unseal

COOKIE: Final = "inbox_browser"
LASTS: Final = timedelta(days=365)
PURPOSE: Final = "known browser"
MAX_ACCOUNTS: Final = 5


def known_as(cookie: str | None, account: str, *, now: datetime) -> str | None:
    """The id of this browser if someone has signed in to the account with it before."""
    browser, accounts = _read(cookie, now)
    return browser if digest(account) in accounts else None


def remember(cookie: str | None, account: str, *, now: datetime) -> str:
    """The browser's next cookie, which knows this account too, and the last ones before it."""
    browser, accounts = _read(cookie, now)
    own = digest(account)
    kept = [own, *(other for other in accounts if other != own)][:MAX_ACCOUNTS]
    return seal(json.dumps([browser or new_id(), kept]), purpose=PURPOSE, now=now)


def _read(cookie: str | None, now: datetime) -> tuple[str | None, list[str]]:
    try:
        browser, accounts = json.loads(unseal(cookie or "", purpose=PURPOSE, now=now, lasts=LASTS))
    except SealBroken:
        return None, []
    return browser, accounts
