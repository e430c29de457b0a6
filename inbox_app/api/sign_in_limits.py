"""How often a sign-in may fail (CONTRACT).

A stranger's failures count for the address, for the account from that address and, over an hour, for the account
alone. A browser that has signed in to the account before counts only its own, so that nobody can lock it out.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from limits import RateLimitItem

from inbox_app.api import limits
from inbox_app.domain.errors import SignInFailed

Count = tuple[RateLimitItem, tuple[str, ...]]


@asynccontextmanager
async def counted_sign_in(account: str, network: str, known_browser: str | None) -> AsyncIterator[None]:
    """Count first and give back what didn't fail: guesses that arrive at once are all counted before any is checked.

    Raises TooManyRequests.
    """
    counts: list[Count] = [(limits.SIGN_INS_PER_ACCOUNT, ("sign-in", account, known_browser or network))]
    if known_browser is None:
        counts.append((limits.SIGN_INS_PER_ADDRESS, ("sign-in", network)))
        counts.append((limits.SIGN_INS_PER_ACCOUNT_SLOW, ("sign-in", account)))
    taken: list[Count] = []
    try:
        for limit, who in counts:
            await limits.hit(limit, *who)
            taken.append((limit, who))
        yield
    except SignInFailed:
        raise
    except BaseException:
        await _give_back(taken)
        raise
    await _give_back(taken[1:])
    limit, who = taken[0]
    await limits.forgive(limit, *who)


async def _give_back(taken: list[Count]) -> None:
    for limit, who in taken:
        await limits.give_back(limit, *who)
