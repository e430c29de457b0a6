"""Web sites of other origins that embed the widget of an inbox."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SHOP = '<!doctype html><html lang="en"><title>A shop</title><h1>Shop</h1><script src="{url}/widget.js" async></script>'
FRAMING = '<!doctype html><title>A frame</title><iframe src="{url}/chat"></iframe>'


class Site(BaseHTTPRequestHandler):
    """`/?https://…`: a page with the widget of that inbox; `/framed?https://…`: its hosted chat in a frame."""

    def do_GET(self) -> None:
        path, _, inbox = self.path.partition("?")
        body = (FRAMING if path == "/framed" else SHOP).format(url=inbox).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def running_shop() -> Iterator[str]:
    """Its origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
