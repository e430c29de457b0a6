"""Words of routing: attributes of a visitor, comparisons, and why somebody is asked."""

from collections.abc import Sequence

import reflex as rx

from inbox_app.components.words import t

Pairs = Sequence[tuple[str, rx.Var[str]]]
ATTRIBUTES: Pairs = (
    ("company", t("Company")),
    ("email", t("Email")),
    ("email_domain", t("Email domain")),
    ("name", t("Name")),
    ("job_title", t("Job title")),
    ("crm_status", t("CRM status")),
    ("country", t("Country")),
    ("language", t("Language")),
    ("page_url", t("Page")),
    ("referrer", t("Came from")),
    ("time_zone", t("Time zone")),
)
"""As domain.routing.ATTRIBUTES, those first that rules use most."""
OPERATORS: Pairs = (
    ("is", t("is")),
    ("is_not", t("is not")),
    ("contains", t("contains")),
    ("starts_with", t("starts with")),
    ("ends_with", t("ends with")),
    ("one_of", t("is one of")),
    ("is_known", t("is known")),
)


def worded(value: rx.Var[str], pairs: Pairs) -> rx.Var[str]:
    """The words of one of these, or the value itself."""
    return rx.match(value, *pairs, value)  # type: ignore[return-value]


def why(kind: rx.Var[str], name: rx.Var[str]) -> rx.Var[str]:
    """Why an agent is asked, told to somebody else."""
    return rx.match(  # type: ignore[return-value]
        kind,
        ("account", t("Owns the account {name}.", name=name)),
        ("rule", t("By the rule “{name}”, whose agents take turns.", name=name)),
        t("No rule fits: everyone who is available takes turns."),
    )
