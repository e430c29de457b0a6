"""The site's secret (PRODUCT 10.2): checks signed identities; shown to admins, replaced without a gap by them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from inbox_app.data import conversations, rule_settings, site_secrets
from inbox_app.data.engine import reading
from inbox_app.data.ids import new_secret
from inbox_app.data.instants import iso
from inbox_app.domain.errors import Conflict, IdentityNotProved
from inbox_app.domain.identity import UNSIGNED, Claims, Proof, Signature, proof_of
from inbox_app.domain.people import Member, clean_text
from inbox_app.domain.permissions import require_admin
from inbox_app.sealing import SealBroken, seal, unseal
from inbox_app.services.use_case import UseCase, use_case

PURPOSE: Final = "site secret"
USER_ID_LIMIT: Final = 254


@dataclass(frozen=True)
class SiteSecret:
    """`since`: when it was made."""

    secret: str
    since: str


async def check(signature: Signature, claims: Claims, *, now: datetime) -> Proof:
    """What is proved; empty for claims alone. `claims` are clean.

    Raises IdentityNotProved for a wrong hash, and for an unsigned identity where the site requires a signed one.
    """
    if not claims and signature == UNSIGNED:
        return Proof()
    user_id = clean_text(signature.user_id, field="identity.user_id", limit=USER_ID_LIMIT)
    async with reading() as connection:
        is_required = (await rule_settings.load(connection)).identity_required
        secrets = [one.secret for one in _opened(await site_secrets.load(connection), now=now)]
    proof = proof_of(Signature(user_id, signature.hash, signature.email_hash), claims.email, secrets)
    if proof is None:
        raise IdentityNotProved
    if is_required and not proof:
        raise IdentityNotProved("This site only accepts signed identities. Send user_id with its hash.")
    return proof


def _opened(rows: list[dict[str, str]], *, now: datetime) -> list[SiteSecret]:
    """The secrets that the signing key opens. After it has changed there are none, and an admin creates a new one."""
    found = []
    for row in rows:
        try:
            found.append(SiteSecret(unseal(row["sealed"], purpose=PURPOSE, now=now), row["since"]))
        except SealBroken:
            continue
    return found


async def listed(member: Member, *, now: datetime) -> list[SiteSecret]:
    """The valid ones, newest first; the first one is made when an admin first looks."""
    require_admin(member)
    async with reading() as connection:
        found = _opened(await site_secrets.load(connection), now=now)
    return found or await rotate(member, now=now)


async def rotate(member: Member, *, now: datetime) -> list[SiteSecret]:
    """A new one; the one before stays valid until it is retired. Raises Conflict while two are valid."""
    require_admin(member)
    async with use_case() as case:
        await conversations.begin_routing(case.session)  # two admins at once must not make two
        valid = _opened(await site_secrets.load(case.session), now=now)
        if len(valid) > 1:
            raise Conflict("Two secrets are already valid. Retire the old one first.")
        made = [SiteSecret(new_secret(), iso(now)), *valid]
        await _save(case, made, now=now)
        case.audit("site_secret.made", by=member.id, now=now)
    return made


async def retire(member: Member, *, now: datetime) -> list[SiteSecret]:
    """The old one is no longer valid. Without an old one nothing happens."""
    require_admin(member)
    async with use_case() as case:
        await conversations.begin_routing(case.session)
        valid = _opened(await site_secrets.load(case.session), now=now)
        if len(valid) > 1:
            await _save(case, valid[:1], now=now)
            case.audit("site_secret.retired", by=member.id, now=now)
    return valid[:1]


async def _save(case: UseCase, secrets: list[SiteSecret], *, now: datetime) -> None:
    rows = [{"sealed": seal(one.secret, purpose=PURPOSE, now=now), "since": one.since} for one in secrets]
    await site_secrets.save(case.session, rows)
