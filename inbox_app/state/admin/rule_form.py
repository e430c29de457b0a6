"""The form of a rule as the browser sends it, read into what the service takes."""

from collections.abc import Mapping
from typing import Any, Final

from inbox_app.state.admin.agents import chosen

CONDITIONS_AT_MOST: Final = 20
PARTS: Final = ("attribute", "operator", "values")


def rule_from(form: Mapping[str, Any]) -> dict[str, Any]:
    """`conditions.0.attribute` and so on become a list; values are parted by commas. The service checks all of it."""
    typed = str(form.get("priority", "")).strip()
    return {
        "name": form.get("name"),
        "priority": int(typed) if typed.isdecimal() and len(typed) < 10 else typed,
        "conditions": [_condition(form, number) for number in range(CONDITIONS_AT_MOST) if _has(form, number)],
        "agents": chosen(form),
        "team": form.get("team") or None,
    }


def _has(form: Mapping[str, Any], number: int) -> bool:
    return f"conditions.{number}.attribute" in form


def _condition(form: Mapping[str, Any], number: int) -> dict[str, Any]:
    attribute, operator, values = (str(form.get(f"conditions.{number}.{part}", "")) for part in PARTS)
    return {"attribute": attribute, "operator": operator, "values": [value.strip() for value in values.split(",")]}
