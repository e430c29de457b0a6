"""What an admin does on /admin, in words and in force at once."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests import people
from tests.e2e.admin.conftest import SignedIn
from tests.people import ANA, BEN, MIA, ROOT, Person
from tests.servers import InboxServer

pytestmark = pytest.mark.e2e

CSV = """company,domain,owner
Umbrella,umbrella.example,ana@example.com
Nowhere,,nobody@example.com
Bad Domain,umbrella,ben@example.com
,hive.example,ben@example.com
"""


def test_a_team_and_a_rule_are_added_and_the_simulator_names_the_agent_and_why(signed_in: SignedIn) -> None:
    at_work = signed_in(BEN, "/inbox")
    expect(at_work.get_by_role("switch", name="Available")).to_be_checked()
    page = signed_in(ROOT, "/admin?tab=teams")
    page.get_by_role("button", name="Add a team").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text("Enter a name.")
    page.get_by_role("textbox", name="Name").fill("French desk")
    page.get_by_role("checkbox", name=BEN.name).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("list", name="Teams")).to_contain_text(re.compile(f"French desk.*{BEN.name}", re.DOTALL))

    page.get_by_role("link", name="Rules").click()
    page.get_by_role("button", name="Add a rule").click()
    page.get_by_role("textbox", name="Name").fill("From France")
    page.get_by_role("combobox", name="Condition 1, attribute").select_option(label="Country")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text("Enter what it is compared with.")
    expect(page.get_by_role("textbox", name="Condition 1, value")).to_be_focused()
    page.keyboard.type("FR")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text("Choose the agents or the team that this rule asks.")
    page.get_by_role("combobox", name="Team").select_option(label="French desk")
    page.get_by_role("button", name="Save").click()
    rules = page.get_by_role("list", name="Rules in their order").locator("> li")
    expect(rules.nth(1)).to_contain_text(re.compile("From France.*Country is FR.*French desk", re.DOTALL))

    page.get_by_role("link", name="Simulator").click()
    page.get_by_role("textbox", name="Country").fill("fr")
    page.get_by_role("button", name="Show").click()
    answer = page.get_by_role("status", name="Answer")
    expect(answer).to_contain_text(BEN.name)
    expect(answer).to_contain_text("By the rule “From France”, whose agents take turns.")
    expect(answer.get_by_role("listitem").first).to_have_text("Rule From France: fits.")


def test_a_file_with_bad_lines_is_shown_before_anything_is_written(signed_in: SignedIn) -> None:
    page = signed_in(ROOT, "/admin?tab=accounts")
    page.get_by_role("textbox", name="List of accounts (CSV)").fill(CSV)
    page.get_by_role("button", name="Preview").click()

    bad = page.get_by_role("list", name="Lines left out").get_by_role("listitem")
    expect(bad).to_have_text(
        [
            "Line 3nobody@example.com isn't an enabled agent.",
            "Line 4umbrella isn't an email domain such as example.com.",
        ]
    )
    expect(page.get_by_role("table", name="Lines to import").get_by_role("row")).to_have_count(3)
    expect(page.get_by_role("table", name="Accounts")).to_have_count(0)

    page.get_by_role("button", name="Import 2").click()
    expect(page.get_by_text("Accounts imported: 2")).to_be_visible()
    expect(page.get_by_role("table", name="Accounts")).to_contain_text("umbrella.example")


def test_what_is_imported_is_what_stands_in_the_box(signed_in: SignedIn) -> None:
    page = signed_in(ROOT, "/admin?tab=accounts")
    box = page.get_by_role("textbox", name="List of accounts (CSV)")
    box.fill("company,domain,owner\nFirst,first.example,ana@example.com\n")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("button", name="Import 1")).to_be_visible()
    box.fill("company,domain,owner\nSecond,second.example,ana@example.com\n")
    expect(page.get_by_role("button", name="Import 1")).to_have_count(0)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Import 1").click()
    expect(page.get_by_role("table", name="Accounts")).to_contain_text("second.example")
    expect(page.get_by_role("table", name="Accounts")).not_to_contain_text("first.example")


def test_a_refused_setting_does_not_look_accepted_when_another_is_saved(signed_in: SignedIn) -> None:
    page = signed_in(ROOT, "/admin?tab=chat")
    waits, capacity = (page.get_by_role("textbox", name=name) for name in ("A visitor waits at most", "Chats at once"))
    before = waits.input_value()
    waits.fill("5")
    waits.press("Tab")
    expect(page.get_by_role("alert")).to_be_visible()
    capacity.fill("7")
    capacity.press("Tab")
    expect(page.get_by_role("main").get_by_text("Saved", exact=True)).to_be_visible()
    expect(waits).to_have_value(before)


def test_a_refused_role_does_not_blame_another_box(signed_in: SignedIn) -> None:
    page = signed_in(ROOT, "/admin")
    page.get_by_role("combobox", name=f"Role of {ROOT.name}").select_option(label="Agent")
    expect(page.get_by_role("alert")).to_contain_text("You cannot take your own admin rights away")
    expect(page.get_by_role("textbox", name=f"Chats at once of {ROOT.name}")).to_have_attribute("aria-invalid", "false")


def test_a_file_is_chosen(signed_in: SignedIn) -> None:
    page = signed_in(ROOT, "/admin?tab=accounts")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a file").click()
    chooser.value.set_files({"name": "accounts.csv", "mimeType": "text/csv", "buffer": b"company;owner\n"})
    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_role("alert")).to_have_text("The first line names the columns: company, domain, owner.")


def test_a_setting_out_of_its_limits_is_refused_and_a_right_one_is_in_force(
    signed_in: SignedIn, shared_server: InboxServer
) -> None:
    page = signed_in(ROOT, "/admin?tab=chat")
    seconds = page.get_by_role("textbox", name="An offer rings for")
    seconds.fill("501")
    seconds.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("This is a whole number from 10 to 500.")
    expect(seconds).to_have_value("501")

    seconds.fill("45")
    seconds.press("Enter")
    expect(page.get_by_role("main").get_by_text("Saved", exact=True)).to_be_visible()
    cookies = {"inbox_session": people.session_of(shared_server, ROOT)}
    assert httpx.get(f"{shared_server.url}/api/v1/settings", cookies=cookies).json()["offer_seconds"] == 45
    page.get_by_role("link", name="Audit log").click()
    row = page.get_by_role("row").filter(has_text="Changed a setting").first
    expect(row).to_contain_text(re.compile(f"{ROOT.name}.*An offer rings for.*30 → 45", re.DOTALL))


def test_a_person_is_added_and_taken_the_access_away(signed_in: SignedIn, shared_server: InboxServer) -> None:
    page = signed_in(ROOT, "/admin")
    form = page.locator("form")
    form.get_by_role("textbox", name="Email").fill("zoe@example.com")
    form.get_by_role("textbox", name="Name").fill("Zoe Marsh")
    form.get_by_role("textbox", name="First password").fill("short")
    form.get_by_role("button", name="Add").click()
    expect(form.get_by_role("alert")).to_have_text("A password has at least 10 characters.")
    form.get_by_role("textbox", name="First password").fill(people.PASSWORD)
    form.get_by_role("button", name="Add").click()

    row = page.get_by_role("row").filter(has_text="Zoe Marsh")
    expect(row.get_by_role("switch", name="Zoe Marsh takes chats")).to_be_checked()
    zoe = Person("zoe@example.com", "Zoe Marsh", "agent")
    session = people.session_of(shared_server, zoe)
    capacity = row.get_by_role("textbox", name="Chats at once of Zoe Marsh")
    capacity.fill("11")
    capacity.press("Enter")
    expect(row.get_by_role("alert")).to_have_text("This is a whole number from 1 to 10.")
    row.get_by_role("button", name="Disable Zoe Marsh").click()
    expect(row.get_by_role("button", name="Enable Zoe Marsh")).to_be_visible()
    answer = httpx.get(f"{shared_server.url}/api/v1/agent", cookies={"inbox_session": session})
    assert answer.status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize("person", [ANA, MIA], ids=["agent", "manager"])
def test_others_are_told_whom_it_is_for(signed_in: SignedIn, person: Person) -> None:
    page = signed_in(person, "/admin?tab=people")

    expect(page.get_by_text("The administration is for admins.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Administration")).to_have_count(0)
    expect(page.get_by_text(ROOT.email)).to_have_count(0)


def test_an_admin_cannot_lock_out_herself(signed_in: SignedIn) -> None:
    page: Page = signed_in(ROOT, "/admin")
    page.get_by_role("button", name=f"Disable {ROOT.name}").click()

    row = page.get_by_role("row").filter(has_text=ROOT.email)
    expect(row.get_by_role("alert")).to_have_text("You cannot take your own admin rights away: another admin can.")


def test_the_sites_secret_is_replaced_and_signatures_become_required(signed_in: SignedIn) -> None:
    page = signed_in(ROOT, "/admin?tab=identity")
    secrets = page.locator("code")
    expect(secrets).to_have_count(1)
    old = secrets.inner_text()
    page.get_by_role("button", name="Create a new secret").click()
    expect(secrets).to_have_count(2)
    retire = page.get_by_role("button", name="Retire the old secret")
    question = page.get_by_role("alertdialog", name="Retire the old secret?")
    retire.press("Enter")
    question.get_by_role("button", name="Cancel").press("Enter")
    expect(retire).to_be_focused()
    retire.press("Enter")
    question.get_by_role("button", name="Retire").press("Enter")
    expect(secrets).to_have_count(1)
    assert secrets.inner_text() != old
    required = page.get_by_role("switch", name="Require signed identities")
    required.click()
    expect(page.get_by_role("main").get_by_text("Saved", exact=True)).to_be_visible()
    page.reload()
    expect(required).to_be_checked()
    required.click()
    expect(required).not_to_be_checked()
