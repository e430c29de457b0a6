"""The newest deeds of the audit log (PRODUCT 5.6)."""

import reflex as rx

from inbox_app.data import views
from inbox_app.data.models_admin import AuditView
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin


class AuditState(rx.State):
    """Read when the tab is opened."""

    rows: list[AuditView] = []
    is_loaded: bool = False

    @rx.event
    async def open(self) -> None:
        """From the tab."""
        assign(self, rows=await views.audit(await admin(self)), is_loaded=True)
