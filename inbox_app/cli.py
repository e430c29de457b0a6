"""`inbox …`: every task of an operator. Exit 0, or one clear sentence and not 0."""

import sys

import typer

from inbox_app import __version__
from inbox_app.commands import backup, database, demo, doctor, keeping, people, serving
from inbox_app.live import outside

app = typer.Typer(
    name="inbox",
    help="Agent Inbox: live chat with the visitors of a web site. Settings are INBOX_* variables or lines in .env.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serving.serve)
app.command()(serving.build)
app.command()(database.migrate)
app.command()(demo.demo)
app.command()(backup.backup)
app.command()(backup.restore)
app.command()(keeping.prune)
app.command()(keeping.export)
app.command()(doctor.doctor)
app.add_typer(people.user, name="user")


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


def main() -> None:
    """The console script: an error that has a sentence for the operator ends with it, not with a traceback."""
    outside.become_command()
    try:
        app()
    except Exception as error:
        if not _has_a_sentence(error):
            raise
        typer.echo(f"inbox: {error}", err=True)
        sys.exit(1)


def _has_a_sentence(error: Exception) -> bool:
    """Imported late: these modules cost time that `inbox --help` does not need."""
    from inbox_app.data.archive import BackupFailed
    from inbox_app.domain.errors import DomainError
    from inbox_app.frontend_build import FrontendBuildFailed
    from inbox_app.server import CannotServe
    from inbox_app.settings_text import SettingsInvalid

    return isinstance(error, (BackupFailed, CannotServe, DomainError, FrontendBuildFailed, SettingsInvalid))
