"""Who the scripted visitor is, and the answers that all of them share."""

import functools
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parent / "personas.toml"


@dataclass(frozen=True)
class Persona:
    """See personas.toml. Empty text: not supplied."""

    key: str
    locale: str
    time_zone: str
    browser: str
    pages: tuple[str, ...]
    opening: tuple[str, ...]
    lines: tuple[str, ...]
    ending: str
    name: str = ""
    email: str = ""
    phone: str = ""
    job_title: str = ""
    company: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """The one that is written in: en or fr."""
        return "fr" if self.locale.startswith("fr") else "en"

    @property
    def claims(self) -> dict[str, str]:
        """What is said of oneself when asking for a chat."""
        names = ("name", "email", "phone", "job_title", "company")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    @property
    def known_facts(self) -> dict[str, str]:
        """What the persona answers when asked for it; what was filled in is said again."""
        filled_in = {"name": self.name, "email": self.email, "phone": self.phone}
        return {key: value for key, value in filled_in.items() if value} | self.facts


@functools.cache
def personas() -> tuple[Persona, ...]:
    """All of them, in the order in which they come."""
    with FILE.open("rb") as file:
        return tuple(_persona(table) for table in tomllib.load(file)["persona"])


def _persona(table: dict[str, Any]) -> Persona:
    lists = {key: tuple(table[key]) for key in ("pages", "opening", "lines")}
    return Persona(**(table | lists))
