"""Ask before something that can't be undone."""

import sys

import typer


def agreed(question: str, *, otherwise: str) -> bool:
    """Ask for a yes. Without a terminal, refuse and say what to do (`otherwise`): no script may run it by mistake."""
    if sys.stdin.isatty():
        return typer.confirm(question)
    typer.echo(f"inbox: there's no terminal to ask for confirmation: {otherwise}.", err=True)
    return False
