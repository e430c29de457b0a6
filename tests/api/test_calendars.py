"""Calendars over the API: own ones for agents, how all are for admins, and never a secret."""

from collections.abc import Callable, Iterator

import pytest

from inbox_app.domain.people import Role
from inbox_app.services.calendars import NOT_CONNECTED
from inbox_app.settings import Settings
from tests.api.conftest import People
from tests.calendar_servers import ACCOUNT, PASSWORD, Radicale, http, odd_server, running_radicale

LOGIN = {"account": ACCOUNT, "password": PASSWORD}


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    with running_radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


async def test_a_calendar_is_found_connected_changed_and_disconnected(people: People, radicale: Radicale) -> None:
    ana = await people.agent()
    found = await ana.post("/agent/calendars/discover", url=radicale.url, **LOGIN)
    assert found.json() == {"items": [{"address": radicale.address("work"), "name": "Work"}]}

    made = await ana.post("/agent/calendars", url=radicale.url, **LOGIN)
    assert made.status_code == 201
    calendar = made.json()
    assert (calendar["name"], calendar["status"], calendar["problem"], calendar["is_target"]) == (
        "Work", "ok", None, True,
    )  # fmt: skip
    assert PASSWORD not in made.text
    listed = await ana.get("/agent/calendars")
    assert listed.json() == {"items": [calendar]}

    changed = await ana.patch(f"/agent/calendars/{calendar['id']}", name="Mine", is_target=False)
    assert changed.status_code == 204
    (after,) = (await ana.get("/agent/calendars")).json()["items"]
    assert (after["name"], after["is_target"]) == ("Mine", False)
    path = f"/api/v1/agent/calendars/{calendar['id']}"
    assert (await ana.http.delete(path)).status_code == 204
    assert (await ana.http.delete(path)).status_code == 404
    assert (await ana.get("/agent/calendars")).json() == {"items": []}


CALENDAR = (
    '<?xml version="1.0"?><multistatus xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><response><href>{}</href>'
    "<propstat><prop><resourcetype><C:calendar/></resourcetype><displayname>{}</displayname></prop>"
    "<status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
)


@pytest.mark.parametrize(
    ("path", "told", "shown"),
    [
        ("/", "gpj.\u202eexe\u2066", "gpj.exe"),
        ("/", "\u200b\u3164", "127.0.0.1"),
        ("/", "", "127.0.0.1"),
        ("/a/work/", "\u202e\u2065", "work"),
        ("/", "One\n\u0085two", "One two"),
        ("/", "x" * 119 + " yz", "x" * 119),
    ],
)
async def test_a_calendar_is_called_by_what_can_be_seen_of_its_name(
    people: People, path: str, told: str, shown: str
) -> None:
    ana = await people.agent()
    async with odd_server(http("207 M", CALENDAR.format(path, told), Content_Type="application/xml")) as server:
        found = await ana.post("/agent/calendars/discover", url=server.url, **LOGIN)
        made = await ana.post("/agent/calendars", url=server.url, **LOGIN)
        again = await ana.post("/agent/calendars", url=server.url, address=server.url, name="\u3164", **LOGIN)
    assert [one["name"] for one in found.json()["items"]] == [shown]
    assert (made.status_code, made.json()["name"]) == (201, shown)
    assert (again.status_code, again.json()["name"]) == (201, "127.0.0.1")


async def test_a_calendar_address_from_a_server_is_ascii_and_can_be_connected(people: People) -> None:
    """A home or principal may turn the direction of text too; typed back, such an address would lose characters."""
    ana = await people.agent()
    home = "<href>/\u202eana\u3164 é/</href>"
    links = f"<current-user-principal>{home}</current-user-principal><C:calendar-home-set>{home}</C:calendar-home-set>"
    answer = CALENDAR.format("work/", "Work").replace("<displayname>", f"{links}<displayname>")
    async with odd_server(http("207 M", answer, Content_Type="application/xml")) as server:
        (found,) = (await ana.post("/agent/calendars/discover", url=server.url, **LOGIN)).json()["items"]
        made = await ana.post("/agent/calendars", url=server.url, **found, account=ACCOUNT, password=PASSWORD)
    assert found["address"] == f"{server.url}%E2%80%AEana%E3%85%A4%20%C3%A9/work/"
    assert (made.status_code, made.json()["address"]) == (201, found["address"])


async def test_a_refusal_names_the_field_and_what_to_do(people: People, radicale: Radicale) -> None:
    ana = await people.agent()
    refused = await ana.post("/agent/calendars", url=radicale.url, account=ACCOUNT, password="wrong")
    assert refused.status_code == 422
    assert refused.json()["errors"] == [{"field": "url", "message": NOT_CONNECTED}]
    refused = await ana.post("/agent/calendars", url="file:///etc/passwd", **LOGIN)
    assert refused.json()["errors"][0]["field"] == "url"


async def test_admins_see_how_all_are_and_nothing_private(people: People, radicale: Radicale) -> None:
    ana, root = await people.agent(), await people.agent("Root", role=Role.ADMIN)
    calendar = (await ana.post("/agent/calendars", url=radicale.url, **LOGIN)).json()
    (health,) = (await root.get("/calendars")).json()["items"]
    assert health == {
        "id": calendar["id"], "agent_id": ana.member.id, "agent_name": "Ana", "kind": "caldav", "status": "ok",
        "problem": None, "broken_since": None, "checked_at": calendar["checked_at"],
    }  # fmt: skip


async def test_everyone_else_is_refused(people: People) -> None:
    ana, mia, stranger = await people.agent(), await people.agent("Mia", role=Role.MANAGER), await people.somebody()
    login = {"url": "http://127.0.0.1:1/"} | LOGIN
    assert (await ana.get("/calendars")).status_code == 403
    assert (await mia.get("/calendars")).status_code == 403
    for caller, status in ((mia, 403), (stranger, 401)):
        for answer in (
            await caller.get("/agent/calendars"), await caller.post("/agent/calendars", **login),
            await caller.post("/agent/calendars/discover", **login), await caller.patch("/agent/calendars/x", name="a"),
            await caller.http.delete("/api/v1/agent/calendars/x"), await caller.get("/calendars/oauth/google/start"),
            await caller.get("/calendars/oauth/google/callback", code="c", state="s"),
        ):  # fmt: skip
            assert answer.status_code == status, answer.url


async def test_consent_goes_out_and_comes_back(people: People, settings_with: Callable[..., Settings]) -> None:
    ana = await people.agent()
    assert (await ana.get("/calendars/oauth/google/start")).status_code == 404
    settings_with(google_client_id="id-1", google_client_secret="secret-1")

    out = await ana.get("/calendars/oauth/google/start")

    assert out.status_code == 303
    assert out.headers["location"].startswith("https://accounts.google.com/o/oauth2/v2/auth?")
    assert "secret-1" not in out.headers["location"]
    denied = await ana.get("/calendars/oauth/google/callback", error="access_denied", state="s")
    assert denied.headers["location"] == "/settings?calendar=refused#calendars"
    forged = await ana.get("/calendars/oauth/google/callback", code="c", state="forged")
    assert forged.headers["location"] == "/settings?calendar=failed#calendars"
