"""The front-end build is kept as long as its sources are the same, and what it makes is not one of them."""

import os
from pathlib import Path

import pytest

from inbox_app import frontend_build
from inbox_app.frontend_build import FrontendBuildFailed, ensure_built, fingerprint, is_kept

FILES = {
    "inbox_app/pages/home.py": "from inbox_app.data.models import Row\nfrom inbox_app.services import chat\n",
    "inbox_app/data/models.py": "Row = dict\n",
    "inbox_app/lean_theme.py": "COLORS = ()\n",
    "rxconfig.py": "def plugin():\n    import inbox_app.lean_theme\n",
    "widget/launcher.js": "",
    "assets/favicon.svg": "",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of a few source files, in place of ours."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(frontend_build, "ROOT", tmp_path)
    monkeypatch.setattr(frontend_build, "WIDGET_TEXTS", tmp_path / "widget" / "texts.fr.json")
    return tmp_path


@pytest.mark.parametrize(
    "source",
    [
        "inbox_app/pages/home.py",
        "inbox_app/data/models.py",
        "inbox_app/lean_theme.py",
        "assets/favicon.svg",
        "widget/new.js",
        "reflex.lock/bun.lock",
        "requirements.lock",
        "rxconfig.py",
        ".npmrc",
    ],
)
def test_a_changed_source_changes_the_fingerprint(project: Path, source: str) -> None:
    before = fingerprint()
    (project / source).parent.mkdir(exist_ok=True)
    (project / source).write_text("changed = True")
    assert fingerprint() != before


def test_a_module_that_no_page_imports_does_not(project: Path) -> None:
    before = fingerprint()
    (project / "inbox_app" / "services").mkdir()
    (project / "inbox_app" / "services" / "chat.py").write_text("changed = True")
    assert fingerprint() == before


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
