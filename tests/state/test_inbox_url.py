"""What the address of the inbox says, and what nonsense in it becomes."""

import pytest

from inbox_app.state.address import LIMIT
from inbox_app.state.inbox_url import ID_LIMIT, InboxUrl, read_url


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/inbox", InboxUrl()),
        ("/inbox/", InboxUrl()),
        ("/inbox/01ABC", InboxUrl("01ABC")),
        ("/inbox/01ABC?filter=all&q=Nora%20Lind", InboxUrl("01ABC", "all", "Nora Lind")),
        ("/inbox?filter=everything&q=%20", InboxUrl()),
        ("/inbox?filter=all&filter=active", InboxUrl(only="all")),
        ("", InboxUrl()),
    ],
)
def test_an_address_says_which_conversation_and_which_list(address: str, expected: InboxUrl) -> None:
    assert read_url({"asPath": address}) == expected


def test_too_long_parts_are_cut() -> None:
    url = read_url({"asPath": f"/inbox/{'x' * 500}?q={'y' * 500}"})
    assert (len(url.conversation_id), len(url.query)) == (ID_LIMIT, LIMIT)


def test_an_event_without_an_address_shows_the_default() -> None:
    assert read_url({}) == InboxUrl()
