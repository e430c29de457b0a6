"""The rule settings of PRODUCT 2-3 and the widget, with their limits; admins edit them, they take effect at once."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.text import without_nul

TEXT_LIMIT: Final = 1_000
LIMITS: Final = {
    "offer_seconds": (10, 500), "wait_limit_seconds": (10, 500), "idle_minutes": (1, 240), "capacity": (1, 10),
    "gone_minutes": (1, 60), "session_idle_days": (1, 30),
}  # fmt: skip
CHOICES: Final = {"ask_name": ("required", "optional", "off"), "ask_email": ("required", "optional", "off")}
MISSES_BEFORE_UNAVAILABLE: Final = 3  # PRODUCT 3.3


@dataclass(frozen=True)
class ChatSettings:
    """Defaults are the product's.

    `ask_*`: required, optional or off. Empty texts: the widget's own, in its language. `fallback_meeting`: a visitor
    whom no agent answered can book a meeting. `session_idle_days`: a browser unused for that long is signed out.
    `identity_required`: no unsigned identity is believed (10.2).
    """

    offer_seconds: int = 30
    wait_limit_seconds: int = 100
    idle_minutes: int = 10
    capacity: int = 5
    gone_minutes: int = 2
    session_idle_days: int = 14
    offer_to_absent: bool = False
    ask_name: str = "required"
    ask_email: str = "optional"
    title: str = ""
    greeting: str = ""
    fallback_text: str = ""
    fallback_meeting: bool = False
    accent: str = ""
    identity_required: bool = False

    def for_widget(self) -> dict[str, Any]:
        """What a visitor's session is told."""
        shown = ("ask_name", "ask_email", "title", "greeting", "fallback_text", "accent", "wait_limit_seconds")
        return {name: value for name, value in asdict(self).items() if name in shown}


def changed(settings: ChatSettings, changes: Mapping[str, Any]) -> ChatSettings:
    """The settings with these changes. Raises InvalidInput naming the first field that is wrong."""
    return replace(settings, **{name: _checked(settings, name, value) for name, value in changes.items()})


def _checked(settings: ChatSettings, name: str, value: Any) -> Any:
    known = {field.name for field in fields(ChatSettings)}
    if name not in known:
        raise InvalidInput(name, "There is no such setting.")
    if name in LIMITS:
        return _number(name, value)
    if name in CHOICES and value not in CHOICES[name]:
        raise InvalidInput(name, "This is one of {names}.", names=", ".join(CHOICES[name]))
    if not isinstance(value, type(getattr(settings, name))):
        raise InvalidInput(name, "This has the wrong type.")
    if not isinstance(value, str):
        return value
    if len(value) > TEXT_LIMIT:
        raise InvalidInput(name, "At most {limit} characters.", limit=TEXT_LIMIT)
    return without_nul(value, field=name)


def _number(name: str, value: Any) -> int:
    low, high = LIMITS[name]
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidInput(name, "This is a whole number from {low} to {high}.", low=low, high=high)
    return value


def stored(value: Any) -> ChatSettings:
    """From the database: what is unknown or no longer allowed falls back to the default."""
    settings = ChatSettings()
    for name, item in (value if isinstance(value, dict) else {}).items():
        try:
            settings = changed(settings, {name: item})
        except InvalidInput:
            continue
    return settings
