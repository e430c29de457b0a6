"""`GET/PUT /agent/meeting-settings` (CONTRACT): the defaults, a whole replacement, refusals by field, rights."""

from typing import Any

import pytest

from inbox_app.domain.people import Role
from tests.api.conftest import People

PATH = "/agent/meeting-settings"


async def test_the_defaults_are_those_of_the_contract(people: People) -> None:
    ana = await people.agent(time_zone="Europe/Paris")

    answer = await ana.get(PATH)

    assert answer.status_code == 200
    found = answer.json()
    assert found["time_zone"] == "Europe/Paris"
    assert [(b["day"], b["from"], b["to"]) for b in found["blocks"]] == [
        (day, "09:00", "17:00") for day in ("mon", "tue", "wed", "thu", "fri")
    ]
    numbers = {name: value for name, value in found.items() if name.endswith(("_minutes", "_hours", "_days", "_day"))}
    assert numbers == {
        "duration_minutes": 30, "step_minutes": 30, "buffer_before_minutes": 0, "buffer_after_minutes": 0,
        "minimum_notice_hours": 24, "horizon_days": 60, "maximum_a_day": None,
    }  # fmt: skip


async def test_a_put_replaces_and_is_read_back(people: People) -> None:
    ana, ben = await people.agent(time_zone="UTC"), await people.agent("Ben", time_zone="UTC")
    whole = (await ana.get(PATH)).json() | {"duration_minutes": 45, "maximum_a_day": 2}

    answer = await ana.put(PATH, **whole)

    assert (answer.status_code, answer.json()) == (200, whole)
    assert (await ana.get(PATH)).json() == whole
    assert (await ben.get(PATH)).json()["duration_minutes"] == 30

    again = (await ana.put(PATH, step_minutes=15)).json()
    assert (again["step_minutes"], again["duration_minutes"], again["maximum_a_day"]) == (15, 30, None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"duration_minutes": 0}, "duration_minutes"),
        ({"step_minutes": 0}, "step_minutes"),
        ({"buffer_before_minutes": -5}, "buffer_before_minutes"),
        ({"minimum_notice_hours": "24"}, "minimum_notice_hours"),
        ({"maximum_a_day": 0}, "maximum_a_day"),
        ({"time_zone": "Middle/Earth"}, "time_zone"),
        ({"blocks": [{"day": "mon", "from": "09:00", "to": "09:00"}]}, "blocks.0.to"),
        ({"invitation_text": "x" * 2_001}, "invitation_text"),
        ({"video_link": "javascript:alert(1)"}, "video_link"),
        ({"when_broken": ["keep"]}, "when_broken"),
    ],
)
async def test_a_refusal_names_its_field_and_changes_nothing(people: People, wrong: dict[str, Any], field: str) -> None:
    ana = await people.agent()
    before = (await ana.get(PATH)).json()

    answer = await ana.put(PATH, **before | wrong)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await ana.get(PATH)).json() == before


@pytest.mark.parametrize("body", ["[]", "null", '"mon"', "7"])
async def test_a_body_that_is_no_object_is_refused(people: People, body: str) -> None:
    ana = await people.agent()

    answer = await ana.http.put(ana.prefix + PATH, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 422


async def test_managers_and_strangers_are_kept_out(people: People) -> None:
    mia, nobody = await people.agent("Mia", role=Role.MANAGER), await people.somebody()

    for answer in (await mia.get(PATH), await mia.put(PATH, duration_minutes=60)):
        assert (answer.status_code, answer.json()["code"]) == (403, "not_for_managers")
    for answer in (await nobody.get(PATH), await nobody.put(PATH, duration_minutes=60)):
        assert answer.status_code == 401
