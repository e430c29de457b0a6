"""The log, the lines under it and the composer, as components."""

from typing import Any

import reflex as rx

from inbox_app.components.chat.browser import SCRIPTS


class MessageLog(rx.Component):
    """The thread and what is on its way. `unread_after`: the last seq seen before it was opened, -1 when all was.

    `epoch`: what was shown of another one is shown no more. `is_active`: the chat goes on. `on_withdraw` takes the id
    of a shared calendar.
    """

    library = SCRIPTS["message_log.jsx"]
    tag = "MessageLog"
    conversation_id: rx.Var[str]
    epoch: rx.Var[str]
    member_id: rx.Var[str]
    visitor_name: rx.Var[str]
    page: rx.Var[list[Any]]
    older: rx.Var[list[Any]]
    fresh: rx.Var[list[Any]]
    is_mine: rx.Var[bool]
    is_active: rx.Var[bool]
    unread_after: rx.Var[int]
    seen_by_agent: rx.Var[int]
    seen_by_visitor: rx.Var[int]
    texts: rx.Var[dict[str, Any]]
    on_older: rx.EventHandler[rx.event.passthrough_event_spec(int)]
    on_withdraw: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Typing(rx.Component):
    """Who is typing, as a status. `beat` counts the signs of life, so that a lost stop runs out."""

    library = SCRIPTS["typing.jsx"]
    tag = "Typing"
    name: rx.Var[str]
    beat: rx.Var[int]
    texts: rx.Var[dict[str, Any]]


class IdleLine(rx.Component):
    """That the chat ends because nobody writes. `told_at`: the server's time when it told `ends_at`."""

    library = SCRIPTS["idle.jsx"]
    tag = "IdleLine"
    ends_at: rx.Var[str]
    told_at: rx.Var[str]
    texts: rx.Var[dict[str, Any]]


class Composer(rx.Component):
    """The box, its draft and its outbox. It posts to the agent API itself. Its children stand at its foot."""

    library = SCRIPTS["composer.jsx"]
    tag = "Composer"
    opened: rx.Var[str]
    conversation_id: rx.Var[str]
    member_id: rx.Var[str]
    draft: rx.Var[str]
    is_open: rx.Var[bool]
    texts: rx.Var[dict[str, Any]]
