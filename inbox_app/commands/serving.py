"""`inbox serve` and `inbox build`: the server and the front end that it serves."""

from typing import Annotated

import typer


def serve(
    access_log: Annotated[bool, typer.Option("--access-log", help="Print one line a request.")] = False,
) -> None:
    """Serve on INBOX_HOST:INBOX_PORT; builds the front end first if its sources changed."""
    from inbox_app.server import serve as serve_forever
    from inbox_app.settings import get_settings

    serve_forever(get_settings(), access_log=access_log)


def build() -> None:
    """Build the front end if its sources changed."""
    from inbox_app.frontend_build import ensure_built

    if not ensure_built(typer.echo):
        typer.echo("The front end is up to date.")
