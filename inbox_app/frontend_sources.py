"""What the front end is built from: the modules that its pages import, found by walking imports, and all other inputs.

The build is kept while none of these files change. Walking stops at layers that only act when a handler runs:
`tests/installation/test_front_end_sources.py` compiles the pages and shows that nothing outside this set takes part.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ENTRIES: Final = (
    "inbox_app/inbox_app.py",
    "inbox_app/frontend_build.py",
    "inbox_app/texts/catalogue.py",
    "rxconfig.py",
)
"""Python that takes part in a build: the composition root, Reflex's configuration and the build itself."""
RUNS_LATER: Final = frozenset({"api", "services", "integrations", "pages_visitor", "lifetime"})
"""Layers whose code the pages import and the build never runs."""
FOLDERS: Final = ("inbox_app/components", "inbox_app/pages", "inbox_app/texts", "assets", "widget", "reflex.lock")
"""Everything in these counts, whatever its type."""
SINGLE_FILES: Final = ("requirements.lock", "bunfig.toml", ".npmrc")
MADE_FOLDERS: Final = frozenset({"__pycache__", "external"})
"""Not sources: Reflex links the scripts of components into assets/external while it builds."""


def source_files(root: Path, made: frozenset[Path] = frozenset()) -> list[Path]:
    """All files that a build depends on, sorted; `made`: files in those folders that the build itself writes."""
    found = {path for name in SINGLE_FILES if (path := root / name).is_file()}
    for folder in FOLDERS:
        found |= {path for path in (root / folder).rglob("*") if path.is_file() and not MADE_FOLDERS & set(path.parts)}
    return sorted((found | walk_imports(root)) - made)


def walk_imports(root: Path) -> set[Path]:
    """The project's modules that the entries import, directly or through each other."""
    found: set[Path] = set()
    waiting = [path for name in ENTRIES if (path := root / name).is_file()]
    waiting += (root / "inbox_app/pages").rglob("*.py")
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += imported_files(root, path)
    return found


def imported_files(root: Path, path: Path) -> Iterator[Path]:
    """The files of the project's modules that a module names in its imports, those inside functions included."""
    for name in imported_names(ast.parse(path.read_bytes(), str(path))):
        parts = name.split(".")
        if parts[0] == "inbox_app" and not RUNS_LATER & set(parts[1:2]):
            module = root.joinpath(*parts)
            packages = [root.joinpath(*parts[:depth], "__init__.py") for depth in range(1, len(parts) + 1)]
            yield from (file for file in (module.with_suffix(".py"), *packages) if file.is_file())


def imported_names(tree: ast.Module) -> Iterator[str]:
    """`import a.b` → `a.b`; `from a import b` → `a`, `a.b`. Ruff refuses relative imports (TID252)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
