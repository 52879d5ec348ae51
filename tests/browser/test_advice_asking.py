"""A caseworker asks for all advice, notes an existing report, and reads what became of it."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from advice import commands as advice
from advice.models import AdviceRequest, Chase, ExistingAdvice, Form, Head, ServiceProfile
from advice.models.chasing import Recipient
from ehc import commands, moments
from ehc.models import Assessment, Case, Organisation, Person
from tests.browser.conftest import PHONE, check_page
from tests.factories import Council, PersonFactory, ServiceFactory

LONG = "Wilhelmina-Aurelia " * 15


class Desk:
    """A case on which advice can be asked for, with services as an authority has them."""

    def __init__(self, live_server: Any, page: Page, *, forename: str = "Sam") -> None:
        self.council = council = Council()
        self.page, self.address = page, live_server.url
        self.today = moments.today()
        Organisation.objects.filter(pk=council.psychology.pk).update(discipline="psychology")
        Organisation.objects.filter(pk=council.health.pk).update(discipline="medical")
        self.service("Speech and language therapy", Head.OTHER, Form.THERAPY)
        self.service("Teachers of deaf and vision impaired children", Head.SENSORY, Form.SENSORY)
        person = PersonFactory.build(
            authority=council.authority, forename=forename, postcode="S10 2AB"
        )
        received = self.today - timedelta(weeks=5)
        self.assessment = council.register(received, person=person)
        Case.objects.update(setting=council.school)
        commands.agree_to_assess(
            self.assessment,
            on=received + timedelta(weeks=2),
            by=council.caseworker,
            today=self.today,
        )
        self.reference = self.assessment.case.reference

    def service(self, name: str, head: Head, form: Form) -> Organisation:
        made = ServiceFactory.create(authority=self.council.authority, name=name)
        ServiceProfile.objects.create(organisation=made, head=head, form=form)
        return made

    def open(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def desk(page: Page, live_server: Any, signed_in: Any) -> Desk:
    made = Desk(live_server, page)
    signed_in(made.council.caseworker)
    return made


def test_all_advice_is_asked_for_in_one_step(desk: Desk) -> None:
    page = desk.page
    desk.open(f"/cases/{desk.reference}/")
    check_page(page)
    page.get_by_role("button", name="Ask for advice").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ask for advice")
    check_page(page)
    expect(page.get_by_role("checkbox", name="Community paediatrics")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Teachers of deaf")).not_to_be_checked()
    page.get_by_role("group", name="Community paediatrics").get_by_text("Form and question").click()
    page.get_by_role("group", name="Community paediatrics").get_by_label(
        "What do you ask in particular?"
    ).fill("How does she sleep?")
    page.get_by_role("checkbox", name="Teachers of deaf").check()
    desk.press("Continue")
    expect(page.get_by_role("alert")).to_contain_text("Choose for what")
    check_page(page)
    page.get_by_label("If a qualified teacher is wanted: for what?").select_option("hearing")
    desk.press("Continue")
    expect(page.get_by_role("heading", level=1)).to_contain_text("What this will do")
    check_page(page)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Advice", exact=True)).to_be_visible()
    check_page(page)
    assert AdviceRequest.objects.filter(process=desk.assessment.pk).count() == 7
    assert AdviceRequest.objects.get(label="health").question == "How does she sleep?"


def test_an_existing_report_is_found_sufficient(desk: Desk) -> None:
    page = desk.page
    desk.open(f"/advice/cases/{desk.reference}/ask/")
    page.get_by_role("link", name="Note an existing report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Note an existing report")
    check_page(page)
    page.get_by_label("What is it?").fill("Psychological report, autumn")
    page.get_by_label("Who wrote it?").fill("Dr A. Example")
    dated = desk.today - timedelta(days=500)
    for box, value in (("Day", dated.day), ("Month", dated.month), ("Year", dated.year)):
        page.get_by_label(box, exact=True).fill(str(value))
    page.get_by_label("Which advice is it?").select_option(Head.PSYCHOLOGY)
    desk.press("Note the report")
    for answer, who in (
        ("The adviser who wrote it", "Dr A. Example"),
        ("The authority", "C. Officer"),
        ("The child’s parent", "P. Parent"),
    ):
        expect(page.get_by_role("heading", name="Record an answer")).to_be_visible()
        check_page(page)
        page.get_by_role("radio", name=answer).check()
        page.get_by_role("radio", name="Yes, it is sufficient").check()
        page.get_by_label("Who answered?").fill(who)
        page.get_by_label("How did they answer?").fill("By letter")
        desk.press("Record the answer")
        expect(page.get_by_role("alert")).to_contain_text("Recorded.")
    expect(page.locator("main")).to_contain_text("Sufficient")
    check_page(page)
    assert ExistingAdvice.objects.get().sufficient_on == desk.today
    desk.open(f"/advice/cases/{desk.reference}/ask/")
    line = page.get_by_role("group", name="Educational psychology")
    expect(line).to_contain_text("Not to be asked")
    expect(line.get_by_role("checkbox")).to_have_count(0)
    check_page(page)


def asked_everything(desk: Desk) -> None:
    """Requests in every state that the panel tells of."""
    council, today = desk.council, desk.today
    sent = today - timedelta(days=10)
    asks = [
        advice.Ask(council.psychology, Head.PSYCHOLOGY, Form.PSYCHOLOGICAL),
        advice.Ask(council.health, Head.MEDICAL, Form.MEDICAL),
        advice.Ask(council.school, Head.EDUCATION, Form.EDUCATIONAL),
    ]
    by = {"by": council.caseworker, "today": today}
    process = Assessment.objects.select_related("case").get(pk=desk.assessment.pk)
    advice.ask_for_advice(process, on=sent, asks=asks, own=[Form.PARENT, Form.CHILD], **by)
    requests = {r.label: r for r in AdviceRequest.objects.select_related("case", "organisation")}
    advice.expect_late(
        requests["health"], cause="waiting_list", expected_on=today + timedelta(days=50), **by
    )
    for n, recipient in enumerate((Recipient.ADVISER, Recipient.LEAD)):
        Chase.objects.create(
            request=requests["health"],
            recipient=recipient,
            how=Chase.How.NOTICE,
            on=today - timedelta(days=3 - n),
            at=moments.now(),
        )
    reason = {"nothing_to_report": True, "reason": "Not known to us.", "content": {}}
    advice.give_advice(requests["school"], on=today, **reason, **by)
    advice.return_advice(
        requests["school"], reasons=["no_voice", "not_quantified"], note=LONG * 3, **by
    )
    advice.decline_request(requests["educational_psychology"], reason="Adults only.", **by)


def test_the_panel_tells_every_state_on_every_screen(desk: Desk) -> None:
    asked_everything(desk)
    Person.objects.update(forename=LONG[:299])
    Organisation.objects.filter(pk=desk.council.health.pk).update(name="Paediatrics-" * 16)
    desk.open(f"/cases/{desk.reference}/")
    panel = desk.page.locator("section[aria-labelledby=advice]")
    for words in ("Said on", "Chased 2 times", "Sent back on", "Closed", "For the family:"):
        expect(panel).to_contain_text(words)
    check_page(desk.page)
    desk.open(f"/advice/cases/{desk.reference}/ask/")
    check_page(desk.page)


def test_somebody_is_added_on_a_phone_without_scripts(
    browser: Browser, live_server: Any, page: Page
) -> None:
    desk = Desk(live_server, page)
    extra = desk.service("Music therapy", Head.OTHER, Form.THERAPY)
    ServiceProfile.objects.filter(organisation=extra).update(always_asked=False)
    caseworker = desk.council.caseworker
    caseworker.set_password("a long pass phrase")
    caseworker.save()
    size = {"width": PHONE, "height": 800}
    with browser.new_context(java_script_enabled=False, viewport=size) as context:
        desk.page = plain = context.new_page()
        desk.open(f"/advice/cases/{desk.reference}/ask/")
        plain.get_by_label("Email address").fill(caseworker.email)
        plain.get_by_label("Password", exact=True).fill("a long pass phrase")
        desk.press("Sign in")
        plain.get_by_label("Service, or the child’s setting").select_option(str(extra.pk))
        desk.press("Add to the list")
        line = plain.get_by_role("group", name="Music therapy")
        line.get_by_label("Why is it asked?").select_option(Head.ASKED_BY_FAMILY)
        line.get_by_label("If the family asked for it").fill("His father, in the meeting")
        plain.get_by_role("button", name="Continue", exact=True).last.click()
        plain.get_by_role("button", name="Confirm").click()
    request = AdviceRequest.objects.get(organisation=extra)
    assert request.head == Head.ASKED_BY_FAMILY
