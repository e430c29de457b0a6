"""The front-end build is kept as long as its sources are the same, and what it makes is not one of them."""

import os
from pathlib import Path

import pytest

from inbox_app import frontend_build
from inbox_app.frontend_build import FrontendBuildFailed, ensure_built, fingerprint, is_kept


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of a few source files, in place of ours."""
    for name in ("inbox_app/pages/home.py", "assets/favicon.svg", "widget/launcher.js", "rxconfig.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(frontend_build, "ROOT", tmp_path)
    monkeypatch.setattr(frontend_build, "WIDGET_TEXTS", tmp_path / "widget" / "texts.fr.json")
    return tmp_path


@pytest.mark.parametrize("source", ["inbox_app/pages/home.py", "assets/favicon.svg", "rxconfig.py", "widget/new.js"])
def test_a_changed_source_changes_the_fingerprint(project: Path, source: str) -> None:
    before = fingerprint()
    (project / source).write_text("changed")
    assert fingerprint() != before


@pytest.mark.parametrize(
    "made", ["assets/widget.js", "assets/external/part.js", "widget/texts.fr.json", "inbox_app/pages/__pycache__/x.pyc"]
)
def test_what_a_build_makes_does_not(project: Path, made: str) -> None:
    before = fingerprint()
    (project / made).parent.mkdir(parents=True, exist_ok=True)
    (project / made).write_text("made")
    assert fingerprint() == before


def test_neither_do_new_times_of_the_same_files(project: Path) -> None:
    before = fingerprint()
    os.utime(project / "rxconfig.py", (1, 1))
    assert fingerprint() == before


def test_our_own_build_is_kept() -> None:
    ensure_built()
    assert is_kept(fingerprint())
    assert not ensure_built()


def test_a_missing_bun_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontend_build, "tools_directory", lambda: tmp_path)
    with pytest.raises(FrontendBuildFailed, match="run 'make install'"):
        frontend_build.bun()
