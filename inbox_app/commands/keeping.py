"""`inbox prune` and `inbox export`: letting go of old conversations, and taking all past ones along."""

import asyncio
import json
import sys
from collections.abc import Coroutine
from datetime import timedelta
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any, Final, TextIO, TypeVar

import typer

from inbox_app.commands.asking import agreed
from inbox_app.private_files import new_private_file

Result = TypeVar("Result")
UNASKED: Final = "add --yes to delete, or --dry-run to see what"


def prune(
    older_than: Annotated[int, typer.Option(min=1, help="Days since a conversation's last activity.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete past conversations and activities that are older. Open conversations and visitors' records stay."""
    from inbox_app import clock
    from inbox_app.services import keeping

    before = clock.now() - timedelta(days=older_than)
    found = _run(keeping.old(before))
    what = f"{found.conversations} conversation(s) and {found.activities} activities older than {older_than} days"
    if dry_run:
        typer.echo(f"Would delete {what}.")
    elif not found.conversations and not found.activities:
        typer.echo(f"Nothing is older than {older_than} days.")
    elif yes or agreed(f"Delete {what}? This cannot be undone.", otherwise=UNASKED):
        done = _run(keeping.prune(before, now=clock.now()))
        typer.echo(f"Deleted {done.conversations} conversation(s) and {done.activities} activities.")
    else:
        typer.echo("Nothing was deleted.", err=True)
        raise typer.Exit(1)


def export(
    path: Annotated[str, typer.Argument(help="The file to write, one JSON object a line; - for standard output.")],
) -> None:
    """Write all past conversations with their entries, oldest first, into a file that only you can read."""
    if path == "-":
        _run(_write(sys.stdout))
        return
    file = Path(path)
    draft = file.with_name(file.name + ".part")  # an export that fails leaves the former one as it was
    try:
        with TextIOWrapper(new_private_file(draft), encoding="utf-8") as target:
            count = _run(_write(target))
        draft.replace(file)
    except OSError as error:
        typer.echo(f"inbox: cannot write {path}: {error.strerror or error}.", err=True)
        raise typer.Exit(1) from None
    finally:
        draft.unlink(missing_ok=True)
    typer.echo(f"Exported {count} conversation(s) to {path}.")


async def _write(target: TextIO) -> int:
    from inbox_app import clock
    from inbox_app.services import keeping

    count = 0
    async for conversation in keeping.export(now=clock.now()):
        target.write(json.dumps(conversation, ensure_ascii=False, separators=(",", ":")) + "\n")
        count += 1
    return count


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """On a migrated database, which is closed afterwards. Raises DatabaseUnavailable."""

    async def run() -> Result:
        from inbox_app.data import migrate
        from inbox_app.data.engine import use_database
        from inbox_app.domain.errors import DatabaseUnavailable

        try:
            if pending := await migrate.pending():
                work.close()
                raise DatabaseUnavailable(f"The database lacks {len(pending)} migration(s): run 'inbox migrate' first.")
            return await work
        finally:
            await use_database(None)

    return asyncio.run(run())
