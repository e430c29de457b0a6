"""Which tab of /admin is shown; the address says (`/admin?tab=rules`)."""

from collections.abc import Mapping
from typing import Any, Final

import reflex as rx

from inbox_app.domain.people import Role
from inbox_app.state.address import parameter
from inbox_app.state.admin.accounts import AccountsState
from inbox_app.state.admin.audit import AuditState
from inbox_app.state.admin.calendars import CalendarHealthState
from inbox_app.state.admin.chat import ChatSettingsState
from inbox_app.state.admin.deliveries import DeliveriesState
from inbox_app.state.admin.identity import IdentityState
from inbox_app.state.admin.people import PeopleState
from inbox_app.state.admin.rules import RulesState
from inbox_app.state.admin.simulator import SimulatorState
from inbox_app.state.admin.teams import TeamsState
from inbox_app.state.changes import assign
from inbox_app.state.viewer import viewer

OPENERS: Final[dict[str, Any]] = {
    "people": PeopleState.watch,
    "teams": TeamsState.open,
    "rules": RulesState.open,
    "accounts": AccountsState.open,
    "chat": ChatSettingsState.open,
    "identity": IdentityState.open,
    "simulator": SimulatorState.open,
    "calendars": CalendarHealthState.watch,
    "deliveries": DeliveriesState.watch,
    "audit": AuditState.open,
}


class AdminState(rx.State):
    """`situation`: loading, open or refused."""

    situation: str = "loading"
    tab: str = ""

    @rx.event
    async def open(self) -> Any:
        """From on_load, also at a change of the tab."""
        if (await viewer(self)).role is not Role.ADMIN:
            assign(self, situation="refused", tab="")
            return None
        tab = read_tab(self.router_data)
        assign(self, situation="open", tab=tab)
        return OPENERS[tab]


def read_tab(router_data: Mapping[str, Any]) -> str:
    """Nonsense is the first tab."""
    asked = parameter(router_data, "tab")
    return asked if asked in OPENERS else next(iter(OPENERS))
