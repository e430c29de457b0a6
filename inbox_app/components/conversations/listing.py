"""The list of conversations with its tools, and what stands there when there is none."""

import reflex as rx

from inbox_app.components.conversations.browser import SCRIPTS
from inbox_app.components.conversations.row import conversation_row
from inbox_app.components.conversations.tools import list_tools
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.words import t
from inbox_app.data.models import ConversationRowView

Rows = rx.Var[list[ConversationRowView]]


def merged_rows(rows: Rows, changed: Rows, older: Rows, gone: rx.Var[list[str]]) -> Rows:
    """One list of what the server sent in pieces (see merged_rows.js)."""
    imports = {SCRIPTS["merged_rows.js"]: [rx.ImportVar(tag="mergedRows")]}
    merge = rx.vars.FunctionStringVar.create("mergedRows", _var_data=rx.vars.VarData(imports=imports))
    return merge.call(rows, changed, older, gone).to(list[ConversationRowView])


def conversation_list(
    rows: Rows,
    *,
    is_loaded: rx.Var[bool],
    shows_all: rx.Var[bool],
    query: rx.Var[str],
    is_available: rx.Var[bool],
    has_more: rx.Var[bool],
    on_more: rx.EventHandler,
    foot: rx.Component,
) -> rx.Component:
    """The region at the left."""
    return rx.el.section(
        list_tools(),
        rx.el.div(
            rx.cond(is_loaded, _rows_or_empty(rows, shows_all, query, is_available), skeleton_rows(8)),
            rx.cond(has_more, rx.button(t("Show more"), on_click=on_more, variant="soft", class_name="more")),
            class_name="list-scroll",
        ),
        rx.el.div(foot, class_name="list-foot"),
        aria_label=t("Conversations"),
        class_name="column column-list",
    )


def _rows_or_empty(rows: Rows, shows_all: rx.Var[bool], query: rx.Var[str], is_available: rx.Var[bool]) -> rx.Component:
    listed = rx.el.ul(
        rx.foreach(rows, lambda row: rx.fragment(conversation_row(row=row), key=row.id)),
        aria_label=t("Conversations"),
        class_name="rows",
    )
    return rx.cond(rows.length() > 0, listed, _nothing(shows_all, query, is_available))


def _nothing(shows_all: rx.Var[bool], query: rx.Var[str], is_available: rx.Var[bool]) -> rx.Component:
    return rx.cond(
        query != "",
        empty(
            t("Nothing found for “{query}”", query=query),
            t("The search looks at names, email addresses, companies and last messages."),
            symbol="search-x",
        ),
        rx.cond(
            shows_all,
            empty(t("No conversations yet."), t("Active and past conversations will be listed here.")),
            empty(
                t("No active conversations."),
                rx.cond(
                    is_available,
                    t("You are available: the next visitor's request appears at the top of the page."),
                    t("You are unavailable. Switch to available at the upper right to be offered chats."),
                ),
                symbol="coffee",
            ),
        ),
    )
