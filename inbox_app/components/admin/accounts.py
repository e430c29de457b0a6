"""Accounts with their owners, and the import of a CSV file in two steps: look, then write."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.browser import SCRIPTS
from inbox_app.components.admin.dialogs import remove_button
from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.forms.fields import ProblemFocus, is_about, problem
from inbox_app.components.marks import icon
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.words import t

EXAMPLE = "company,domain,owner\nAcme,acme.com,ana@example.com"


class CsvBox(rx.Component):
    """A box to paste into; a file that is chosen or dropped is put into it. It is a part of the form, named `csv`."""

    library = SCRIPTS["csv_box.jsx"]
    tag = "CsvBox"
    limit: rx.Var[int]
    is_looked_at: rx.Var[bool]
    on_edit: rx.EventHandler[rx.event.no_args_event_spec]
    example: rx.Var[str]
    texts: rx.Var[dict[str, Any]]
    symbol: rx.Var[rx.Component]


def accounts_table(
    accounts: rx.Var[list[Any]], *, count: rx.Var[int], is_loaded: rx.Var[bool], on_remove: rx.EventHandler
) -> rx.Component:
    """At most a page; `count`: of all."""
    nothing = empty(
        t("No accounts yet."),
        t("Import a list below: visitors of these companies go to their owner."),
        symbol="building-2",
    )
    table = rx.fragment(
        _table(t("Accounts"), accounts, lambda account: _remove(account, on_remove)),
        _rest(count, accounts.length()),
    )
    return rx.el.section(
        tab_head(t("Accounts"), t("Visitors of a company or an email domain are offered to its owner first.")),
        rx.cond(is_loaded, rx.cond(count > 0, table, nothing), skeleton_rows(3)),
    )


def _table(name: rx.Var[str], rows: rx.Var[list[Any]], last: Any = None) -> rx.Component:
    heads = [rx.el.th(words, scope="col") for words in (t("Company"), t("Domain"), t("Owner"))]
    act = [] if last is None else [rx.el.th(rx.el.span(t("Remove"), class_name="sr-only"), scope="col")]
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*heads, *act)),
            rx.el.tbody(rx.foreach(rows, lambda row: _line(row, last))),
            aria_label=name,
            class_name="rows",
        ),
        class_name="table-holder",
    )


def _line(row: rx.Var[Any], last: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.cond(row.company != "", row.company, "-"), class_name="table-name"),
        rx.el.td(rx.cond(row.domain != "", row.domain, "-")),
        rx.el.td(row.owner),
        *([] if last is None else [rx.el.td(last(row), class_name="row-act")]),
        key=f"{row.company} {row.domain}",
    )


def _remove(account: rx.Var[Any], on_remove: rx.EventHandler) -> rx.Component:
    name = rx.cond(account.company != "", account.company, account.domain)
    return remove_button(
        t("Remove {name}", name=name),
        t("Remove the account {name}?", name=name),
        t("Its visitors are routed as all others from now on."),
        on_remove(account.id),
    )


def _rest(count: rx.Var[int], shown: rx.Var[int]) -> rx.Component:
    more = t("{shown} of {count} are shown.", shown=shown, count=count)
    return rx.cond(count > shown, rx.el.p(more, class_name="setting-hint table-rest"))


def import_form(
    answer: rx.Var[Any], *, limit: int, is_looked_at: rx.Var[bool], on_edit: rx.EventHandler, on_submit: rx.EventHandler
) -> rx.Component:
    """Step one: nothing is written by it. `on_edit`: what was looked at is not what stands in the box any more."""
    texts = {
        "csv": t("List of accounts (CSV)"),
        "choose": t("Choose a file"),
        "large": t("This file is too large: at most {limit} characters.", limit=limit),
    }
    return rx.el.section(
        rx.el.h3(t("Import accounts"), class_name="schedule-part"),
        rx.el.p(
            t("The first line names the columns company, domain and owner (an agent's email)."),
            class_name="setting-hint",
        ),
        rx.el.form(
            rx.el.div(
                CsvBox.create(
                    limit=limit,
                    example=EXAMPLE,
                    texts=texts,
                    symbol=icon("file-up"),
                    is_looked_at=is_looked_at,
                    on_edit=on_edit,
                ),
                rx.cond(is_about(answer, "file"), problem(answer.problem)),
                class_name="field field-wide",
                custom_attrs={"data-wrong": is_about(answer, "file")},
            ),
            ProblemFocus.create(beat=answer.beat),
            rx.el.div(rx.button(t("Preview"), type="submit", variant="soft"), class_name="form-acts"),
            on_submit=on_submit,
            class_name="admin-form",
        ),
        class_name="admin-section",
    )


def import_preview(
    good: rx.Var[list[Any]],
    bad: rx.Var[list[Any]],
    *,
    good_count: rx.Var[int],
    bad_count: rx.Var[int],
    written: rx.Var[int],
    on_write: rx.EventHandler,
) -> rx.Component:
    """Step two. `written`: how many were, -1 for not yet."""
    ready = rx.fragment(
        rx.cond(bad_count > 0, _bad(bad, bad_count)),
        rx.el.h4(t("Lines to import: {count}", count=good_count), class_name="import-title"),
        rx.cond(
            good_count > 0,
            rx.fragment(
                _table(t("Lines to import"), good),
                _rest(good_count, good.length()),
                rx.el.div(rx.button(t("Import {count}", count=good_count), on_click=on_write), class_name="form-acts"),
            ),
        ),
    )
    return rx.el.div(
        rx.cond((good_count > 0) | (bad_count > 0), ready),
        rx.cond(
            written >= 0,
            rx.el.p(icon("check"), t("Accounts imported: {count}", count=written), class_name="field-saved"),
        ),
        role="status",
        class_name="import-preview",
    )


def _bad(bad: rx.Var[list[Any]], count: rx.Var[int]) -> rx.Component:
    return rx.fragment(
        rx.el.h4(t("Lines left out: {count}", count=count), class_name="import-title"),
        rx.el.ul(
            rx.foreach(
                bad,
                lambda row: rx.el.li(
                    rx.el.span(t("Line {line}", line=row.line), class_name="bad-line"), row.reason, key=row.line
                ),
            ),
            aria_label=t("Lines left out"),
            class_name="bad-lines",
        ),
        _rest(count, bad.length()),
    )
