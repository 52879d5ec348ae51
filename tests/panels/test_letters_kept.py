"""Letters to families: what is missing stops them, what went is kept, and their pages."""

import io
import re
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from ehc import commands, documents
from ehc.commands import Refused
from ehc.models import CaseEvent, Person, Representative, Role
from ehc.permissions import NotAllowed
from panels.commands.letters import record_details, tell_otherwise
from panels.letters.content import copy_for, current_copies, details_of, gaps, told_on
from panels.letters.recipients import recipients_of
from panels.models import Decision, Letter, LetterCopy, LetterDetails
from panels.questions import Outcome
from tests.factories import fresh, member, signed_in
from tests.panels.board import Board, moment
from tests.panels.lettering import (
    DECIDED,
    DETAILS,
    POST,
    RECEIVED,
    Scene,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tmp_documents(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_what_is_missing_is_told_and_stops_a_refusal(scene: Scene) -> None:
    letter = scene.decide()
    recipient = recipients_of(scene.case, scene.case.person, DECIDED)[0]
    told = [gap.words for gap in gaps(letter, recipient, None, DECIDED) if gap.stops]
    assert any("what letters of this authority say" in words for words in told)
    assert any("Nobody is recorded to write to" in words for words in told)
    scene.parent()
    scene.details(mediation_name="", advice_telephone="", resolution_email="")
    with pytest.raises(Refused) as refused:
        scene.make(letter)
    for words in (
        "The name of the mediation adviser is not recorded",
        "How to reach the information, advice and support service is not recorded",
        "How to reach the disagreement resolution service is not recorded",
    ):
        assert words in str(refused.value)
    assert not LetterCopy.objects.exists()


def test_nobody_is_sent_to_a_page_that_is_closed_to_them(scene: Scene) -> None:
    """What letters say of the authority is recorded by those who arrange its panels."""
    letter = scene.decide()
    recorded = f"/panels/letters/details/{scene.council.authority.pk}/"
    with time_machine.travel(moment(DECIDED, 12), tick=False):
        page = client_at(scene).get(f"/panels/letters/{letter.pk}/").content.decode()
        assert recorded not in page
        assert "A panel administrator or a manager records it." in page
        client = signed_in(scene.council.manager)
        assert recorded in client.get(f"/panels/letters/{letter.pk}/").content.decode()


def test_where_nothing_is_refused_a_missing_mediation_adviser_stops_nothing(scene: Scene) -> None:
    scene.details(mediation_name="", resolution_name="", advice_name="")
    scene.parent()
    assert scene.make(scene.decide(Outcome.ASSESS)).how == POST


def test_no_family_gets_boxes_for_a_name(scene: Scene) -> None:
    scene.details()
    # A sign that no font has: it stands for a script that this machine has no font for.
    scene.parent("Dana \u0378")
    letter = scene.decide()
    with pytest.raises(Refused, match="no font"):
        scene.make(letter)
    assert not LetterCopy.objects.exists()


def test_the_longest_name_stays_on_the_page_of_a_letter(scene: Scene) -> None:
    scene.details()
    scene.parent("W" * 200)
    Person.objects.filter(pk=scene.case.person_id).update(forename="W" * 100)
    copy = scene.make(scene.decide(Outcome.ASSESS))
    with documents.open_version(copy.version) as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    said = "\n".join(page.extract_text() for page in pages).replace("\u200b", "")
    # The heading is set in bold letters of 16 points: thirty of the widest do not fit a line.
    assert max(len(run) for run in re.findall("W+", said.partition("Dear")[2])) < 60
    heading = said.partition("assessment for")[2].partition("On ")[0]
    assert max(len(run) for run in re.findall("W+", heading)) < 30


def test_a_letter_without_an_address_cannot_be_posted(scene: Scene) -> None:
    scene.details()
    scene.parent(address="", email="dana@example.org")
    letter = scene.decide()
    with pytest.raises(Refused, match="cannot go by post"):
        scene.make(letter)
    assert scene.make(letter, how=LetterCopy.How.EMAIL).address == ""


def test_a_letter_is_kept_as_it_went(scene: Scene) -> None:
    scene.details()
    scene.parent()
    copy = scene.make(scene.decide())
    with documents.open_version(copy.version) as file:
        bytes_of_it = file.read()
    reader = PdfReader(io.BytesIO(bytes_of_it))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Dear Dana Example" in text
    assert "by 5pm on 7 April 2026" in text
    assert "Her school gives her all the help that she needs." in text
    for attempt in (copy.delete, lambda: LetterCopy.objects.update(names="Somebody else")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    listed = signed_in(scene.council.caseworker).get(f"/cases/{scene.case.reference}/")
    assert "Letter of 4 February 2026: refuse to assess" in listed.content.decode()


def test_changed_details_leave_letters_that_went_alone(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    copy = scene.make(letter)
    scene.details(mediation_name="Another Service")
    assert "Fair Talk" in str(LetterCopy.objects.get(pk=copy.pk).content)
    assert "Another Service" in scene.read(letter)


def test_a_wrong_letter_is_followed_by_one_that_says_why(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    first = scene.make(letter)
    with pytest.raises(Refused, match="Say what was wrong"):
        scene.make(letter)
    second = scene.make(letter, because="The name of the adviser was wrong.")
    assert second.replaces == first
    said = [block.get("text", "") for block in second.content["blocks"]]
    assert "takes the place of an earlier letter of the same day. Please use this one" in said[0]
    assert not any("takes the place" in block.get("text", "") for block in first.content["blocks"])
    later = scene.make(letter, on=DECIDED + timedelta(days=2), because="The address was wrong.")
    said = [block.get("text", "") for block in later.content["blocks"]]
    assert "takes the place of our letter of 4 February 2026." in said[0]
    assert current_copies(letter) == [later]


def test_the_clock_counts_the_day_on_which_the_letter_went(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    posted = DECIDED + timedelta(days=2)
    scene.make(letter, on=posted)
    facts = fresh(scene.assessment)
    days = dict(row[:2] for rows in facts.facts.values() for row in rows)
    assert days["assessment_refused"] == days["decision_notice_sent"] == posted.isoformat()
    appeal = scene.case.deadlines.get(code="appeal")
    assert appeal.due_on == date(2026, 4, 7)  # two months from 6 February: Easter Monday moves
    scene.make(letter, on=posted, because="Wrong name.")
    assert CaseEvent.objects.filter(case=scene.case, kind="family_told").count() == 1
    assert not CaseEvent.objects.filter(case=scene.case, kind="fact_corrected").exists()


def test_a_letter_goes_neither_before_its_decision_nor_tomorrow(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    with pytest.raises(Refused, match="cannot go before"):
        scene.make(letter, on=DECIDED - timedelta(days=1), today=DECIDED)
    with pytest.raises(Refused, match="still to come"):
        scene.make(letter, on=DECIDED + timedelta(days=1), today=DECIDED)


def test_only_those_who_work_on_the_case_write_to_the_family(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    for role in (Role.AUDITOR, Role.PANEL_CHAIR):
        with pytest.raises(NotAllowed):
            scene.make(letter, by=member(role, scene.council.authority))
    with pytest.raises(NotAllowed):
        record_details(scene.council.authority, DETAILS, by=scene.council.caseworker, today=DECIDED)


def test_a_family_that_was_told_otherwise_waits_for_no_letter(scene: Scene) -> None:
    letter = scene.decide()
    with pytest.raises(Refused, match="Say how"):
        tell_otherwise(letter, because=" ", by=scene.council.caseworker, today=DECIDED)
    said = {"because": "Sent by the solicitor.", "by": scene.council.caseworker, "today": DECIDED}
    with pytest.raises(Refused, match="Enter the day on which the family was told"):
        tell_otherwise(letter, **said)
    with pytest.raises(Refused, match="It was decided on 4 February 2026, and told after"):
        tell_otherwise(letter, on=DECIDED - timedelta(days=1), **said)
    tell_otherwise(letter, on=DECIDED, **said)
    assert Letter.objects.get(pk=letter.pk).finished_on == DECIDED
    assert told_on(Decision.objects.get(pk=letter.decision_id)) == DECIDED


def test_a_refusal_that_fell_since_is_pointed_out(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    commands.overturn_refusal_to_assess(
        fresh(scene.assessment),
        on=DECIDED + timedelta(days=3),
        route="mediation_agreed_assessment",
        by=scene.council.manager,
        today=DECIDED + timedelta(days=3),
    )
    again = Letter.objects.get(pk=letter.pk)
    recipient = recipients_of(scene.case, scene.case.person, DECIDED)[0]
    told = gaps(again, recipient, details_of(scene.council.authority.pk), DECIDED)
    assert any("takes its place" in gap.words for gap in told)


# Its pages.


def client_at(scene: Scene) -> Any:
    return signed_in(scene.council.caseworker)


@pytest.fixture
def ready() -> tuple[Scene, Letter, Representative]:
    scene = Scene()
    scene.details()
    parent = scene.parent()
    return scene, scene.decide(), parent


def test_from_the_list_to_the_letter_that_went(
    ready: tuple[Scene, Letter, Representative],
) -> None:
    scene, letter, parent = ready
    with time_machine.travel(moment(DECIDED, 12), tick=False):
        client = client_at(scene)
        assert scene.case.reference in client.get("/panels/letters/").content.decode()
        page = client.get(f"/panels/letters/{letter.pk}/").content.decode()
        assert "Dana Example" in page
        assert "NHS Testshire Integrated Care Board" in page
        address = f"/panels/letters/{letter.pk}/to/{parent.pk}/"
        shown = client.get(address)
        assert "by 5pm on 7 April 2026" in shown.content.decode()
        data = {
            "token": re.search(r'name="token" value="([^"]+)"', shown.content.decode())[1],  # type: ignore[index]
            "on-day": "4",
            "on-month": "2",
            "on-year": "2026",
            "how": "post",
        }
        assert "Check the letter" in client.post(address, data).content.decode()
        assert not LetterCopy.objects.exists()
        for _ in range(2):
            answer = client.post(address, data | {"page": "confirm"})
            assert answer.status_code == HTTPStatus.FOUND
        copy = LetterCopy.objects.get()
        page = client.get(f"/panels/letters/{letter.pk}/").content.decode()
        assert f"/documents/{copy.version.key}/" in page
        listed = client.get("/panels/letters/").content.decode()
        assert "Told on 4 February 2026" in listed
        assert "The integrated care board and the officers for social care" in listed
        again = client.get(address).content.decode()
        assert "What was wrong with the letter that went before" in again


def test_the_family_was_told_otherwise(ready: tuple[Scene, Letter, Representative]) -> None:
    scene, letter, _ = ready
    client = client_at(scene)
    address = f"/panels/letters/{letter.pk}/otherwise/"
    assert client.get(address).status_code == HTTPStatus.OK
    assert client.post(address, {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    press = {"because": "By the solicitor.", "token": "6a1f2c34-0000-4000-8000-000000000003"}
    press |= {"on-day": "4", "on-month": "2", "on-year": "2026", "others": "yes"}
    for _ in range(2):
        assert client.post(address, press).status_code == HTTPStatus.FOUND
    assert "By the solicitor." in client.get(f"/panels/letters/{letter.pk}/").content.decode()


def test_what_was_typed_stays_when_it_is_refused(
    ready: tuple[Scene, Letter, Representative],
) -> None:
    scene, letter, parent = ready
    with time_machine.travel(moment(DECIDED, 12), tick=False):
        data = {"on-day": "3", "on-month": "2", "on-year": "2026", "how": "hand"}
        answer = client_at(scene).post(f"/panels/letters/{letter.pk}/to/{parent.pk}/", data)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        said = answer.content.decode()
        assert "It was decided on 4 February 2026" in said
        assert 'value="3"' in said


def test_others_see_no_letter(ready: tuple[Scene, Letter, Representative]) -> None:
    scene, letter, parent = ready
    elsewhere = Board()
    for user in (elsewhere.council.caseworker, scene.board.chair, scene.council.psychologist):
        for address in ("", f"to/{parent.pk}/", "otherwise/"):
            answer = signed_in(user).get(f"/panels/letters/{letter.pk}/{address}")
            assert answer.status_code == HTTPStatus.NOT_FOUND
    listed = signed_in(elsewhere.council.caseworker).get("/panels/letters/")
    assert scene.case.reference not in listed.content.decode()


def test_the_list_costs_the_same_for_any_number(
    ready: tuple[Scene, Letter, Representative], django_assert_max_num_queries: Any
) -> None:
    scene = ready[0]
    client = client_at(scene)
    client.get("/panels/letters/")
    with django_assert_max_num_queries(12) as few:
        client.get("/panels/letters/")
    for _ in range(4):
        other = scene.council.register(RECEIVED, today=RECEIVED)
        scene.assessment = other
        scene.decide()
    with django_assert_max_num_queries(len(few)):
        client.get("/panels/letters/")


def test_what_letters_say_is_recorded_by_the_administrator(scene: Scene) -> None:
    client = signed_in(scene.board.administrator)
    address = f"/panels/letters/details/{scene.council.authority.pk}/"
    assert client.get(address).status_code == HTTPStatus.OK
    answer = client.post(address, DETAILS | {"seen": "0", "advice_email": "not one"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "in the right form" in answer.content.decode()
    assert client.post(address, DETAILS | {"seen": "0"}).status_code == HTTPStatus.FOUND
    said = details_of(scene.council.authority.pk)
    assert said is not None
    assert said.mediation_name == "Fair Talk"
    stale = client.post(address, DETAILS | {"seen": "0"})
    assert stale.status_code == HTTPStatus.CONFLICT
    assert "Somebody changed this" in stale.content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', stale.content.decode())
    assert seen
    press = DETAILS | {"seen": seen[1], "token": "6a1f2c34-0000-4000-8000-000000000002"}
    for _ in range(2):
        assert client.post(address, press).status_code == HTTPStatus.FOUND
    assert LetterDetails.objects.count() == 2
    assert copy_for(recipients_of(scene.case, scene.case.person, DECIDED)[0], []) is None
