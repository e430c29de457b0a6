"""Who would get this visitor? (PRODUCT 5.3) Asks routing and changes nothing."""

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from inbox_app import clock
from inbox_app.domain.conditions import ATTRIBUTES
from inbox_app.services import routing_admin
from inbox_app.state.arguments import record, text
from inbox_app.state.changes import assign
from inbox_app.state.viewer import admin, language_of
from inbox_app.texts.catalogue import translate


@dataclass(frozen=True)
class Verdict:
    """`agent` empty: nobody. `why_kind`, `why_name`: see domain.routing.Why. `steps`: in the reader's language."""

    agent: str = ""
    why_kind: str = ""
    why_name: str = ""
    steps: list[str] = field(default_factory=list)


class SimulatorState(rx.State):
    """`asked` counts, so that the same verdict twice is two."""

    verdict: Verdict = Verdict()
    asked: int = 0

    @rx.event
    async def open(self) -> None:
        """From the tab: nothing asked yet."""
        await admin(self)
        assign(self, verdict=Verdict(), asked=0)

    @rx.event
    async def ask(self, form: dict[str, Any]) -> None:
        """A visitor with these attributes."""
        member, form = await admin(self), record(form, field="form")
        visitor = {name: text(form.get(name, ""), field=name, limit=2_000) for name in ATTRIBUTES}
        decision, _ = await routing_admin.decided(visitor, member=member, now=clock.now())
        language = language_of(self.router_data)
        steps = [translate(step.sentence, language, **step.gaps) for step in decision.steps]
        agent = decision.agent.name if decision.agent else ""
        self.verdict = Verdict(agent, decision.why.kind.value, decision.why.name, steps)
        self.asked += 1
