"""`inbox migrate`: brings the database to the schema of this version."""

import asyncio

import typer


def migrate() -> None:
    """Create the database's tables, or bring them up to this version; does nothing when they are."""
    from inbox_app.data import migrate as migrations

    pending = asyncio.run(migrations.pending())
    if not pending:
        typer.echo("The database is up to date.")
        return
    applied = migrations.upgrade()  # another one may have been faster
    typer.echo(f"Applied {applied} migration(s)." if applied else "The database is up to date.")
