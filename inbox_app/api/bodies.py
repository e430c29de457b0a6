"""What admins and agents send, as the API's description shows it. The rules themselves are the domain's."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from inbox_app.api.shapes import ContactIn, Number, Optional, Switch, Text
from inbox_app.domain import meeting_settings as meeting_rules
from inbox_app.domain.chat_settings import LIMITS, TEXT_LIMIT

AgentIds = Annotated[list[Any], WithJsonSchema({"type": "array", "items": {"type": "string"}})]


def _between(limits: tuple[int, int], default: int | None = None) -> Any:
    """For the description alone: the domain refuses the rest, in the caller's language."""
    return Field(default=default, json_schema_extra={"minimum": limits[0], "maximum": limits[1]})


def _text() -> Any:
    return Field(default=None, json_schema_extra={"maxLength": TEXT_LIMIT})


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


class Body(BaseModel):
    """What is unknown is passed over."""

    def given(self) -> dict[str, Any]:
        """The fields that were sent, as the services take them."""
        return self.model_dump(exclude_unset=True, by_alias=True)


class Changes(Body):
    """What is left out stays as it is; an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)


class SettingsIn(Changes):
    """`PUT /settings`."""

    offer_seconds: Number = _between(LIMITS["offer_seconds"])
    wait_limit_seconds: Number = _between(LIMITS["wait_limit_seconds"])
    idle_minutes: Number = _between(LIMITS["idle_minutes"])
    capacity: Number = _between(LIMITS["capacity"])
    gone_minutes: Number = _between(LIMITS["gone_minutes"])
    session_idle_days: Number = _between(LIMITS["session_idle_days"])
    offer_to_absent: Switch = Field(default=None)
    ask_name: Text = Field(default=None, examples=["required", "optional", "off"])
    ask_email: Text = Field(default=None, examples=["required", "optional", "off"])
    title: Text = _text()
    greeting: Text = _text()
    fallback_text: Text = _text()
    fallback_meeting: Switch = Field(default=None)
    accent: Text = _text()
    identity_required: Switch = Field(default=None)


class MemberIn(Body):
    """`POST /members`."""

    email: Optional = ""
    name: Optional = ""
    role: Optional = ""
    password: Optional = ""
    time_zone: Optional = ""


class MemberChanges(Changes):
    """`PATCH /members/{id}`. `capacity` null: the default of the installation."""

    name: Optional = ""
    role: Text = ""
    capacity: Number | None = _between(LIMITS["capacity"])
    takes_chats: Switch = Field(default=None)
    is_disabled: Switch = Field(default=None)


class TeamIn(Body):
    """`POST` and `PUT /teams`."""

    name: Optional = ""
    agents: AgentIds | None = None


class ConditionIn(Body):
    """`value`: one, or `values`: several for `one_of`; none for `is_known`."""

    attribute: Optional = ""
    operator: Optional = ""
    values: Annotated[list[Text], BeforeValidator(_listed, json_schema_input_type=Text | list[Text])] = []
    value: Annotated[list[Text], BeforeValidator(_listed, json_schema_input_type=Text | list[Text])] = []


class RuleIn(Body):
    """`POST` and `PUT /rules`."""

    name: Optional = ""
    priority: Number = Field(default=100, json_schema_extra={"minimum": 0, "maximum": 100_000})
    conditions: list[ConditionIn] | None = None
    agents: AgentIds | None = None
    team: Optional = ""


class SimulatedVisitor(ContactIn, Body):
    """The attributes that rules compare."""

    email_domain: Optional = ""
    crm_status: Optional = ""
    country: Optional = ""
    language: Optional = ""
    page_url: Optional = ""
    referrer: Optional = ""
    time_zone: Optional = ""


class VisitorChanges(ContactIn, Changes):
    """`PATCH /visitors/{id}`. Null or empty takes a value away."""

    crm_status: Optional = ""


class BlockIn(Body):
    """`09:00` to `17:00`, on the clock of the agent's zone."""

    start: Optional = Field(default="", alias="from")
    end: Optional = Field(default="", alias="to")


class DayBlockIn(BlockIn):
    """`day`: mon to sun."""

    day: Optional = ""


class ExceptionIn(Body):
    """A day, such as 2026-12-24, with blocks of its own; without any, it's free."""

    date: Optional = ""
    blocks: list[BlockIn] | None = None


class ScheduleIn(Body):
    """`PUT /agent/schedule`."""

    time_zone: Text = "UTC"
    blocks: list[DayBlockIn] | None = None
    exceptions: list[ExceptionIn] | None = None


class MeetingSettingsIn(ScheduleIn):
    """`PUT /agent/meeting-settings`. What is left out becomes the default."""

    duration_minutes: Number = _between(meeting_rules.LIMITS["duration_minutes"], 30)
    step_minutes: Number = _between(meeting_rules.LIMITS["step_minutes"], 30)
    buffer_before_minutes: Number = _between(meeting_rules.LIMITS["buffer_before_minutes"], 0)
    buffer_after_minutes: Number = _between(meeting_rules.LIMITS["buffer_after_minutes"], 0)
    minimum_notice_hours: Number = _between(meeting_rules.LIMITS["minimum_notice_hours"], 24)
    horizon_days: Number = _between(meeting_rules.LIMITS["horizon_days"], 60)
    maximum_a_day: Number | None = _between(meeting_rules.MAXIMUM_A_DAY)
    invitation_text: Optional = ""
    video_link: Optional = ""
    when_broken: Text = Field(default="keep", examples=list(meeting_rules.WHEN_BROKEN))
