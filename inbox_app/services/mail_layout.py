"""A mail as blocks that become plain text and HTML alike: one column, no images, nothing loaded, light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

STYLE: Final = """
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
.mail { max-width: 560px; margin: 0 auto; }
h1 { font-size: 20px; line-height: 1.3; margin: 0 0 16px; }
p { margin: 0 0 16px; }
table { border-collapse: collapse; margin: 0 0 16px; }
th, td { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; font-size: 15px; }
th { font-weight: normal; opacity: .7; white-space: nowrap; }
.button { display: inline-block; padding: 10px 16px; border: 1px solid; border-radius: 6px; text-decoration: none; }
.quiet { font-size: 13px; opacity: .7; }
pre { white-space: pre-wrap; word-break: break-word; font: 13px/1.5 ui-monospace, monospace; padding: 12px 16px;
  border-left: 3px solid; margin: 0 0 16px; }
"""


@dataclass(frozen=True)
class Title:
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Lines stay lines. `is_quiet`: small, at the end."""

    text: str
    is_quiet: bool = False


@dataclass(frozen=True)
class Facts:
    """Names and values; without a value it is left out."""

    rows: Sequence[tuple[str, str]]

    @property
    def known(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.rows if value]


@dataclass(frozen=True)
class Link:
    words: str
    url: str


@dataclass(frozen=True)
class Quotation:
    """Text whose lines and spaces stay as they are."""

    text: str


Block = Title | Paragraph | Facts | Link | Quotation


def as_text(blocks: Sequence[Block]) -> str:
    """For a reader without HTML."""
    return "\n\n".join(_text(block) for block in blocks) + "\n"


def _text(block: Block) -> str:
    match block:
        case Facts():
            return "\n".join(f"{name}: {value}" for name, value in block.known)
        case Link(words, url):
            return f"{words}:\n{url}"
        case _:
            return block.text.rstrip()


def as_html(blocks: Sequence[Block], *, language: str) -> str:
    """A whole page. What people typed is text in it, never markup."""
    body = "\n".join(_html(block) for block in blocks)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light dark">\n'
        f'<meta name="supported-color-schemes" content="light dark">\n<style>{STYLE}</style>\n</head>\n'
        f'<body>\n<div class="mail">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _html(block: Block) -> str:
    match block:
        case Title(text):
            return f"<h1>{escape(text)}</h1>"
        case Paragraph(text, is_quiet):
            lines = escape(text).replace("\n", "<br>\n")
            return f'<p class="quiet">{lines}</p>' if is_quiet else f"<p>{lines}</p>"
        case Facts():
            rows = "".join(
                f'<tr><th scope="row">{escape(name)}</th><td>{_linked(value)}</td></tr>\n'
                for name, value in block.known
            )
            return f"<table>\n{rows}</table>"
        case Link(words, url):
            return f'<p><a class="button" href="{escape(url)}">{escape(words)}</a></p>'
        case Quotation(text):
            return f"<pre>{escape(text.rstrip())}</pre>"


def _linked(value: str) -> str:
    is_address = value.startswith(("https://", "http://")) and not any(c.isspace() for c in value)
    return f'<a href="{escape(value)}">{escape(value)}</a>' if is_address else escape(value)
