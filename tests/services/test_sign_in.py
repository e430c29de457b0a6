"""Signing in and out, and what a session is worth (PRODUCT 5.4; ARCHITECTURE decision 5)."""

from datetime import timedelta

import pytest

from inbox_app import live
from inbox_app.data.tables import AuditRow, SignInRow
from inbox_app.domain.errors import Conflict, InvalidInput, NotFound, NotSignedIn, SignInFailed
from inbox_app.domain.people import Member
from inbox_app.services import people, sign_in
from tests.data.builders import NOW, PASSWORD, a_member, rows_of

pytestmark = pytest.mark.usefixtures("database")


async def token_of(member: Member) -> str:
    return await sign_in.sign_in(member.email, PASSWORD, now=NOW)


async def test_a_member_signs_in_with_email_and_password() -> None:
    ana = await a_member()
    token = await sign_in.sign_in(f"  {ana.email.upper()} ", PASSWORD, now=NOW)
    assert await sign_in.member_of(token, now=NOW) == ana


async def test_unknown_wrong_and_disabled_are_one_answer() -> None:
    ana, gone = await a_member("Ana"), await a_member("Gone", disabled_at=NOW)
    pairs = [("nobody@example.com", PASSWORD), (ana.email, "wrong"), (ana.email, ""), (gone.email, PASSWORD), ("", "")]
    answers = set()
    for email, password in pairs:
        with pytest.raises(SignInFailed) as refused:
            await sign_in.sign_in(email, password, now=NOW)
        answers.add((refused.value.code, refused.value.message))
    assert answers == {("sign_in_failed", "Incorrect email or password")}


async def test_every_attempt_is_in_the_audit_log() -> None:
    ana = await a_member()
    token = await token_of(ana)
    with pytest.raises(SignInFailed):
        await sign_in.sign_in(ana.email, "wrong", address="203.0.113.7", now=NOW)
    await sign_in.sign_out(token, now=NOW)
    lines = [(row.action, row.actor_id) for row in sorted(await rows_of(AuditRow), key=lambda row: row.id)]
    assert lines == [(f"sign_in.{what}", ana.id) for what in ("succeeded", "failed", "ended")]


async def test_the_token_itself_is_not_stored() -> None:
    token = await token_of(await a_member())
    (row,) = await rows_of(SignInRow)
    assert token not in str(vars(row))


@pytest.mark.parametrize("token", [None, "", "not-a-token", "\x00"])
async def test_nobody_is_not_signed_in(token: str | None) -> None:
    with pytest.raises(NotSignedIn):
        await sign_in.member_of(token, now=NOW)


async def test_a_session_lasts_30_days() -> None:
    ana = await a_member()
    token = await token_of(ana)
    last = NOW + timedelta(days=30)
    for day in range(1, 30):  # in use: an unused one ends sooner
        sign_in.forget()
        await sign_in.member_of(token, now=NOW + timedelta(days=day))
    sign_in.forget()
    assert await sign_in.member_of(token, now=last - timedelta(seconds=1)) == ana
    sign_in.forget()
    with pytest.raises(NotSignedIn):
        await sign_in.member_of(token, now=last)


async def test_after_signing_out_the_session_is_over_at_once() -> None:
    ana = await a_member()
    token, other = await token_of(ana), await token_of(ana)
    assert await sign_in.member_of(token, now=NOW) == ana
    await sign_in.sign_out(token, now=NOW)
    with pytest.raises(NotSignedIn):
        await sign_in.member_of(token, now=NOW)
    assert await sign_in.member_of(other, now=NOW) == ana


async def test_a_disabled_member_is_signed_out_everywhere_at_once() -> None:
    ana = await a_member()
    tokens = [await token_of(ana), await token_of(ana)]
    for token in tokens:
        await sign_in.member_of(token, now=NOW)
    await people.disable(ana.email, now=NOW)
    for token in tokens:
        with pytest.raises(NotSignedIn):
            await sign_in.member_of(token, now=NOW)
    with pytest.raises(SignInFailed):
        await token_of(ana)


async def test_open_pages_hear_that_they_are_signed_out() -> None:
    token = await token_of(await a_member())
    async with live.subscribe(live.topics.sign_in(sign_in.id_of(token))) as changes:
        await sign_in.sign_out(token, now=NOW)
        assert (await changes.next()).kind == "signed_out"


async def test_signing_out_without_a_session_does_nothing() -> None:
    for token in (None, "", "not-a-token"):
        await sign_in.sign_out(token, now=NOW)
    assert await rows_of(AuditRow) == []


async def test_a_choice_of_language_is_seen_at_the_next_look() -> None:
    ana = await a_member()
    token = await token_of(ana)
    await sign_in.member_of(token, now=NOW)
    await people.set_preferences(member=ana, language="fr")
    assert (await sign_in.member_of(token, now=NOW)).language == "fr"


@pytest.mark.parametrize("wrong", [{"language": "xx"}, {"colour_scheme": "pink"}])
async def test_an_unknown_preference_is_refused_by_name(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refused:
        await people.set_preferences(member=await a_member(), **wrong)
    assert refused.value.field in wrong


async def added(**changes: str) -> Member:
    someone = {"email": "Ana@Example.com", "name": "Ana", "role": "agent", "password": PASSWORD}
    return await people.add(**someone | changes, now=NOW)  # type: ignore[arg-type]


async def test_a_person_who_was_added_can_sign_in() -> None:
    ana = await added(time_zone="Europe/Paris")
    assert (ana.email, ana.is_agent, ana.time_zone) == ("ana@example.com", True, "Europe/Paris")
    assert await sign_in.member_of(await token_of(ana), now=NOW) == ana


async def test_an_email_is_taken_once() -> None:
    await added()
    with pytest.raises(Conflict, match=r"ana@example\.com"):
        await added(email="ANA@example.com")


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "ana"), ("name", " "), ("role", "king"), ("password", "short"), ("time_zone", "Mars/Base"),
     ("schedule", "mon-fri 9-17"), ("time_zone", "../../etc/passwd"), ("time_zone", "")],
)  # fmt: skip
async def test_a_wrong_person_is_refused_by_name(field: str, value: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await added(**{field: value})
    assert refused.value.field == field


async def test_nobody_can_be_disabled_who_is_not_there() -> None:
    with pytest.raises(NotFound, match=r"nobody@example\.com"):
        await people.disable("nobody@example.com", now=NOW)


@pytest.mark.parametrize("stored", ["vera@münchen.example", "vera@xn--mnchen-3ya.example"])
async def test_an_account_is_found_however_its_domain_is_typed(stored: str) -> None:
    """The second as an earlier version stored it."""
    vera = await a_member("Vera", email=stored)
    for typed in (stored, "Vera@xn--mnchen-3ya.example"):
        token = await sign_in.sign_in(typed, PASSWORD, now=NOW)
        assert (await sign_in.member_of(token, now=NOW)).id == vera.id
