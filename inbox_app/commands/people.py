"""`inbox user …`: the people who sign in."""

import asyncio
import sys
from typing import Annotated

import typer

from inbox_app import clock

user = typer.Typer(
    help="The people who sign in: add, invite, list, disable, enable, set a password.", no_args_is_help=True
)
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]


def _read_password(*, from_stdin: bool) -> str:
    """From standard input, or asked for twice."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))


@user.command()
def add(
    email: Annotated[str, typer.Argument(help="What the person signs in with.")],
    name: Annotated[str, typer.Option(help="As visitors see it.")],
    role: Annotated[str, typer.Option(help="agent, manager or admin.")],
    password_stdin: PasswordStdin = False,
    time_zone: Annotated[str, typer.Option(help="IANA name, such as Europe/Paris.")] = "UTC",
    schedule: Annotated[str | None, typer.Option(help="When chats are offered; none: never. Left out: always.")] = None,
) -> None:
    """Add a person. The password is read from standard input, or asked for."""
    from inbox_app.services import people

    new = _read_password(from_stdin=password_stdin)

    async def run() -> None:
        from inbox_app.data.engine import use_database

        try:
            member = await people.add(
                email=email, name=name, role=role, password=new, time_zone=time_zone, schedule=schedule,
                now=clock.now(),
            )  # fmt: skip
        finally:
            await use_database(None)
        typer.echo(f"Added {member.name} <{member.email}>, {member.role}.")

    asyncio.run(run())


@user.command()
def invite(
    email: Annotated[str, typer.Argument(help="What the person will sign in with.")],
    name: Annotated[str, typer.Option(help="As visitors see it; the person can change it.")],
    role: Annotated[str, typer.Option(help="agent, manager or admin.")],
    time_zone: Annotated[str | None, typer.Option(help="IANA name, such as Europe/Paris. Left out: UTC.")] = None,
    schedule: Annotated[str | None, typer.Option(help="When chats are offered; none: never. Left out: always.")] = None,
) -> None:
    """Invite a person, or a disabled one again, by a one-time link: mailed, or printed where mail isn't configured.

    A disabled person's time zone and hours stay unless given.
    """
    from inbox_app.services import invitations

    async def run() -> None:
        from inbox_app.data.engine import use_database

        try:
            handed = await invitations.invite(
                email=email, name=name, role=role, time_zone=time_zone, schedule=schedule, by=None, now=clock.now()
            )
        finally:
            await use_database(None)
        if handed.is_mailed:
            typer.echo(f"Invited {handed.email} by email.")
        else:
            typer.echo(f"Invited {handed.email}. Send them this link; it works once, until {handed.expires_at}:")
            typer.echo(handed.url)

    asyncio.run(run())


@user.command("list")
def list_people() -> None:
    """Print everyone: email, name, role, disabled or not."""
    from inbox_app.services import people

    async def run() -> None:
        from inbox_app.data.engine import use_database

        try:
            members = await people.everyone()
        finally:
            await use_database(None)
        for member in members:
            note = "" if member.disabled_at is None else "  disabled" if member.password_hash else "  invited"
            typer.echo(f"{member.email}  {member.name}  {member.role}  {member.time_zone}{note}")

    asyncio.run(run())


@user.command()
def disable(email: Annotated[str, typer.Argument(help="Whose sign-in ends, at once and everywhere.")]) -> None:
    """Take a person's access away; what the person did stays."""
    from inbox_app.services import people

    async def run() -> None:
        from inbox_app.data.engine import use_database

        try:
            member = await people.disable(email, now=clock.now())
        finally:
            await use_database(None)
        typer.echo(f"Disabled {member.email}.")

    asyncio.run(run())


@user.command()
def enable(email: Annotated[str, typer.Argument(help="The address of the person to enable.")]) -> None:
    """Give a disabled person access again, with the password of before."""
    from inbox_app.services import people

    async def run() -> None:
        from inbox_app.data.engine import use_database

        try:
            member = await people.enable(email, now=clock.now())
        finally:
            await use_database(None)
        typer.echo(f"Enabled {member.email}.")

    asyncio.run(run())


@user.command()
def password(
    email: Annotated[str, typer.Argument(help="Whose password is replaced. Every session of the person ends.")],
    password_stdin: PasswordStdin = False,
) -> None:
    """Set a new password for a person who forgot theirs. It's read from standard input, or prompted for."""
    from inbox_app.services import accounts

    new = _read_password(from_stdin=password_stdin)

    async def run() -> None:
        from inbox_app.data.engine import use_database

        try:
            member = await accounts.set_password(email, new, now=clock.now())
        finally:
            await use_database(None)
        note = " The account is disabled: 'inbox user enable' lets the person in." if member.is_disabled else ""
        typer.echo(f"Set the password of {member.email} and ended all sessions.{note}")

    asyncio.run(run())
