"""The parts that run in the browser. They import each other by name, so all of them become assets here."""

from pathlib import Path

from inbox_app.components.local import library

SCRIPTS = {path.name: library(path.name) for path in sorted(Path(__file__).parent.glob("*.js*"))}
"""File name → what a component imports."""
