"""What routing rules ask of a visitor (PRODUCT 3.2): conditions on attributes, which must all hold."""

import functools
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.people import normal_domain, normal_email

ATTRIBUTES: Final = (
    "name", "email", "email_domain", "company", "job_title", "crm_status", "country", "language", "page_url",
    "referrer", "time_zone",
)  # fmt: skip

ADDRESS: Final = frozenset({"email", "email_domain"})
DETAILS: Final = frozenset({"name", "company", "job_title"})
"""What visitors type about themselves besides."""


class Operator(StrEnum):
    """How a condition compares; case never counts."""

    IS = "is"
    IS_NOT = "is_not"
    CONTAINS = "contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    ONE_OF = "one_of"
    IS_KNOWN = "is_known"


@dataclass(frozen=True)
class Condition:
    """One comparison with an attribute of the visitor.

    `values`: one, or several for `one_of`, or none for `is_known`.
    """

    attribute: str
    operator: Operator
    values: tuple[str, ...] = ()

    @functools.cached_property
    def _wanted(self) -> tuple[str, ...]:
        return tuple(_comparable(self.attribute, value) for value in self.values)

    def holds(self, visitor: Mapping[str, str]) -> bool:
        """Whether it is true of this visitor; an unknown value fits nothing but `is_not`."""
        actual = _comparable(self.attribute, visitor.get(self.attribute, ""))
        wanted = self._wanted
        if self.operator is Operator.IS_NOT:
            return actual not in wanted
        if not actual:
            return False
        match self.operator:
            case Operator.CONTAINS:
                return any(value in actual for value in wanted)
            case Operator.STARTS_WITH:
                return actual.startswith(wanted)
            case Operator.ENDS_WITH:
                return actual.endswith(wanted)
            case Operator.IS_KNOWN:
                return True
        return actual in wanted


def _comparable(attribute: str, value: str) -> str:
    """Without case, and of a domain one spelling."""
    return (normal_email(value) if attribute in {"email", "email_domain"} else value.strip()).casefold()


def attributes_of(visitor: Mapping[str, Any]) -> dict[str, str]:
    """A visitor's record as conditions read it, with the domain of the email."""
    known = {name: str(visitor.get(name) or "") for name in ATTRIBUTES}
    known["email"] = normal_email(known["email"])
    known["email_domain"] = known["email"].rpartition("@")[2] or normal_domain(known["email_domain"])
    return known


def without(visitor: Mapping[str, str], names: AbstractSet[str]) -> dict[str, str]:
    """The attributes, with these unknown."""
    return {name: "" if name in names else value for name, value in visitor.items()}


def condition_from(value: Any, name: str) -> Condition:
    """`{attribute, operator, value}` or `{…, values: […]}`. Raises InvalidInput naming the field."""
    if not isinstance(value, dict):
        raise InvalidInput(name, "This must be an object.")
    attribute, operator = value.get("attribute"), value.get("operator")
    if attribute not in ATTRIBUTES:
        raise InvalidInput(f"{name}.attribute", "The attribute is one of {names}.", names=", ".join(ATTRIBUTES))
    if operator not in list(Operator):
        raise InvalidInput(f"{name}.operator", "The operator is one of {names}.", names=", ".join(Operator))
    given = value.get("values", value.get("value", []))
    values = tuple(str(item).strip() for item in (given if isinstance(given, list) else [given]) if str(item).strip())
    if not values and operator != Operator.IS_KNOWN:
        raise InvalidInput(f"{name}.value", "Enter what it is compared with.")
    return Condition(attribute, Operator(operator), values)


def condition_json(condition: Condition) -> dict[str, Any]:
    """The reverse of `condition_from`."""
    return {"attribute": condition.attribute, "operator": condition.operator.value, "values": list(condition.values)}
