"""Answers that need no body come after it has been read: otherwise a proxy loses them, and answers 502 itself."""

import socket
from collections.abc import Iterator

import pytest

from inbox_app.unread_bodies import MAX_BYTES
from tests.databases import SqliteTemplate
from tests.servers import InboxServer

PIECE = b"x" * 32_768
MEGABYTE = 1024 * 1024
CHUNKED = "Transfer-Encoding: chunked"
UNREAD = {
    "POST /api/v1/visitor/sessions": 413,
    "PUT /api/v1/account/picture": 401,
    "POST /api/v1/nothing": 404,
    "PATCH /api/v1/visitor/sessions": 405,
    "POST /": 405,
    "POST /no-such-page": 405,
    "POST /assets/no-such-file.js": 405,
    "POST /healthz": 405,
    "POST *": 400,
    "POST /_upload": 405,
}
"""Requests, and the status that none of them needs 2 MB for. The API also refuses an announced body for its size."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, sqlite_template: SqliteTemplate) -> Iterator[InboxServer]:
    directory = tmp_path_factory.mktemp("unread")
    server = InboxServer(directory, sqlite_template.copy(directory)).start()
    yield server
    server.stop()
    assert server.trouble() == []


def ask(connection: socket.socket, server: InboxServer, request: str, *headers: str, size: int = 0) -> None:
    """Send the head and a body of that many bytes, chunked if a header says so."""
    is_chunked = CHUNKED in headers
    lines = [f"{request} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Content-Type: application/json", *headers]
    if size and not is_chunked:
        lines.append(f"Content-Length: {size}")
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    for piece in pieces(size):
        connection.sendall(b"%x\r\n%s\r\n" % (len(piece), piece) if is_chunked else piece)
    if is_chunked:
        connection.sendall(b"0\r\n\r\n")


def pieces(size: int) -> Iterator[bytes]:
    while size > 0:
        yield PIECE[:size]
        size -= len(PIECE)


def status(connection: socket.socket) -> int:
    """Of the next answer, all of which is read."""
    with connection.makefile("rb") as answer:
        first = answer.readline().decode()
        headers = dict(line.decode().lower().strip().split(": ", 1) for line in iter(answer.readline, b"\r\n"))
        answer.read(int(headers["content-length"]))
    return int(first.split()[1])


def test_the_sender_of_a_body_that_nobody_reads_gets_its_answer_and_keeps_its_connection(
    server: InboxServer,
) -> None:
    wrong = {}
    for request, expected in UNREAD.items():
        for headers in ((), (CHUNKED,)):
            with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
                try:
                    ask(connection, server, request, *headers, size=2 * MEGABYTE)
                    first = status(connection)
                    ask(connection, server, "GET /healthz")
                    answers = first, status(connection)
                except ConnectionError as error:
                    answers = type(error).__name__, 0
            if answers not in ((expected, 200), (413, 200)):
                wrong[request, headers] = answers
    assert wrong == {}


def test_who_asks_before_sending_a_body_is_told_at_once_that_it_is_too_large(server: InboxServer) -> None:
    length = f"Content-Length: {2 * MEGABYTE}"
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        ask(connection, server, "POST /api/v1/visitor/sessions", length, "Expect: 100-continue")
        assert status(connection) == 413


def test_a_body_without_an_end_is_read_up_to_a_limit(server: InboxServer) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        ended = ""
        try:
            ask(connection, server, "POST /api/v1/nothing", CHUNKED, size=4 * MAX_BYTES)
        except ConnectionError as error:
            ended = type(error).__name__
    assert ended
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        ask(connection, server, "GET /healthz")
        assert status(connection) == 200
