"""A thin bar while a connected calendar does not answer."""

import reflex as rx

from inbox_app.components.words import t


def calendar_notice(*, own: rx.Var[int], others: rx.Var[int]) -> rx.Component:
    """To its agent first; admins are told of others'."""
    mine = _bar(t("A calendar of yours does not answer."), t("See what to do"), "/settings#calendars")
    theirs = _bar(
        t("Calendars of agents that do not answer: {count}.", count=others), t("Show them"), "/admin?tab=calendars"
    )
    return rx.cond(own > 0, mine, rx.cond(others > 0, theirs))


def _bar(sentence: rx.Var[str], words: rx.Var[str], href: str) -> rx.Component:
    return rx.el.p(sentence, " ", rx.link(words, href=href), role="status", class_name="notice-bar")
