"""Settings of the visitor's side that admins edit; stored as one row, defaults here."""

from dataclasses import asdict, dataclass, fields
from typing import Any

from inbox_app.data.engine import reading_session
from inbox_app.data.tables import SettingRow

KEY = "chat"


@dataclass(frozen=True)
class ChatSettings:
    """`ask_*`: required, optional or off. Empty texts: the widget's own, in the visitor's language."""

    ask_name: str = "required"
    ask_email: str = "optional"
    title: str = ""
    greeting: str = ""
    fallback_text: str = ""
    accent: str = ""

    def for_widget(self) -> dict[str, Any]:
        """What a session is told."""
        return asdict(self)


async def load() -> ChatSettings:
    """The stored settings over the defaults; unknown keys are left out."""
    async with reading_session() as session:
        row = await session.get(SettingRow, KEY)
    known = {field.name for field in fields(ChatSettings)}
    stored = row.value if row and isinstance(row.value, dict) else {}
    return ChatSettings(**{name: value for name, value in stored.items() if name in known})
