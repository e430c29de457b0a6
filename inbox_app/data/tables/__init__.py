"""Every table. Nothing here is validated: the domain does that, the constraints have the last word on races."""

from sqlmodel import SQLModel

from inbox_app.data.tables.columns import LongInteger, UtcDateTime
from inbox_app.data.tables.conversations import ConversationRow, DraftRow, EntryRow, OfferRow
from inbox_app.data.tables.meetings import BusyRow, CalendarRow, CalendarShareRow, MeetingRow, OutboxRow
from inbox_app.data.tables.operations import AuditRow, ConnectionRow, ProcessRow, SettingRow, TaskRow
from inbox_app.data.tables.people import AvailabilityChangeRow, MemberLinkRow, MemberPictureRow, MemberRow, SignInRow
from inbox_app.data.tables.routing import AccountRow, RuleRow, TeamMemberRow, TeamRow
from inbox_app.data.tables.visitors import ActivityRow, DeviceRow, OfflineMessageRow, VisitorRow

__all__ = [
    "AccountRow",
    "ActivityRow",
    "AuditRow",
    "AvailabilityChangeRow",
    "BusyRow",
    "CalendarRow",
    "CalendarShareRow",
    "ConnectionRow",
    "ConversationRow",
    "DeviceRow",
    "DraftRow",
    "EntryRow",
    "LongInteger",
    "MeetingRow",
    "MemberLinkRow",
    "MemberPictureRow",
    "MemberRow",
    "OfferRow",
    "OfflineMessageRow",
    "OutboxRow",
    "ProcessRow",
    "RuleRow",
    "SQLModel",
    "SettingRow",
    "SignInRow",
    "TaskRow",
    "TeamMemberRow",
    "TeamRow",
    "UtcDateTime",
    "VisitorRow",
]
