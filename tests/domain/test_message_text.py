"""What a message may hold (CONTRACT: 4,000 characters) and what is stored of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_app.domain.conversation import MESSAGE_LIMIT, clean_message
from inbox_app.domain.errors import InvalidInput

STORED_AS = {
    "Hello": "Hello",
    "  Hello \n": "Hello",
    "one\r\ntwo\rthree\nfour": "one\ntwo\nthree\nfour",
    "nul\x00l": "null",
    "<b>bold</b> & <script>alert(1)</script>": "<b>bold</b> & <script>alert(1)</script>",
    "https://example.com/?a=1&b=2": "https://example.com/?a=1&b=2",
    "héé 👩‍👩‍👧 مرحبا": "héé 👩‍👩‍👧 مرحبا",
    "tab\tinside  and  spaces": "tab\tinside  and  spaces",
    "\x00 padded \x00": "padded",
}


@pytest.mark.parametrize(("text", "stored"), STORED_AS.items())
def test_a_message_is_stored_as_text(text: str, stored: str) -> None:
    assert clean_message(text) == stored


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\t", "\x00", "\x00 \x00"])
def test_an_empty_message_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="Write a message first") as refused:
        clean_message(text)
    assert refused.value.field == "text"


def test_4000_characters_fit() -> None:
    assert len(clean_message("é" * MESSAGE_LIMIT)) == 4_000


def test_4001_characters_are_too_many() -> None:
    with pytest.raises(InvalidInput, match="at most 4000 characters"):
        clean_message("x" * 4_001)


def test_white_space_around_does_not_count() -> None:
    assert len(clean_message(" " * 100 + "x" * 4_000 + "\n" * 100)) == 4_000


@pytest.mark.parametrize("text", ["\ud800", "half an emoji \ud83d", "\udfff at first"])
def test_half_a_character_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="incomplete character"):
        clean_message(text)


@pytest.mark.parametrize("value", [None, 5, True, b"bytes", ["a"], {"text": "a"}])
def test_what_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidInput, match="must be text"):
        clean_message(value)


@given(st.text(max_size=50))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    try:
        once = clean_message(text)
    except InvalidInput:
        return
    assert clean_message(once) == once
    assert "\x00" not in once
    assert "\r" not in once
