"""The files that the build is kept for are those that take part in it: both sets are found in different ways."""

import ast
import json
import subprocess
import sys
from dataclasses import dataclass

import pytest

from inbox_app.frontend_sources import RUNS_LATER, source_files
from inbox_app.reflex_runtime import build_environment
from inbox_app.settings import ROOT
from tests.architecture.sources import Source, in_layers

COMPILE = """
import gc, json, sys, threading
gc.disable()  # as a server starts: half the time
from inbox_app import inbox_app

calls = set()

def note(frame, event, argument):
    calls.add((frame.f_code.co_filename, frame.f_code.co_name, frame.f_back.f_code.co_filename if frame.f_back else ""))

sys.settrace(note)
threading.settrace(note)
inbox_app.app._compile(dry_run=True, use_rich=False)
sys.settrace(None)
files = [module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)]
print("FOUND" + json.dumps({"loaded": files, "calls": sorted(calls)}))
"""
OURS = f"{ROOT}/inbox_app/"
PAGES = (
    "pages/",
    "components/",
    "state/",
    "texts/",
    "data/models",
    "lean_theme",
    "lost_connection",
    "reflex_client",
    "same_origin",
    "settings",
    "inbox_app.py",
)


@dataclass(frozen=True)
class Compilation:
    """What took part in compiling the pages: our modules, and calls as (file, function, file of the caller)."""

    loaded: set[str]
    calls: list[tuple[str, str, str]]


@pytest.fixture(scope="module")
def compilation() -> Compilation:
    done = subprocess.run(
        [sys.executable, "-c", COMPILE], cwd=ROOT, env=build_environment(), capture_output=True, text=True, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("FOUND")]
    assert lines, done.stderr
    found = json.loads(lines[0].removeprefix("FOUND"))
    return Compilation({name for name in found["loaded"] if name.startswith(OURS)}, found["calls"])


def test_every_loaded_module_that_makes_up_the_pages_is_hashed(compilation: Compilation) -> None:
    hashed = {str(path) for path in source_files(ROOT)}
    missing = {name for name in compilation.loaded - hashed if name.removeprefix(OURS).startswith(PAGES)}
    assert len(hashed & compilation.loaded) > 100
    assert not missing, "\n".join(sorted(missing))
    others = {"reflex.lock/bun.lock", "requirements.lock", ".npmrc", "bunfig.toml", "rxconfig.py"}
    builders = {"inbox_app/reflex_runtime.py", "inbox_app/frontend_build.py", "inbox_app/texts/catalogue.py"}
    assert {str(ROOT / name) for name in others | builders} <= hashed


def test_nothing_that_runs_while_the_pages_are_compiled_is_left_out(compilation: Compilation) -> None:
    hashed = {str(path) for path in source_files(ROOT)}
    called = {
        f"{by} called {function} of {name}"
        for name, function, by in compilation.calls
        if name.startswith(OURS) and name not in hashed
    }
    assert any(name in hashed for name, _, _ in compilation.calls)
    assert not called, "\n".join(sorted(called))


def used_when_loaded(source: Source) -> set[str]:
    """Names that a module reads when it's imported: outside functions, annotations left out."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            defaults = [*node.args.defaults, *(default for default in node.args.kw_defaults if default)]
            for child in [*defaults, *getattr(node, "decorator_list", [])]:
                visit(child)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                visit(node.value)
        else:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.add(node.id)
            for child in ast.iter_child_nodes(node):
                visit(child)

    visit(source.tree)
    return found


@pytest.mark.parametrize("source", [*in_layers("state", "pages", "components")], ids=lambda source: source.shown)
def test_no_screen_takes_a_value_from_a_layer_that_is_not_hashed(source: Source) -> None:
    later = {
        alias.asname or alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("inbox_app")
        for alias in node.names
        if f"{node.module}.{alias.name}".split(".")[1] in RUNS_LATER
    }
    assert not later & used_when_loaded(source)
