"""The admin API: settings, people, teams, rules, accounts, the simulator."""

from dataclasses import asdict
from typing import Any

from pydantic import BaseModel

from inbox_app import clock
from inbox_app.api import bodies
from inbox_app.api.callers import CallingAdmin
from inbox_app.api.incoming import clean_router
from inbox_app.api.shapes import Text
from inbox_app.services import chat_settings, invitations, people, routing_admin, site_secrets

router = clean_router(prefix="/api/v1", tags=["admin"])


@router.get("/settings")
async def read_settings(_member: CallingAdmin) -> dict[str, Any]:
    """Settings of offers, waiting, idle chats and the widget."""
    return asdict(await chat_settings.load())


@router.put("/settings")
async def change_settings(body: bodies.SettingsIn, member: CallingAdmin) -> dict[str, Any]:
    """Change some: all or, at the first wrong one, none. In force at once."""
    return asdict(await chat_settings.change(body.given(), member=member, now=clock.now()))


@router.get("/site-secrets")
async def read_site_secrets(member: CallingAdmin) -> dict[str, Any]:
    """The valid secrets with which the site signs its users' ids, newest first. Makes the first one."""
    return {"items": [asdict(one) for one in await site_secrets.listed(member, now=clock.now())]}


@router.post("/site-secrets", status_code=201)
async def rotate_site_secret(member: CallingAdmin) -> dict[str, Any]:
    """A new secret beside the current one. 409 while two are valid."""
    return {"items": [asdict(one) for one in await site_secrets.rotate(member, now=clock.now())]}


@router.delete("/site-secrets/old", status_code=204)
async def retire_site_secret(member: CallingAdmin) -> None:
    """The old secret is no longer valid."""
    await site_secrets.retire(member, now=clock.now())


@router.get("/members")
async def read_members(member: CallingAdmin) -> dict[str, Any]:
    """Everyone who signs in."""
    return {"items": await people.listed(member, now=clock.now())}


@router.post("/members", status_code=201)
async def add_member(body: bodies.MemberIn, member: CallingAdmin) -> dict[str, Any]:
    """Add one: `email`, `name`, `role`, `password?`, `time_zone?`. Without a password: invited by a link."""
    if body.password:
        return {"id": await people.invite(body.given(), member=member, now=clock.now())}
    handed = await invitations.invite_form(body.given(), member=member, now=clock.now())
    return {"id": handed.member_id, "invitation": invitations.as_json(handed)}


@router.post("/members/{member_id}/invitation", status_code=201)
async def invite_again(member_id: str, member: CallingAdmin) -> dict[str, Any]:
    """Invite a disabled person again: `{url, is_mailed, expires_at}`; `url` is null when it was mailed."""
    return invitations.as_json(await invitations.invite_again(member_id, member=member, now=clock.now()))


@router.post("/members/{member_id}/password-reset", status_code=201)
async def offer_a_reset(member_id: str, member: CallingAdmin) -> dict[str, Any]:
    """A link to a new password for an enabled person, in the same shape."""
    return invitations.as_json(await invitations.reset_link(member_id, member=member, now=clock.now()))


@router.patch("/members/{member_id}", status_code=204)
async def change_member(member_id: str, body: bodies.MemberChanges, member: CallingAdmin) -> None:
    """Change `name`, `role`, `capacity`, `takes_chats` or `is_disabled`."""
    await people.change(member_id, body.given(), member=member, now=clock.now())


@router.get("/teams")
async def read_teams(member: CallingAdmin) -> dict[str, Any]:
    """Teams with their agents."""
    return {"items": await routing_admin.teams(member)}


@router.post("/teams", status_code=201)
async def add_team(body: bodies.TeamIn, member: CallingAdmin) -> dict[str, str]:
    """`{name, agents: [id]}`."""
    return {"id": await routing_admin.save_team(body.given(), member=member, now=clock.now())}


@router.put("/teams/{team_id}", status_code=204)
async def change_team(team_id: str, body: bodies.TeamIn, member: CallingAdmin) -> None:
    """Replace it."""
    await routing_admin.save_team(body.given(), team_id=team_id, member=member, now=clock.now())


@router.delete("/teams/{team_id}", status_code=204)
async def remove_team(team_id: str, member: CallingAdmin) -> None:
    """Remove it; rules that name it are passed over."""
    await routing_admin.remove("team", team_id, member=member, now=clock.now())


@router.get("/rules")
async def read_rules(member: CallingAdmin) -> dict[str, Any]:
    """Routing rules in the order in which they are asked."""
    return {"items": await routing_admin.rules(member)}


@router.post("/rules", status_code=201)
async def add_rule(body: bodies.RuleIn, member: CallingAdmin) -> dict[str, str]:
    """`{name, priority, conditions: [{attribute, operator, values}], agents: [id], team}`."""
    return {"id": await routing_admin.save_rule(body.given(), member=member, now=clock.now())}


@router.put("/rules/{rule_id}", status_code=204)
async def change_rule(rule_id: str, body: bodies.RuleIn, member: CallingAdmin) -> None:
    """Replace it."""
    await routing_admin.save_rule(body.given(), rule_id=rule_id, member=member, now=clock.now())


@router.delete("/rules/{rule_id}", status_code=204)
async def remove_rule(rule_id: str, member: CallingAdmin) -> None:
    """Remove it."""
    await routing_admin.remove("rule", rule_id, member=member, now=clock.now())


@router.get("/accounts")
async def read_accounts(member: CallingAdmin) -> dict[str, Any]:
    """Accounts with their owners."""
    return {"items": await routing_admin.accounts(member)}


class AccountsIn(BaseModel):
    """A CSV file with the columns company, domain, owner."""

    csv: Text


@router.post("/accounts/preview")
async def preview_accounts(body: AccountsIn, member: CallingAdmin) -> dict[str, Any]:
    """What an import would write, and the lines that it would not, with the reason. Writes nothing."""
    return routing_admin.import_json(await routing_admin.read_accounts(body.csv, member=member))


@router.post("/accounts/import")
async def import_accounts(body: AccountsIn, member: CallingAdmin) -> dict[str, Any]:
    """Write the good lines."""
    return routing_admin.import_json(await routing_admin.write_accounts(body.csv, member=member, now=clock.now()))


@router.delete("/accounts/{account_id}", status_code=204)
async def remove_account(account_id: str, member: CallingAdmin) -> None:
    """Remove it."""
    await routing_admin.remove("account", account_id, member=member, now=clock.now())


@router.post("/routing/simulate")
async def simulate(body: bodies.SimulatedVisitor, member: CallingAdmin) -> dict[str, Any]:
    """Who would get a visitor with these attributes, and why; nothing is changed."""
    return await routing_admin.simulate(body.given(), member=member, now=clock.now())
