"""A member's own account over the API: every role, nobody else's."""

from inbox_app.domain.people import Role
from tests.api.conftest import Caller, People
from tests.data.builders import PASSWORD

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
