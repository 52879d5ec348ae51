"""Whom the law has told beside the family: each has a notice, with what it needs and no more."""

import io
import re
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from pypdf import PdfReader

from ehc import documents
from ehc.commands import Refused
from ehc.models import Case, CaseEvent, Organisation, Person
from panels.commands.letters import Going, make_all, make_letter, tell_otherwise
from panels.letters.bodies import bodies_of, untold_bodies
from panels.letters.content import current_copies, details_of, told_on
from panels.models import Decision, Letter, LetterCopy
from panels.queries.letters import waiting_letters
from panels.questions import Outcome
from tests.factories import signed_in
from tests.panels.board import moment
from tests.panels.lettering import DECIDED, POST, REASONS, Scene, words_of

pytestmark = pytest.mark.django_db
Body = LetterCopy.Body
NHS = "9434765919"


@pytest.fixture(autouse=True)
def tmp_documents(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    scene.details()
    scene.parent()
    setting = Organisation.objects.create(
        authority=scene.council.authority, kind="setting", code="oak", name="Oak School"
    )
    Case.objects.filter(pk=scene.case.pk).update(setting=setting)
    Person.objects.filter(pk=scene.case.person_id).update(nhs_number=NHS)
    return scene


def tell(scene: Scene, letter: Letter, body: str, **more: Any) -> LetterCopy:
    said = {"how": POST, "name": "", "address": "1 School Lane"} | more
    going = Going(DECIDED, **said)
    return make_letter(
        letter,
        body,
        going,
        by=scene.council.caseworker,
        today=DECIDED,
        now=moment(DECIDED),
    )


def fresh_letter(letter: Letter) -> Letter:
    return Letter.objects.select_related(*Letter.MADE_FROM).get(pk=letter.pk)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (Outcome.ASSESS, {Body.ICB, Body.SOCIAL_CARE, Body.SETTING}),
        (Outcome.REFUSE_TO_ASSESS, {Body.ICB, Body.SOCIAL_CARE, Body.SETTING}),
    ],
)
def test_who_is_told_whether_there_will_be_an_assessment(
    scene: Scene, outcome: str, told: set[str]
) -> None:
    """Regs 5(1) and (2) with 4(2)."""
    assert set(bodies_of(scene.decide(outcome).decision)) == told


def test_who_is_told_that_no_plan_is_issued(scene: Scene) -> None:
    """Reg 10(2): not the officers for social care; that a plan is issued, nobody by the law."""
    letter = scene.issue(Outcome.REFUSE_TO_ISSUE, DECIDED + timedelta(days=60))
    assert set(bodies_of(letter.decision)) == {Body.ICB, Body.SETTING}


def test_that_a_plan_is_made_is_told_to_the_family_only(scene: Scene) -> None:
    letter = scene.issue(Outcome.ISSUE, DECIDED + timedelta(days=60))
    assert bodies_of(letter.decision) == ()


@pytest.mark.parametrize("body", [Body.ICB, Body.SOCIAL_CARE, Body.SETTING])
@pytest.mark.parametrize("outcome", [Outcome.ASSESS, Outcome.REFUSE_TO_ASSESS])
def test_a_notice_says_what_the_body_needs_and_no_more(
    scene: Scene, outcome: str, body: str
) -> None:
    copy = tell(scene, scene.decide(outcome), body)
    said = words_of(copy.content)
    assert "Amina Example" in said
    assert "4 May 2016" in said
    assert "On 4 February 2026 we decided" in said
    assert "regulation 5, with regulation 4(2)" in said
    assert "What we ask of you" in said
    assert REASONS.split("\n")[0] not in said
    assert "Dana" not in said
    assert ("943 476 5919" in said) == (body == Body.ICB)
    assert not re.search(r"\bpay(s|ing)?\b for (it|this|them)\b|fund", said)
    with documents.open_version(copy.version) as file:
        reader = PdfReader(io.BytesIO(file.read()))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "Amina Example" in reader.pages[0].extract_text()


def test_a_notice_is_kept_and_is_no_letter_to_the_family(scene: Scene) -> None:
    letter = scene.decide()
    copy = tell(scene, letter, Body.SETTING)
    assert (copy.setting and copy.setting.name, copy.address) == ("Oak School", "1 School Lane")
    assert copy.version.document.title.startswith("Notice of 4 February 2026 to the head")
    assert told_on(Decision.objects.get(pk=letter.decision_id)) is None
    assert not CaseEvent.objects.filter(kind="family_told").exists()
    made = CaseEvent.objects.get(kind="panel_notice_made")
    assert (made.actor, made.on) == (scene.council.caseworker, DECIDED)


def test_the_address_of_a_school_is_asked_once(scene: Scene) -> None:
    letter = scene.decide()
    with pytest.raises(Refused, match="No address is recorded, so it cannot go by post"):
        tell(scene, letter, Body.SETTING, address="")
    tell(scene, letter, Body.SETTING)
    second = tell(scene, letter, Body.SETTING, address="", because="The date was wrong.")
    assert second.address == "1 School Lane"
    assert "takes the place of our notice of 4 February 2026" in words_of(second.content)


def test_everything_that_can_go_is_made_in_one_step(scene: Scene) -> None:
    """The family’s first; what is stopped waits, and the list says for whom."""
    letter = scene.decide()
    made = make_all(letter, on=DECIDED, by=scene.council.caseworker, today=DECIDED)
    assert [copy.body for copy in made] == ["", Body.ICB, Body.SOCIAL_CARE]
    assert [copy.how for copy in made] == ["post", "post", "email"]
    assert told_on(Decision.objects.get(pk=letter.decision_id)) == DECIDED
    assert untold_bodies(letter.decision, current_copies(letter)) == [Body.SETTING]
    (row,) = waiting_letters(scene.council.caseworker, DECIDED)
    assert (row.tell_by, row.told_on) == (None, DECIDED)
    assert row.untold == "the head or principal, or the early years provider"
    tell(scene, letter, Body.SETTING)
    assert Letter.objects.get(pk=letter.pk).finished_on == DECIDED
    with pytest.raises(Refused, match="Nothing of this can go"):
        make_all(letter, on=DECIDED, by=scene.council.caseworker, today=DECIDED)


