"""The description list of the panel, in the seed's order (PRODUCT 1.4)."""

from typing import Any

import reflex as rx

from inbox_app.components.marks import icon
from inbox_app.components.time import time
from inbox_app.components.visitor.browser import SCRIPTS
from inbox_app.components.words import t
from inbox_app.data.models import VisitorView

Visitor = rx.Var[VisitorView]
COPIED = ("email", "phone")
NAME_LIMIT, EMAIL_LIMIT = 120, 254  # as in CONTRACT; the service checks


class EditableField(rx.Component):
    """A value of this visitor that can be corrected in place. `answer`: what became of the newest save."""

    library = SCRIPTS["field.jsx"]
    tag = "EditableField"
    visitor: rx.Var[str]
    field: rx.Var[str]
    name: rx.Var[str]
    value: rx.Var[str]
    answer: rx.Var[Any]
    limit: rx.Var[int]
    texts: rx.Var[dict[str, Any]]
    pencil: rx.Var[rx.Component]
    copy_icon: rx.Var[rx.Component]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str, str, str)]


def visitor_fields(visitor: Visitor, answer: rx.Var[Any], on_save: rx.EventHandler) -> rx.Component:
    """The five of the seed first, then what else is known."""
    names = {
        "name": t("Name"),
        "job_title": t("Job title"),
        "email": t("Email"),
        "phone": t("Phone"),
        "crm_status": t("CRM status"),
        "company": t("Company"),
    }
    editable = [_pair(name, _editable(field, name, visitor, answer, on_save)) for field, name in names.items()]
    return rx.el.dl(*editable, *_known(visitor), class_name="facts")


def _editable(
    field: str, name: rx.Var[str], visitor: Visitor, answer: rx.Var[Any], on_save: rx.EventHandler
) -> rx.Component:
    return EditableField.create(
        visitor=visitor.id,
        field=field,
        name=name,
        value=getattr(visitor, field),
        answer=answer,
        limit=EMAIL_LIMIT if field == "email" else NAME_LIMIT,
        texts={"correct": t("Correct: {name}", name="{name}"), "copy": t("Copy: {name}", name="{name}")},
        pencil=icon("pencil"),
        on_save=on_save,
        **({"copy_icon": icon("copy")} if field in COPIED else {}),
    )


def _known(visitor: Visitor) -> list[rx.Component]:
    rows = (
        (t("Current page"), visitor.page_url, _page(visitor.page_url)),
        (t("Came from"), visitor.referrer, _page(visitor.referrer)),
        (t("Country"), visitor.country, visitor.country),
        (t("Language"), visitor.language, visitor.language),
        (t("Browser"), visitor.browser, visitor.browser),
        (t("Time zone"), visitor.time_zone, visitor.time_zone),
    )
    pairs = [
        rx.cond(value != "", _pair(name, rx.el.span(shown, class_name="fact-value"))) for name, value, shown in rows
    ]
    tags = rx.el.span(rx.foreach(visitor.tags, lambda tag: rx.badge(tag, variant="soft", color_scheme="gray")))
    return [*pairs, rx.cond(visitor.tags.length() > 0, _pair(t("Tags"), tags)), _previous(visitor)]


def _page(url: rx.Var[str]) -> rx.Component:
    return rx.cond(
        url.startswith("http://") | url.startswith("https://"),
        rx.el.a(url, href=url, target="_blank", rel="noopener noreferrer nofollow", title=url, class_name="fact-url"),
        rx.el.span(url),
    )


def _previous(visitor: Visitor) -> rx.Component:
    chats = rx.el.ul(
        rx.foreach(
            visitor.previous_chats,
            lambda chat: rx.el.li(
                rx.link(time(chat.at, "exact"), href=f"/inbox/{chat.id}", size="2"),
                rx.el.span(" ", chat.agent_name),
                key=chat.id,
            ),
        ),
        class_name="previous-chats",
    )
    return rx.cond(visitor.previous_chats.length() > 0, _pair(t("Previous chats"), chats))


def _pair(term: rx.Var[str], description: rx.Component) -> rx.Component:
    return rx.el.div(rx.el.dt(term), rx.el.dd(description), class_name="fact")
