"""Somebody of each role, in the middle of their work, and the ids of all that is there."""

from dataclasses import dataclass
from typing import Final

from sqlmodel import SQLModel

from inbox_app.data.engine import unit_of_work
from inbox_app.domain.people import Role
from tests.api.booking import booked, shared
from tests.api.conftest import AGENT, Agent, Caller, People
from tests.data.builders import PASSWORD

ROLES: Final = ("anonymous", "visitor", "agent", "manager", "admin")
CONDITION: Final = {"attribute": "language", "operator": "is", "value": "fr"}
READ_BY_ADMINS: Final = (
    "/settings", "/members", "/teams", "/rules", "/accounts", "/deliveries", "/calendars", "/history", "/missed",
    "/offers", "/conversations?filter=all", "/meetings", "/agents", "/agent", "/agent/schedule",
    "/agent/meeting-settings", "/history/export.csv", "/history/export.json", "/account/sessions",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """`real`: ids by the names that paths and bodies have for them."""

    people: People
    callers: dict[str, Caller]
    real: dict[str, tuple[str, ...]]

    async def is_readable(self) -> None:
        """All that everybody reads first: one value that can't be sent would make each of these fail for ever."""
        root = await self.people.agent("Rita", role=Role.ADMIN, takes_chats=True)
        for path in READ_BY_ADMINS:
            answer = await root.http.get(AGENT + path)
            assert answer.status_code == 200, f"{path}: {answer.text}"
        vera = await self.people.visitor()
        await vera.ask()
        for conversation_id in self.real["conversation_id"]:
            answer = await root.get(f"/conversations/{conversation_id}/messages", after=0)
            assert answer.status_code in {200, 404}, answer.text


async def a_world(people: People) -> World:
    """Alone: two chats, of which one is over; a meeting; a team, a rule and an account; somebody who waits."""
    async with unit_of_work() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            await session.execute(table.delete())
    ana = await people.agent("Ana", capacity=10)
    root = await people.agent("Root", role=Role.ADMIN, takes_chats=True, capacity=10)
    mia = await people.agent("Mia", role=Role.MANAGER)
    vera, past, waiting = await people.visitor(), await people.visitor(), await people.visitor()
    for visitor in (past, vera):
        await visitor.ask(name="Vera", email="vera@example.com")
        for agent in (ana, root):
            await agent.accept_all()
    owner = await _owner(vera.chat_id, ana, root)
    share_id = await shared(owner, vera.chat_id)
    meeting = await booked(vera, share_id)
    await past.post(f"/conversations/{past.chat_id}/end")
    await waiting.ask()
    team = (await root.post("/teams", name="Desk", agents=[ana.member.id])).json()["id"]
    rule = (await root.post("/rules", name="French", conditions=[CONDITION], team=team)).json()["id"]
    await root.post("/accounts/import", csv=f"company,domain,owner\nAcme,acme.example,{ana.member.email}\n")
    accounts = (await root.get("/accounts")).json()["items"]
    offers = [(await agent.get("/offers")).json()["items"] for agent in (ana, root)]
    members, chats = (ana.member.id, root.member.id, mia.member.id), (vera.chat_id, past.chat_id, waiting.chat_id)
    real = {
        "conversation_id": chats, "visitor_id": (vera.visitor_id, past.visitor_id), "member_id": members,
        "agent_id": members, "agents": members, "agent": members, "team": (team,), "team_id": (team,),
        "rule_id": (rule,), "account_id": tuple(row["id"] for row in accounts), "share_id": (share_id,),
        "meeting_id": (meeting["id"],), "offer_id": tuple(offer["id"] for found in offers for offer in found),
        "token": (meeting["token"], vera.http.headers["Authorization"].removeprefix("Bearer ")),
        "start": (meeting["start"],), "delivery_id": ("1", "2"), "email": (ana.member.email,), "password": (PASSWORD,),
    }  # fmt: skip
    callers = {"anonymous": await people.somebody(), "visitor": vera, "agent": ana, "manager": mia, "admin": root}
    return World(people, callers, real)


async def _owner(chat_id: str, *agents: Agent) -> Agent:
    for agent in agents:
        rows = (await agent.get("/conversations")).json()["items"]
        if chat_id in {row["id"] for row in rows}:
            return agent
    raise AssertionError("nobody has this chat")
