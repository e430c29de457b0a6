"""One front-end build for every port and every proxy: the page's socket goes to where the page came from.

Reflex bakes the port of its build into the client and keeps it on http. This plugin of Reflex changes both ends:
the client takes scheme, host and port from the page, and the server accepts only sockets of its own pages
(docs/decisions/0003-one-build-for-any-port.md).
"""

from typing import Any

from reflex_base.plugins import Plugin

from inbox_app.reflex_client import CLIENT_FILE, replaced

BAKED = "const endpoint = new URL(url_str);"
FROM_THE_PAGE = """const endpoint = new URL(url_str);
  if (typeof window !== "undefined") {
    const { protocol, hostname, port } = window.location;
    endpoint.protocol = endpoint.protocol.startsWith("ws") ? protocol.replace("http", "ws") : protocol;
    endpoint.hostname = hostname;
    endpoint.port = port;
    return endpoint;
  }"""


def use_page_origin(client: str) -> str:
    """The text of Reflex's client with the address taken from the page; does nothing a second time."""
    return replaced(client, BAKED, FROM_THE_PAGE, plugin="same_origin.py")


class SameOriginPlugin(Plugin):
    """Binds the pages' socket to the origin of the page, on the client and on the server."""

    def pre_compile(self, **context: Any) -> None:
        """Change the client's source, before it is bundled, hashed and compressed."""
        context["add_modify_task"](CLIENT_FILE, use_page_origin)

    def post_compile(self, **context: Any) -> None:
        """Let the socket server compare a browser's Origin with the host that it asked for (Engine.IO's None)."""
        if (sockets := context["app"].sio) is not None:
            sockets.eio.cors_allowed_origins = None
