"""`inbox backup` and `inbox restore`: the whole installation in one file, and back."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer

from inbox_app import __version__
from inbox_app.commands.asking import agreed
from inbox_app.settings import KEY_FILE, get_settings

AS_OF_THE_BACKUP: Final = (
    "Accounts, passwords and invitations are as of the backup. Check who's disabled ('inbox user disable EMAIL'), and "
    "replace passwords that were changed because somebody else knew them."
)
SESSIONS_ENDED: Final = "All sessions have ended: everyone signs in again."
SESSIONS_KEPT: Final = (
    "Sessions that have ended since the backup are open again. If that matters, restore with --end-sessions."
)


def backup(
    file: Annotated[
        Path, typer.Argument(help="The archive to write. An existing one is replaced once this is complete.")
    ],
) -> None:
    """Write the database and the signing key to one archive, while the server runs."""
    from inbox_app import clock
    from inbox_app.data.engine import use_database
    from inbox_app.services import backup as backups

    settings = get_settings()

    async def run() -> None:
        try:
            manifest = await backups.back_up(file.absolute(), settings=settings, version=__version__, now=clock.now())
        finally:
            await use_database(None)
        typer.echo(f"Backed up to {file} ({_size(file)}, schema {manifest.revision}).")
        if KEY_FILE in manifest.parts:
            typer.echo("It holds personal data and the signing key. Keep it where only you can read it.")
        elif settings.secret_key is not None:
            typer.echo("INBOX_SECRET_KEY isn't in it. Keep a copy of that elsewhere.")

    asyncio.run(run())


def restore(
    file: Annotated[Path, typer.Argument(help="An archive of 'inbox backup'.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    end_sessions: Annotated[bool, typer.Option("--end-sessions", help="Make everyone sign in again.")] = False,
) -> None:
    """Replace the database and the signing key by those of an archive. Stop the server first."""
    from inbox_app import clock
    from inbox_app.services import backup as backups

    settings = get_settings()
    where = settings.masked()["INBOX_DATABASE_URL"]
    if not yes and not agreed(
        f"Replace everything in {where}?", otherwise=f"add --yes to replace everything in {where}"
    ):
        raise typer.Exit(1)
    restoring = backups.restore(file.absolute(), settings=settings, now=clock.now(), end_sessions=end_sessions)
    done = asyncio.run(restoring)
    typer.echo(f"Restored {where} to {done.manifest.created_at}.")
    typer.echo(f"{AS_OF_THE_BACKUP} {SESSIONS_ENDED if end_sessions else SESSIONS_KEPT}")
    if done.kept is not None:
        typer.echo(f"The former database is kept as {done.kept}. Delete it when you no longer need it.")
    if not done.has_key:
        typer.echo(
            "The signing key isn't the one this backup was made with, so stored calendar passwords can't be read and "
            "links in emails don't work. Set INBOX_SECRET_KEY to that key.",
            err=True,
        )


def _size(file: Path) -> str:
    size = file.stat().st_size
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, size // 1000)} kB"
