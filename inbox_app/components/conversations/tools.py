"""Filter, search and links of the list: they write the URL, the state reads it."""

from typing import Any

import reflex as rx

from inbox_app.components.conversations.browser import SCRIPTS
from inbox_app.components.marks import icon
from inbox_app.components.words import t


class ListFilter(rx.Component):
    """Two radios: Active and All (PRODUCT 1.1)."""

    library = SCRIPTS["list_tools.jsx"]
    tag = "ListFilter"
    texts: rx.Var[dict[str, Any]]


class ListSearch(rx.Component):
    """The search box; its child is the icon in it."""

    library = SCRIPTS["list_tools.jsx"]
    tag = "ListSearch"
    texts: rx.Var[dict[str, Any]]


class ConversationLink(rx.Component):
    """A link to a conversation that keeps filter and search."""

    library = SCRIPTS["list_tools.jsx"]
    tag = "ConversationLink"
    conversation_id: rx.Var[str]


class BackToList(rx.Component):
    """On a phone: from the chat back to the list."""

    library = SCRIPTS["list_tools.jsx"]
    tag = "BackToList"
    name: rx.Var[str]


def list_tools() -> rx.Component:
    """What stands over the list."""
    words = {"filter": t("Conversations to show"), "active": t("Active"), "all": t("All")}
    return rx.el.div(
        ListFilter.create(texts=words),
        ListSearch.create(icon("search"), texts={"search": t("Search conversations")}),
        class_name="list-tools",
    )


def back_to_list() -> rx.Component:
    """The arrow in the chat's header, on a phone only."""
    return BackToList.create(icon("arrow-left"), name=t("Back to the conversations"), class_name="icon-link only-phone")
