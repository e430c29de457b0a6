"""PRODUCT 4.2: settings that can be, and whatever else JSON can hold: refused by the name of the field."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inbox_app.domain.errors import InvalidInput
from inbox_app.domain.meeting_settings import (
    LIMITS,
    TEXT_LIMIT,
    URL_LIMIT,
    MeetingSettings,
    defaults,
    from_json,
    to_json,
)
from inbox_app.domain.schedule import Block, from_text
from tests.domain.wall import zones

NAMES = set(to_json(defaults("UTC")))
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), max_size=40).map(str.strip)
links = st.sampled_from(("", "https://meet.example.com/ana?pwd=x", "http://[::1]:8080/room"))


hours = st.sampled_from(("mon-fri 09:00-17:00", "mon 00:00-24:00; sat 22:00-06:00", "sun 09:05-12:00,12:00-24:00"))


@st.composite
def whole_settings(draw: st.DrawFn) -> MeetingSettings:
    numbers: dict[str, Any] = {name: draw(st.integers(*limits)) for name, limits in LIMITS.items()}
    return MeetingSettings(
        schedule=from_text(draw(hours), time_zone=draw(zones)),
        maximum_a_day=draw(st.none() | st.integers(1, 100)), invitation_text=draw(texts),
        video_link=draw(links), when_broken=draw(st.sampled_from(("keep", "stop"))), **numbers,
    )  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(whole_settings())
def test_settings_come_back_from_json_as_they_went(kept: MeetingSettings) -> None:
    assert from_json(json.loads(json.dumps(to_json(kept)))) == kept


def test_nothing_given_is_the_defaults_in_the_agents_zone() -> None:
    assert from_json({}, time_zone="Asia/Tokyo") == defaults("Asia/Tokyo")
    assert from_json({"blocks": []}).schedule.week == ((),) * 7
    assert from_json({"time_zone": "Asia/Tokyo"}).schedule.week[0] == (Block(540, 1020),)


WRONG = [
    ({"duration_minutes": 0}, "duration_minutes"),
    ({"duration_minutes": 4}, "duration_minutes"),
    ({"duration_minutes": 481}, "duration_minutes"),
    ({"duration_minutes": None}, "duration_minutes"),
    ({"duration_minutes": True}, "duration_minutes"),
    ({"duration_minutes": 30.5}, "duration_minutes"),
    ({"duration_minutes": "30"}, "duration_minutes"),
    ({"duration_minutes": 10**400}, "duration_minutes"),
    ({"step_minutes": 0}, "step_minutes"),
    ({"step_minutes": -30}, "step_minutes"),
    ({"buffer_before_minutes": -1}, "buffer_before_minutes"),
    ({"buffer_after_minutes": -1}, "buffer_after_minutes"),
    ({"minimum_notice_hours": -1}, "minimum_notice_hours"),
    ({"horizon_days": 0}, "horizon_days"),
    ({"horizon_days": 366}, "horizon_days"),
    ({"maximum_a_day": 0}, "maximum_a_day"),
    ({"maximum_a_day": []}, "maximum_a_day"),
    ({"time_zone": "Middle/Earth"}, "time_zone"),
    ({"time_zone": ""}, "time_zone"),
    ({"time_zone": "Europe"}, "time_zone"),
    ({"time_zone": "../../etc/passwd"}, "time_zone"),
    ({"time_zone": "\x00"}, "time_zone"),
    ({"time_zone": "\ud800"}, "time_zone"),
    ({"time_zone": "x" * 5_000}, "time_zone"),
    ({"time_zone": None}, "time_zone"),
    ({"time_zone": {}}, "time_zone"),
    ({"blocks": {}}, "blocks"),
    ({"blocks": [[]]}, "blocks.0"),
    ({"blocks": [{"day": ["mon"], "from": "09:00", "to": "10:00"}]}, "blocks.0.day"),
    ({"blocks": [{"day": "mon", "from": "0٩:00", "to": "10:00"}]}, "blocks.0.from"),
    ({"blocks": [{"day": "mon", "from": "09:00", "to": "25:00"}]}, "blocks.0.to"),
    ({"blocks": [{"day": "mon", "from": "09:00", "to": "11:00"}, {"day": "mon", "from": "10:00", "to": "12:00"}]},
     "blocks.1"),
    ({"blocks": [{"day": "mon", "from": "22:00", "to": "06:00"}, {"day": "tue", "from": "05:00", "to": "08:00"}]},
     "blocks.0"),
    ({"exceptions": [{"date": "2026-02-30"}]}, "exceptions.0.date"),
    ({"exceptions": [{"date": 20_261_224}]}, "exceptions.0.date"),
    ({"exceptions": [{"date": "2026-12-24", "blocks": "all"}]}, "exceptions.0.blocks"),
    ({"invitation_text": "x" * (TEXT_LIMIT + 1)}, "invitation_text"),
    ({"invitation_text": ["Hello"]}, "invitation_text"),
    ({"invitation_text": "half \ud83d"}, "invitation_text"),
    ({"video_link": "https://e.example/" + "x" * URL_LIMIT}, "video_link"),
    ({"video_link": "javascript:alert(1)"}, "video_link"),
    ({"video_link": "https://"}, "video_link"),
    ({"video_link": "https://[::1"}, "video_link"),
    ({"video_link": "https://a.example\r\nBcc: all@example.com"}, "video_link"),
    ({"video_link": "https://a.example/\x1b[31m"}, "video_link"),
    ({"video_link": "https://a.example/<b>"}, "video_link"),
    ({"video_link": 7}, "video_link"),
    ({"when_broken": "maybe"}, "when_broken"),
    ({"when_broken": {}}, "when_broken"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_what_cannot_be_is_refused_by_the_name_of_its_field(wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_json(to_json(defaults("UTC")) | wrong)

    assert refused.value.field == field


def test_a_day_in_the_past_is_refused_but_for_what_was_kept() -> None:
    holiday = {"exceptions": [{"date": "2026-11-20"}]}

    with pytest.raises(InvalidInput, match="2026-11-20 is in the past"):
        from_json(holiday, today=date(2026, 11, 22))
    assert from_json(holiday, today=date(2026, 11, 22), kept={"2026-11-20"}).schedule.exceptions


def test_texts_are_trimmed_and_hold_no_nul() -> None:
    cleaned = from_json(
        {"invitation_text": " Dear\x00 {visitor_name},\r\nsee you ", "video_link": " https://a.example "}
    )

    assert (cleaned.invitation_text, cleaned.video_link) == ("Dear {visitor_name},\nsee you", "https://a.example")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(("mon", "09:00", "UTC")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(("day", "from", "to", "date", "blocks")) | st.text(max_size=3), inner, max_size=5
        )
    ),
    max_leaves=12,
)
alike = st.dictionaries(st.sampled_from(sorted(NAMES)), anything, max_size=4)


@settings(max_examples=250, deadline=None)
@given(anything | alike)
@example([])
@example(None)
@example("settings")
def test_anything_that_json_can_hold_becomes_settings_or_a_named_refusal(value: Any) -> None:
    refused = None
    try:
        found = from_json(value, today=date(2026, 11, 22))
    except InvalidInput as refusal:
        refused = refusal

    if refused is None:
        assert from_json(to_json(found)) == found
    else:
        assert refused.field.split(".")[0] in NAMES | {"settings"}
        assert refused.message
