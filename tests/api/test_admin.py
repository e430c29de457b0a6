"""The admin API and the agents' schedule, missed ones and claims: answers, refusals by field, rights."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from tests import people
from tests.databases import SqliteTemplate
from tests.e2e.frame.visitor import Visitor
from tests.people import ANA, BEN, MIA, ROOT, Person
from tests.servers import InboxServer

Api = Callable[[Person], httpx.Client]
SOMEBODY = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
CSV = "company,domain,owner\nAcme,acme.example,ana@example.com\nNowhere,,nobody@example.com\n"


@pytest.fixture(scope="module")
def admin_server(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InboxServer]:
    with people.served(sqlite_template, tmp_path_factory.mktemp("admin-api"), ANA, BEN, MIA, ROOT) as server:
        yield server


@pytest.fixture
def api(admin_server: InboxServer) -> Iterator[Api]:
    """`api(ROOT)`: the API for this person."""
    with ExitStack() as stack:

        def of(person: Person) -> httpx.Client:
            cookies = {"inbox_session": people.session_of(admin_server, person)}
            return stack.enter_context(httpx.Client(base_url=f"{admin_server.url}/api/v1", cookies=cookies))

        yield of


def refusal(answer: httpx.Response) -> tuple[int, str]:
    """Status and the field that was refused."""
    return answer.status_code, answer.json().get("errors", [{"field": ""}])[0]["field"]


OF_ADMINS = [
    ("GET", "/settings"), ("PUT", "/settings"), ("GET", "/members"), ("POST", "/members"),
    ("PATCH", f"/members/{SOMEBODY}"), ("POST", f"/members/{SOMEBODY}/invitation"),
    ("POST", f"/members/{SOMEBODY}/password-reset"), ("GET", "/teams"), ("POST", "/teams"),
    ("PUT", f"/teams/{SOMEBODY}"),
    ("DELETE", f"/teams/{SOMEBODY}"), ("GET", "/rules"), ("POST", "/rules"), ("PUT", f"/rules/{SOMEBODY}"),
    ("DELETE", f"/rules/{SOMEBODY}"), ("GET", "/accounts"), ("POST", "/accounts/preview"),
    ("POST", "/accounts/import"), ("DELETE", f"/accounts/{SOMEBODY}"), ("POST", "/routing/simulate"),
    ("GET", "/deliveries"), ("POST", "/deliveries/1/retry"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), OF_ADMINS)
@pytest.mark.parametrize("person", [ANA, MIA], ids=["agent", "manager"])
def test_only_admins_administer(api: Api, person: Person, method: str, path: str) -> None:
    body = None if method in {"GET", "DELETE"} else {"csv": CSV}

    assert api(person).request(method, path, json=body).status_code == httpx.codes.FORBIDDEN


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"offer_seconds": 9}, "offer_seconds"),
        ({"offer_seconds": 501}, "offer_seconds"),
        ({"wait_limit_seconds": 0}, "wait_limit_seconds"),
        ({"capacity": 11}, "capacity"),
        ({"capacity": True}, "capacity"),
        ({"ask_email": "maybe"}, "ask_email"),
        ({"greeting": "x" * 1001}, "greeting"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_setting_that_is_not_allowed_changes_nothing(api: Api, changes: dict[str, object], field: str) -> None:
    root = api(ROOT)
    before = root.get("/settings").json()

    assert refusal(root.put("/settings", json={"idle_minutes": 17} | changes)) == (422, field)
    assert root.get("/settings").json() == before


def test_a_person_is_added_changed_and_disabled(api: Api) -> None:
    root = api(ROOT)
    zoe = {"email": "zoe@example.com", "name": "Zoe", "role": "agent", "password": people.PASSWORD}
    added = root.post("/members", json=zoe)
    assert added.status_code == httpx.codes.CREATED
    assert root.post("/members", json=zoe).status_code == httpx.codes.CONFLICT
    member = f"/members/{added.json()['id']}"

    assert refusal(root.patch(member, json={"capacity": 0})) == (422, "capacity")
    assert root.patch(member, json={"capacity": 3, "is_disabled": True}).status_code == httpx.codes.NO_CONTENT

    row = next(row for row in root.get("/members").json()["items"] if row["email"] == "zoe@example.com")
    assert (row["capacity"], row["is_disabled"]) == (3, True)


def test_a_rule_asks_a_team_and_the_simulator_tells_why(api: Api) -> None:
    root = api(ROOT)
    ben = next(row["id"] for row in root.get("/members").json()["items"] if row["email"] == BEN.email)
    team = root.post("/teams", json={"name": "Desk", "agents": [ben]}).json()["id"]
    assert root.post("/teams", json={"name": "Desk", "agents": []}).status_code == httpx.codes.CONFLICT
    rule = {
        "name": "French", "priority": 1, "team": team,
        "conditions": [{"attribute": "language", "operator": "starts_with", "value": "fr"}],
    }  # fmt: skip
    added = root.post("/rules", json=rule)
    assert added.status_code == httpx.codes.CREATED

    verdict = root.post("/routing/simulate", json={"language": "fr-CA"}).json()

    assert verdict["why_name"] == "French"
    assert verdict["pool"] == [BEN.name]
    assert verdict["steps"] == ["Rule French: fits.", f"{BEN.name} is not there."]
    assert root.delete(f"/rules/{added.json()['id']}").status_code == httpx.codes.NO_CONTENT
    assert root.delete(f"/teams/{team}").status_code == httpx.codes.NO_CONTENT


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"conditions": []}, "conditions"),
        ({"conditions": [{"attribute": "shoe", "operator": "is", "value": "9"}]}, "conditions.0.attribute"),
        ({"conditions": [{"attribute": "email", "operator": "is", "value": " "}]}, "conditions.0.value"),
        ({"agents": []}, "agents"),
        ({"agents": [{"id": 1}]}, "agents"),
        ({"team": SOMEBODY}, "team"),
        ({"priority": -1}, "priority"),
        ({"name": ""}, "name"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_field(api: Api, wrong: dict[str, object], field: str) -> None:
    root = api(ROOT)
    ana = next(row["id"] for row in root.get("/members").json()["items"] if row["email"] == ANA.email)
    right = {
        "name": "Right", "priority": 5, "agents": [ana],
        "conditions": [{"attribute": "country", "operator": "is", "value": "FR"}],
    }  # fmt: skip

    assert refusal(root.post("/rules", json=right | wrong)) == (422, field)


def test_accounts_are_looked_at_before_they_are_written(api: Api) -> None:
    root = api(ROOT)
    seen = root.post("/accounts/preview", json={"csv": CSV}).json()
    assert seen["good"] == [{"company": "Acme", "domain": "acme.example", "owner": ANA.email}]
    assert seen["bad"] == [{"line": 3, "reason": "nobody@example.com isn't an enabled agent."}]
    assert root.get("/accounts").json() == {"items": []}

    assert root.post("/accounts/import", json={"csv": CSV}).json() == seen
    semicolons = root.post("/accounts/preview", json={"csv": CSV.replace(",", ";")}).json()
    assert semicolons == seen
    assert refusal(root.post("/accounts/preview", json={"csv": "a,b\n1,2\n"})) == (422, "file")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"time_zone": "Middle/Earth"}, "time_zone"),
        ({"blocks": [{"day": "mon", "from": "09:00", "to": "09:00"}]}, "blocks.0.to"),
        ({"blocks": [{"day": "mon", "from": "9", "to": "17:00"}]}, "blocks.0.from"),
        ({"blocks": [{"day": "mon", "from": "09:00", "to": "12:00"}, {"day": "mon", "from": "11:00", "to": "13:00"}]},
         "blocks.1"),
        ({"exceptions": [{"date": "2020-01-01", "blocks": []}]}, "exceptions.0.date"),
        ({"exceptions": ["soon"]}, "exceptions.0"),
    ],
)  # fmt: skip
def test_hours_that_cannot_be_are_refused_by_field(api: Api, wrong: dict[str, object], field: str) -> None:
    ana = api(ANA)
    before = ana.get("/agent/schedule").json()

    assert refusal(ana.put("/agent/schedule", json={"time_zone": "UTC", "blocks": [], "exceptions": []} | wrong)) == (
        422,
        field,
    )
    assert ana.get("/agent/schedule").json() == before


def test_hours_come_back_as_they_were_set(api: Api) -> None:
    hours = {
        "time_zone": "Asia/Tokyo",
        "blocks": [{"day": "mon", "from": "22:00", "to": "06:00"}],
        "exceptions": [{"date": "2126-12-24", "blocks": [{"from": "09:00", "to": "12:00"}]}],
    }

    assert api(BEN).put("/agent/schedule", json=hours).json() == hours
    assert api(BEN).get("/agent/schedule").json() == hours
    assert api(MIA).get("/agent/schedule").json()["code"] == "not_for_managers"


def test_a_missed_visitor_is_claimed_once(api: Api, admin_server: InboxServer) -> None:
    for person in (ANA, BEN):
        api(person).put("/agent/availability", json={"available": False})
    visitor = Visitor(admin_server, "Ines", "Anyone?")
    path = f"/conversations/{visitor.conversation_id}/claim"

    missed = api(ANA).get("/missed").json()["items"]
    assert [(row["id"], row["text"], row["claimed_by"]) for row in missed] == [(visitor.conversation_id, "Anyone?", "")]
    assert api(MIA).get("/missed").status_code == httpx.codes.FORBIDDEN
    assert api(ANA).post(path).status_code == httpx.codes.NO_CONTENT
    assert api(BEN).post(path).status_code == httpx.codes.CONFLICT
    assert api(BEN).get("/missed").json()["items"][0]["claimed_by"] == ANA.name
    assert api(ANA).post(f"/conversations/{SOMEBODY}/claim").status_code == httpx.codes.NOT_FOUND
    visitor.client.close()
