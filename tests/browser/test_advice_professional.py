"""A paediatrician on a phone, and a SENCO who writes together with a colleague."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from advice import commands as advice
from advice.commands.writing import give_draft, save_draft
from advice.models import Advice, AdviceRequest, DraftField, Form
from advice.queries.writing import draft_of
from ehc import commands, moments
from ehc.models import Organisation, Role, User
from tests.advice.asked import ROW, WRITTEN, ask
from tests.browser.conftest import PHONE, check_page
from tests.factories import Council, PersonFactory, member

LONG = "W" * 300
SOON = 10_000
PASSWORD = "a long pass phrase"


class Clinic:
    """A child about whom the paediatricians and the school are asked."""

    def __init__(self, **person: str) -> None:
        self.council = council = Council()
        council.health.discipline = Organisation.Discipline.MEDICAL
        council.health.save()
        self.doctor = member(Role.ADVISER, organisation=council.health)
        self.senco = member(Role.ADVISER, organisation=council.school)
        self.colleague = member(Role.ADVISER, organisation=council.school)
        today = moments.today()
        child = PersonFactory.build(authority=council.authority, **person)
        assessment = council.register(today - timedelta(weeks=8), person=child)
        by, agreed = council.caseworker, today - timedelta(weeks=4)
        commands.agree_to_assess(assessment, on=agreed, by=by, today=agreed)
        advice.ask_for_advice(
            assessment,
            on=agreed,
            asks=[ask(council.health, "Does she tire?"), ask(council.school)],
            own=(Form.PARENT,),
            by=by,
            today=agreed,
        )
        self.process = assessment.pk

    def of(self, body: Organisation) -> AdviceRequest:
        """The request to a body as it is now."""
        return AdviceRequest.objects.get(process=self.process, organisation=body)


@pytest.fixture
def empty(transactional_db: None, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def clinic(empty: None) -> Clinic:
    return Clinic()


def box(page: Page, name: str) -> Any:
    return page.locator(f'[name="{name}"]').first


def is_saved(page: Page) -> None:
    expect(page.locator("#saving")).to_contain_text("Saved at", timeout=SOON)


def as_user(context: BrowserContext, live_server: Any, user: User) -> Page:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = django_settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    context.add_cookies([cookie])
    return context.new_page()


def medical() -> dict[str, str]:
    """What the medical form must have."""
    left = {"assessment", "attainment", "support", "involvement"}
    return {name: text for name, text in WRITTEN.items() if name not in left}


def test_a_paediatrician_on_a_phone_gives_advice_in_one_go(
    browser: Any, live_server: Any, clinic: Clinic
) -> None:
    size = {"width": PHONE, "height": 740}
    with browser.new_context(viewport=size) as context:
        page = as_user(context, live_server, clinic.doctor)
        page.goto(live_server.url + "/advice/")
        page.locator(".ehc-inbox th a").click()
        expect(page.locator("main")).to_contain_text("Does she tire?")
        page.get_by_role("button", name="Write it", exact=True).click()
        texts = medical()
        first = list(texts)[:3]
        for name in first:
            box(page, name).fill(texts[name])
        is_saved(page)
        assert DraftField.objects.filter(name__in=first).count() == 3

        # The lift: no connection in the middle. Writing goes on, and nothing is lost.
        context.set_offline(True)
        for name in list(texts)[3:]:
            box(page, name).fill(texts[name])
        expect(page.locator("#saving")).to_contain_text("no connection", timeout=SOON)
        page.get_by_role("button", name="Check before giving").click()
        expect(page.locator("#saving")).to_contain_text("no connection", timeout=SOON)
        assert box(page, "needs").input_value() == WRITTEN["needs"]
        context.set_offline(False)
        is_saved(page)

        need = page.locator('#row-list [name$=".need"]')
        need.fill(ROW["need"])
        for column in ("outcome", "provision", "how_much", "how_often", "by_whom", "skill"):
            page.locator(f'#row-list [name$=".{column}"]').fill(ROW[column])
        page.get_by_role("button", name="Check before giving").click()
        expect(page.locator("h1")).to_have_text("Check before giving")
        expect(page.locator("main")).to_contain_text(ROW["provision"])
        page.get_by_role("button", name="Give advice").click()
        expect(page.locator("h1")).to_have_text("Advice received")
        given = Advice.objects.get(request=clinic.of(clinic.council.health))
        expect(page.locator("main")).to_contain_text(given.receipt)
    assert given.content["needs"] == WRITTEN["needs"]
    assert given.rows.get().how_often == ROW["how_often"]


def test_a_senco_and_a_colleague_write_at_the_same_time(
    browser: Any, live_server: Any, clinic: Clinic
) -> None:
    request = clinic.of(clinic.council.school)
    path = f"{live_server.url}/advice/requests/{request.pk}/write/"
    with browser.new_context() as at_school, browser.new_context() as at_home:
        one = as_user(at_school, live_server, clinic.senco)
        two = as_user(at_home, live_server, clinic.colleague)
        one.goto(path)
        two.goto(path)
        box(one, "voice").fill("I like numbers.")
        is_saved(one)
        # Different fields: both are saved, and nobody is asked anything.
        box(two, "tried").fill("Picture cards.")
        is_saved(two)
        # The same field: both texts are shown, with who wrote the other.
        box(two, "voice").fill("I do not like the hall.")
        conflict = two.locator(".ehc-conflict").first
        expect(conflict).to_contain_text(clinic.senco.full_name, timeout=SOON)
        expect(conflict).to_contain_text("I like numbers.")
        assert box(two, "voice").input_value() == "I do not like the hall."
        two.get_by_role("button", name="Keep both").click()
        expect(two.locator(".ehc-conflict")).to_have_count(0)
        expect(two.locator("#saving")).to_contain_text("Saved", timeout=SOON)
        expected = "I like numbers.\n\nI do not like the hall."
        assert draft_of(request).text("voice") == expected
        # Rows of both stay.
        one.locator('#row-list [name$=".need"]').first.fill("Following instructions")
        is_saved(one)
        two.get_by_role("button", name="Add a row").click()
        two.locator('#row-list [name$=".need"]').last.fill("Being in the hall")
        is_saved(two)
        one.reload()
        needs = one.locator('#row-list [name$=".need"]')
        texts = {needs.nth(n).input_value() for n in range(needs.count())}
        assert {"Following instructions", "Being in the hall"} <= texts


def test_rows_are_moved_taken_out_and_put_back(
    signed_in: Callable[[User], Page], live_server: Any, clinic: Clinic
) -> None:
    request = clinic.of(clinic.council.school)
    page = signed_in(clinic.senco)
    page.goto(f"{live_server.url}/advice/requests/{request.pk}/write/")
    page.locator('#row-list [name$=".need"]').fill("One")
    page.get_by_role("button", name="Add a row").click()
    page.locator('#row-list [name$=".need"]').last.fill("Two")
    page.get_by_role("button", name="Move up row 2").click()
    is_saved(page)
    page.get_by_role("button", name="Take out row 2").click()
    expect(page.locator("main")).to_contain_text("Taken out: One.")
    is_saved(page)
    page.get_by_role("button", name="Put it back").click()
    page.get_by_role("button", name="Save", exact=True).last.click()
    is_saved(page)
    assert [row["need"] for row in draft_of(request).given_rows()] == ["Two", "One"]
    check_page(page)


def test_a_session_that_ends_in_the_middle_keeps_the_text(
    browser: Any, live_server: Any, clinic: Clinic
) -> None:
    clinic.senco.set_password(PASSWORD)
    clinic.senco.save()
    request = clinic.of(clinic.council.school)
    path = f"{live_server.url}/advice/requests/{request.pk}/write/"
    with browser.new_context() as context:
        page = as_user(context, live_server, clinic.senco)
        page.goto(path)
        Session.objects.all().delete()
        box(page, "voice").fill("Written in between.")
        expect(page.locator("#saving")).to_contain_text("you were signed out", timeout=SOON)
        with context.expect_page() as opened:
            page.locator("#saving a").click()
        tab = opened.value
        tab.get_by_label("Email address").fill(clinic.senco.email)
        tab.get_by_label("Password", exact=True).fill(PASSWORD)
        tab.get_by_role("button", name="Sign in").click()
        expect(tab.locator("#writing")).to_be_visible()
        page.bring_to_front()
        page.get_by_role("button", name="Save", exact=True).last.click()
        is_saved(page)
        assert box(page, "voice").input_value() == "Written in between."
    assert draft_of(request).text("voice") == "Written in between."


def test_what_comes_after_giving_is_told_and_stays_on_the_page(
    signed_in: Callable[[User], Page], live_server: Any, clinic: Clinic
) -> None:
    request = clinic.of(clinic.council.school)
    page = signed_in(clinic.senco)
    page.goto(f"{live_server.url}/advice/requests/{request.pk}/write/")
    advice.give_advice(
        request,
        on=moments.today(),
        content={},
        nothing_to_report=True,
        reason="He left us last summer.",
        by=clinic.colleague,
    )
    box(page, "voice").fill("Still writing")
    expect(page.locator("#saving")).to_contain_text("gave this advice on", timeout=SOON)
    expect(page.locator("#saving")).to_contain_text(clinic.colleague.full_name)
    assert box(page, "voice").input_value() == "Still writing"


def test_it_needs_no_scripts(browser: Any, live_server: Any, clinic: Clinic) -> None:
    request = clinic.of(clinic.council.health)
    size = {"width": PHONE, "height": 740}
    with browser.new_context(java_script_enabled=False, viewport=size) as context:
        page = as_user(context, live_server, clinic.doctor)
        page.goto(f"{live_server.url}/advice/requests/{request.pk}/write/")
        for name, text in medical().items():
            box(page, name).fill(text)
        page.get_by_role("button", name="Add a row").click()
        expect(page.get_by_role("alert")).to_contain_text("Saved at")
        page.get_by_role("button", name="Check before giving").click()
        page.get_by_role("button", name="Give advice").click()
        expect(page.locator("h1")).to_have_text("Advice received")
    assert Advice.objects.get(request=request).content["voice"] == WRITTEN["voice"]


@pytest.mark.parametrize("name", ["Mia", LONG])
def test_every_page_looked_at(
    signed_in: Callable[[User], Page], live_server: Any, empty: None, name: str
) -> None:
    clinic = Clinic(forename=name[:100], surname=name[:100])
    Organisation.objects.filter(pk=clinic.council.school.pk).update(name=name[:200])
    request = clinic.of(clinic.council.school)
    own = f"/advice/requests/{request.pk}/"
    page = signed_in(clinic.senco)

    def look(*paths: str) -> None:
        for path in paths:
            page.goto(live_server.url + path)
            check_page(page)

    look("/advice/?tab=mine", "/advice/?tab=service", "/advice/?tab=given")
    changes = {n: (t, 0) for n, t in {**WRITTEN, "voice": name}.items() if n in OF_SCHOOL}
    changes |= {f"row.a.{column}": (text, 0) for column, text in ROW.items()}
    save_draft(request, changes | {"row.b.need": (name, 0)}, by=clinic.colleague)
    pages = ("", "write/", "give/", "nothing/", "late/", "hand-over/", "wrong/")
    look(*(own + part for part in pages))
    page.locator("main form button").first.click()
    check_page(page)
    give_draft(request, by=clinic.senco, state=draft_of(request).state)
    advice.return_advice(
        request, reasons=["not_smart", "jargon"], note=name, by=clinic.council.caseworker
    )
    look("/advice/", own, f"{own}receipts/1/")
    page = signed_in(clinic.council.caseworker)
    look(own)


def test_the_conflict_is_accessible(
    signed_in: Callable[[User], Page], live_server: Any, clinic: Clinic
) -> None:
    request = clinic.of(clinic.council.school)
    page = signed_in(clinic.senco)
    page.goto(f"{live_server.url}/advice/requests/{request.pk}/write/")
    save_draft(request, {"voice": ("Hers", 0)}, by=clinic.colleague)
    box(page, "voice").fill("Mine")
    expect(page.locator(".ehc-conflict").first).to_be_visible(timeout=SOON)
    check_page(page, status=409)
    page.get_by_role("button", name="Take theirs").click()
    expect(page.locator("#saving")).to_contain_text("Saved", timeout=SOON)
    assert box(page, "voice").input_value() == "Hers"


OF_SCHOOL = {
    "contact", "voice", "voice_how", "strengths", "needs", "tried", "attainment", "support",
}  # fmt: skip
