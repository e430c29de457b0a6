"""Search, filters and paging: they write the address, the state reads it."""

from typing import Any

import reflex as rx

from inbox_app.components.history.outcome import OUTCOMES
from inbox_app.components.local import library
from inbox_app.components.marks import icon
from inbox_app.components.words import t

SOURCE = library("filters.jsx")


class UrlSearch(rx.Component):
    """A search box; its child is the icon in it."""

    library = SOURCE
    tag = "UrlSearch"
    param: rx.Var[str]
    name: rx.Var[str]


class UrlSelect(rx.Component):
    """One of `options` (value, words), or `any`."""

    library = SOURCE
    tag = "UrlSelect"
    param: rx.Var[str]
    name: rx.Var[str]
    any: rx.Var[str]
    options: rx.Var[list[Any]]


class UrlDay(rx.Component):
    """A day, as the browser lets one be chosen."""

    library = SOURCE
    tag = "UrlDay"
    param: rx.Var[str]
    name: rx.Var[str]


class PageLink(rx.Component):
    """To another page of the table. `before` empty: to its newest."""

    library = SOURCE
    tag = "PageLink"
    before: rx.Var[str]


class ExportLink(rx.Component):
    """To the table as a file, with the same filters."""

    library = SOURCE
    tag = "ExportLink"
    path: rx.Var[str]


def filters(agents: rx.Var[list[list[str]]]) -> rx.Component:
    """`agents`: pairs of id and name."""
    return rx.el.div(
        UrlSearch.create(icon("search"), param="q", name=t("Search")),
        UrlSelect.create(param="agent", name=t("Agent"), any=t("All agents"), options=agents),
        UrlSelect.create(
            param="outcome",
            name=t("Outcome"),
            any=t("All outcomes"),
            options=[[value, words] for value, words in OUTCOMES],
        ),
        UrlDay.create(param="from", name=t("From")),
        UrlDay.create(param="to", name=t("To")),
        *[
            ExportLink.create(icon("download"), words, path=f"/api/v1/history/export.{kind}", class_name="quiet-link")
            for kind, words in (("csv", t("Export CSV")), ("json", t("Export JSON")))
        ],
        role="search",
        class_name="history-filters",
    )


def pages(*, before: rx.Var[str], following: rx.Var[str]) -> rx.Component:
    """`before`: the cursor of this page, empty on the newest; `following`: that of the next, empty on the last."""
    return rx.el.nav(
        rx.cond(
            before != "",
            PageLink.create(icon("chevrons-left"), t("Newest"), before="", class_name="page-link"),
        ),
        rx.cond(
            following != "",
            PageLink.create(t("Show more"), icon("chevron-right"), before=following, class_name="page-link"),
        ),
        aria_label=t("Pages of the table"),
        class_name="history-pages",
    )
