"""The project's own Python sources as syntax trees."""

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from inbox_app.frontend_sources import imported_names

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "inbox_app"


@dataclass(frozen=True)
class Source:
    """One module of ours."""

    path: Path
    tree: ast.Module

    @property
    def name(self) -> str:
        """As it is imported: `inbox_app.data.engine`."""
        parts = list(self.path.relative_to(ROOT).with_suffix("").parts)
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def shown(self) -> str:
        """As a person finds it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def layer(self) -> str:
        """The directory right under inbox_app, or the module's own name if it lies there."""
        return self.name.split(".")[1] if "." in self.name else ""

    def imports(self) -> set[str]:
        """Every module that it imports, also inside functions; `from a import b` counts as `a` and `a.b`."""
        return set(imported_names(self.tree))


def sources() -> tuple[Source, ...]:
    """All modules of inbox_app, generated migrations left out."""
    return parsed(PACKAGE.name)


@functools.cache
def parsed(*folders: str) -> tuple[Source, ...]:
    """All modules in these folders of the project."""
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py") if "versions" not in path.parts)
    return tuple(Source(path, ast.parse(path.read_text(encoding="utf-8"), str(path))) for path in paths)


def in_layers(*layers: str) -> Iterator[Source]:
    """The modules of these layers."""
    return (source for source in sources() if source.layer in layers)
