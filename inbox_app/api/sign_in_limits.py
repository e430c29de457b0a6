"""How often a sign-in, or the password that confirms a change, may be wrong (CONTRACT).

A stranger's failures count for the address, for the account from that address and, over an hour, for the account
alone. A browser that has signed in to the account before counts only its own, so that nobody can lock it out.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from limits import RateLimitItem

from inbox_app.api import limits
from inbox_app.domain.errors import InvalidInput, SignInFailed

Count = tuple[RateLimitItem, tuple[str, ...]]


def counted_sign_in(account: str, network: str, known_browser: str | None) -> AbstractAsyncContextManager[None]:
    """Count a sign-in that fails. Raises TooManyRequests."""
    counts: list[Count] = [(limits.SIGN_INS_PER_ACCOUNT, ("sign-in", account, known_browser or network))]
    if known_browser is None:
        counts.append((limits.SIGN_INS_PER_ADDRESS, ("sign-in", network)))
        counts.append((limits.SIGN_INS_PER_ACCOUNT_SLOW, ("sign-in", account)))
    return _counted(counts)


def counted_password(member_id: str) -> AbstractAsyncContextManager[None]:
    """Count a wrong current password, so that a stolen session can't be used to guess it. Raises TooManyRequests."""
    return _counted([(limits.PASSWORDS_PER_MEMBER, ("password", member_id))])


@asynccontextmanager
async def _counted(counts: list[Count]) -> AsyncIterator[None]:
    """Count first and give back what didn't fail: guesses that arrive at once are all counted before any is checked."""
    taken: list[Count] = []
    try:
        for limit, who in counts:
            await limits.hit(limit, *who)
            taken.append((limit, who))
        yield
    except BaseException as error:
        if not _is_wrong(error):
            await _give_back(taken)
        raise
    await _give_back(taken[1:])
    limit, who = taken[0]
    await limits.forgive(limit, *who)


def _is_wrong(error: BaseException) -> bool:
    """Whether a password was wrong, and not something else, such as a new one that is too short."""
    return isinstance(error, SignInFailed) or (isinstance(error, InvalidInput) and error.field == "current")


async def _give_back(taken: list[Count]) -> None:
    for limit, who in taken:
        await limits.give_back(limit, *who)
