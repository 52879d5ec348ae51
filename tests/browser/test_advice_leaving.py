"""Leaving a page in the middle and coming back: nothing is lost, and no error of the browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from advice.models import DraftField
from ehc import moments
from tests.browser.test_advice_professional import SOON, Clinic, as_user, box


@pytest.fixture
def clinic(transactional_db: None, settings: Any, tmp_path: Any) -> Clinic:
    settings.MEDIA_ROOT = str(tmp_path)
    return Clinic()


def saved_voice(page: Page) -> str:
    """What the service has of it, once it has something."""
    for _ in range(50):
        if found := DraftField.objects.filter(name="voice").first():
            return found.text
        page.wait_for_timeout(100)
    return ""


def test_what_was_typed_just_before_leaving_is_saved(
    browser: Any, live_server: Any, clinic: Clinic
) -> None:
    with browser.new_context() as context:
        page = as_user(context, live_server, clinic.doctor)
        asked = f"{live_server.url}/advice/requests/{clinic.of(clinic.council.health).pk}/"
        page.goto(asked)
        page.goto(asked + "write/")
        asks: list[str] = []
        page.on("dialog", lambda dialog: (asks.append(dialog.type), dialog.dismiss()))
        box(page, "voice").press_sequentially("I like the sand.")
        page.go_back()
        expect(page).to_have_url(asked)
        assert saved_voice(page) == "I like the sand."
        page.goto(asked + "write/")
        expect(box(page, "voice")).to_have_value("I like the sand.")
        kept = page.evaluate("localStorage.length + sessionStorage.length")
        assert (asks, kept) == ([], 0)


def test_the_last_words_follow_a_save_that_is_on_its_way(
    browser: Any, live_server: Any, clinic: Clinic
) -> None:
    with browser.new_context() as context:
        page = as_user(context, live_server, clinic.doctor)
        asked = f"{live_server.url}/advice/requests/{clinic.of(clinic.council.health).pk}/"
        page.goto(asked)
        page.goto(asked + "write/")
        # The answer of the first save never arrives: the page still thinks it is on its way.
        page.evaluate(
            "() => { const real = window.fetch; let held = false; window.fetch = (...sent) => {"
            " const answer = real(...sent); if (held) { return answer; } held = true;"
            " return answer.then(() => new Promise(() => {})); }; }"
        )
        box(page, "voice").press_sequentially("I like the sand")
        assert saved_voice(page) == "I like the sand"
        box(page, "voice").press_sequentially(" and the bells.")
        page.go_back()
        expect(page).to_have_url(asked)
        page.goto(asked + "write/")
        expect(box(page, "voice")).to_have_value("I like the sand and the bells.")


def test_back_after_a_form_that_was_sent_twice_shows_a_page_of_ours(
    browser: Any, live_server: Any, clinic: Clinic
) -> None:
    """A form with a fault in it, mended and sent; then back, and back again."""
    with browser.new_context() as context:
        page = as_user(context, live_server, clinic.doctor)
        asked = f"{live_server.url}/advice/requests/{clinic.of(clinic.council.health).pk}/"
        page.goto(asked)
        for name, button in (
            ("late", "Say it will be late"),
            ("hand-over", "Hand it to a colleague"),
            ("wrong", None),
            ("nothing", "Give this answer"),
        ):
            page.goto(f"{asked}{name}/")
            submit = page.locator("main form:not([role]) button").last
            if button:
                submit = page.get_by_role("button", name=button)
            submit.click()
            expect(page.locator(".govuk-error-summary")).to_be_visible()
            if name == "nothing":
                page.get_by_label("Why is there nothing").fill("She is not known to us.")
                submit.click()
                expect(page.locator("h1")).to_have_text("Advice received")
            else:
                page.goto(asked)
            answer = page.go_back()
            assert answer is not None, name
            assert answer.status == 200, name
            expect(page.locator("main h1")).to_be_visible(timeout=SOON)
    assert clinic.of(clinic.council.health).given_on == moments.today()
