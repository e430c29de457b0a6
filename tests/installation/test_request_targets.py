"""Request targets that no browser sends, over a raw socket: answered with the usual headers, and no error is logged."""

import socket
from collections.abc import Iterator

from tests.conftest import StartServer
from tests.servers import InboxServer

TARGETS = {
    "OPTIONS *": {400},
    "GET *": {400},
    "GET //": {200, 404},
    "GET ///": {200, 404},
    "GET //evil.example/%2e%2e": {200, 307, 404},
    "GET /api//v1//agent": {404},
    "GET //api/v1/agent": {200, 404},
    "GET http://{host}/api/v1/agent": {401},
    "GET http://{host}": {200},
    "OPTIONS /": {405},
    "CONNECT {host}": {400, 405},
    "GET /%00": {400, 404},
    "GET /assets/%00.js": {400, 404},
    "GET /api/v1/%00": {400, 404, 422},
    "GET /%ff%fe": {400, 404},
    "GET /%": {200, 400, 404},
    "GET /..%2f..%2fetc/passwd": {404},
    "GET /?" + "x" * 8_000: {200},
    "GET /" + "x" * 8_000: {404},
    "GET /api/" + "x" * 8_000: {404},
    "GET /" + "x/" * 4_000: {404},
    "GET /" + "x" * 1_000_000: {400, 404, 414, 431},
}
USUAL = {"x-content-type-options", "referrer-policy"}  # a policy has what isn't a file


def asked(server: InboxServer, target: str) -> tuple[int, dict[str, str]]:
    """Status and names of headers; 0 when the connection is closed without an answer."""
    line = target.replace("{host}", f"127.0.0.1:{server.port}")
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        try:
            connection.sendall(
                f"{line} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n".encode()
            )
            head = b"".join(pieces(connection)).partition(b"\r\n\r\n")[0]
        except ConnectionError:
            return 0, {}
    first, *lines = head.decode("latin-1").split("\r\n")
    return int(first.split()[1]), {one.partition(":")[0].lower(): one.partition(":")[2].strip() for one in lines}


def pieces(connection: socket.socket) -> Iterator[bytes]:
    while piece := connection.recv(65_536):
        yield piece


def test_odd_request_targets_are_answered_with_the_usual_headers(start_server: StartServer) -> None:
    """The server's log is looked at by the fixture at the end: no error may be in it."""
    server = start_server()
    wrong = {}
    for target, statuses in TARGETS.items():
        status, headers = asked(server, target)
        missing = USUAL - headers.keys() if len(target) < 10_000 else set()  # the longest never reach us
        leads_away = not headers.get("location", server.url).startswith(f"{server.url}/")  # as //evil.example would
        if status not in statuses or missing or ("location" in headers and leads_away):
            wrong[target[:40]] = (status, missing)
    assert wrong == {}
    assert server.trouble() == []
