"""The pages: components arranged and bound to states."""

import reflex as rx

from inbox_app.components.preferences import language_script
from inbox_app.pages import (
    admin,
    history,
    home,
    inbox,
    invitation,
    meetings,
    missed,
    not_found,
    past_conversation,
    reset,
    settings,
    sign_in,
)
from inbox_app.state.errors import tell_error
from inbox_app.state.guard import Guard
from inbox_app.state.well_formed import refuse_malformed_events

FRAME_STYLES = ("/tokens.css", "/base.css", "/frame.css", "/pages.css", "/meetings.css")
CHAT_STYLES = ("/chat.css", "/thread.css", "/composer.css", "/sharing.css")
INBOX_STYLES = ("/conversations.css", *CHAT_STYLES, "/visitor.css", "/inbox_controls.css", "/inbox.css")
ADMIN_STYLES = ("/forms.css", "/meeting_settings.css", "/admin.css", "/calendars.css", "/account.css")
STYLESHEETS = (*FRAME_STYLES, *ADMIN_STYLES, *INBOX_STYLES)  # the last one arranges the parts for narrow windows


def add_pages(app: rx.App) -> None:
    """Everything that a browser sees of the agents' side, behind the guard."""
    app.add_middleware(Guard(), index=0)
    refuse_malformed_events(app)
    app.backend_exception_handler = tell_error
    app.stylesheets = [*app.stylesheets, *STYLESHEETS]
    app.head_components = [*app.head_components, language_script(), rx.el.link(rel="icon", href="/favicon.svg")]
    app.toaster = rx.toast.provider(position="bottom-right", close_button=True, rich_colors=False)
    # Reflex's own notice of a lost connection is replaced by components/connection.py.
    app.app_wraps = {place: wrap for place, wrap in app.app_wraps.items() if place != (5, "Overlay")}
    strangers = (sign_in, reset, invitation)
    for page in (home, *strangers, inbox, missed, meetings, history, past_conversation, admin, settings, not_found):
        page.add_to(app)
