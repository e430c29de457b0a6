"""What the audit log shows: names in place of ids, codes that have words, and never a raw key."""

from typing import Any

import pytest

from inbox_app.data import views
from inbox_app.data.engine import unit_of_work
from inbox_app.data.ids import new_id
from inbox_app.data.models_admin import AuditDetailView, AuditValueView, AuditView
from inbox_app.data.tables import AccountRow, AuditRow, TeamRow
from inbox_app.domain.errors import NotAllowed
from tests.data.builders import NOW, a_device, a_member

pytestmark = pytest.mark.usefixtures("database")
LONG = "x" * 200


async def shown(action: str, subject: str = "", **details: Any) -> AuditView:
    admin = await a_member("Rut", role="admin")
    async with unit_of_work() as session:
        session.add(AuditRow(at=NOW, actor_id=admin.id, action=action, subject=subject, details=details))
    (view,) = await views.audit(admin)
    assert view.actor == "Rut"
    return view


def word(value: str) -> AuditValueView:
    return AuditValueView(*value.split(":", 1))


def text(value: str) -> AuditValueView:
    return AuditValueView("text", value)


@pytest.mark.parametrize(
    ("action", "details", "expected"),
    [
        ("password.reset_offered", {"by_mail": False}, [("by_mail", [word("flag:false")])]),
        ("member.invited", {"role": "agent", "by_mail": True}, [("role", [word("role:agent")]),
                                                                ("by_mail", [word("flag:true")])]),
        ("member.changed", {"name": "Ada", "capacity": None}, [("name", [text("Ada")]), ("capacity", [text("-")])]),
        ("rule.saved", {"name": "VIP"}, []),
        ("calendar.shared", {"name": "Ben", "share": "01ab"}, []),
        ("calendar.connected", {"kind": "caldav"}, [("kind", [word("kind:caldav")])]),
        ("delivery.retried", {"name": "mail.agent"}, [("kind", [word("kind:mail.agent")])]),
        ("meeting_settings.changed", {"fields": ["blocks", "step_minutes"]},
         [("fields", [word("fields:blocks"), word("fields:step_minutes")])]),
        ("conversations.exported", {"filters": ""}, []),
        ("conversations.exported", {"filters": "query=a b=c outcome=missed"},
         [("query", [text("a b=c")]), ("outcome", [word("outcome:missed")])]),
        ("conversations.exported", {"query": LONG}, [("query", [text(LONG[:80] + "…")])]),
        ("conversations.pruned", {"before": "2026-01-01T00:00:00+00:00"},
         [("before", [AuditValueView("time", "2026-01-01T00:00:00+00:00")])]),
        ("visitor.merged", {"merged": "gone"}, []),
    ],
)  # fmt: skip
async def test_a_detail_is_a_key_with_values(
    action: str, details: dict[str, Any], expected: list[tuple[str, list[AuditValueView]]]
) -> None:
    view = await shown(action, **details)
    assert view.details == [AuditDetailView(key, values) for key, values in expected]


@pytest.mark.parametrize(
    ("action", "subject", "details", "key", "values"),
    [
        ("settings.changed", "capacity", {}, "", [text("1"), text("2")]),
        ("settings.changed", "offer_to_absent", {}, "", [word("flag:false"), word("flag:true")]),
        ("settings.changed", "ask_name", {}, "", [word("choice:required"), word("choice:off")]),
        ("settings.changed", "title", {}, "", [text("-"), text("off")]),
        ("visitor.corrected", "", {"field": "company"}, "company", [text("-"), text("Acme")]),
    ],
)
async def test_a_change_shows_what_it_was_before(
    action: str, subject: str, details: dict[str, Any], key: str, values: list[AuditValueView]
) -> None:
    before, after = ({"false": False, "true": True}.get(value.text, value.text) for value in values)
    view = await shown(action, subject, before="" if before == "-" else before, after=after, **details)
    assert view.subject == subject
    assert view.details == [AuditDetailView(key, values, is_change=True)]


async def test_ids_are_shown_as_names() -> None:
    ana, ben, vera = await a_member("Ana"), await a_member("Ben"), await a_device("Vera")
    team, account = TeamRow(id=new_id(), name="Sales"), AccountRow(id=new_id(), domain="acme.com", owner_id=ana.id)
    async with unit_of_work() as session:
        session.add_all([team, account])
        for subject in (ana.id, vera.visitor_id, team.id, account.id, new_id()):
            session.add(AuditRow(at=NOW, action="team.saved", subject=subject, details={"agents": [ana.id, ben.id]}))
    found = await views.audit(await a_member("Rut", role="admin"))

    assert [view.subject for view in found] == ["", "acme.com", "Sales", "Vera", "Ana"]
    assert all(view.details == [AuditDetailView("agents", [text("Ana"), text("Ben")])] for view in found)


async def test_a_name_that_was_noted_stands_in_for_what_is_gone() -> None:
    assert (await shown("rule.removed", new_id(), name="VIP")).subject == "VIP"


async def test_only_admins_read_it() -> None:
    with pytest.raises(NotAllowed):
        await views.audit(await a_member("Mia", role="manager"))
