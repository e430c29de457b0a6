"""The audit log: who did what, newest first."""

from typing import Any

import reflex as rx

from inbox_app.components.admin.tabs import tab_head
from inbox_app.components.admin.words import worded
from inbox_app.components.situations import empty, skeleton_rows
from inbox_app.components.time import time
from inbox_app.components.words import t

ACTIONS = (
    ("sign_in.succeeded", t("Signed in")),
    ("sign_in.failed", t("Sign-in failed")),
    ("sign_in.ended", t("Signed out")),
    ("member.added", t("Added a person")),
    ("member.changed", t("Changed a person")),
    ("member.disabled", t("Disabled a person")),
    ("member.enabled", t("Enabled a person")),
    ("password.changed", t("Changed the password")),
    ("password.refused", t("Password refused")),
    ("password.set", t("Password set by the operator")),
    ("password.reset_asked", t("Requested a password reset")),
    ("password.reset_offered", t("Sent a password link")),
    ("password.reset", t("Reset the password")),
    ("member.invited", t("Invited a person")),
    ("member.renamed", t("Changed their name")),
    ("picture.changed", t("Changed their picture")),
    ("picture.removed", t("Removed their picture")),
    ("member.joined", t("Accepted an invitation")),
    ("schedule.changed", t("Changed the hours")),
    ("meeting_settings.changed", t("Changed the meeting settings")),
    ("settings.changed", t("Changed a setting")),
    ("team.saved", t("Saved a team")),
    ("team.removed", t("Removed a team")),
    ("rule.saved", t("Saved a rule")),
    ("rule.removed", t("Removed a rule")),
    ("accounts.imported", t("Imported accounts")),
    ("account.removed", t("Removed an account")),
    ("calendar.connected", t("Connected a calendar")),
    ("calendar.disconnected", t("Disconnected a calendar")),
    ("delivery.retried", t("Tried a delivery again")),
    ("visitor.corrected", t("Corrected a visitor")),
    ("visitor.merged", t("Merged two visitors")),
    ("visitor.link_sent", t("Sent a link to confirm an address")),
    ("visitor.address_proved", t("Confirmed an email address")),
    ("visitor.address_denied", t("Denied an email address")),
    ("site_secret.made", t("Created a site secret")),
    ("site_secret.retired", t("Retired a site secret")),
    ("calendar.shared", t("Shared a calendar")),
    ("calendar.withdrawn", t("Took back a calendar")),
    ("meeting.rescheduled", t("Moved a meeting")),
    ("meeting.cancelled", t("Cancelled a meeting")),
    ("meetings.unattended", t("Left meetings ahead")),
    ("conversations.pruned", t("Deleted old conversations")),
    ("conversations.exported", t("Exported conversations")),
    ("database.backed_up", t("Created a backup")),
    ("database.restored", t("Restored a backup")),
)


def audit_log(rows: rx.Var[list[Any]], *, is_loaded: rx.Var[bool]) -> rx.Component:
    """The newest 100."""
    heads = (t("When"), t("Who"), t("What"), t("About"), t("Details"))
    table = rx.el.div(
        rx.el.table(
            rx.el.caption(t("The newest 100 entries"), class_name="sr-only"),
            rx.el.thead(rx.el.tr(*[rx.el.th(head, scope="col") for head in heads])),
            rx.el.tbody(rx.foreach(rows, _row)),
            aria_label=t("Audit log"),
            class_name="rows audit",
        ),
        class_name="table-holder",
    )
    nothing = empty(t("Nothing was recorded yet."), symbol="scroll-text")
    return rx.el.section(
        tab_head(t("Audit log"), t("Sign-ins, and changes of settings, people and routing: the newest 100.")),
        rx.cond(is_loaded, rx.cond(rows.length() > 0, table, nothing), skeleton_rows(6)),
    )


def _row(row: rx.Var[Any]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(time(row.at, "exact"), class_name="table-time"),
        rx.el.td(rx.cond(row.actor != "", row.actor, t("System"))),
        rx.el.td(worded(row.action, ACTIONS), class_name="table-name"),
        rx.el.td(rx.cond(row.subject != "", row.subject, "-")),
        rx.el.td(row.details, class_name="audit-details"),
        key=row.id,
    )
