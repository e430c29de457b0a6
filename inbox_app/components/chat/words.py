"""The words that the chat's browser parts show; `{name}`, `{count}`, `{limit}` are filled there."""

from inbox_app.components.words import t

SHARED_CALENDARS = {
    "calendarShared": t("Calendar of {agent} shared", agent="{agent}"),
    "awaitsBooking": t("waiting for the visitor to book"),
    "withdraw": t("Withdraw"),
    "withdrawn": t("withdrawn"),
    "booked": t("Booked: {time}", time="{time}"),
    "moved": t("Moved to {time}", time="{time}"),
    "calledOff": t("Cancelled: {time}", time="{time}"),
    "calendarWithdrawn": t("The calendar of {agent} was withdrawn", agent="{agent}"),
    "meetingBooked": t("{name} booked a meeting with {agent}: {time}", name="{name}", agent="{agent}", time="{time}"),
    "meetingMoved": t("{name} moved the meeting to {time}", name="{name}", time="{time}"),
    "meetingCancelled": t("{name} cancelled the meeting: {time}", name="{name}", time="{time}"),
}
LOG = {
    "messages": t("Messages"),
    "older": t("Show older messages"),
    "fresh": t("{count} new", count="{count}"),
    "newest": t("Newest"),
    "unread": t("New"),
    "sending": t("Sending…"),
    "sent": t("Sent"),
    "seen": t("Seen"),
    "notSent": t("Not sent"),
    "noConnection": t("The server did not answer. The text is kept here."),
    "retry": t("Retry"),
    "discard": t("Discard"),
    "accepted": t("{name} accepted", name="{name}"),
    "endedByAgent": t("{name} ended the session", name="{name}"),
    "endedByVisitor": t("{name} left the chat", name="{name}"),
    "endedIdle": t("Ended after a long silence"),
    "endedBySystem": t("Ended by the system"),
    "waiting": t("The agent was away: offered to others"),
    "missed": t("Missed: nobody was free"),
    "cancelled": t("Cancelled by the visitor"),
} | SHARED_CALENDARS
TYPING = {"typing": t("{name} is typing", name="{name}")}
IDLE = {"ends": t("This chat ends in {seconds} s because nobody writes", seconds="{seconds}")}
COMPOSER = {
    "form": t("Write a message"),
    "message": t("Message"),
    "placeholder": t("Write a message"),
    "send": t("Send"),
    "hint": t("Enter sends, Shift+Enter starts a new line"),
    "count": t("{count} of {limit} characters", count="{count}", limit="{limit}"),
    "discard": t("Discard"),
    "kept": t("This conversation has ended. Your text was not sent and is kept here."),
}
