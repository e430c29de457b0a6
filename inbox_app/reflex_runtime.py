"""What Reflex takes only from the environment, in one place: for building the front end and for serving it.

The names with two underscores are internal to Reflex 0.10.1; tests/architecture/test_reflex_names.py watches them.
"""

import os
import sys
from pathlib import Path

PING_SECONDS = 5
"""A socket is asked this often whether it is alive …"""
PONG_SECONDS = 6
"""… and given up after this long without an answer: both ends notice a dead path within 11 s.

The page says so a second later, and visitors are promised 12 s.
"""

SHARED = {
    "REFLEX_TELEMETRY_ENABLED": "false",
    "REFLEX_CHECK_LATEST_VERSION": "false",
    "REFLEX_ENV_MODE": "prod",
    "REFLEX_DIR": str(Path(__file__).resolve().parent.parent / "build" / "reflex"),
}
BUILDING = SHARED | {"REFLEX_USE_SYSTEM_BUN": "1", "REFLEX_USE_NPM": "0", "NO_COLOR": "1"}
SERVING = SHARED | {
    "__REFLEX_SKIP_COMPILE": "true",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "REFLEX_SOCKET_INTERVAL": str(PING_SECONDS),
    "REFLEX_SOCKET_TIMEOUT": str(PONG_SECONDS),
}


def tools_directory() -> Path:
    """Where the virtual environment keeps its programs, Bun among them."""
    return Path(sys.executable).parent


def build_environment() -> dict[str, str]:
    """The environment of the commands that build the front end, with the Bun of the virtual environment first."""
    path = os.pathsep.join([str(tools_directory()), os.environ.get("PATH", os.defpath)])
    return {**os.environ, **BUILDING, "PATH": path}


def enter_serving() -> None:
    """Make this process, and the workers that it starts, serve the kept build. Before Reflex is imported."""
    os.environ.update(SERVING)
