"""What was typed when a session had ended: kept for that person, filled in again, then gone."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ehc import commands, kept, moments, tasks
from ehc.models import Assessment, CaseEvent, KeptForm, User
from tests.factories import Council, fresh

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"
WORDS = "Mother said on the telephone\nthat nobody has visited."


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


@pytest.fixture
def council() -> Council:
    made = Council()
    for user in (made.caseworker, made.colleague):
        user.set_password(PASSWORD)
        user.save()
    return made


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(moments.today() - timedelta(weeks=3))


def text(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


class Browser:
    """One person’s browser, with the check that a form comes from a page of ours."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)

    def open(self, path: str, **extra: Any) -> str:
        return self.client.get(path, follow=True, **extra).content.decode()

    def sign_in(self, user: User, path: str = "/sign-in/") -> Any:
        page = self.open(path)
        typed = {**hidden(page), "login": user.email, "password": PASSWORD}
        return self.client.post(path, typed, follow=True)

    def send(self, path: str, opened: str, **typed: Any) -> Any:
        """Send the form of that page, with its hidden fields."""
        return self.client.post(path, {**hidden(opened), **typed})

    def session_ends(self) -> None:
        Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page’s main form."""
    main = page[page.index("<main") :]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', main))


def contact_page(assessment: Assessment) -> str:
    return f"/cases/{assessment.case.reference}/do/record_contact/"


def contact(note: str = WORDS) -> dict[str, str]:
    today = moments.today()
    return {
        "on-day": str(today.day),
        "on-month": str(today.month),
        "on-year": str(today.year),
        "with_whom": "Mother",
        "how": "visit",
        "note": note,
    }


def filled_in(page: str) -> bool:
    return (
        WORDS in unescape(page)
        and 'value="Mother"' in page
        and bool(re.search(r'value="visit"\s+checked', page))
    )


def test_after_a_session_ended_the_form_is_filled_in_again(
    council: Council, assessment: Assessment
) -> None:
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    browser.session_ends()
    answer = browser.send(path, page, **contact())
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={path}&ended=1&kept=1"
    assert "What you typed is kept for 24 hours, for you alone" in browser.open(answer["Location"])
    assert CaseEvent.objects.filter(kind="contact_recorded").count() == 0

    again = browser.sign_in(council.caseworker, answer["Location"])
    assert again.redirect_chain[-1][0] == path
    assert again.status_code == 200
    shown = again.content.decode()
    assert filled_in(shown)
    assert "This was not recorded: you were signed out" in shown
    assert filled_in(browser.open(path)), "looking at something else first loses nothing"

    browser.send(path, shown, **contact())
    assert CaseEvent.objects.get(kind="contact_recorded").data["note"] == WORDS
    assert not KeptForm.objects.exists()
    assert not filled_in(browser.open(path))


def test_nobody_else_who_signs_in_is_shown_it(council: Council, assessment: Assessment) -> None:
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    browser.session_ends()
    answer = browser.send(path, page, **contact())
    other = browser.sign_in(council.colleague, answer["Location"])
    assert other.redirect_chain[-1][0] == path
    assert "nobody has visited" not in text(other)
    assert "not recorded" not in text(other)
    at_home = Browser()
    at_home.sign_in(council.caseworker)
    assert filled_in(at_home.open(path))


def test_signed_out_in_another_tab(council: Council, assessment: Assessment) -> None:
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    browser.client.post("/sign-out/", hidden(browser.open("/sign-out/")))
    answer = browser.send(path, page, **contact())
    assert answer["Location"] == f"/sign-in/?next={path}&kept=1"
    assert "You were signed out before this was sent." in browser.open(answer["Location"])
    assert filled_in(browser.sign_in(council.caseworker, answer["Location"]).content.decode())


def test_signed_in_again_in_another_tab(council: Council, assessment: Assessment) -> None:
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    browser.session_ends()
    browser.sign_in(council.caseworker)
    answer = browser.send(path, page, **contact())
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert filled_in(browser.open(path))
    assert not CaseEvent.objects.filter(kind="contact_recorded").exists()


def test_somebody_else_signed_in_in_another_tab(council: Council, assessment: Assessment) -> None:
    """Nothing is recorded in the wrong name, and the second person sees none of it."""
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    browser.session_ends()
    browser.sign_in(council.colleague)
    answer = browser.send(path, page, **contact())
    assert answer.status_code == 403
    said = text(answer)
    assert f"{council.caseworker.full_name} opened this page" in said
    assert "nobody has visited" not in said
    assert not filled_in(browser.open(path))
    assert not CaseEvent.objects.filter(kind="contact_recorded").exists()
    browser.sign_in(council.caseworker, f"/sign-in/?next={path}")
    at_home = Browser()
    at_home.sign_in(council.caseworker)
    assert filled_in(at_home.open(path))


def test_a_confirm_page_leads_back_to_the_form_and_the_rival_is_still_seen(
    council: Council, assessment: Assessment
) -> None:
    """What the person had seen of the case is kept too: a step taken meanwhile is not missed."""
    browser = Browser()
    path = f"/cases/{assessment.case.reference}/steps/withdraw/"
    day = moments.today() - timedelta(weeks=1)
    typed = {
        "on-day": str(day.day),
        "on-month": str(day.month),
        "on-year": str(day.year),
        "reason": WORDS,
    }
    browser.sign_in(council.caseworker)
    confirm = browser.send(path, browser.open(path), **typed).content.decode()
    browser.session_ends()
    answer = browser.send(path, confirm, **typed, page="confirm")
    commands.agree_to_assess(fresh(assessment), on=day, by=council.colleague)
    shown = browser.sign_in(council.caseworker, answer["Location"]).content.decode()
    assert WORDS in unescape(shown)
    assert "Continue" in shown
    last = browser.client.post(path, {**hidden(shown), **typed, "page": "confirm"}, follow=True)
    assert f"{council.colleague.full_name} recorded" in text(last)
    assert fresh(assessment).status == "advice"


def test_a_new_request_and_a_document(council: Council, assessment: Assessment) -> None:
    browser = Browser()
    browser.sign_in(council.caseworker)
    register, add = "/register/", f"/cases/{assessment.case.reference}/documents/add/"
    pages = {path: browser.open(path) for path in (register, add)}
    browser.session_ends()
    browser.send(register, pages[register], forename="Zoë", surname="O’Brien")
    file = SimpleUploadedFile("report.pdf", b"%PDF-1.7 private")
    browser.send(add, pages[add], title="Report of the school", file=file)
    browser.sign_in(council.caseworker)
    assert 'value="O’Brien"' in unescape(browser.open(register))
    shown = unescape(browser.open(add))
    assert 'value="Report of the school"' in shown
    assert "choose the file again" in shown
    assert "private" not in str(list(KeptForm.objects.values_list("fields", flat=True)))


def test_beginning_again_with_an_empty_form(council: Council, assessment: Assessment) -> None:
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    browser.session_ends()
    browser.send(path, page, **contact())
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    address = re.search(r'action="(/kept/\d+/let-go/)"', page)
    assert address is not None
    other = Browser()
    other.sign_in(council.colleague)
    refused = other.client.post(address[1], hidden(other.open("/sign-out/")))
    assert refused.status_code == 404
    answer = browser.client.post(address[1], hidden(page))
    assert answer["Location"] == path
    assert not filled_in(browser.open(path))


def test_it_is_kept_for_a_day(council: Council, assessment: Assessment, time_machine: Any) -> None:
    time_machine.move_to(timezone.now(), tick=False)
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    browser.session_ends()
    browser.send(path, page, **contact())
    time_machine.shift(timedelta(hours=23))
    tasks.clear_sessions()
    browser.sign_in(council.caseworker)
    assert filled_in(browser.open(path))
    time_machine.shift(timedelta(hours=2))
    browser.sign_in(council.caseworker)
    assert not filled_in(browser.open(path))
    tasks.clear_sessions()
    assert not KeptForm.objects.exists()


def sealed(page: str, **changes: str) -> dict[str, str]:
    return {**hidden(page), **contact(), **changes}


def test_without_a_true_seal_nothing_is_kept(council: Council, assessment: Assessment) -> None:
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    of_another_page = hidden(browser.open("/register/"))[kept.SEAL]
    browser.session_ends()
    for seal in ("", "forged", of_another_page, hidden(page)[kept.SEAL] + "x"):
        answer = browser.client.post(path, sealed(page, **{kept.SEAL: seal}))
        assert answer.status_code == 302
        assert "kept" not in answer["Location"]
    assert not KeptForm.objects.exists()
    council.caseworker.is_active = False
    council.caseworker.save()
    browser.client.post(path, sealed(page))
    assert not KeptForm.objects.exists()


def test_what_is_not_kept_and_what_no_database_takes(
    council: Council, assessment: Assessment
) -> None:
    browser, path = Browser(), contact_page(assessment)
    browser.sign_in(council.caseworker)
    page = browser.open(path)
    browser.session_ends()
    answer = browser.client.post(
        path, sealed(page, note="a\0b", password="secret", **{"x\0y": "z"})
    )
    assert answer.status_code == 302
    fields = KeptForm.objects.get().fields
    assert fields["note"] == ["ab"]
    assert set(fields) == {*contact(), "seen"}


def test_a_few_forms_are_kept_for_one_person(council: Council) -> None:
    browser = Browser()
    browser.sign_in(council.caseworker)
    cases = [council.register(date(2026, 1, 5)) for _ in range(kept.MOST + 2)]
    pages = {contact_page(a): browser.open(contact_page(a)) for a in cases}
    browser.session_ends()
    for path, page in pages.items():
        browser.send(path, page, **contact())
    assert set(KeptForm.objects.values_list("path", flat=True)) == set(list(pages)[2:])


def test_what_has_no_page_of_its_own_leads_back_to_the_page_it_was_on(
    council: Council, assessment: Assessment
) -> None:
    """Signing in again does not end on a page that only takes forms."""
    browser = Browser()
    browser.sign_in(council.caseworker)
    case_page = f"/cases/{assessment.case.reference}/"
    token = hidden(browser.open("/sign-out/"))
    browser.session_ends()
    for before, then in (
        (f"http://testserver{case_page}?history=whole", f"{case_page}%3Fhistory%3Dwhole"),
        ("https://elsewhere.example/trap", "/"),
        ("", "/"),
    ):
        answer = browser.client.post("/search/", token, HTTP_REFERER=before)
        assert answer["Location"].removesuffix("&ended=1") == f"/sign-in/?next={then}"


def test_a_sign_in_page_that_is_no_longer_current(council: Council) -> None:
    """Two sign-in pages in two tabs: the second finds its person signed in, not an error."""
    browser = Browser()
    stale = hidden(browser.open("/sign-in/?next=/account/"))
    browser.sign_in(council.caseworker)
    typed = {"login": council.caseworker.email, "password": PASSWORD}
    answer = browser.client.post("/sign-in/?next=/account/", {**stale, **typed}, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/"
    stale_sign_out = browser.client.post("/sign-out/", stale, follow=True)
    assert "Do you want to sign out?" in text(stale_sign_out)


def test_another_stale_form_is_told_in_words(council: Council, assessment: Assessment) -> None:
    browser = Browser()
    browser.sign_in(council.caseworker)
    stale = hidden(browser.open("/sign-out/"))
    stale["csrfmiddlewaretoken"] = "x" * 64
    answer = browser.client.post("/search/", stale)
    assert answer.status_code == 403
    assert "Nothing was recorded" in text(answer)
    assert "Go to your worklist" in text(answer)


def test_a_script_without_any_cookie_is_led_to_the_sign_in_page(council: Council) -> None:
    """A refusal (403) would read as though the service had failed."""
    del council
    answer = Client(enforce_csrf_checks=True).post(
        "/panels/sittings/1/chair/1/draft/", {"who": 1}, content_type="application/json"
    )
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")
