"""HTTP to addresses that users choose: calendars today, webhooks next.

Such an address must not turn the server into a way into its own network (SSRF). Every connection resolves the name
first, refuses what isn't public unless the operator allows its network, and connects to the very address it checked,
so a name server that answers differently a moment later gains nothing.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Final

import httpx

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
Resolve = Callable[[str, int], Awaitable[list[str]]]

NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""Carries an IPv4 address in its last 32 bits (RFC 6052)."""

NOT_PUBLIC: Final[Networks] = tuple(
    map(ipaddress.ip_network, ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "3fff::/20"))
)
"""What Python calls global, but isn't for others: the host of Azure's machines, which serves their configuration,
protocol assignments (RFC 6890), the former relays of 6to4 (RFC 7526) and documentation (RFC 9637)."""


class AddressRefused(httpx.ConnectError):
    """The name has no address that this installation may connect to."""


def is_public(address: Address) -> bool:
    """Whether anyone on the internet could reach it. IPv4 addresses wrapped in IPv6 are judged by what they carry."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _carried_by(address)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local or address.teredo is not None:
            return False
    if any(address in network for network in NOT_PUBLIC):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _carried_by(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system orders them. Also reads odd spellings such as 2130706433."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class OutboundTransport(httpx.AsyncBaseTransport):
    """A transport that connects only to public addresses and to `allowed` networks.

    Raises `AddressRefused`, and otherwise what httpx raises. Proxies from the environment aren't used.
    """

    def __init__(self, allowed: Networks, *, verify: ssl.SSLContext | bool = True, resolve: Resolve = resolve) -> None:
        self._allowed, self._verify, self._resolve = allowed, verify, resolve
        # One pool a name: connections are kept by address, and a certificate was checked for one name only.
        self._pools: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        refusal: httpx.ConnectError = AddressRefused("no address that may be reached", request=request)
        for address in await self._addresses(host, port, request):
            if self._may_reach(address):
                try:
                    return await self._send(request, host, address)
                except httpx.ConnectError as error:
                    refusal = error
        raise refusal

    async def _addresses(self, host: str, port: int, request: httpx.Request) -> list[Address]:
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpx.ConnectError("name not found", request=request) from error
        return [ipaddress.ip_address(address) for address in found]

    def _may_reach(self, address: Address) -> bool:
        plain = address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address
        return is_public(plain) or any(plain in network for network in self._allowed)

    async def _send(self, request: httpx.Request, host: str, address: Address) -> httpx.Response:
        pool = self._pools.setdefault(host, httpx.AsyncHTTPTransport(verify=self._verify))
        sent = httpx.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,  # with the Host that was asked for
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await pool.handle_async_request(sent)

    async def aclose(self) -> None:
        for pool in self._pools.values():
            await pool.aclose()
