"""Which kinds of news the sources of the services tell, by topic."""

import ast
from collections.abc import Iterator
from pathlib import Path

from inbox_app import services

BOTH_SIDES = ("conversation", "agent")
"""What a topic in a variable comes from: `topics_of`."""
PASSING_ON = {"use_case.py", "left_news.py"}
"""They tell what others have told."""


def told_by_services() -> set[tuple[str, str]]:
    """(topic, kind) of every `tell` and `publish`."""
    return {
        told
        for file in Path(services.__path__[0]).rglob("*.py")
        if file.name not in PASSING_ON
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and len(call.args) >= 2
        for told in _told(call)
    }


def _told(call: ast.Call) -> Iterator[tuple[str, str]]:
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"tell", "publish"}:
        return
    if ast.unparse(call.func) == "calendar_sync.tell":
        return
    topic, kind = call.args[:2]
    kinds = [node.value for node in ast.walk(kind) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    if ast.unparse(kind) == "live.RESYNC":
        kinds = ["resync"]
    assert kinds, f"what does {ast.unparse(call)} tell?"
    named = [
        node.attr for node in ast.walk(topic)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "live.topics"
    ]  # fmt: skip
    for name in named or BOTH_SIDES:
        for one in kinds:
            yield name, one
