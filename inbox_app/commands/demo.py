"""`inbox demo`: a filled database, a web site whose visitor chats, and the server."""

import asyncio
from typing import Annotated

import typer

from inbox_app.settings import Settings

MEMORY = "demo-visitors.json"


def demo(
    visitor: Annotated[bool, typer.Option(help="Let a scripted visitor ask for chats and answer.")] = True,
    speed: Annotated[float, typer.Option(min=0.1, help="How fast the scripted visitor is; 2: twice as fast.")] = 1.0,
) -> None:
    """Serve a demo with invented people and conversations, and a visitor who chats; needs no other server.

    Its SQLite database is demo.db beside the real one's inbox.db. Dates are relative to the first start.
    """
    from inbox_app.demo.beside import visitors_beside
    from inbox_app.server import check_port, serve
    from inbox_app.settings import enter_demo

    settings = enter_demo()
    check_port(settings.host, settings.port)
    asyncio.run(_fill(settings))
    typer.echo(_welcome(settings))
    if not visitor:
        serve(settings)
        return
    with visitors_beside(_own_url(settings), settings.data_dir / MEMORY, speed=speed):
        serve(settings)


async def _fill(settings: Settings) -> None:
    from inbox_app import clock
    from inbox_app.data import migrate
    from inbox_app.data.engine import use_database
    from inbox_app.demo.filling import ensure_filled, refuse_foreign

    try:
        await refuse_foreign()
        if await migrate.pending():
            await migrate.migrate(settings.database_url)
        if await ensure_filled(now=clock.now()):
            typer.echo("Filled the demo database.")
    finally:
        await use_database(None)


def _own_url(settings: Settings) -> str:
    """Where this machine reaches the server, whatever it listens on."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{host}:{settings.port}"


def _welcome(settings: Settings) -> str:
    from inbox_app.demo.people import PASSWORD, PEOPLE

    url = settings.public_url
    people = "\n".join(f"    {person.email:<18} {person.name}, {person.role}" for person in PEOPLE)
    return f"\n  Web site  {url}/demo\n  Inbox     {url}/inbox\n\n  Sign in with the password {PASSWORD} as\n{people}\n"
