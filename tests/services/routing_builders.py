"""Rules that admins make, and whom they lead a visitor to."""

from typing import Any

from inbox_app.domain.people import Member
from inbox_app.services import routing_admin
from tests.data.builders import NOW
from tests.services.builders import a_request, ringing

FRENCH = {"attribute": "email_domain", "operator": "is", "value": "exemple.fr"}
HEADER = "company,domain,owner\n"


async def a_rule(root: Member, *agents: Member, **changes: Any) -> str:
    """French addresses go to these agents."""
    value = {"name": "French", "priority": 10, "conditions": [FRENCH], "agents": [one.id for one in agents]}
    return await routing_admin.save_rule(value | changes, member=root, now=NOW)


async def asked_for(email: str, *members: Member, company: str = "") -> Member:
    """At whom a visitor with this address rings."""
    return (await ringing(await a_request(email=email, company=company), *members))[0]
