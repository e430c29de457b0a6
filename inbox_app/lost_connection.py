"""Makes a page count as offline as soon as its socket is down, and try again soon.

Reflex's client reports only a failed attempt to connect. On a dead network path nothing fails: the attempt that follows
the lost socket hangs for 20 s, and for as long the page acted as if it were online. This plugin of Reflex reports the
loss itself, unless the page closed the socket, and gives up a hanging attempt sooner. What counts as offline is then
`components/connection.py`'s `is_offline`.
"""

from typing import Any, Final

from reflex_base.plugins import Plugin

from inbox_app.reflex_client import CLIENT_FILE, replaced

ATTEMPT_MILLISECONDS: Final = 5_000
"""How long an attempt to connect may take before the next one."""
CREATED: Final = "reconnection: false,"
WITH_A_LIMIT: Final = f"{CREATED}\n    timeout: {ATTEMPT_MILLISECONDS},"
LOST: Final = "window.__reflex_otel?.onSocketDisconnect?.(reason);"
REPORTED: Final = f"""{LOST}
    if (reason !== "io client disconnect") {{
      setConnectErrors((errors) => [...errors.slice(-9), new Error(reason)]);
    }}"""


def report_lost_connections(client: str) -> str:
    """Reflex's client with both changes; a second time, nothing changes."""
    limited = replaced(client, CREATED, WITH_A_LIMIT, plugin="lost_connection.py")
    return replaced(limited, LOST, REPORTED, plugin="lost_connection.py")


class LostConnectionPlugin(Plugin):
    """Tells the pages at once that their socket is down."""

    def pre_compile(self, **context: Any) -> None:
        """Change the client's source, before it is bundled, hashed and compressed."""
        context["add_modify_task"](CLIENT_FILE, report_lost_connections)
