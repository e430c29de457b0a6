"""/settings: what a member chooses for the own screens."""

import reflex as rx

from inbox_app.components.frame import page_body
from inbox_app.components.schedule.editor import schedule_section
from inbox_app.components.settings import (
    language_choice,
    notification_choice,
    person,
    scheme_choice,
    sign_out_row,
    sound_choice,
)
from inbox_app.components.words import t
from inbox_app.pages.framed import add_framed_page
from inbox_app.state.availability import MemberState
from inbox_app.state.preferences import PreferencesState
from inbox_app.state.schedule import ScheduleState


def add_to(app: rx.App) -> None:
    """For everyone who is signed in."""
    add_framed_page(
        app, settings_body, route="/settings", active="/settings", title=t("Settings"), on_load=[ScheduleState.open]
    )


def settings_body() -> rx.Component:
    """One column, a row a choice; each is kept at once."""
    me = MemberState.me
    return page_body(
        person(name=me.name, email=me.email, role=me.role, initials=me.initials, colour=me.colour),
        language_choice(chosen=me.language, on_change=PreferencesState.choose_language),
        scheme_choice(chosen=me.colour_scheme, on_change=PreferencesState.choose_colour_scheme),
        sound_choice(),
        notification_choice(),
        rx.cond(me.is_agent, _hours()),
        sign_out_row(),
    )


def _hours() -> rx.Component:
    state = ScheduleState
    return schedule_section(
        state.schedule,
        state.days,
        state.answer,
        is_current=state.is_current,
        on_preview=state.preview,
        on_save=state.save,
    )
