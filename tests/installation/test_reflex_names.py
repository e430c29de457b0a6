"""The names inside Reflex that we lean on are there and mean what we think. A new Reflex fails here first."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import reflex_base
from reflex_base.config import Config
from reflex_base.environment import environment
from reflex_base.plugins import Plugin

from inbox_app import reflex_runtime
from inbox_app.lost_connection import REPORTED, WITH_A_LIMIT, report_lost_connections
from inbox_app.reflex_client import CLIENT_FILE, ClientChanged
from inbox_app.same_origin import FROM_THE_PAGE, use_page_origin

CLIENT = Path(reflex_base.__file__).parent / ".templates" / "web" / CLIENT_FILE


def test_every_name_that_we_set_is_one_that_reflex_reads() -> None:
    names = {*reflex_runtime.BUILDING, *reflex_runtime.SERVING} - {"NO_COLOR"}
    known = {getattr(environment, name).name for name in type(environment).__annotations__}
    known |= {f"REFLEX_{field.name.upper()}" for field in dataclasses.fields(Config)}
    assert names <= known, names - known


def test_the_serving_values_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in reflex_runtime.SERVING.items():
        monkeypatch.setenv(name, value)
    assert environment.REFLEX_SKIP_COMPILE.get()
    assert environment.REFLEX_MOUNT_FRONTEND_COMPILED_APP.get()
    assert environment.REFLEX_SOCKET_INTERVAL.get() == timedelta(seconds=reflex_runtime.PING_SECONDS)
    assert environment.REFLEX_SOCKET_TIMEOUT.get() == timedelta(seconds=reflex_runtime.PONG_SECONDS)


def test_a_dead_socket_is_noticed_in_time_to_say_so_within_12_seconds() -> None:
    assert reflex_runtime.PING_SECONDS + reflex_runtime.PONG_SECONDS <= 11


def test_the_client_has_the_line_that_bakes_the_port() -> None:
    changed = use_page_origin(CLIENT.read_text(encoding="utf-8"))
    assert FROM_THE_PAGE in changed
    assert use_page_origin(changed) == changed


def test_the_client_has_the_lines_that_say_nothing_of_a_lost_connection() -> None:
    changed = report_lost_connections(CLIENT.read_text(encoding="utf-8"))
    assert WITH_A_LIMIT in changed
    assert REPORTED in changed
    assert report_lost_connections(changed) == changed


@pytest.mark.parametrize(
    ("change", "file"), [(use_page_origin, "same_origin"), (report_lost_connections, "lost_connection")]
)
def test_a_changed_client_is_a_clear_error(change: Callable[[str], str], file: str) -> None:
    with pytest.raises(ClientChanged, match=rf"inbox_app/{file}\.py"):
        change("export const getBackendURL = () => 42;")


def test_plugins_have_the_hooks_that_ours_use() -> None:
    hooks = ("pre_compile", "post_compile", "get_frontend_dependencies", "get_stylesheet_paths")
    assert all(callable(getattr(Plugin, hook)) for hook in hooks)


def test_a_script_of_ours_has_the_path_that_reflex_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib

    from inbox_app.components.chat import browser

    of_reflex = importlib.reload(browser).SCRIPTS
    monkeypatch.setenv("__REFLEX_SKIP_COMPILE", "true")
    assert of_reflex == importlib.reload(browser).SCRIPTS
