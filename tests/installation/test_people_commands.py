"""`inbox user …` for people who are there already: passwords and access, on both kinds of database."""

import subprocess

from inbox_app import clock
from inbox_app.services import invitations, people, sign_in
from tests.data.builders import NOW, PASSWORD, a_member
from tests.servers import INBOX

NEW = "a-new-password-1"


def inbox_user(database: str, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = {"INBOX_DATABASE_URL": database, "INBOX_ENV": "test"}
    command = [str(INBOX), "user", *arguments]
    return subprocess.run(
        command, env=environment, input=typed, capture_output=True, text=True, timeout=60, check=False
    )


async def test_a_forgotten_password_is_replaced_and_every_session_ends(database: str) -> None:
    ana = await a_member()
    before = await sign_in.sign_in(ana.email, PASSWORD, now=NOW)
    done = inbox_user(database, "password", ana.email, "--password-stdin", typed=f"{NEW}\n")
    assert (done.returncode, done.stdout) == (0, f"Set the password of {ana.email} and ended all sessions.\n")
    await sign_in.sign_in(ana.email, NEW, now=NOW)
    assert before not in done.stdout + done.stderr
    for arguments, typed, told in (
        ((ana.email,), "short\n", "A password has at least 10 characters."),
        (("nobody@example.com",), f"{NEW}\n", "There is no user with the email nobody@example.com."),
    ):
        refused = inbox_user(database, "password", *arguments, "--password-stdin", typed=typed)
        assert (refused.returncode, refused.stderr) == (1, f"inbox: {told}\n")


async def test_access_is_taken_and_given_again_but_never_from_the_last_admin(database: str) -> None:
    ana, root = await a_member("Ana"), await a_member("Root", role="admin")
    assert inbox_user(database, "disable", ana.email).stdout == f"Disabled {ana.email}.\n"
    note = inbox_user(database, "password", ana.email, "--password-stdin", typed=f"{NEW}\n").stdout
    assert "'inbox user enable'" in note
    assert inbox_user(database, "enable", ana.email).stdout == f"Enabled {ana.email}.\n"
    await sign_in.sign_in(ana.email, NEW, now=NOW)
    refused = inbox_user(database, "disable", root.email)
    assert (refused.returncode, "last admin" in refused.stderr) == (1, True)
    assert [person.disabled_at for person in await people.everyone()] == [None, None]


async def test_a_person_is_invited_by_a_link_that_is_printed(database: str) -> None:
    arguments = ("invite", "nina@example.com", "--name", "Nina", "--role", "agent")
    done = inbox_user(database, *arguments)
    url = done.stdout.splitlines()[-1]
    assert (done.returncode, url.startswith("http://127.0.0.1:3000/invitation#")) == (0, True), done.stderr
    assert inbox_user(database, "list").stdout == "nina@example.com  Nina  agent  UTC  invited\n"
    joined = await invitations.accept(
        url.partition("#")[2], name="Nina", password=NEW, address="", user_agent="", now=clock.now()
    )
    assert (await sign_in.member_of(joined.token, now=clock.now())).is_agent
    refused = inbox_user(database, *arguments)
    assert (refused.returncode, refused.stderr) == (
        1,
        "inbox: There is a user with the email nina@example.com already.\n",
    )
