"""Every icon that components and pages name exists: Reflex only warns of an unknown one, and draws another."""

import ast
from collections.abc import Iterator

from reflex_components_lucide.icon import LUCIDE_ICON_LIST

from tests.architecture.sources import Source, in_layers

ICON_CALLS = {"icon", "icon_button", "Icon"}
ICON_ARGUMENTS = {"icon", "icon_name"}


def icon_names(source: Source) -> Iterator[tuple[int, str]]:
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        values = [keyword.value for keyword in node.keywords if keyword.arg in ICON_ARGUMENTS]
        values += node.args[:1] if called in ICON_CALLS else []
        for value in values:
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield node.lineno, value.value


def test_every_icon_exists() -> None:
    wrong = [
        f"{source.shown}:{line}: {name}"
        for source in in_layers("components", "pages")
        for line, name in icon_names(source)
        if name.replace("-", "_").lower() not in LUCIDE_ICON_LIST
    ]
    assert not wrong, "\n".join(wrong)
