"""Rules of the house that a reader of one file can't see broken: who reads the environment, writes SQL, commits."""

import ast
import re
from collections.abc import Iterator
from typing import get_args

import pytest
from reflex_components_radix.themes.base import LiteralAccentColor, LiteralGrayColor

from inbox_app.lean_theme import COLORS
from tests.architecture.sources import Source, in_layers, sources

SETTERS_OF_REFLEX = "inbox_app/reflex_runtime.py"
SQL_TEXT = re.compile(r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b", re.DOTALL)
HEX_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")
RADIX_COLORS = {*get_args(LiteralAccentColor), *get_args(LiteralGrayColor)}
LONGEST_FILE = 300
LONGEST_FUNCTION = 45


def strings(source: Source) -> Iterator[ast.Constant]:
    """Text that is not a docstring."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node


def attributes(source: Source) -> Iterator[tuple[int, str]]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr


def test_only_the_settings_read_the_environment() -> None:
    wrong = [
        f"{source.shown}:{line} uses {name}"
        for source in sources()
        if source.shown not in {"inbox_app/settings.py", SETTERS_OF_REFLEX}
        for line, name in attributes(source)
        if name in {"environ", "getenv", "putenv"}
    ]
    assert not wrong, "\n".join(wrong)


def test_sql_is_written_only_in_data() -> None:
    builders = {"select", "insert", "update", "delete", "text"}
    wrong = [
        f"{source.shown} imports {module}"
        for source in sources()
        if source.layer != "data"
        for module in source.imports()
        if module.startswith(("sqlalchemy.", "sqlmodel.")) and module.rpartition(".")[2] in builders
    ]
    wrong += [
        f"{source.shown}:{node.lineno} holds SQL"
        for source in sources()
        if source.layer != "data"
        for node in strings(source)
        if SQL_TEXT.search(str(node.value))
    ]
    assert not wrong, "\n".join(wrong)


def test_only_the_unit_of_work_commits() -> None:
    wrong = [
        f"{source.shown}:{line} calls {name}"
        for source in sources()
        if source.layer != "data"
        for line, name in attributes(source)
        if name in {"commit", "rollback", "begin_nested"}
    ]
    assert not wrong, "\n".join(wrong)


def test_the_domain_asks_no_clock_and_throws_no_dice() -> None:
    wrong = [
        f"{source.shown}:{line} uses {name}"
        for source in in_layers("domain")
        for line, name in attributes(source)
        if name in {"now", "utcnow", "today", "uuid4"}
    ]
    wrong += [source.shown for source in in_layers("domain") if {"random", "secrets", "time"} & source.imports()]
    assert not wrong, "\n".join(wrong)


def test_only_the_clock_tells_the_time() -> None:
    wrong = [
        f"{source.shown}:{node.lineno}"
        for source in sources()
        if source.name != "inbox_app.clock"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date"}
    ]
    assert not wrong, "use inbox_app.clock.now:\n" + "\n".join(wrong)


def test_no_color_is_written_in_components_or_pages() -> None:
    wrong = [
        f"{source.shown}:{node.lineno}: {node.value}"
        for source in in_layers("components", "pages")
        for node in strings(source)
        if HEX_COLOR.search(str(node.value))
    ]
    assert not wrong, "use the tokens of the theme:\n" + "\n".join(wrong)


def test_every_color_that_is_named_is_sent_to_the_browser() -> None:
    wrong = [
        f"{source.shown}:{node.lineno}: {node.value}"
        for source in in_layers("components", "pages")
        for node in strings(source)
        for color in RADIX_COLORS - set(COLORS)
        if node.value == color or re.search(rf"var\(--{color}-a?\d+\)", str(node.value))
    ]
    assert not wrong, "add the color to inbox_app/lean_theme.py, or take another:\n" + "\n".join(wrong)


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.shown)
def test_files_and_functions_stay_small(source: Source) -> None:
    lines = len(source.path.read_text(encoding="utf-8").splitlines())
    long = [
        f"{node.name} has {length} lines"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or 0) - node.lineno + 1) > LONGEST_FUNCTION
    ]
    assert lines <= LONGEST_FILE, f"{source.shown} has {lines} lines"
    assert not long, f"{source.shown}: {', '.join(long)}"


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.shown)
def test_every_module_says_what_it_is_for(source: Source) -> None:
    assert ast.get_docstring(source.tree), f"{source.shown} has no docstring"
