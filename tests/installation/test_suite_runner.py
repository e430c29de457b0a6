"""A flaky test is listed and forgiven once; a test that fails twice fails the run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inbox_app.settings import ROOT

FLAKY = """
from pathlib import Path

def test_passes_at_the_second_try():
    was_here = Path(__file__).with_suffix(".once")
    tried_before = was_here.exists()
    was_here.touch()
    assert tried_before
"""
BROKEN_AT_ITS_END = """
import pytest

@pytest.fixture
def server():
    yield
    raise RuntimeError("the server logged an error")

def test_is_fine_itself(server):
    pass
"""
FAILING = "def test_always_fails():\n    assert False\n"
PASSING = "import pytest\n\ndef test_passes():\n    pass\n\n@pytest.mark.skip\ndef test_is_skipped():\n    pass\n"


IN_ONE_PROCESS = "--numprocesses=0"


def run_suite(folder: Path, *arguments: str, **modules: str) -> subprocess.CompletedProcess[str]:
    """Run the project's runner on a folder of other tests."""
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    e2e: in a browser\n")
    for name, text in modules.items():
        (folder / f"test_{name}.py").write_text(text)
    command = [sys.executable, "-m", "tests.suite", "--part", "unit", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        command, cwd=folder, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )


def test_a_test_that_passes_when_rerun_alone_is_listed_as_flaky_and_counted_as_passed(tmp_path: Path) -> None:
    done = run_suite(tmp_path, "--rerun", IN_ONE_PROCESS, flaky=FLAKY, fine=PASSING)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "\nflaky:\n  test_flaky.py::test_passes_at_the_second_try\n" in done.stdout
    assert done.stdout.endswith("tests: 2 passed, 0 failed, 1 skipped\n")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FAILING, "test_other.py::test_always_fails"),
        (BROKEN_AT_ITS_END, "test_other.py::test_is_fine_itself"),
    ],
    ids=["in the test", "in its teardown"],
)
def test_a_test_that_fails_twice_fails_the_run(tmp_path: Path, text: str, name: str) -> None:
    done = run_suite(tmp_path, "--rerun", IN_ONE_PROCESS, other=text, fine=PASSING)

    assert done.returncode == 1
    assert "flaky:" not in done.stdout
    assert f"\nfailed:\n  {name}\n" in done.stdout
    assert f"running again, alone: {name}" in done.stdout


def test_a_module_that_cannot_be_imported_fails_the_run_at_once(tmp_path: Path) -> None:
    done = run_suite(tmp_path, "--rerun", IN_ONE_PROCESS, other="import no_such_module\n", fine=PASSING)

    assert done.returncode == 1
    assert "running again" not in done.stdout, "the tests that were never run can't be counted as passed"


def test_a_crashed_process_is_a_failure_of_the_test_it_ran(tmp_path: Path) -> None:
    done = run_suite(
        tmp_path, "--rerun", "--numprocesses=1", other="import os\n\ndef test_crashes():\n    os._exit(7)\n"
    )

    assert done.returncode == 1
    assert "\nfailed:\n  test_other.py::test_crashes\n" in done.stdout


def test_nothing_is_rerun_at_a_desk(tmp_path: Path) -> None:
    done = run_suite(tmp_path, IN_ONE_PROCESS, flaky=FLAKY)

    assert done.returncode == 1
    assert "running again" not in done.stdout


def test_each_of_many_failed_tests_is_rerun(tmp_path: Path) -> None:
    number = 12
    cases = f"import pytest\n\n@pytest.mark.parametrize('n', range({number}))\n"
    flaky = cases + FLAKY.replace("second_try()", "second_try(n)").replace('".once"', 'f".{n}"').lstrip().replace(
        "from pathlib import Path\n\n", ""
    )
    done = run_suite(tmp_path, "--rerun", IN_ONE_PROCESS, other=f"from pathlib import Path\n{flaky}")

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("running again, alone: ") == number
    assert done.stdout.endswith(f"tests: {number} passed, 0 failed, 0 skipped\n")


def test_what_isnt_reached_in_the_time_for_reruns_stays_failed_and_is_listed(tmp_path: Path) -> None:
    """The first rerun takes longer than all have; the second isn't begun."""
    arguments = ["--rerun", "--rerun-seconds=0.001", IN_ONE_PROCESS]
    done = run_suite(tmp_path, *arguments, a_flaky=FLAKY, b_flaky=FLAKY)

    first, second = (f"test_{letter}_flaky.py::test_passes_at_the_second_try" for letter in "ab")
    assert done.returncode == 1
    assert f"running again, alone: {first}" in done.stdout
    assert f"running again, alone: {second}" not in done.stdout
    assert f"\nflaky:\n  {first}\n" in done.stdout
    assert f"\nfailed:\n  {second}\n" in done.stdout
    assert f"not run again because the time for that was over:\n  {second}\n" in done.stdout
    assert done.stdout.endswith("tests: 1 passed, 1 failed, 0 skipped\n")


def test_wrong_arguments_and_no_tests_at_all_fail_the_run(tmp_path: Path) -> None:
    assert run_suite(tmp_path, "--rerun", "--no-such-option", IN_ONE_PROCESS, fine=PASSING).returncode == 1
    assert run_suite(tmp_path, "--rerun", "-k", "nothing", IN_ONE_PROCESS, fine=PASSING).returncode == 1


def test_the_slowest_twenty_are_printed(tmp_path: Path) -> None:
    many = "import pytest\n\n@pytest.mark.parametrize('n', range(25))\ndef test_passes(n):\n    pass\n"
    lines = run_suite(tmp_path, IN_ONE_PROCESS, other=many).stdout.splitlines()

    start = lines.index("20 slowest tests:")
    assert all(" s  test_other.py::test_passes[" in line for line in lines[start + 1 : start + 21])
    assert lines[start + 21] == ""
