"""Rate limits (CONTRACT): in memory for one process, in Redis for several."""

import ipaddress
from typing import Final

from limits import RateLimitItem, parse
from starlette.requests import HTTPConnection

from inbox_app.domain.errors import TooManyRequests
from inbox_app.live.counts import counts
from inbox_app.settings import get_settings

SESSIONS_PER_ADDRESS: Final = parse("60 per minute")
CONVERSATIONS_PER_ADDRESS: Final = parse("60 per hour")
CONVERSATIONS_PER_VISITOR: Final = parse("6 per hour")
BOOKINGS_PER_ADDRESS: Final = parse("60 per hour")
BOOKINGS_PER_VISITOR: Final = parse("10 per hour")  # each sends mail
CHANGES_PER_MEETING: Final = parse("10 per hour")
STRANGERS_SOCKETS_PER_ADDRESS: Final = parse("60 per minute")  # each costs a state in memory
FEW_STREAMS_PER_VISITOR: Final = parse("5 per minute")  # in each process; only what exceeds them is counted by the next
STREAMS_PER_VISITOR: Final = parse("25 per minute")
PAGE_VIEWS_PER_VISITOR: Final = parse("30 per minute")
TYPING_PER_VISITOR: Final = parse("2 per second")
SEEN_PER_VISITOR: Final = parse("20 per 2 second")
ENDS_PER_VISITOR: Final = parse("30 per minute")
MESSAGES_PER_VISITOR: Final = parse("10 per 2 second")  # 5 a second, bursts of 10
SIGN_INS_PER_ACCOUNT: Final = parse("5 per 5 minute")
RESETS_PER_ACCOUNT: Final = parse("3 per hour")  # from one address
RESET_MAILS_PER_ACCOUNT: Final = parse("1 per 5 minute")  # from all addresses; more are passed over without a word
RESET_MAILS_PER_ACCOUNT_SLOW: Final = parse("6 per hour")
RESETS_PER_ADDRESS: Final = parse("20 per hour")
LINKS_PER_ADDRESS: Final = parse("30 per 5 minute")
PICTURES_PER_MEMBER: Final = parse("20 per hour")
PASSWORDS_PER_MEMBER: Final = parse("5 per 5 minute")
SIGN_INS_PER_ADDRESS: Final = parse("20 per 5 minute")
SIGN_INS_PER_ACCOUNT_SLOW: Final = parse("30 per hour")  # from all addresses, for browsers that never signed in to it


async def hit(limit: RateLimitItem, *who: str) -> None:
    """Count one. Raises TooManyRequests with the seconds to wait."""
    if get_settings().rate_limits and (wait := await counts().hit(limit, *who)) is not None:
        raise TooManyRequests(wait)


async def fits(limit: RateLimitItem, *who: str) -> bool:
    """Count one, if it fits: for what may be passed over without a word."""
    return not get_settings().rate_limits or await counts().hit(limit, *who) is None


async def give_back(limit: RateLimitItem, *who: str) -> None:
    """Take back the last one that was counted."""
    if get_settings().rate_limits:
        await counts().give_back(limit, *who)


async def forgive(limit: RateLimitItem, *who: str) -> None:
    """Start counting from zero."""
    if get_settings().rate_limits:
        await counts().clear(limit, *who)


def address_of(connection: HTTPConnection) -> str:
    """Who is connected. `X-Forwarded-For` counts only from a trusted proxy, and then its last untrusted entry.

    A proxy may add its entry as another line of that header, so all lines are read.
    """
    address = _plain(connection.client.host if connection.client else "")
    proxies = get_settings().trusted_proxies
    hops = [_plain(hop) for hop in ",".join(connection.headers.getlist("x-forwarded-for")).split(",") if hop.strip()]
    while hops and _is_in(address, proxies):
        address = hops.pop()
    return address


def _plain(address: str) -> str:
    """One notation for an address: some proxies add a port, and a dual-stack socket writes IPv4 as `::ffff:…`."""
    host = address.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host
    return str((parsed.ipv4_mapped if parsed.version == 6 else None) or parsed)


def network_of(connection: HTTPConnection) -> str:
    """What is counted together: an IPv4 address, or the /64 of an IPv6 one, all of which one customer has."""
    address = address_of(connection)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def _is_in(address: str, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    try:
        return any(ipaddress.ip_address(address) in network for network in networks)
    except ValueError:
        return False
