"""/admin: people, routing, chat settings and the audit log, a tab each (PRODUCT 5.3)."""

import reflex as rx

from inbox_app.components.admin.accounts import accounts_table, import_form, import_preview
from inbox_app.components.admin.audit import audit_log
from inbox_app.components.admin.calendars import calendar_health
from inbox_app.components.admin.chat_settings import chat_settings
from inbox_app.components.admin.deliveries import deliveries
from inbox_app.components.admin.identity import signed_identities
from inbox_app.components.admin.invitations import add_form, link_dialog
from inbox_app.components.admin.people import people_table
from inbox_app.components.admin.rules import rule_dialog, rules_list
from inbox_app.components.admin.simulator import simulator
from inbox_app.components.admin.tabs import tabs
from inbox_app.components.admin.teams import team_dialog, teams_list
from inbox_app.components.frame import page_body
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.words import t
from inbox_app.pages.framed import add_framed_page
from inbox_app.state.admin.accounts import CSV_LIMIT, AccountsState
from inbox_app.state.admin.audit import AuditState
from inbox_app.state.admin.calendars import CalendarHealthState
from inbox_app.state.admin.chat import ChatSettingsState
from inbox_app.state.admin.deliveries import DeliveriesState
from inbox_app.state.admin.identity import IdentityState
from inbox_app.state.admin.invitations import InvitationsState
from inbox_app.state.admin.people import PeopleState
from inbox_app.state.admin.rules import RulesState
from inbox_app.state.admin.simulator import SimulatorState
from inbox_app.state.admin.tabs import AdminState
from inbox_app.state.admin.teams import TeamsState
from inbox_app.state.failed_count import FailedCountState


def add_to(app: rx.App) -> None:
    """Others who come here are told so; the states give them nothing."""
    add_framed_page(
        app, admin_body, route="/admin", active="/admin", title=t("Administration"), on_load=[AdminState.open]
    )


def admin_body() -> rx.Component:
    """Tabs over the one that is open."""
    return rx.match(
        AdminState.situation,
        ("open", page_body(tabs(AdminState.tab, failed=FailedCountState.failed), _tab())),
        (
            "refused",
            empty(t("The administration is for admins."), rx.link(t("Go to the inbox"), href="/inbox"), symbol="lock"),
        ),
        page_body(skeleton_rows(6)),
    )


def _tab() -> rx.Component:
    return rx.match(
        AdminState.tab,
        ("people", _people()),
        ("teams", _teams()),
        ("rules", _rules()),
        ("accounts", _accounts()),
        ("chat", _chat()),
        ("identity", _identity()),
        ("simulator", _simulator()),
        ("calendars", calendar_health(CalendarHealthState.rows, is_loaded=CalendarHealthState.is_loaded)),
        ("deliveries", _deliveries()),
        ("audit", audit_log(AuditState.rows, is_loaded=AuditState.is_loaded)),
        rx.fragment(),
    )


def _people() -> rx.Component:
    state, invitations = PeopleState, InvitationsState
    table = people_table(
        state.people,
        state.row_answer,
        is_loaded=state.is_loaded,
        default_capacity=state.default_capacity,
        on_role=state.set_role,
        on_takes_chats=state.set_takes_chats,
        on_capacity=state.set_capacity,
        on_disabled=state.set_disabled,
        on_invite=invitations.invite_again,
        on_reset=invitations.offer_reset,
    )
    return rx.fragment(
        table,
        add_form(invitations.answer, added=invitations.added, on_submit=invitations.add),
        link_dialog(invitations.link, on_open_change=invitations.set_open),
    )


def _teams() -> rx.Component:
    state = TeamsState
    return rx.fragment(
        teams_list(state.teams, is_loaded=state.is_loaded, on_edit=state.edit, on_remove=state.remove),
        team_dialog(
            state.edited,
            state.agents,
            state.answer,
            is_open=state.is_open,
            on_open_change=state.set_open,
            on_submit=state.save,
        ),
    )


def _rules() -> rx.Component:
    state = RulesState
    return rx.fragment(
        rules_list(state.rules, is_loaded=state.is_loaded, on_edit=state.edit, on_remove=state.remove),
        rule_dialog(
            state.edited,
            state.agents,
            state.teams,
            state.answer,
            is_open=state.is_open,
            on_open_change=state.set_open,
            on_submit=state.save,
        ),
    )


def _accounts() -> rx.Component:
    state = AccountsState
    return rx.fragment(
        accounts_table(state.accounts, count=state.count, is_loaded=state.is_loaded, on_remove=state.remove),
        import_form(
            state.answer,
            limit=CSV_LIMIT,
            is_looked_at=(state.good_count > 0) | (state.bad_count > 0),
            on_edit=state.forget,
            on_submit=state.look,
        ),
        import_preview(
            state.good,
            state.bad,
            good_count=state.good_count,
            bad_count=state.bad_count,
            written=state.written,
            on_write=state.write,
        ),
    )


def _chat() -> rx.Component:
    state = ChatSettingsState
    return chat_settings(
        state.values, state.answer, is_loaded=state.is_loaded, on_change=state.change, on_switch=state.switch
    )


def _identity() -> rx.Component:
    state = IdentityState
    return signed_identities(
        state.secrets,
        state.answer,
        is_required=state.is_required,
        is_loaded=state.is_loaded,
        on_rotate=state.rotate,
        on_retire=state.retire,
        on_require=state.require,
    )


def _simulator() -> rx.Component:
    return simulator(SimulatorState.verdict, asked=SimulatorState.asked, on_submit=SimulatorState.ask)


def _deliveries() -> rx.Component:
    state = DeliveriesState
    return deliveries(
        state.rows,
        is_loaded=state.is_loaded,
        is_set_up=state.is_set_up,
        waiting=state.waiting,
        answer=state.answer,
        on_retry=state.retry,
    )
