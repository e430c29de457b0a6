"""/settings: what a member chooses for the own screens."""

import reflex as rx

from inbox_app.components.account.password import password_section
from inbox_app.components.account.profile import profile
from inbox_app.components.account.sessions import sessions_section
from inbox_app.components.calendars.dialog import connect_dialog
from inbox_app.components.calendars.section import calendars_section
from inbox_app.components.frame import page_body
from inbox_app.components.meeting_settings.section import meetings_section
from inbox_app.components.schedule.editor import schedule_section
from inbox_app.components.settings import (
    language_choice,
    notification_choice,
    scheme_choice,
    sign_out_row,
    sound_choice,
)
from inbox_app.components.words import t
from inbox_app.pages.framed import add_framed_page
from inbox_app.state.availability import MemberState
from inbox_app.state.calendar_form import CalendarFormState
from inbox_app.state.calendars import CalendarsState
from inbox_app.state.meeting_settings import MeetingSettingsState
from inbox_app.state.preferences import PreferencesState
from inbox_app.state.profile import ProfileState
from inbox_app.state.schedule import ScheduleState
from inbox_app.state.sessions import SessionsState


def add_to(app: rx.App) -> None:
    """For everyone who is signed in."""
    add_framed_page(
        app,
        settings_body,
        route="/settings",
        active="/settings",
        title=t("Settings"),
        on_load=[
            ScheduleState.open,
            MeetingSettingsState.open,
            SessionsState.open,
            ProfileState.open,
            CalendarsState.watch,
        ],
    )


def settings_body() -> rx.Component:
    """One column, a row a choice; each is kept at once."""
    me = MemberState.me
    return page_body(
        profile(
            name=me.name,
            email=me.email,
            role=me.role,
            initials=me.initials,
            colour=me.colour,
            picture=me.picture,
            answer=ProfileState.answer,
            on_rename=ProfileState.rename,
        ),
        language_choice(chosen=me.language, on_change=PreferencesState.choose_language),
        scheme_choice(chosen=me.colour_scheme, on_change=PreferencesState.choose_colour_scheme),
        sound_choice(),
        notification_choice(),
        rx.cond(me.is_agent, _hours()),
        rx.cond(me.is_agent, _meetings()),
        rx.cond(me.is_agent, _calendars()),
        password_section(email=me.email, on_changed=SessionsState.open),
        _sessions(),
        sign_out_row(),
    )


def _sessions() -> rx.Component:
    state = SessionsState
    return sessions_section(state.rows, is_loaded=state.is_loaded, on_end=state.end, on_end_others=state.end_others)


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


def _meetings() -> rx.Component:
    state = MeetingSettingsState
    return meetings_section(
        state.settings,
        state.days,
        state.answer,
        why_none=state.why_none,
        is_current=state.is_current,
        on_preview=state.preview,
        on_save=state.save,
    )


def _calendars() -> rx.Component:
    state, form = CalendarsState, CalendarFormState
    return calendars_section(
        state.rows,
        providers=state.providers,
        outcome=state.outcome,
        is_loaded=state.is_loaded,
        on_connect=form.open,
        on_target=state.set_target,
        on_disconnect=state.disconnect,
        dialog=connect_dialog(
            url=form.url,
            account=form.account,
            found=form.found,
            answer=form.answer,
            is_open=form.is_open,
            is_asking=form.is_asking,
            on_open_change=form.set_open,
            on_submit=form.look,
            on_choose=form.choose,
        ),
    )
