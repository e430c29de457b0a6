"""A page as a template file: sentences translated, its one style sheet allowed by hash, scripts by file alone."""

import base64
import functools
import hashlib
import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inbox_app.texts.catalogue import Language, translate

HERE: Final = Path(__file__).parent
STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
SHELL: Final = "shell.html"
TITLE: Final = re.compile(r"<h1>(.*?)</h1>")
SENTENCE: Final = re.compile(r"\{\{ (.+?) \}\}")
POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; style-src {style}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors {framed_by}"
)


@dataclass(frozen=True)
class Page:
    """What is sent."""

    html: str
    headers: tuple[tuple[str, str], ...]


@functools.cache
def page(name: str, language: Language, framed_by: tuple[str, ...] = ()) -> Page:
    """The page in a language. `{{ A sentence. }}` is translated and escaped, `{{ language }}` is the tag itself.

    `framed_by`: origins that may show it in a frame, `*` for all.
    """

    def filled(match: re.Match[str]) -> str:
        sentence = match[1]
        return language if sentence == "language" else html.escape(translate(sentence, language))

    text = SENTENCE.sub(filled, _source(name))
    policy = POLICY.format(style=_hash_of_style(text), framed_by=" ".join(framed_by) or "'none'")
    return Page(text, (("Content-Security-Policy", policy), *_HEADERS))


def _source(name: str) -> str:
    """The template; one that is no whole document is shown in the shell, under the title of its heading."""
    source = (HERE / name).read_text(encoding="utf-8")
    if source.startswith("<!doctype"):
        return source
    shell = (HERE / SHELL).read_text(encoding="utf-8")
    return shell.replace("{{ title }}", TITLE.findall(source)[0]).replace("{{ content }}", source.rstrip())


_HEADERS: Final = (("Cache-Control", "no-cache"),)


def _hash_of_style(text: str) -> str:
    digests = (hashlib.sha256(style.encode()).digest() for style in STYLE.findall(text))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
