"""Changes to the client that Reflex puts on every page, made by plugins before it is bundled, hashed and compressed."""

from typing import Final

CLIENT_FILE: Final = "utils/state.js"


class ClientChanged(Exception):
    """Reflex's client no longer has a line that one of our plugins replaces."""


def replaced(client: str, line: str, ours: str, *, plugin: str) -> str:
    """Put `ours` in the place of the only such line; a second time, change nothing. `plugin`: the file to adapt."""
    if ours in client:
        return client
    if client.count(line) != 1:
        raise ClientChanged(
            f"{CLIENT_FILE} of this Reflex version has no single line '{line}': adapt inbox_app/{plugin} to it."
        )
    return client.replace(line, ours)
