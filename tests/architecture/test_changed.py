"""`make check` runs what a change concerns: changed tests first, then those nearest by import."""

import pytest

from tests.architecture.sources import ROOT
from tests.suite.changed import MAX_SECONDS, choose, distances


def test_a_changed_module_leads_to_the_tests_that_import_it() -> None:
    found = distances({"inbox_app/domain/people.py"})
    assert (found["tests/domain/test_people.py"], found["tests/services/test_merging.py"]) == (0, 1)


def test_a_changed_test_comes_first() -> None:
    found = distances({"tests/domain/test_routing.py", "inbox_app/domain/routing.py"})
    assert found["tests/domain/test_routing.py"] == 0


def test_a_changed_helper_leads_to_the_tests_that_use_it() -> None:
    assert "tests/services/test_booking.py" in distances({"tests/services/booking_builders.py"})


@pytest.mark.parametrize(
    ("changed", "test"),
    [
        ("inbox_app/texts/fr/app.po", "tests/texts/test_french.py"),
        ("widget/chat/chat.js", "tests/texts/test_french.py"),
        ("inbox_app/data/migrations/versions/0014_seq_floor.py", "tests/data/test_migrations.py"),
        ("assets/base.css", "tests/architecture/test_rules.py"),
        ("pyproject.toml", "tests/architecture/test_declared.py"),
        ("deploy/nginx.conf", "tests/installation/test_deploy.py"),
    ],
)
def test_a_changed_file_that_nothing_imports_leads_to_its_test(changed: str, test: str) -> None:
    assert (ROOT / changed).exists()
    assert distances({changed})[test] == 0


def test_whole_installations_and_browsers_are_left_to_the_whole_suite() -> None:
    found = distances({"inbox_app/settings.py", "tests/e2e/widget/test_size.py"})
    assert found
    assert not any(path.startswith(("tests/e2e/", "tests/cluster/", "tests/installation/")) for path in found)


def test_files_are_chosen_by_closeness_until_a_minute_is_full() -> None:
    by_distance = {"far.py": 2, "near.py": 1, "changed.py": 0, "slow.py": 1}
    seconds = {"changed.py": 20.0, "near.py": 20.0, "slow.py": MAX_SECONDS, "far.py": 9.0}
    assert choose(by_distance, seconds) == (["changed.py", "near.py", "far.py"], ["slow.py"])
