"""Every action and every detail in the audit log has words; one without them is shown to admins as it's stored."""

import ast
import re
from collections.abc import Iterator

import pytest

from inbox_app.components.admin.audit_words import ACTIONS, DETAILS, SETTINGS, VALUES
from inbox_app.components.admin.deliveries import KINDS
from inbox_app.data.views.audit import CODES, NEVER_LABELLED
from inbox_app.domain.booking import MeetingStatus
from inbox_app.domain.chat_settings import CHOICES, ChatSettings
from inbox_app.domain.conversation import PAST, EndReason
from inbox_app.domain.meeting_settings import defaults, to_json
from inbox_app.domain.people import Role
from inbox_app.services.history_export import Filters
from inbox_app.services.people import CHANGEABLE
from inbox_app.services.visitors import CORRECTABLE
from tests.architecture.sources import in_layers, sources

ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
ARGUMENTS = {"by", "now", "subject"}
COMPOSED = {
    "f'{kind}.removed'": {"team.removed", "rule.removed", "account.removed"},
    "f'meeting.{status}'": {f"meeting.{status}" for status in MeetingStatus} - {"meeting.scheduled"},
}
"""Actions that are put together, by their source. A meeting that is only booked isn't audited."""
SPREAD = {"changes": set(CHANGEABLE), "asked": set(Filters.__annotations__)}
"""The keys that `**details` can have, by its source."""


def audits() -> Iterator[tuple[str, ast.Call]]:
    """(where, call) of every `….audit(…)` of a use case."""
    for source in in_layers("services"):
        for call in ast.walk(source.tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "audit":
                yield f"{source.shown}:{call.lineno}", call


def actions_of(call: ast.Call) -> set[str]:
    action = call.args[0]
    if (source := ast.unparse(action)) in COMPOSED:
        return COMPOSED[source]
    assert not any(isinstance(part, ast.JoinedStr) for part in ast.walk(action)), f"add {source} to COMPOSED"
    texts = [part.value for part in ast.walk(action) if isinstance(part, ast.Constant)]
    found = {text for text in texts if isinstance(text, str) and ACTION.fullmatch(text)}
    assert found, f"no action in {source}"
    return found


def details_of(call: ast.Call) -> set[str]:
    found: set[str] = set()
    for keyword in call.keywords:
        if keyword.arg is None:
            source = ast.unparse(keyword.value)
            assert source in SPREAD, f"add the keys of **{source} to SPREAD"
            found |= SPREAD[source]
        elif keyword.arg not in ARGUMENTS:
            found.add(keyword.arg)
    return found


def inserted() -> Iterator[tuple[str, ast.Dict]]:
    """Entries that are written without a use case: dictionaries with an action and details."""
    for source in sources():
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Dict):
                keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
                if {"action", "subject", "details"} <= keys:
                    yield source.shown, node


def test_every_action_has_words() -> None:
    labelled = {action for action, _ in ACTIONS}
    calls = list(audits())
    assert len(calls) > 40
    missing = {where: actions_of(call) - labelled for where, call in calls if actions_of(call) - labelled}
    assert missing == {}


def test_every_detail_has_a_label() -> None:
    known = {key for key, _ in DETAILS} | NEVER_LABELLED
    missing = {where: details_of(call) - known for where, call in audits() if details_of(call) - known}
    assert missing == {}


def test_entries_written_without_a_use_case_have_words() -> None:
    (written,) = [ast.literal_eval(ast.unparse(node).replace("restored_to", "''")) for _, node in inserted()]
    assert written["action"] in {action for action, _ in ACTIONS}
    assert set(written["details"]) <= {key for key, _ in DETAILS}


@pytest.mark.parametrize(
    ("code", "values"),
    [
        ("flag", ["true", "false"]),
        ("role", list(Role)),
        ("kind", ["caldav", "google", "microsoft", *(kind for kind, _ in KINDS)]),
        ("fields", list(to_json(defaults("UTC")))),
        ("outcome", [*EndReason, *PAST]),
        ("choice", [choice for choices in CHOICES.values() for choice in choices]),
    ],
)
def test_every_value_that_is_a_code_has_words(code: str, values: list[str]) -> None:
    assert {f"{code}:{value}" for value in values} <= {value for value, _ in VALUES}
    assert code in CODES | {"flag"}


def test_every_setting_has_a_name() -> None:
    assert set(vars(ChatSettings())) == {name for name, _ in SETTINGS}


def test_every_field_that_agents_correct_has_a_name() -> None:
    assert set(CORRECTABLE) <= {key for key, _ in DETAILS}
