"""Another person signs in on a browser (PRODUCT 6.4): nothing of the one before may be shown to them."""

import logging
from datetime import datetime

from inbox_app.data import conversations, visitors
from inbox_app.data.ids import digest, new_secret
from inbox_app.data.tables import DeviceRow, VisitorRow
from inbox_app.domain.conversation import EndReason
from inbox_app.domain.identity import Claims, Proof
from inbox_app.domain.people import visitor_title
from inbox_app.services import routing
from inbox_app.services.conversations import end_in
from inbox_app.services.devices import tell_all_processes
from inbox_app.services.identity import address_of, is_merged, own_words
from inbox_app.services.use_case import UseCase

log = logging.getLogger(__name__)


async def retire_if_another(case: UseCase, device_id: str, proof: Proof, claims: Claims, *, now: datetime) -> bool:
    """Retire the browser's token if the proof is of another person than the one who used it. Returns whether it was.

    All its chats stay with the token that nobody has from now on, so that no route and no open tab can reach them.
    Open ones end, since their visitor can't come back to them. Called under the routing lock.
    """
    device, visitor = await visitors.visitor_of(case.session, device_id)
    if not _is_another(device, visitor, proof, claims):
        return False
    name = visitor_title(own_words(device, visitor).name, device.shown_id)
    device.token_digest = digest(new_secret())
    await case.session.flush()
    for _, conversation_id, _ in await visitors.going_on_in(case.session, [device_id]):
        conversation = await conversations.of_device(case.session, conversation_id, device_id)
        if conversation and conversation.is_open:
            await end_in(case, conversation, reason=EndReason.VISITOR, name=name, now=now)
    await routing.offer_waiting_in(case, now=now)
    tell_all_processes(case, device_id)
    log.info("retired device=%s", device_id)
    return True


def _is_another(device: DeviceRow, visitor: VisitorRow, proof: Proof, claims: Claims) -> bool:
    """By the site's ids of the two, else by their addresses; with nothing to compare, it's the same person.

    What the record of an agent's merge says doesn't count: the answer would tell the browser of the merge.
    """
    is_own = not is_merged(device)
    user_id = device.user_id or (visitor.user_id if is_own else None)
    if user_id and proof.user_id:
        return user_id != proof.user_id
    known = {address_of(visitor) if is_own else "", own_words(device, visitor).email} - {""}
    given = proof.email or claims.email
    return bool(known or user_id) and given not in {"", *known}
