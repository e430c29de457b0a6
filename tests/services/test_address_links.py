"""An agent has a link sent to the address that a visitor claims (PRODUCT 6.4), over a real SMTP server."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from inbox_app import clock
from inbox_app.data import views
from inbox_app.data.models import VisitorView
from inbox_app.data.tables import AuditRow, DeviceRow, OutboxRow, VisitorRow
from inbox_app.domain.errors import Conflict, NotAllowed, NotFound
from inbox_app.domain.people import Device, Member, Role
from inbox_app.services import address_links, address_proof, outbox, visitors
from inbox_app.settings import Settings
from tests.data.builders import a_chat, a_device, a_member, rows_of, set_row
from tests.mail_servers import MailServer, running_mail_server
from tests.services.builders import listening, told
from tests.services.test_catching_up import Other

pytestmark = pytest.mark.usefixtures("database")
VERA = "vera@example.com"


@pytest.fixture
def post(settings_with: Callable[..., Settings]) -> Iterator[MailServer]:
    with running_mail_server() as server:
        settings_with(smtp_url=server.url, public_url="https://chat.example.com")
        yield server


async def a_claimant(agent: Member, email: str = VERA, language: str = "en", **chat: Any) -> Device:
    """A browser that claims the address in an active chat with this agent."""
    device = await a_device("V", said_email=email)
    await set_row(DeviceRow, {"said": {"name": "V", "email": email}, "language": language}, id=device.id)
    await a_chat(agent=agent, device=device, **chat)
    return device


async def the_link(post: MailServer, email: str = VERA) -> str:
    """The token behind the `#`, from the mail as it arrived."""
    await outbox.run_due(now=clock.now())
    (letter,) = post.to(email)
    (url,) = re.findall(r"https://chat\.example\.com/confirm\S+", letter.text)
    assert url in letter.html
    return urlsplit(url).fragment


async def panel(member: Member, device: Device) -> VisitorView:
    return await views.visitor(member, device.visitor_id)


async def test_the_agent_sends_it_and_a_yes_in_any_browser_confirms_the_address_live(post: MailServer) -> None:
    ana = await a_member()
    device = await a_claimant(ana)
    assert ((await panel(ana, device)).can_send_link, (await panel(ana, device)).is_link_sent) == (True, False)
    async with listening(f"visitor:{device.visitor_id}") as changes:
        await address_links.send(device.visitor_id, member=ana, now=clock.now())
        assert "changed" in [event.kind for event in await told(changes)]
        assert (await panel(ana, device)).is_link_sent is True
        token = await the_link(post)
        asked = await address_proof.question(token, now=clock.now())
        assert (asked.email, asked.name) == (VERA, "V")
        assert (await panel(ana, device)).is_email_confirmed is False
        await address_proof.answer(token, "yes", now=clock.now())
        assert "changed" in [event.kind for event in await told(changes)]
    shown = await panel(ana, device)
    assert (shown.email, shown.is_email_confirmed, shown.can_send_link) == (VERA, True, False)
    assert [(line.actor_id, line.subject) for line in await rows_of(AuditRow, action="visitor.link_sent")] == [
        (ana.id, device.visitor_id)
    ]
    await address_proof.answer(token, "yes", now=clock.now())
    with pytest.raises(Conflict):
        await address_proof.answer(token, "no", now=clock.now())


async def test_opened_in_the_browser_that_chatted_it_confirms_at_once(post: MailServer) -> None:
    ana = await a_member()
    device = await a_claimant(ana)
    await address_links.send(device.visitor_id, member=ana, now=clock.now())
    await address_proof.confirm(await the_link(post), device=device, now=clock.now())
    assert (await panel(ana, device)).is_email_confirmed is True


async def test_after_no_there_is_no_link_any_more(post: MailServer) -> None:
    ana = await a_member()
    device = await a_claimant(ana)
    await address_links.send(device.visitor_id, member=ana, now=clock.now())
    token = await the_link(post)
    await address_proof.answer(token, "no", now=clock.now())
    for again in (address_proof.question(token, now=clock.now()), address_proof.answer(token, "yes", now=clock.now())):
        with pytest.raises(Conflict):
            await again
    assert (await panel(ana, device)).can_send_link is False
    with pytest.raises(Conflict, match="no address"):
        await address_links.send(device.visitor_id, member=ana, now=clock.now() + timedelta(hours=2))


async def test_an_address_that_the_agent_cleared_meanwhile_is_not_proved_by_the_link(post: MailServer) -> None:
    ana = await a_member()
    device = await a_claimant(ana)
    await address_links.send(device.visitor_id, member=ana, now=clock.now())
    token = await the_link(post)
    await visitors.correct(device.visitor_id, field="email", value="otto@example.com", member=ana, now=clock.now())
    await visitors.correct(device.visitor_id, field="email", value="", member=ana, now=clock.now())
    with pytest.raises(NotFound):
        await address_proof.answer(token, "yes", now=clock.now())
    assert [row.email for row in await rows_of(VisitorRow)] == [None]


async def test_one_link_an_hour_to_an_address_and_for_a_browser(post: MailServer) -> None:
    ana, now = await a_member(), clock.now()
    device, other = await a_claimant(ana), await a_claimant(ana)
    await address_links.send(device.visitor_id, member=ana, now=now)
    with pytest.raises(Conflict, match="less than an hour"):
        await address_links.send(other.visitor_id, member=ana, now=now + timedelta(minutes=59))
    await set_row(DeviceRow, {"said": {"email": "otto@example.com"}}, id=device.id)
    await set_row(VisitorRow, {"said_email": "otto@example.com"}, id=device.visitor_id)
    with pytest.raises(Conflict, match="less than an hour"):
        await address_links.send(device.visitor_id, member=ana, now=now + timedelta(minutes=59))
    await address_links.send(device.visitor_id, member=ana, now=now + timedelta(minutes=61))
    assert [row.payload["email"] for row in await rows_of(OutboxRow)] == [VERA, "otto@example.com"]


async def test_it_is_for_the_agent_of_the_chat_or_an_admin(post: MailServer) -> None:
    ana, ben, mia = await a_member(), await a_member("Ben"), await a_member("Mia", role=Role.MANAGER)
    device = await a_claimant(ana, state="ended")
    for member in (ben, mia):
        with pytest.raises(NotAllowed):
            await address_links.send(device.visitor_id, member=member, now=clock.now())
        assert (await panel(member, device)).can_send_link is False
    root = await a_member("Root", role=Role.ADMIN)
    assert (await panel(root, device)).can_send_link is True
    await address_links.send(device.visitor_id, member=root, now=clock.now())


async def test_without_mail_there_is_no_button_and_a_clear_refusal() -> None:
    ana = await a_member()
    device = await a_claimant(ana)
    assert (await panel(ana, device)).can_send_link is False
    with pytest.raises(Conflict, match="set up"):
        await address_links.send(device.visitor_id, member=ana, now=clock.now())


async def test_the_mail_speaks_the_visitors_language(post: MailServer) -> None:
    ana = await a_member()
    device = await a_claimant(ana, language="fr-FR")
    await address_links.send(device.visitor_id, member=ana, now=clock.now())
    await the_link(post)
    assert post.to(VERA)[0].subject == "Confirmez votre adresse e-mail"


async def test_another_process_notices_it_without_redis(post: MailServer) -> None:
    ana, other = await a_member(), Other()
    device = await a_claimant(ana)
    async with other.listening(f"visitor:{device.visitor_id}") as listeners:
        await address_links.send(device.visitor_id, member=ana, now=clock.now())
        assert await other.told(listeners) == [True]


async def test_it_is_about_the_claim_made_in_the_chat_on_the_screen(post: MailServer) -> None:
    """Several people share the record: a colleague's chat, one without the claim, a person who said another address."""
    ana, ben, now = await a_member(), await a_member("Ben"), clock.now()
    device = await a_claimant(ana)
    visitor_id, asked = device.visitor_id, {"visitor_id": device.visitor_id}
    older, newer, silent, other, bens = [await a_device("V", **asked) for _ in range(5)]
    for claimant in (older, newer, bens):
        await set_row(DeviceRow, {"said": {"email": VERA}}, id=claimant.id)
    await set_row(DeviceRow, {"said": {"email": "otto@example.com"}}, id=other.id)
    chats = {
        name: (await a_chat(agent=agent, device=one, state=state, at=now, **more)).id
        for name, agent, one, state, more in (
            ("older", ana, older, "active", {}), ("newer", ana, newer, "active", {}),
            ("silent", ana, silent, "active", {}), ("bens", ben, bens, "ended", {}),
            ("other", ana, other, "active", {"said_email": "otto@example.com"}),
        )
    }  # fmt: skip
    shown = {name: (await views.visitor(ana, visitor_id, chat)).can_send_link for name, chat in chats.items()}
    assert shown == {"older": True, "newer": True, "silent": False, "bens": False, "other": False}
    elsewhere = (await a_chat(agent=ana)).id
    for chat, refusal in (
        (chats["silent"], Conflict), (chats["other"], Conflict), (chats["bens"], NotAllowed), (elsewhere, NotFound),
        ("nothing", NotFound),
    ):  # fmt: skip
        with pytest.raises(refusal):
            await address_links.send(visitor_id, chat, member=ana, now=now)
    await address_links.send(visitor_id, chats["older"], member=ana, now=now)
    (planned,) = await rows_of(OutboxRow)
    assert (planned.subject_id, planned.payload["device_id"]) == (chats["older"], older.id)
    sent = {name: (await views.visitor(ana, visitor_id, chats[name])).is_link_sent for name in ("older", "newer")}
    assert sent == {"older": True, "newer": False}
