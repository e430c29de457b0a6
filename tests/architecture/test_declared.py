"""Every package that we import is declared: what another package brings along today may be gone tomorrow."""

import re
import sys
import tomllib
from importlib import metadata

import pytest

from tests.architecture.sources import ROOT, parsed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"inbox_app", "tests", "benchmarks", "rxconfig"}


def names(requirements: list[str]) -> set[str]:
    """`pwdlib[argon2]==0.3.1` → `pwdlib`, as PEP 503 writes it."""
    return {normal(re.split(r"[\[=<>;~! ]", requirement)[0]) for requirement in requirements}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


DEPENDENCIES = names(PROJECT["dependencies"])
WITH_DEVELOPMENT = DEPENDENCIES | names(PROJECT["optional-dependencies"]["dev"])


@pytest.mark.parametrize(
    ("folders", "declared"),
    [(("inbox_app",), DEPENDENCIES), (("tests", "benchmarks"), WITH_DEVELOPMENT)],
    ids=["the product", "its tests and benchmarks"],
)
def test_what_is_imported_is_declared(folders: tuple[str, ...], declared: set[str]) -> None:
    providers = metadata.packages_distributions()
    missing = {
        f"{source.shown} imports {package}, which {' or '.join(brought_by)} brings"
        for source in parsed(*folders)
        for package in {module.partition(".")[0] for module in source.imports()} - sys.stdlib_module_names - OURS - {""}
        if not source.path.with_name(f"{package}.py").exists()  # run as a script, it sees its neighbours
        and (brought_by := [normal(name) for name in providers.get(package, ["no installed package"])])
        and not declared & set(brought_by)
    }
    assert not missing, "\n".join(sorted(missing))
