"""After a sitting: the letter to a family is made, the minutes are remarked on and signed."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ehc import moments
from ehc.models import Person, Representative, User
from panels.commands import deciding, hearing
from panels.models import Item, Letter, LetterCopy, Minutes, Seat
from panels.questions import Outcome
from tests.browser.conftest import check_page
from tests.panels.chairing import Chairing
from tests.panels.lettering import DETAILS

LONG = "Wolfeschlegelsteinhausenbergerdorff" * 8


@pytest.fixture
def scene(settings: Any, tmp_path: Path) -> Chairing:
    settings.MEDIA_ROOT = str(tmp_path)
    made = Chairing.now(3)
    board, (first, second, third) = made.board, made.items
    board.delegate()
    User.objects.filter(pk=board.members[Seat.HEALTH].pk).update(full_name=LONG[:200])
    Person.objects.filter(cases=first.case_id).update(forename=LONG)
    said = {
        "by": board.chair,
        "reasons": f"All the help there is.\n\n{LONG}",
        "evidence_for": "The school’s report.",
        "outcome": Outcome.REFUSE_TO_ASSESS,
    }
    hearing.recommend(first, dissent=LONG, **said)
    hearing.recommend(third, **said)
    hearing.defer(second, reason="A report is missing.", by=board.chair)
    deciding.decide(
        Item.objects.get(pk=first.pk),
        by=board.officer,
        outcome=Outcome.REFUSE_TO_ASSESS,
        reasons=f"All the help there is.\n\n{LONG}",
        on=moments.today(),
    )
    hearing.end_sitting(made.sitting, by=board.chair)
    return made


def test_a_letter_from_what_is_missing_to_what_went(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Chairing
) -> None:
    letter = Letter.objects.get()
    page = signed_in(scene.board.council.caseworker)
    page.goto(f"{live_server.url}/panels/letters/{letter.pk}/")
    expect(page.locator("main")).to_contain_text("what letters of this authority say of it")
    expect(page.locator("main")).to_contain_text("Nobody is recorded to write to")
    check_page(page)
    page.get_by_role("link", name="Read the letter").click()
    expect(page.locator("main")).to_contain_text("It cannot be made until that is put right")
    check_page(page)

    page = signed_in(scene.board.administrator)
    page.goto(f"{live_server.url}/panels/letters/")
    check_page(page)
    page.get_by_role("link", name="address, mediation adviser").click()
    for name, value in DETAILS.items():
        page.locator(f"[name={name}]").fill(value)
    check_page(page)
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("main")).to_contain_text("Letters say this from now on")

    Representative.objects.create(
        person=letter.decision.case.person,
        full_name=LONG,
        relationship="mother",
        has_parental_responsibility=True,
        address=f"2 Low Road\n{LONG}",
        starts_on=moments.today() - timedelta(days=30),
    )
    page = signed_in(scene.board.council.caseworker)
    page.goto(f"{live_server.url}/cases/{letter.decision.case.reference}/")
    alert = page.locator(".ehc-alert").filter(has_text="has not been told")
    alert.get_by_role("link").click()
    page.get_by_role("link", name="Read the letter and make it").click()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose how the letter goes")
    page.get_by_label("By post").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("main")).to_contain_text("right to appeal to the First-tier Tribunal")
    check_page(page)
    page.get_by_role("button", name="Make the letter").click()
    expect(page.locator("main")).to_contain_text("The family was told on")
    check_page(page)
    assert LetterCopy.objects.get().version.media_type == "application/pdf"
    with page.expect_download() as download:
        page.get_by_role("link", name="open it").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    # The board and the school have a notice of their own.
    page.get_by_role("link", name="Read the notice").first.click()
    expect(page.locator("main")).to_contain_text("What we decided")
    check_page(page)
    page.go_back()
    page.get_by_role("button", name="Read and make").click()
    expect(page.locator("h1")).to_contain_text("can go")
    check_page(page)


def test_minutes_from_the_draft_to_the_signature(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Chairing
) -> None:
    page = signed_in(scene.board.administrator)
    page.goto(f"{live_server.url}/panels/sittings/{scene.sitting.pk}/")
    page.get_by_role("link", name="Minutes", exact=True).click()
    expect(page.locator("main")).to_contain_text("This is a draft")
    check_page(page)
    page.get_by_role("button", name="Add remarks").click()
    page.get_by_label("Remarks").fill(f"The minutes of January were agreed.\n\n{LONG}")
    check_page(page)
    page.get_by_role("button", name="Keep the remarks").click()
    expect(page.locator("main")).to_contain_text("The minutes of January were agreed.")
    with page.expect_download() as download:
        page.get_by_role("link", name="Word file").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")

    page = signed_in(scene.board.chair)
    page.goto(f"{live_server.url}/panels/sittings/{scene.sitting.pk}/chair/")
    page.get_by_role("link", name="Read the draft minutes and sign them").click()
    page.get_by_role("button", name="Sign the minutes").click()
    expect(page.locator("main")).to_contain_text("has not decided yet on 1 item")
    check_page(page)
    page.get_by_role("button", name="Sign the minutes").click()
    expect(page.locator("main")).to_contain_text("They stand as they are")
    check_page(page)
    assert Minutes.objects.get().signed_by == scene.board.chair
