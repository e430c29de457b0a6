"""Requests to addresses that users choose reach the public internet and what the operator allows, nothing else."""

import asyncio
import ipaddress
import socket
import ssl
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_app.integrations.outbound import AddressRefused, OutboundTransport, is_public
from tests.calendar_servers import http, odd_server

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
PRIVATE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fc00::1", "fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "::7f00:1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:c0a8:101::1",
    "2001:0:7f00:1:0:0:0:0", "2001:0:808:808:0:0:80ff:fffe",
    "168.63.129.16", "192.0.0.1", "192.0.0.9", "192.0.0.170", "192.88.99.1", "3fff::1", "3fff:fff:ffff::1",
    "::ffff:168.63.129.16", "64:ff9b::a83f:8110", "2002:a83f:8110::1",
]  # fmt: skip
PUBLIC = [
    "1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
    "168.63.129.17", "192.0.1.1", "192.88.98.1", "3ffe::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_refused_however_it_is_wrapped(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_allowed(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_in_ipv6_never_changes_the_answer(inner: ipaddress.IPv4Address) -> None:
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        wrapped = ipaddress.IPv6Address(int(ipaddress.IPv6Address(prefix)) + int(inner))
        assert is_public(wrapped) == is_public(inner)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "017700000001", "127.1", "localhost", "0.0.0.0"],
)
async def test_no_spelling_of_loopback_reaches_a_server_on_this_machine(host: str) -> None:
    async with odd_server(http("200 OK")) as odd, httpx.AsyncClient(transport=OutboundTransport(())) as client:
        with pytest.raises(AddressRefused):
            await client.get(f"http://{host}:{odd.port}/")
    assert odd.asked == []


async def test_a_redirect_to_a_private_address_is_refused_too() -> None:
    async with (
        odd_server(http("200 OK")) as inside,
        odd_server(http("302 Found", Location=f"http://localhost:{inside.port}/")) as outside,
    ):
        inside_only_by_name = OutboundTransport((ipaddress.ip_network("127.0.0.1/32"),), resolve=by_name(
            {"calendar.example": ["127.0.0.1"], "localhost": ["127.0.0.2"]}
        ))  # fmt: skip
        async with httpx.AsyncClient(transport=inside_only_by_name, follow_redirects=True) as client:
            with pytest.raises(AddressRefused):
                await client.get(f"http://calendar.example:{outside.port}/")
    assert inside.asked == []


async def test_what_the_operator_allows_is_reached_and_the_host_header_stays() -> None:
    async with odd_server(http("200 OK", "here")) as odd:
        transport = OutboundTransport(LOOPBACK, resolve=by_name({"calendar.example": ["127.0.0.1"]}))
        async with httpx.AsyncClient(transport=transport) as client:
            answer = await client.get(f"http://calendar.example:{odd.port}/path?q=1")
    assert answer.text == "here"
    assert odd.asked[0].startswith("GET /path?q=1 HTTP/1.1\r\n")
    assert f"host: calendar.example:{odd.port}\r\n" in odd.asked[0].lower()


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name server that answers differently the second time (DNS rebinding) gains nothing."""
    answers = iter([["127.0.0.1"], ["127.0.0.9"]])

    async def rebinding(_host: str, _port: int) -> list[str]:
        return next(answers)

    async with odd_server(http("200 OK", "checked")) as odd:
        transport = OutboundTransport((ipaddress.ip_network("127.0.0.1/32"),), resolve=rebinding)
        async with httpx.AsyncClient(transport=transport) as client:
            assert (await client.get(f"http://rebind.example:{odd.port}/")).text == "checked"
            with pytest.raises(AddressRefused):
                await client.get(f"http://rebind.example:{odd.port}/")


async def test_refused_addresses_of_a_name_are_passed_over_and_the_next_one_is_tried() -> None:
    async with odd_server(http("200 OK")) as odd:
        transport = OutboundTransport(
            LOOPBACK, resolve=by_name({"many.example": ["10.0.0.1", "127.0.0.3", "127.0.0.1"]})
        )
        async with httpx.AsyncClient(transport=transport, timeout=5) as client:
            assert (await client.get(f"http://many.example:{odd.port}/")).status_code == 200


async def test_the_certificate_is_checked_against_the_name_and_not_the_address(
    named_certificate: tuple[ssl.SSLContext, Path],
) -> None:
    serving, trusted = named_certificate
    server = await asyncio.start_server(answer_ok, "127.0.0.1", 0, ssl=serving)
    port = server.sockets[0].getsockname()[1]
    context = ssl.create_default_context(cafile=str(trusted))
    resolve = by_name({"calendar.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    async with httpx.AsyncClient(transport=OutboundTransport(LOOPBACK, verify=context, resolve=resolve)) as client:
        assert (await client.get(f"https://calendar.example:{port}/")).status_code == 200
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            await client.get(f"https://other.example:{port}/")
    server.close()
    await server.wait_closed()


async def test_a_name_that_does_not_exist_is_a_connection_error() -> None:
    async with httpx.AsyncClient(transport=OutboundTransport(())) as client:
        with pytest.raises(httpx.ConnectError) as error:
            await client.get("http://no-such-host.invalid/")
    assert isinstance(error.value.__cause__, socket.gaierror)


def by_name(addresses: dict[str, list[str]]):
    async def resolve(host: str, _port: int) -> list[str]:
        return addresses[host]

    return resolve


async def answer_ok(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(http("200 OK"))
    await writer.drain()
    writer.close()
