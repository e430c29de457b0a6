"""The one place where what a handler raised becomes words for a person (ARCHITECTURE: one error tree, one handler)."""

import logging

import reflex as rx
from reflex_base.event.context import EventContext

from inbox_app.domain.errors import DomainError, NotSignedIn
from inbox_app.state.guard import to_sign_in
from inbox_app.state.viewer import language_of
from inbox_app.texts.catalogue import translate

UNEXPECTED = "Something went wrong. Nothing was lost. Try again."
log = logging.getLogger(__name__)


def tell_error(exception: Exception) -> rx.event.EventSpec | list[rx.event.EventSpec] | None:
    """A rule's own sentence in the reader's language; for all else a calm one, and the traceback in the log."""
    if isinstance(exception, NotSignedIn):
        return to_sign_in(EventContext.get().router_data)
    if isinstance(exception, DomainError):
        return _toast(exception.sentence, **exception.gaps)
    log.error("a handler failed", exc_info=exception)
    return _toast(UNEXPECTED)


def _toast(sentence: str, **gaps: object) -> rx.event.EventSpec:
    language = language_of(EventContext.get().router_data)
    return rx.toast.error(translate(sentence, language, **gaps))
