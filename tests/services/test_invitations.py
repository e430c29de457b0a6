"""Invitations and password resets by one-time links (PRODUCT 5.3, 9.5), by mail and to copy."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import pytest

from inbox_app.data.engine import unit_of_work
from inbox_app.data.tables import AuditRow, MemberLinkRow, MemberRow, OutboxRow
from inbox_app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, NotSignedIn, SignInFailed
from inbox_app.domain.people import Member, Role
from inbox_app.services import accounts, invitations, member_links, outbox, password_reset, people, sign_in
from inbox_app.services.member_links import INVITATION, RESET, Handed
from inbox_app.settings import Settings
from tests.data.builders import NOW, PASSWORD, a_member, rows_of
from tests.mail_servers import MailServer, running_mail_server

pytestmark = pytest.mark.usefixtures("database")
NEW = "a-new-password-1"
NINA = "nina@example.com"
SettingsWith = Callable[..., Settings]


@pytest.fixture
def post(settings_with: SettingsWith) -> Iterator[MailServer]:
    """A mail server that the installation is set up with."""
    with running_mail_server() as server:
        settings_with(
            smtp_url=server.url, mail_from="Agent Inbox <inbox@example.com>", public_url="https://chat.example.com"
        )
        yield server


async def root() -> Member:
    return await a_member("Root", role=Role.ADMIN)


async def invited(by: Member | None = None, email: str = NINA, role: str = "agent") -> Handed:
    return await invitations.invite(email=email, name="Nina", role=role, by=by, now=NOW)


def token_in(url: str) -> str:
    return url.partition("#")[2]


async def join(token: str, name: str = "Nina Roth", password: str = NEW, days: float = 0) -> str:
    at = NOW + timedelta(days=days)
    joined = await invitations.accept(token, name=name, password=password, address="", user_agent="", now=at)
    return joined.token


async def can_sign_in(email: str, password: str) -> bool:
    try:
        await sign_in.sign_in(email, password, now=NOW)
    except SignInFailed:
        return False
    return True


async def test_an_invited_person_joins_once_and_is_signed_in() -> None:
    handed = await invited(await root())
    assert handed.url.startswith("http://127.0.0.1:3000/invitation#")
    token = token_in(handed.url)
    assert await member_links.person_of(token, INVITATION, now=NOW) == {"email": NINA, "name": "Nina"}
    nina = await sign_in.member_of(await join(token), now=NOW)
    assert (nina.name, nina.email, nina.is_agent) == ("Nina Roth", NINA, True)
    assert await can_sign_in(NINA, NEW)
    with pytest.raises(NotFound):
        await join(token)
    with pytest.raises(NotFound):
        await member_links.person_of(token, INVITATION, now=NOW)


@pytest.mark.parametrize("password", ["", "nobody has this password", PASSWORD])
async def test_an_invited_person_can_neither_sign_in_nor_be_enabled(password: str) -> None:
    admin, handed = await root(), await invited()
    assert not await can_sign_in(NINA, password)
    for enable in (
        lambda: people.enable(NINA, now=NOW),
        lambda: people.change(handed.member_id, {"is_disabled": False}, member=admin, now=NOW),
    ):
        with pytest.raises(Conflict, match="no password yet"):
            await enable()


async def test_of_two_who_use_a_link_at_once_one_joins() -> None:
    token = token_in((await invited()).url)
    outcomes = await asyncio.gather(*(join(token, f"Nina {n}") for n in range(3)), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NotFound", "NotFound", "str"]


@pytest.mark.parametrize(("name", "password", "field"), [(" ", NEW, "name"), ("Nina", "short", "password")])
async def test_a_refused_form_leaves_the_link_in_force(name: str, password: str, field: str) -> None:
    token = token_in((await invited()).url)
    with pytest.raises(InvalidInput) as refused:
        await join(token, name, password)
    assert refused.value.field == field
    await join(token)


@pytest.mark.parametrize(("days", "works"), [(6.99, True), (7, False)])
async def test_an_invitation_lasts_seven_days(days: float, works: bool) -> None:
    token = token_in((await invited()).url)
    if works:
        await join(token, days=days)
    else:
        with pytest.raises(NotFound):
            await join(token, days=days)


async def test_a_new_link_replaces_the_old_one_and_withdrawing_ends_it() -> None:
    admin, first = await root(), await invited()
    second = await invitations.invite_again(first.member_id, member=admin, now=NOW)
    assert [row["is_invited"] for row in await people.listed(admin, now=NOW) if row["email"] == NINA] == [True]
    with pytest.raises(NotFound):
        await join(token_in(first.url))
    await people.change(first.member_id, {"is_disabled": True}, member=admin, now=NOW)
    with pytest.raises(NotFound):
        await join(token_in(second.url))
    assert [row["is_invited"] for row in await people.listed(admin, now=NOW) if row["email"] == NINA] == [False]


async def test_an_invitation_replaces_the_time_zone_and_hours_of_a_disabled_person_only_when_it_names_them() -> None:
    await a_member("Nina", email=NINA, disabled_at=NOW, time_zone="Europe/Paris")
    invite = partial(invitations.invite, email=NINA, name="Nina", role="agent", by=None, now=NOW)
    await invite()
    assert [(row.time_zone, row.schedule) for row in await rows_of(MemberRow)] == [("Europe/Paris", None)]
    await invite(time_zone="Asia/Tokyo", schedule="mon 09:00-17:00")
    ((zone, hours),) = [(row.time_zone, row.schedule) for row in await rows_of(MemberRow)]
    assert (zone, hours["time_zone"]) == ("Asia/Tokyo", "Asia/Tokyo")
    await invite(schedule="tue 10:00-12:00")
    ((zone, hours),) = [(row.time_zone, row.schedule) for row in await rows_of(MemberRow)]
    assert (zone, hours["time_zone"]) == ("Asia/Tokyo", "Asia/Tokyo")
    assert hours["blocks"] == [{"day": "tue", "from": "10:00", "to": "12:00"}]


async def test_a_disabled_person_is_invited_again_with_another_role() -> None:
    await a_member("Nina", email=NINA, disabled_at=NOW)
    handed = await invited(await root(), role="manager")
    assert not await can_sign_in(NINA, PASSWORD)
    nina = await sign_in.member_of(await join(token_in(handed.url)), now=NOW)
    assert (nina.role, nina.is_agent) == (Role.MANAGER, False)
    assert [await can_sign_in(NINA, password) for password in (PASSWORD, NEW)] == [False, True]


@pytest.mark.parametrize("enabled_by", ["operator", "admin"])
async def test_enabling_a_member_ends_their_invitation(enabled_by: str) -> None:
    admin, nina = await root(), await a_member("Nina", email=NINA, disabled_at=NOW)
    token = token_in((await invitations.invite_again(nina.id, member=admin, now=NOW)).url)
    if enabled_by == "operator":
        await people.enable(NINA, now=NOW)
    else:
        await people.change(nina.id, {"is_disabled": False}, member=admin, now=NOW)
    assert await rows_of(MemberLinkRow) == []
    with pytest.raises(NotFound):
        await join(token)
    assert [await can_sign_in(NINA, password) for password in (PASSWORD, NEW)] == [True, False]


async def test_an_invitation_that_outlived_the_enabling_changes_no_password() -> None:
    """As in an installation where the person was enabled by an earlier version."""
    nina = await a_member("Nina", email=NINA, disabled_at=NOW)
    token = token_in((await invited(await root())).url)
    async with unit_of_work() as session:
        (await session.get_one(MemberRow, nina.id)).disabled_at = None
    with pytest.raises(NotFound, match="Ask for a new one"):
        await join(token)
    assert [await can_sign_in(NINA, password) for password in (PASSWORD, NEW)] == [True, False]


async def test_joining_ends_the_sessions_of_before() -> None:
    nina = await a_member("Nina", email=NINA)
    session_of_before = await sign_in.sign_in(NINA, PASSWORD, now=NOW)
    async with unit_of_work() as session:
        (await session.get_one(MemberRow, nina.id)).disabled_at = NOW
    own = await join(token_in((await invited(await root())).url))
    assert (await sign_in.member_of(own, now=NOW)).id == nina.id
    with pytest.raises(NotSignedIn):
        await sign_in.member_of(session_of_before, now=NOW)


async def test_an_enabled_member_cannot_be_invited() -> None:
    admin, ana = await root(), await a_member("Ana")
    with pytest.raises(Conflict):
        await invited(admin, ana.email)
    with pytest.raises(Conflict):
        await invitations.invite_again(ana.id, member=admin, now=NOW)
    for not_admin in (ana, await a_member("Mia", role=Role.MANAGER)):
        with pytest.raises(NotAllowed):
            await invited(not_admin)
        with pytest.raises(NotAllowed):
            await invitations.reset_link(admin.id, member=not_admin, now=NOW)


async def test_no_token_is_stored_or_audited_in_the_clear(post: MailServer) -> None:
    await invited(await root())
    await outbox.run_due(now=NOW)
    token = post.to(NINA)[0].text.partition("#")[2].split()[0]
    stored = [vars(row) for table in (MemberLinkRow, OutboxRow, AuditRow) for row in await rows_of(table)]
    assert len(stored) == 3
    assert token not in str(stored)


async def test_an_invitation_is_mailed_in_the_language_of_the_admin(post: MailServer) -> None:
    handed = await invited(await a_member("Root", role=Role.ADMIN, language="fr"))
    assert (handed.url, handed.is_mailed) == ("", True)
    await outbox.run_due(now=NOW)
    (letter,) = post.to(NINA)
    assert letter.subject == "Vous êtes invité à rejoindre Agent Inbox"
    assert "https://chat.example.com/invitation#" in letter.text
    await join(letter.text.partition("#")[2].split()[0])


async def test_a_withdrawn_invitation_is_not_mailed(post: MailServer) -> None:
    admin = await root()
    handed = await invited(admin)
    await people.change(handed.member_id, {"is_disabled": True}, member=admin, now=NOW)
    await outbox.run_due(now=NOW)
    assert post.letters == []


async def ask(email: str) -> None:
    await password_reset.ask(email, language="en", address="203.0.113.7", now=NOW)


async def test_a_forgotten_password_is_replaced_by_the_link_in_a_mail(post: MailServer) -> None:
    ana = await a_member("Ana")
    session = await sign_in.sign_in(ana.email, PASSWORD, now=NOW)
    await ask(f" {ana.email.upper()}")
    await outbox.run_due(now=NOW)
    (letter,) = post.to(ana.email)
    assert "https://chat.example.com/reset#" in letter.text
    token = letter.text.partition("#")[2].split()[0]
    assert (await member_links.person_of(token, RESET, now=NOW))["email"] == ana.email
    with pytest.raises(InvalidInput):
        await password_reset.reset(token, "short", now=NOW)
    await password_reset.reset(token, NEW, now=NOW)
    with pytest.raises(NotSignedIn):
        await sign_in.member_of(session, now=NOW)
    assert [await can_sign_in(ana.email, password) for password in (PASSWORD, NEW)] == [False, True]
    with pytest.raises(NotFound):
        await password_reset.reset(token, NEW, now=NOW)


async def test_asking_for_a_reset_leaves_the_same_rows_for_every_address(post: MailServer) -> None:
    ana, gone = await a_member("Ana"), await a_member("Gone", disabled_at=NOW)
    shapes = []
    for email in (ana.email, gone.email, "nobody@example.com", "no address", ""):
        before = len(await rows_of(OutboxRow)), len(await rows_of(AuditRow))
        await ask(email)
        row = max(await rows_of(OutboxRow), key=lambda row: row.id)
        after = len(await rows_of(OutboxRow)), len(await rows_of(AuditRow))
        shapes.append((after[0] - before[0], after[1] - before[1], row.kind, row.payload, len(row.subject_id)))
    assert len({str(shape) for shape in shapes}) == 1, shapes
    await outbox.run_due(now=NOW)
    assert [letter.recipients for letter in post.letters] == [[ana.email]]
    assert {row.state for row in await rows_of(OutboxRow)} == {"done", "skipped"}


async def test_a_reset_link_lasts_an_hour_and_ends_with_any_new_password(post: MailServer) -> None:
    ana = await a_member("Ana")
    tokens = []
    for _ in range(2):
        await ask(ana.email)
        await outbox.run_due(now=NOW)
        tokens.append(post.letters[-1].text.partition("#")[2].split()[0])
    with pytest.raises(NotFound):
        await password_reset.reset(tokens[0], NEW, now=NOW + timedelta(hours=1))
    await accounts.set_password(ana.email, NEW, now=NOW)
    for token in tokens:
        with pytest.raises(NotFound):
            await password_reset.reset(token, PASSWORD, now=NOW)


async def test_a_link_of_one_purpose_opens_nothing_of_the_other() -> None:
    admin, ana = await root(), await a_member("Ana")
    reset = token_in((await invitations.reset_link(ana.id, member=admin, now=NOW)).url)
    invitation = token_in((await invited()).url)
    with pytest.raises(NotFound):
        await join(reset)
    with pytest.raises(NotFound):
        await password_reset.reset(invitation, NEW, now=NOW)
    await password_reset.reset(reset, NEW, now=NOW)
    assert await can_sign_in(ana.email, NEW)


async def test_disabling_ends_the_links_of_a_person() -> None:
    admin, ana = await root(), await a_member("Ana")
    token = token_in((await invitations.reset_link(ana.id, member=admin, now=NOW)).url)
    await people.disable(ana.email, now=NOW)
    with pytest.raises(NotFound):
        await password_reset.reset(token, NEW, now=NOW)
    with pytest.raises(Conflict):
        await invitations.reset_link(ana.id, member=admin, now=NOW)


async def test_without_mail_nobody_can_ask_for_a_reset() -> None:
    with pytest.raises(Conflict, match="Ask an admin"):
        await ask((await a_member()).email)
    assert await rows_of(OutboxRow) == []


async def test_every_step_is_in_the_audit_log(post: MailServer) -> None:
    admin = await root()
    await invited(admin)
    await outbox.run_due(now=NOW)
    await join(post.letters[-1].text.partition("#")[2].split()[0])
    await ask(NINA)
    await outbox.run_due(now=NOW)
    await password_reset.reset(post.letters[-1].text.partition("#")[2].split()[0], PASSWORD, now=NOW)
    lines = [row.action for row in sorted(await rows_of(AuditRow), key=lambda row: row.id)]
    expected = ["member.invited", "member.joined", "sign_in.succeeded", "password.reset_asked", "password.reset"]
    assert lines == expected
