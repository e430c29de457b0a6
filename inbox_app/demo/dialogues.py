"""The invented dialogues, read from text files: who opens with what, who answers, and for whom it fits."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent / "dialogues"
SPEAKERS: Final = {"V": "visitor", "A": "agent"}


@dataclass(frozen=True)
class Line:
    """One message; gaps such as `{town}` are filled for each conversation."""

    speaker: str
    text: str


@dataclass(frozen=True)
class Dialogue:
    """`audience`: lead, customer, partner or any. `needs_email`: speaks of the visitor's address."""

    title: str
    language: str
    audience: str
    page: str
    tags: tuple[str, ...]
    needs_email: bool
    lines: tuple[Line, ...]

    @property
    def opening(self) -> tuple[Line, ...]:
        """What the visitor writes before anyone answers."""
        first_answer = next(index for index, line in enumerate(self.lines) if line.speaker == "agent")
        return self.lines[:first_answer]


@functools.cache
def all_dialogues() -> tuple[Dialogue, ...]:
    """Every dialogue, in the order of the files."""
    return tuple(
        _parsed(block, language=path.name.split(".")[-2])
        for path in sorted(HERE.glob("*.txt"))
        for block in path.read_text(encoding="utf-8").split("## ")[1:]
    )


def _parsed(block: str, *, language: str) -> Dialogue:
    title, *rest = [line for line in block.splitlines() if line.strip()]
    fields = [line.partition(": ") for line in rest]
    head = {name: value for name, _, value in fields if name not in SPEAKERS}
    lines = tuple(Line(SPEAKERS[name], value) for name, _, value in fields if name in SPEAKERS)
    return Dialogue(
        title=title, language=language, audience=head["for"], page=head["page"],
        tags=tuple(head["tags"].split(", ")), needs_email=head.get("needs") == "email", lines=lines,
    )  # fmt: skip