def test_what_is_not_on_record_is_entered_on_the_notice(scene: Scene) -> None:
    """Whoever sends it need not be the administrator who records it for all."""
    scene.details(icb_name="", icb_address="")
    letter = scene.decide()
    made = make_all(letter, on=DECIDED, by=scene.council.caseworker, today=DECIDED)
    assert Body.ICB not in [copy.body for copy in made]
    with pytest.raises(Refused, match="Enter who it is addressed to"):
        tell(scene, letter, Body.ICB)
    copy = tell(scene, letter, Body.ICB, name="NHS Elsewhere Integrated Care Board")
    assert (copy.names, copy.address) == ("NHS Elsewhere Integrated Care Board", "1 School Lane")


def test_one_that_fails_leaves_none(scene: Scene, tmp_path: Path) -> None:
    """A letter without a font stops the step; no file stays behind."""
    scene.details(social_care_name="Social care \u0378")
    letter = scene.decide()
    with pytest.raises(Refused, match="no font"):
        make_all(letter, on=DECIDED, by=scene.council.caseworker, today=DECIDED)
    assert not LetterCopy.objects.exists()
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_without_a_school_nobody_waits_for_one(scene: Scene) -> None:
    Case.objects.filter(pk=scene.case.pk).update(setting=None)
    letter = scene.decide()
    make_all(letter, on=DECIDED, by=scene.council.caseworker, today=DECIDED)
    assert Letter.objects.get(pk=letter.pk).finished_on == DECIDED
    page = signed_in(scene.council.caseworker).get(f"/panels/letters/{letter.pk}/")
    assert "its head or principal has to be told too" in page.content.decode()


def test_the_others_wait_when_only_the_family_was_told(scene: Scene) -> None:
    letter = scene.decide()
    said = {"by": scene.council.caseworker, "today": DECIDED, "on": DECIDED}
    tell_otherwise(letter, because="Handed over.", others_too=False, **said)
    assert Letter.objects.get(pk=letter.pk).finished_on is None
    (row,) = waiting_letters(scene.council.caseworker, DECIDED)
    assert "family" not in row.untold
    tell_otherwise(letter, because="The others by telephone.", **said)
    done = Letter.objects.get(pk=letter.pk)
    assert (done.finished_on, done.otherwise) == (DECIDED, "Handed over. The others by telephone.")


# Its pages.


def test_the_letter_that_must_go_first_comes_first(scene: Scene) -> None:
    """Worst first: by the last lawful day, not by the day of the decision."""
    scene.decide()
    late = scene.case.reference
    early = scene.council.register(DECIDED - timedelta(days=7), today=DECIDED)
    scene.assessment = early
    scene.decide()
    with time_machine.travel(moment(DECIDED + timedelta(days=25), 12), tick=False):
        page = signed_in(scene.council.caseworker).get("/panels/letters/").content.decode()
        assert page.index(late) < page.index(scene.case.reference)
        assert "6 days late" in page
        alert = signed_in(scene.council.caseworker).get(f"/cases/{late}/").content.decode()
        assert "The letter had to go by 23 February 2026: it is 6 days late." in alert
        assert "Send the letter to the family" in alert


def test_from_the_case_to_all_that_can_go(scene: Scene) -> None:
    letter = scene.decide()
    with time_machine.travel(moment(DECIDED, 12), tick=False):
        client: Client = signed_in(scene.council.caseworker)
        leads = client.get(f"/panels/cases/{scene.case.reference}/letter/")
        assert leads["Location"] == f"/panels/letters/{letter.pk}/"
        page = client.get(leads["Location"]).content.decode()
        assert "Read and make all 3 that can go" in page
        assert "No address of Oak School is recorded" in page
        address = f"/panels/letters/{letter.pk}/all/"
        shown = client.get(address).content.decode()
        assert "NHS Testshire Integrated Care Board: by post" in shown
        token = re.search(r'name="token" value="([^"]+)"', shown)
        assert token
        sent = {"token": token[1], "on-day": "4", "on-month": "2", "on-year": "2026"}
        for _ in range(2):
            assert client.post(address, sent).status_code == HTTPStatus.FOUND
        assert LetterCopy.objects.count() == 3
        place = f"/panels/letters/{letter.pk}/notice/setting/"
        assert "Read the notice" in client.get(f"/panels/letters/{letter.pk}/").content.decode()
        typed = sent | {"name": "Ms Head", "address": "1 School Lane", "how": "post"}
        typed["token"] = "6a1f2c34-0000-4000-8000-000000000009"
        shown = client.post(place, typed).content.decode()
        assert "Ms Head, Oak School" in shown, re.findall("error-message.*", shown)
        client.post(place, typed | {"page": "confirm"})
        assert LetterCopy.objects.get(body=Body.SETTING).names == "Ms Head and Oak School"
        assert client.get(f"/panels/letters/{letter.pk}/notice/nobody/").status_code == 404


def test_what_cannot_be_made_is_not_offered_to_be_made(scene: Scene) -> None:
    letter = scene.decide()
    scene.details(mediation_name="")
    page = signed_in(scene.council.caseworker).get(f"/panels/letters/{letter.pk}/")
    family = page.content.decode().partition("Who else must be told")[0]
    assert "Read the letter" in family
    assert "and make it" not in family
    assert details_of(scene.council.authority.pk)
