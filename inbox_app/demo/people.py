"""The four who can sign in to a demo; CONTRACT names them."""

from dataclasses import dataclass
from typing import Final

from inbox_app.domain.people import Role

PASSWORD: Final = "demo-demo-1"  # noqa: S105  (public by contract; production refuses a database that has it)


@dataclass(frozen=True)
class Person:
    """A member of the demo."""

    email: str
    name: str
    role: Role
    time_zone: str

    @property
    def takes_chats(self) -> bool:
        return self.role is Role.AGENT


PEOPLE: Final = (
    Person("ana@example.com", "Ana Lopes", Role.AGENT, "Europe/Paris"),
    Person("ben@example.com", "Ben Carter", Role.AGENT, "Europe/London"),
    Person("mia@example.com", "Mia Keller", Role.MANAGER, "Europe/Berlin"),
    Person("root@example.com", "Root Admin", Role.ADMIN, "UTC"),
)
