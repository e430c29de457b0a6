"""`inbox …` as an operator calls it, and the one sentence that it ends with when something is wrong."""

import subprocess

from tests.servers import INBOX, InboxServer


def run_inbox(
    server: InboxServer, *arguments: str, standard_input: str = "", **settings: object
) -> subprocess.CompletedProcess[str]:
    """With the settings of that server, perhaps some of them changed."""
    changed = {f"INBOX_{name.upper()}": str(value) for name, value in settings.items()}
    return subprocess.run(
        [INBOX, *arguments], env=server.environment | changed, input=standard_input, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def succeeded(done: subprocess.CompletedProcess[str]) -> str:
    """What it printed. Fails when the command did."""
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def sentence_of(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence on standard error. Fails when it's a traceback, or when the command succeeded."""
    assert done.returncode != 0, done.stdout
    assert "Traceback" not in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr
