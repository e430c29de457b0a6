"""What can be wrong with a calendar is told in French too: its sentence is stored, so no test of `t()` sees it."""

import pytest

from inbox_app.integrations.calendars import troubles
from inbox_app.services import calendars
from inbox_app.texts.catalogue import translations

SENTENCES = [trouble.sentence for trouble in troubles.CalendarTrouble.__subclasses__()]


def test_every_trouble_has_a_sentence_of_its_own() -> None:
    assert len(SENTENCES) > 10
    assert len(set(SENTENCES)) == len(SENTENCES)
    assert all(sentence.endswith(".") for sentence in SENTENCES)


@pytest.mark.parametrize("sentence", [*SENTENCES, troubles.UNREADABLE, calendars.NOT_CONNECTED])
def test_it_is_translated(sentence: str) -> None:
    assert sentence in translations("fr")
