"""Every kind of entry in the audit log has words; one without them is shown to admins as it's stored."""

import ast
import re

from inbox_app.components.admin.audit import ACTIONS
from tests.architecture.sources import sources

ACTION = re.compile(r"[a-z_]+\.[a-z_]+")


def audited() -> set[str]:
    """The literal actions of every `….audit(…)`; those that are put together from parts are left out."""
    return {
        constant.value
        for source in sources()
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "audit"
        and call.args
        for constant in ast.walk(call.args[0] if call.args else call)
        if isinstance(constant, ast.Constant) and isinstance(constant.value, str) and ACTION.fullmatch(constant.value)
    }


def test_every_entry_of_the_audit_log_has_words() -> None:
    found = audited()
    assert {"visitor.merged", "password.reset"} <= found
    assert found - {action for action, _ in ACTIONS} == set()
