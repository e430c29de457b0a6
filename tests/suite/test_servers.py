"""The servers of the tests list their workers while processes come and go."""

import subprocess
import sys

from tests.programs import wait_until
from tests.servers import workers_of

MANY = 2_000
FORKING = "import os\nwhile True:\n    os.fork() or os._exit(0)\n    os.wait()"


def test_children_that_end_while_they_are_listed_are_left_out() -> None:
    caught: list[int] = []

    def has_caught_some() -> bool:
        for _ in range(MANY):
            caught.extend(workers_of(parent.pid))
        return len(caught) > 1

    with subprocess.Popen([sys.executable, "-c", FORKING]) as parent:
        try:
            wait_until(has_caught_some, "some are caught alive")
        finally:
            parent.kill()


def test_a_server_that_is_gone_has_no_workers() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as parent:
        parent.wait()
    assert workers_of(parent.pid) == []
