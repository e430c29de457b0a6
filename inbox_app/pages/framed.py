"""Binds the frame to the member, the switch and the offers: what every page but /login and 404 stands in."""

from collections.abc import Callable, Sequence

import reflex as rx

from inbox_app.components.account_menu import account_menu
from inbox_app.components.attention import attention
from inbox_app.components.availability import availability
from inbox_app.components.calendars.notice import calendar_notice
from inbox_app.components.connection import connection_bar
from inbox_app.components.frame import frame
from inbox_app.components.keep_focus import KeepFocus
from inbox_app.components.load_again import LoadAgain
from inbox_app.components.notifications import notification_prompt
from inbox_app.components.offer_banner import offer_banner
from inbox_app.components.preferences import preferences
from inbox_app.components.rail import rail
from inbox_app.components.situations import skeleton_rows
from inbox_app.state.availability import MemberState
from inbox_app.state.calendar_notice import CalendarNoticeState
from inbox_app.state.failed_count import FailedCountState
from inbox_app.state.load_again import LoadAgainState
from inbox_app.state.missed_count import MissedCountState
from inbox_app.state.offers import OffersState

FRAME_LISTENERS: tuple[rx.EventHandler, ...] = (
    MemberState.watch,
    OffersState.watch,
    MissedCountState.watch,
    CalendarNoticeState.watch,
    FailedCountState.watch,
)


def add_framed_page(
    app: rx.App,
    body: Callable[[], rx.Component],
    *,
    route: str,
    active: str,
    title: rx.Var[str],
    on_load: Sequence[rx.event.EventType[()]] = (),
) -> None:
    """A page in the frame. `active`: its entry in the rail; `on_load`: before the frame's own listeners."""
    app.add_page(
        lambda: framed(title, body, active=active),
        route=route,
        title="Agent Inbox",
        on_load=[*on_load, *FRAME_LISTENERS],
    )


def framed(title: rx.Var[str], body: Callable[[], rx.Component], *, active: str) -> rx.Component:
    """Drawn when the page knows its state; until then a quiet shape."""
    return rx.fragment(
        LoadAgain.create(failures=LoadAgainState.failures, on_due=LoadAgainState.load),
        KeepFocus.create(),
        _known(title, body, active=active),
    )


def _known(title: rx.Var[str], body: Callable[[], rx.Component], *, active: str) -> rx.Component:
    return rx.cond(
        MemberState.me.id != "",  # not `is_hydrated`, which Reflex takes back at every link: all would be drawn anew
        rx.fragment(
            frame(
                title,
                body(),
                rail=_rail(active),
                controls=_controls(),
                banner=_banner(),
                notices=[connection_bar(), _calendar_notice(), notification_prompt()],
            ),
            attention(
                title,
                unread=MemberState.unread,
                offer=OffersState.first,
                offers=OffersState.waiting,
                told_at=OffersState.told_at,
            ),
            preferences(language=MemberState.me.language, scheme=MemberState.me.colour_scheme),
        ),
        _before(),
    )


def _rail(active: str) -> rx.Component:
    return rail(
        active=active,
        unread=MemberState.unread,
        takes_chats=MemberState.me.is_agent,
        can_read_history=MemberState.reads_history,
        unclaimed=MissedCountState.unclaimed,
        is_admin=MemberState.me.role == "admin",
        failed=FailedCountState.failed,
    )


def _controls() -> list[rx.Component]:
    me = MemberState.me
    switch = availability(
        is_available=me.available,
        reason=me.available_reason,
        until=me.available_until,
        zone=me.time_zone,
        missed_too_many=me.missed_too_many,
        on_change=MemberState.set_available,
    )
    return [
        rx.cond(me.is_agent, switch),
        account_menu(name=me.name, email=me.email, initials=me.initials, colour=me.colour, picture=me.picture),
    ]


def _banner() -> rx.Component:
    first = OffersState.first
    return offer_banner(
        first,
        waiting=OffersState.waiting,
        told_at=OffersState.told_at,
        on_accept=OffersState.accept(first.id),
        on_decline=OffersState.decline(first.id),
    )


def _calendar_notice() -> rx.Component:
    return calendar_notice(own=CalendarNoticeState.own, others=CalendarNoticeState.others)


def _before() -> rx.Component:
    """The frame's shape, without a word in any language."""
    return rx.el.div(
        rx.el.div(class_name="top-bar"),
        rx.el.div(class_name="rail"),
        rx.el.div(skeleton_rows(), class_name="content", aria_busy="true"),
        class_name="frame",
    )
