"""One front-end build works on any port and behind any proxy: the page's socket goes where the page came from."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import WebSocket

from tests.browsers import NewPage
from tests.programs import free_port
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e


def pump(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (target, source):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextlib.contextmanager
def proxy_to(port: int) -> Iterator[int]:
    """A listener on another port that passes all bytes on, as a proxy that keeps the Host header does."""
    with socket.create_server(("127.0.0.1", free_port())) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    near, _ = listener.accept()
                    far = socket.create_connection(("127.0.0.1", port))
                    for ends in ((near, far), (far, near)):
                        threading.Thread(target=pump, args=ends, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def opened_socket(new_page: NewPage, url: str) -> WebSocket:
    """The page's socket, once the server has answered over it."""
    page = new_page(url)
    with page.expect_websocket() as found:
        page.goto("/login")
    found.value.wait_for_event("framereceived")
    return found.value


def test_the_socket_uses_the_port_that_is_served(server: InboxServer, new_page: NewPage) -> None:
    assert opened_socket(new_page, server.url).url.startswith(f"ws://127.0.0.1:{server.port}/_event")


def test_the_socket_uses_the_host_name_of_the_page(server: InboxServer, new_page: NewPage) -> None:
    url = f"http://localhost:{server.port}"
    assert opened_socket(new_page, url).url.startswith(f"ws://localhost:{server.port}/_event")


def test_the_socket_goes_through_the_proxy_that_the_page_came_through(server: InboxServer, new_page: NewPage) -> None:
    with proxy_to(server.port) as port:
        assert opened_socket(new_page, f"http://127.0.0.1:{port}").url.startswith(f"ws://127.0.0.1:{port}/_event")


def test_the_server_ends_quickly_with_an_open_page(server: InboxServer, new_page: NewPage) -> None:
    opened_socket(new_page, server.url)
    assert server.stop() < 5


def test_the_first_load_is_light(server: InboxServer, new_page: NewPage) -> None:
    page = new_page(server.url)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto("/login", wait_until="networkidle")
    assert sum(sizes) / 1024 <= 350
