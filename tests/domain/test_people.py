"""Names, addresses and passwords."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.people import (
    Role,
    check_password,
    clean_email,
    clean_name,
    clean_text,
    colour_of,
    initials,
    told_name,
    visitor_title,
)
from inbox_app.integrations.addresses import ascii_address
from tests.domain.builders import a_member

ADDRESSES = {
    "vera@example.com": "vera@example.com",
    "  Vera@Example.COM ": "vera@example.com",
    "o'brien+chat@mail.example.co.uk": "o'brien+chat@mail.example.co.uk",
    "joerg@München.example": "joerg@münchen.example",
    "vera@пример.рф": "vera@пример.рф",
    "vera@ｅxample.com": "vera@example.com",
    "vera@ＥＸＡＭＰＬＥ．com": "vera@example.com",
    "vera@mu\u0308nchen.example": "vera@münchen.example",
    "vera@xn--mnchen-3ya.example": "vera@münchen.example",
    "vera@XN--MNCHEN-3YA.Example": "vera@münchen.example",
    "vera@xn--e1afmkfd.xn--p1ai": "vera@пример.рф",
    "vera@straße.example": "vera@straße.example",
    "vera@xn--strae-oqa.example": "vera@xn--strae-oqa.example",
    "a" * 241 + "@example.com": "a" * 241 + "@example.com",
}
NO_ADDRESSES = [
    "", " ", "vera", "vera@", "@example.com", "vera@example", "vera@example.c", "a b@example.com", "a@b@example.com",
    "a@exa mple.com", "<a@example.com>", "a@example..com", "a@example.com, b@example.com", "a@[127.0.0.1]",
    "a" * 243 + "@example.com", "a\n@example.com", "a\x00@example.com", "\ud800@example.com", "jörg@example.com",
    "вера@пример.рф", "a\u200b@example.com", "a@exam\u202eple.com", "=?utf-8?q?a?=@example.com", "a@=?utf-8?q?a?=.com",
    "a@" + "x" * 64 + ".com", "a@exa%mple.com", "a@ex/ample.com",
]  # fmt: skip


@pytest.mark.parametrize(("given", "stored"), ADDRESSES.items())
def test_an_address_is_stored_in_one_spelling(given: str, stored: str) -> None:
    assert clean_email(given) == stored


@given(st.text("aßς。．ｅüx-1n.İ", min_size=1).map("a@{}.example".format) | st.sampled_from(list(ADDRESSES)))
def test_a_stored_address_is_its_own_spelling_and_leads_to_the_same_server(typed: str) -> None:
    try:
        stored = clean_email(typed)
    except InvalidInput:
        return
    assert clean_email(stored) == stored
    assert ascii_address(stored).lower() == ascii_address(typed.strip().lower())


@pytest.mark.parametrize("given", NO_ADDRESSES)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_email(given)
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (" Vera  Lind ", "Vera Lind"),
        ("Vera\nLind", "Vera Lind"),
        ("\x00Vera", "Vera"),
        ("Ж" * 120, "Ж" * 120),
        ("Vera\x1b[31m\x9b", "Vera [31m"),
        ("\u202eareV\u202c", "areV"),
        ("\u2066Vera\u2069\u200f\u061c", "Vera"),
        ("\u200bVera", "\u200bVera"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Zoe\u0301", "Zoe\u0301"),
    ],
)
def test_a_name_is_one_line(given: str, stored: str) -> None:
    assert clean_name(given) == stored


NOTHING_VISIBLE = [
    "\u200b", "\u200b \u2060", "\u200d\ufeff", "\u00ad", "\u3164", "\u115f\u1160", "\uffa0", "\u2800", "\u00a0",
    "\u3000", "\u2028", "\u202e", "\ufe0f", "\U000e0041", "\u034f", "\u0301", "\u180e", "\x1b", "\x85", "\u2065",
    "\ufff0", "\ufff8", "\U000e0080", "\U000e0fff", "\U0001d159", "\U00013430", "\U00013441", "\U00013442", "\u17b4",
    "\U0001bca0", "\U0001d173", "\ufffc", "\ue000", "\uffff", "\U0010ffff", "\ufdd0", "\u0378", "\u1680", "\u180f",
    "\u200b \u2065\U000e0fff",
]  # fmt: skip


@pytest.mark.parametrize("given", NOTHING_VISIBLE)
def test_a_name_of_nothing_visible_is_no_name(given: str) -> None:
    assert clean_text(given, field="name") == ""
    with pytest.raises(InvalidInput):
        clean_name(given)


@pytest.mark.parametrize("given", ["-", "1", "…", "中", "ب", "ᄀ", "😀", "\ufffd", "\u2065V", "\U0001d15a"])
def test_a_single_visible_character_is_a_name(given: str) -> None:
    assert clean_name(given) == given


@given(st.lists(st.sampled_from([*NOTHING_VISIBLE, "\ud83d", "\x00", "V", "x" * 70])).map("".join))
def test_a_name_from_another_server_is_always_one_that_can_be_stored(given: str) -> None:
    name = told_name(given)
    assert clean_text(name, field="name") == name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Bo\udceete \x00 1", "Bo\ufffdte 1"),
        ("x" * 119 + " yz", "x" * 119),
        ("\u200b\u3164", ""),
        ("\u2065" * 120 + "V", ""),
    ],
)
def test_a_name_from_another_server_is_cut_and_cleaned(given: str, name: str) -> None:
    assert told_name(given) == name


@pytest.mark.parametrize("given", ["", "  ", "\x00", "x" * 121])
def test_an_empty_or_long_name_is_refused(given: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_name(given)
    assert refused.value.field == "name"


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(InvalidInput) as refused:
        clean_text("Vera \ud83d", field="job_title")
    assert refused.value.field == "job_title"


def test_a_text_that_is_not_asked_for_may_be_empty() -> None:
    assert clean_text("  ", field="phone") == ""


def test_a_password_has_ten_characters() -> None:
    assert check_password("0123456789") == "0123456789"
    with pytest.raises(InvalidInput, match="at least 10"):
        check_password("012345678")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Vera Lind", "VL"), ("vera", "V"), ("Ana Maria de Souza", "AS"), ("Visitor 7F3K", "V7"), ("", ""), ("…", "")],
)
def test_initials_are_the_first_and_last_word(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_person_keeps_one_colour() -> None:
    assert {colour_of("01ABC") for _ in range(3)} == {colour_of("01ABC")}
    assert {colour_of(f"id{number}") for number in range(100)} == set(range(8))


def test_a_visitor_without_a_name_has_a_short_code() -> None:
    assert visitor_title("Vera", "01HZX7F3K") == "Vera"
    assert visitor_title("", "01HZX7F3K") == "Visitor 7F3K"


@pytest.mark.parametrize(
    ("changes", "is_agent", "reads_history"),
    [
        ({"role": Role.AGENT}, True, False),
        ({"role": Role.MANAGER}, False, True),
        ({"role": Role.ADMIN}, False, True),
        ({"role": Role.ADMIN, "takes_chats": True}, True, True),
        ({"role": Role.AGENT, "is_disabled": True}, False, False),
    ],
)
def test_what_a_role_does(changes: dict[str, object], is_agent: bool, reads_history: bool) -> None:
    member = a_member(**changes)
    assert (member.is_agent, member.reads_history) == (is_agent, reads_history)
