"""From the request to the final plan, in a browser, as three people; each page is looked at."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ehc import commands, moments, truth
from ehc.forms.casework import CASE_FORMS
from ehc.forms.steps import STEP_FORMS
from ehc.models import Assessment, Case, User
from notifications.models import MailboxMessage
from tests.advice import files
from tests.browser.conftest import PHONE, check_page
from tests.factories import Council

Visit = Callable[[User], Page]


class Story:
    """A council, its people’s browser, and the words they find on the screen."""

    def __init__(self, page: Page, signed_in: Visit, address: str) -> None:
        self.page = page
        self.signed_in = signed_in
        self.address = address
        self.council = Council()
        self.today = moments.today()
        self.received = self.today - timedelta(weeks=17)

    def sign_in(self, user: User) -> None:
        self.signed_in(user)
        self.open("/")

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def heading(self, words: str) -> None:
        expect(self.page.locator("h1")).to_have_text(words)
        expect(self.page.locator("h1")).to_have_count(1)

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=True).click()

    def date(self, day: date, group: str = "") -> None:
        boxes = self.page.get_by_role("group", name=group) if group else self.page
        for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            boxes.get_by_label(box, exact=True).first.fill(str(number))

    def next(self, step: str) -> Locator:
        """What the case page offers as its next step, apart from the words about it."""
        words = re.compile(rf"^\s*{re.escape(step)}\s*$")
        return self.page.locator(".ehc-next a").filter(has_text=words)

    def take(self, step: str, day: date, fill: Callable[[], None] | None = None) -> None:
        """Open a step from the case page, fill it in, confirm it, and be back on the case."""
        name = self.page.locator("h1").inner_text()
        self.next(step).click()
        self.heading(step)
        self.date(day)
        if fill:
            fill()
        check_page(self.page)
        self.press("Continue")
        expect(self.page.locator("h1")).to_have_text(f"What this will do: {step.lower()}")
        check_page(self.page)
        self.press(f"Confirm: {step.lower()}")
        self.heading(name)
        expect(self.page.get_by_role("alert")).to_contain_text("Recorded")
        check_page(self.page)

    def stage(self) -> str:
        return Case.objects.get().stage

    def reason(self, text: str) -> Callable[[], None]:
        return lambda: self.page.get_by_label("Reasons").fill(text)


@pytest.fixture
def story(page: Page, signed_in: Visit, live_server: Any) -> Iterator[Story]:
    yield Story(page, signed_in, live_server.url)
    assert list(truth.check()) == []


def register(story: Story) -> None:
    page = story.page
    page.get_by_role("button", name="Register a request").click()
    check_page(page)
    story.press("Continue")
    expect(page.get_by_role("alert")).to_contain_text("Enter the forename")
    check_page(page)
    story.date(story.received, "When was the request received?")
    page.get_by_label("Parent or young person").check()
    page.get_by_label("Forename", exact=True).fill("Zoë")
    page.get_by_label("Surname").fill("O’Brien-Smythe")
    story.date(date(2017, 4, 3), "Date of birth")
    page.get_by_label("If there is no UPN: why is it not known?").select_option("UN1")
    page.get_by_label("School, college or early years setting").select_option("Elm Lane Primary")
    page.get_by_label("Parent or carer: full name").fill("Siân O’Brien")
    page.get_by_label("E-mail address").fill("sian@example.org")
    story.press("Continue")
    story.heading("Check the request for Zoë O’Brien-Smythe")
    expect(page.locator("main")).to_contain_text("Send the final plan")
    check_page(page)
    story.press("Register the request")
    story.heading("Zoë O’Brien-Smythe")
    check_page(page)


def test_from_the_request_to_the_final_plan(story: Story) -> None:
    council, page, received = story.council, story.page, story.received
    story.sign_in(council.caseworker)
    story.heading("Worklist")
    expect(page.locator("main")).to_contain_text("Register a request to begin")
    check_page(page)

    register(story)
    agreed = received + timedelta(weeks=5)
    story.take("Agree to assess", agreed)
    assert story.stage() == "advice"

    def services() -> None:
        expect(page.get_by_role("checkbox", name="Elm Lane Primary")).to_be_checked()
        others = page.get_by_label("Service, or the child’s setting")
        others.select_option("Educational psychology")
        story.press("Add to the list")
        expect(page.get_by_role("checkbox", name="Educational psychology")).to_be_checked()

    def whose(name: str) -> Callable[[], None]:
        return lambda: page.get_by_label(name).check()

    story.take("Ask for advice", agreed, services)
    for name in ("Elm Lane Primary", "Educational psychology"):
        story.take("Record advice received", agreed + timedelta(weeks=6), whose(name))
    story.take("Refer to panel", agreed + timedelta(weeks=7))
    assert story.stage() == "panel"

    story.sign_in(council.chair)
    page.get_by_role("link", name="Zoë O’Brien-Smythe").click()
    check_page(page)
    decided = received + timedelta(weeks=13)
    story.take("Agree to issue a plan", decided, story.reason("Provision needs a plan."))
    assert story.stage() == "draft"

    story.sign_in(council.manager)
    page.get_by_role("link", name="My team’s").click()
    page.get_by_role("link", name="Zoë O’Brien-Smythe").click()
    served = decided + timedelta(days=3)
    story.take("Serve the draft plan", served)

    story.next("Send the final plan").click()
    story.date(served + timedelta(days=2))
    page.get_by_label("Setting named in section I").select_option("Elm Lane Primary")
    story.press("Continue")
    expect(page.get_by_role("alert")).to_contain_text("to answer the draft, reg 13(1)(a)")
    expect(page.get_by_label("Setting named in section I")).to_have_value(str(council.school.pk))
    check_page(page)
    story.date(served + timedelta(days=16))
    story.press("Continue")
    expect(page.locator("main")).to_contain_text("Complete the annual review")
    story.press("Confirm: send the final plan")
    expect(page.locator("main")).to_contain_text("Complete the annual review")
    check_page(page)
    assert story.stage() == "maintained"


def under_way(story: Story) -> Assessment:
    return story.council.register(story.received)


def test_a_step_by_keyboard_alone(story: Story) -> None:
    assessment = under_way(story)
    page = story.page
    story.sign_in(story.council.caseworker)

    def go_to(words: str) -> None:
        """Press Tab until the thing with these words has the focus."""
        for _ in range(60):
            page.keyboard.press("Tab")
            focused = page.evaluate(
                "(document.activeElement.innerText || document.activeElement.name || '').trim()"
            )
            if focused == words:
                return
        raise AssertionError(f"“{words}” cannot be reached with the keyboard")

    go_to(assessment.case.person.full_name)
    page.keyboard.press("Enter")
    story.heading(assessment.case.person.full_name)
    go_to("Agree to assess")
    page.keyboard.press("Space")
    story.heading("Agree to assess")
    go_to("on-day")
    page.keyboard.type(str(story.received.day))
    go_to("on-month")
    page.keyboard.type(f"{story.received:%B}")
    go_to("on-year")
    page.keyboard.type(str(story.received.year))
    go_to("Continue")
    page.keyboard.press("Enter")
    story.heading("What this will do: agree to assess")
    go_to("Confirm: agree to assess")
    page.keyboard.press("Enter")
    story.heading(assessment.case.person.full_name)
    assert story.stage() == "advice"


def test_a_step_without_scripts_on_a_phone(browser: Any, story: Story, live_server: Any) -> None:
    assessment = under_way(story)
    story.council.caseworker.set_password("a long pass phrase")
    story.council.caseworker.save()
    size = {"width": PHONE, "height": 800}
    with browser.new_context(java_script_enabled=False, viewport=size) as context:
        plain = Story.__new__(Story)
        plain.page, plain.address = context.new_page(), live_server.url
        plain.open(f"/cases/{assessment.case.reference}/")
        plain.page.get_by_label("Email address").fill(story.council.caseworker.email)
        plain.page.get_by_label("Password", exact=True).fill("a long pass phrase")
        plain.press("Sign in")
        plain.heading(assessment.case.person.full_name)
        plain.page.get_by_role("button", name="Refuse to assess").click()
        plain.date(story.received + timedelta(weeks=3))
        plain.page.get_by_label("Reasons").fill("Needs are met.")
        plain.press("Continue")
        plain.press("Confirm: refuse to assess")
        plain.heading(assessment.case.person.full_name)
    assert story.stage() == "refused"


#: Forms that are no command’s (a file is added, one task is handed on), and the step that is taken
#: on a page of advice.
OTHER_FORMS = {"add", "give", "request_advice"}


def forms_on(page: Page) -> dict[str, str]:
    """The forms that the case page leads to, as this person sees it: the command, its address."""
    marks = ("/steps/", "/do/", "/correct/", "/add/", "/give/")
    links = page.locator(", ".join(f"main a[href*='{mark}']" for mark in marks))
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    return {
        "correct_fact" if "/correct/" in a else a.split("?")[0].rstrip("/").rsplit("/", 1)[-1]: a
        for a in addresses
    }


def test_the_case_at_every_stage_and_every_form(story: Story) -> None:
    page, looked_at = story.page, set()
    story.sign_in(story.council.manager)
    for stage in STAGES:
        assessment = under_way(story)
        bring_to(stage, assessment, story)
        story.open(f"/cases/{assessment.case.reference}/")
        check_page(page)
        for form, address in forms_on(page).items():
            if form not in looked_at:
                looked_at.add(form)
                story.open(address)
                expect(page.locator("main form")).to_be_visible()
                check_page(page)
    assert looked_at == set(STEP_FORMS) | set(CASE_FORMS) | OTHER_FORMS


def test_correcting_a_date_and_restricting_a_case(story: Story) -> None:
    assessment = under_way(story)
    page, case = story.page, assessment.case
    story.sign_in(story.council.manager)
    story.open(f"/cases/{case.reference}/")
    page.get_by_role("link", name="Correct this date").click()
    check_page(page)
    story.date(story.received - timedelta(days=1))
    page.get_by_label("How was the mistake found?").fill("The envelope has an earlier stamp.")
    story.press("Continue")
    expect(page.get_by_role("table")).to_contain_text("Decide whether to assess")
    check_page(page)
    story.press("Confirm: correct a date")
    expect(page.locator("#entry-1")).to_contain_text("Corrected")
    check_page(page)
    page.get_by_role("link", name="Restrict the case").click()
    page.get_by_label("Why?").fill("A colleague’s child.")
    story.press("Restrict the case")
    expect(page.locator("h1 + .govuk-tag")).to_have_text("Restricted")
    for name in ("Give a person access", "End a person’s access", "Lift the restriction"):
        page.get_by_role("link", name=name).click()
        check_page(page)
        page.go_back()


#: Between them they offer every form there is.
STAGES = (
    *("request", "advice", "panel", "draft", "final"),
    *("refused", "overturned", "not_issued", "restricted"),
)


def bring_to(stage: str, assessment: Assessment, story: Story) -> None:
    """Take the commands that lead to a stage, on days that have passed."""
    council, day = story.council, story.received + timedelta(weeks=4)
    by, today = council.caseworker, story.today
    if stage in {"refused", "overturned"}:
        commands.refuse_to_assess(assessment, on=day, by=by, today=today, reason="Met already.")
    if stage == "overturned":
        route = "tribunal_ordered_assessment"
        commands.overturn_refusal_to_assess(assessment, on=day, by=by, today=today, route=route)
    if stage == "restricted":
        case, manager = assessment.case, council.manager
        commands.restrict_case(case, on=today, by=manager, today=today, reason="Staff child.")
        commands.name_person(
            case, on=today, by=manager, today=today, person=council.chair, reason="Decides."
        )
    if stage in {"request", "refused", "overturned", "restricted"}:
        return
    commands.agree_to_assess(assessment, on=day, by=by, today=today)
    commands.request_advice(assessment, on=day, by=by, today=today, services=[council.health])
    if stage == "advice":
        return
    commands.refer_to_panel(assessment, on=day, by=by, today=today)
    if stage == "panel":
        return
    chair = council.chair
    if stage == "not_issued":
        commands.refuse_to_issue(assessment, on=day, by=chair, today=today, reason="Not needed.")
        return
    commands.agree_to_issue(assessment, on=day, by=chair, today=today, reason="Necessary.")
    commands.serve_draft(assessment, on=day, by=by, today=today)
    if stage == "draft":
        return
    later = day + timedelta(days=20)
    commands.send_final_plan(
        assessment, on=later, by=by, today=today, setting_type="Mainstream primary school"
    )


def test_pages_of_a_service(story: Story) -> None:
    assessment = under_way(story)
    bring_to("advice", assessment, story)
    commands.request_advice(
        assessment,
        on=story.today,
        by=story.council.caseworker,
        services=[story.council.psychology],
    )
    story.sign_in(story.council.psychologist)
    story.heading("Requests for advice")
    check_page(story.page)
    story.page.get_by_role("link", name=assessment.case.person.full_name).click()
    check_page(story.page)
    story.page.get_by_role("link", name="See the case").click()
    check_page(story.page)
    expect(story.page.get_by_text("Contacts")).to_have_count(0)
    # A service gives its advice; it does not record a day on which it says that it gave some.
    story.page.get_by_role("button", name="Give your advice").click()
    expect(story.page.get_by_role("button", name="Write it", exact=True)).to_be_visible()
    check_page(story.page)


def test_documents_mailbox_account_and_search(story: Story, settings: Any) -> None:
    settings.DEVELOPMENT_MAILBOX = True
    assessment = under_way(story)
    page = story.page
    story.sign_in(story.council.caseworker)
    page.get_by_label("Search by name, reference or UPN").fill("nobody of this name")
    story.press("Search")
    expect(page.locator("main")).to_contain_text("Nothing found for “nobody of this name”")
    assert "nobody" not in page.url
    check_page(page)
    page.get_by_role("button", name="Clear").click()
    page.get_by_text("Filter the list").click()
    page.get_by_label("Next legal date").select_option("overdue")
    story.press("Apply filters")
    expect(page.get_by_text("Filters: overdue")).to_be_visible()
    check_page(page)
    notice = MailboxMessage.objects.create(
        key="1",
        sent_at=moments.now(),
        to="somebody@example.org",
        subject="Case: something has happened",
        body="Open the case:\nhttp://127.0.0.1:8000/cases/" + "W" * 80 + "/\n",
    )
    for path in ("/mailbox/", f"/mailbox/{notice.pk}/", "/account/"):
        story.open(path)
        check_page(page)
    story.open(f"/cases/{assessment.case.reference}/documents/add/")
    page.get_by_label("What is it?").fill("Report of the school, " + "W" * 150)
    page.get_by_label("File").set_input_files(
        {"name": "W" * 140 + ".pdf", "mimeType": "application/pdf", "buffer": files.pdf()}
    )
    story.press("Add the document")
    expect(page.get_by_role("alert")).to_contain_text("The document was added")
    check_page(page)
