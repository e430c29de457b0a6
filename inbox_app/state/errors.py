"""The one place where what a handler raised becomes words for a person (ARCHITECTURE: one error tree, one handler)."""

import logging

import reflex as rx
from reflex_base.event.context import EventContext

from inbox_app.domain.errors import DatabaseUnavailable, DomainError, NotSignedIn
from inbox_app.state.guard import to_sign_in
from inbox_app.state.load_again import LoadAgainState
from inbox_app.state.viewer import language_of
from inbox_app.texts.catalogue import translate

UNEXPECTED = "Something went wrong. Nothing was lost. Try again."
log = logging.getLogger(__name__)


def tell_error(exception: Exception) -> rx.event.EventSpec | list[rx.event.EventSpec] | None:
    """A rule's own sentence in the reader's language; for all else a calm one, and the traceback in the log.

    A page whose listeners have no database is told to load again.
    """
    if isinstance(exception, NotSignedIn):
        return to_sign_in(EventContext.get().router_data)
    if isinstance(exception, DatabaseUnavailable):
        is_of_page = EventContext.get().parent_txid is not None  # what a person did can be done again by that person
        words = _toast(exception.sentence, toast_id="database")
        return [words, LoadAgainState.fail()] if is_of_page else words
    if isinstance(exception, DomainError):
        return _toast(exception.sentence, **exception.gaps)
    log.error("a handler failed", exc_info=exception)
    return _toast(UNEXPECTED)


def _toast(sentence: str, *, toast_id: str | None = None, **gaps: object) -> rx.event.EventSpec:
    """One with an id takes the place of the one before."""
    language = language_of(EventContext.get().router_data)
    return rx.toast.error(translate(sentence, language, **gaps), **({"id": toast_id} if toast_id else {}))
