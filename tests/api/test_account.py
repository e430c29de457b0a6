"""A member's own account over the API: every role, nobody else's."""

from collections.abc import Callable

import pytest

from inbox_app.domain.people import Role
from inbox_app.settings import Settings
from tests.api.conftest import Caller, People
from tests.data.builders import PASSWORD
from tests.pictures import a_bomb, a_picture

NEW = "a-new-password-1"
PATH = "/account/password"


async def sign_in(people: People, email: str, password: str = PASSWORD) -> Caller:
    caller = await people.somebody()
    answer = await caller.post("/auth/login", email=email, password=password)
    assert answer.status_code == 204, answer.text
    return caller


async def test_a_password_is_changed_with_the_current_one_and_others_are_signed_out(people: People) -> None:
    mia = await people.agent("Mia", role=Role.MANAGER)
    other = await sign_in(people, mia.member.email)
    for current, new, field in (("wrong", NEW, "current"), (PASSWORD, "short", "new")):
        refused = await mia.put(PATH, current=current, new=new)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert (await mia.put(PATH, current=PASSWORD, new=NEW)).status_code == 204
    assert [(await caller.get("/account/sessions")).status_code for caller in (mia, other)] == [200, 401]
    await sign_in(people, mia.member.email, NEW)


async def test_sessions_are_listed_and_ended(people: People) -> None:
    ana, ben = await people.agent("Ana"), await people.agent("Ben")
    phone, old = [await sign_in(people, ana.member.email) for _ in range(2)]
    listed = (await ana.get("/account/sessions")).json()["items"]
    assert [item["is_current"] for item in listed] == [True, False, False]
    (own,) = [item for item in (await phone.get("/account/sessions")).json()["items"] if item["is_current"]]
    assert (await ben.http.delete(f"/api/v1/account/sessions/{own['id']}")).status_code == 404
    assert (await ana.http.delete(f"/api/v1/account/sessions/{own['id']}")).status_code == 204
    assert [(await caller.get("/agent")).status_code for caller in (ana, phone, old, ben)] == [200, 401, 200, 200]
    assert (await ana.http.delete("/api/v1/account/sessions")).status_code == 204
    assert [(await caller.get("/agent")).status_code for caller in (ana, old, ben)] == [200, 401, 200]


async def test_another_site_cannot_act_on_an_account(people: People) -> None:
    ana = await people.agent()
    ana.http.headers["Origin"] = "https://evil.example"
    answers = [
        await ana.put(PATH, current=PASSWORD, new=NEW),
        await ana.http.delete("/api/v1/account/sessions"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]


async def test_a_person_is_invited_joins_and_is_signed_in(people: People) -> None:
    root, nina = await people.agent("Root", role=Role.ADMIN), await people.somebody()
    added = await root.post("/members", email="nina@example.com", name="Nina", role="agent")
    invitation = added.json()["invitation"]
    assert (added.status_code, invitation["is_mailed"]) == (201, False)
    again = await root.post(f"/members/{added.json()['id']}/invitation")
    assert again.json()["url"] != invitation["url"]
    token = again.json()["url"].partition("#")[2]
    assert (await nina.post("/auth/invitation/person", token=token)).json() == {
        "email": "nina@example.com", "name": "Nina",
    }  # fmt: skip
    refused = await nina.post("/auth/invitation", token=token, name="", password=NEW)
    assert refused.json()["errors"][0]["field"] == "name"
    joined = await nina.post("/auth/invitation", token=token, name="Nina Roth", password=NEW)
    assert (joined.status_code, "HttpOnly" in joined.headers["set-cookie"]) == (204, True)
    assert (await nina.get("/agent")).json()["name"] == "Nina Roth"
    gone = await nina.post("/auth/invitation", token=token, name="Eve", password=NEW)
    assert (gone.status_code, gone.json()["code"]) == (404, "not_found")


async def test_an_admin_hands_over_a_reset_link(people: People) -> None:
    root, ana = await people.agent("Root", role=Role.ADMIN), await people.agent("Ana")
    handed = (await root.post(f"/members/{ana.member.id}/password-reset")).json()
    stranger = await people.somebody()
    token = handed["url"].partition("#")[2]
    assert (await stranger.post("/auth/reset/person", token=token)).json()["email"] == ana.member.email
    assert (await stranger.post("/auth/reset/password", token=token, password=NEW)).status_code == 204
    assert (await ana.get("/agent")).status_code == 401
    await sign_in(people, ana.member.email, NEW)


async def test_asking_for_a_reset_does_not_reveal_who_has_an_account(
    people: People, settings_with: Callable[..., Settings]
) -> None:
    ana, stranger = await people.agent("Ana"), await people.somebody()
    unset = await stranger.post("/auth/reset", email=ana.member.email)
    assert (unset.status_code, "Ask an admin" in unset.json()["detail"]) == (409, True)
    settings_with(smtp_url="smtp://127.0.0.1:1")
    answers = [
        await stranger.post("/auth/reset", email=email) for email in (ana.member.email, "nobody@example.com", "")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"{}")}


@pytest.mark.parametrize("path", ["/auth/reset", "/auth/reset/password", "/auth/invitation"])
async def test_another_site_uses_no_link(people: People, path: str) -> None:
    stranger = await people.somebody()
    stranger.http.headers["Origin"] = "https://evil.example"
    answer = await stranger.post(path, email="a@example.com", token="x", name="Eve", password=NEW)
    assert answer.status_code == 403


async def test_a_name_is_changed(people: People) -> None:
    ana = await people.agent("Ana")
    assert (await ana.patch("/account", name="  ")).json()["errors"][0]["field"] == "name"
    assert (await ana.patch("/account", name=" Ana  Lovelace ")).status_code == 204
    assert (await ana.get("/agent")).json()["name"] == "Ana Lovelace"


PICTURE = "/api/v1/account/picture"


async def picture_of(people: People, email: str) -> str:
    """Its address, as an admin sees it."""
    root = await people.agent("Root", role=Role.ADMIN)
    (found,) = [row["picture"] for row in (await root.get("/members")).json()["items"] if row["email"] == email]
    return str(found)


async def test_a_picture_is_shown_to_colleagues_and_kept_by_their_browsers(people: People) -> None:
    ana, ben, stranger = await people.agent("Ana"), await people.agent("Ben"), await people.somebody("")
    assert (await ana.http.put(PICTURE, content=a_picture(size=(3_000, 2_000)))).status_code == 204
    address = await picture_of(people, ana.member.email)
    shown = await ben.http.get(address)
    assert (shown.status_code, shown.headers["content-type"], shown.content[8:12]) == (200, "image/webp", b"WEBP")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert (await stranger.get(address)).status_code == 401
    assert (await ana.http.put(PICTURE, content=a_picture("PNG", (9, 9)))).status_code == 204
    assert await picture_of(people, ana.member.email) != address
    assert (await ben.http.get(address)).status_code == 404
    assert (await ana.http.delete(PICTURE)).status_code == 204
    assert (await ana.http.delete(PICTURE)).status_code == 204
    assert await picture_of(people, ana.member.email) == ""


async def test_what_is_no_picture_is_refused_by_name(people: People) -> None:
    ana = await people.agent("Ana")
    for content in (b"", b"no picture", a_bomb()):
        refused = await ana.http.put(PICTURE, content=content)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "picture")
    too_large = await ana.http.put(PICTURE, content=b"x" * (5 * 1024 * 1024 + 1))
    assert (too_large.status_code, too_large.json()["code"]) == (413, "too_large")
    assert (await ana.http.put("/api/v1/account/password", content=b"x" * 40_000)).status_code == 413
