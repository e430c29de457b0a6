"""Instants in the reader's zone and language; exact on hover. They tick in the browser."""

from typing import Any, Literal

import reflex as rx

from inbox_app.components.local import library

Mode = Literal["relative", "clock", "exact", "waiting", "until", "day"]
SOURCE = library("time.js")


class Time(rx.Component):
    """A `<time>` element. `waiting` counts up and carries `data-urgency`: fine, soon (60 s), late (180 s)."""

    library = SOURCE
    tag = "Time"
    iso: rx.Var[str]
    mode: rx.Var[str]


def time(iso: rx.Var[str] | str, mode: Mode = "relative", **props: Any) -> rx.Component:
    """The instant `iso` (ISO 8601 with Z); draws nothing for an empty text."""
    return Time.create(iso=iso, mode=mode, **props)


def instant(iso: rx.Var[str] | str, mode: Mode, zone: rx.Var[str] | str = "") -> rx.Var[str]:
    """The same text as a var, for a gap in a sentence. It does not tick. `zone`: for `until`, else the reader's."""
    function = rx.vars.FunctionStringVar.create(
        "instantText",
        _var_data=rx.vars.VarData(imports={SOURCE: [rx.ImportVar(tag="instant", alias="instantText")]}),
    )
    return function.call(iso, mode, zone).to(str)


class Hours(rx.Component):
    """A `<time>` element: from when to when, without the day."""

    library = SOURCE
    tag = "Hours"
    start: rx.Var[str]
    end: rx.Var[str]


def meeting_time(start: rx.Var[str], end: rx.Var[str]) -> rx.Var[str]:
    """The time of a meeting with its day and the reader's zone, for a gap in a sentence."""
    return _function("meetingText").call(start, end).to(str)


def own_zone() -> rx.Var[str]:
    """The reader's zone as IANA names it."""
    return _function("ownZone").call().to(str)


def _function(name: str) -> rx.vars.FunctionStringVar:
    imports = {SOURCE: [rx.ImportVar(tag=name)]}
    return rx.vars.FunctionStringVar.create(name, _var_data=rx.vars.VarData(imports=imports))
