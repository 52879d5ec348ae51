"""Letters to families: right in law, to the right person, in words for a reader of twelve."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from advice.commands.family import record_party
from ehc.dates import in_words
from ehc.models import Representative
from notifications.models import OutboxMessage
from panels.letters.content import family_waits, gaps
from panels.letters.recipients import Addressed, recipients_of
from panels.letters.voice import Voice
from panels.letters.words import Due, Told, body, subject
from panels.models import LetterDetails
from panels.questions import OUTCOMES, Outcome
from tests.factories import signed_in
from tests.panels.lettering import (
    DECIDED,
    DETAILS,
    REASONS,
    RECEIVED,
    YOUNG,
    Scene,
    block_words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tmp_documents(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_decision_leaves_a_letter_that_waits_and_a_notice_without_a_name(scene: Scene) -> None:
    letter = scene.decide()
    assert letter.finished_on is None
    told = OutboxMessage.objects.filter(kind="panel_letter", case=scene.case)
    assert told.count() == 1
    page = signed_in(scene.council.caseworker).get(f"/cases/{scene.case.reference}/")
    assert "has not been told of the decision of 4 February 2026" in page.content.decode()


def test_a_refusal_to_assess_says_all_that_regulations_5_and_32_ask_for(scene: Scene) -> None:
    scene.details()
    scene.parent()
    said = scene.read(scene.decide())
    assert "Dear Dana Example" in said
    assert "We will not carry out an EHC needs assessment for Amina" in said
    assert REASONS in said
    # reg 5(3)(a), (b): the right, and the times; two months from 4 February is a Saturday, and
    # Monday is Easter Monday.
    assert "right to appeal to the First-tier Tribunal" in said
    assert "by 5pm on 7 April 2026" in said
    assert "1 month from the date on the certificate" in said
    assert "until the later of the two" in said
    assert "2 months end on 4 April 2026. That is a Saturday, so you have a little longer." in said
    assert "SEND35A" in said
    # reg 32(a)-(f): mediation, the certificate, whom to reach and by when, what to tell us.
    assert "Before you can appeal you need a mediation certificate" in said
    assert "Step 1: talk to the mediation adviser by 4 April 2026" in said
    assert "Fair Talk" in said
    assert "01632 960003" in said
    assert "If you want mediation, tell us as well" in said
    assert "say which care" in said
    # The one exception of s.55(3), and that it is not for this letter.
    assert "only about the school or college named in a plan" in said
    # reg 5(3)(d): disagreement resolution; information and advice.
    assert "Common Ground" in said
    assert "help@ground.example" in said
    assert "Testshire SENDIASS" in said
    assert "This may not be the answer that you hoped for." in said
    # s.36(8), who decided, and under what.
    assert "section 36(8)" in said
    assert f"{scene.board.officer.full_name} made the decision for Testshire Council" in said
    assert "Scheme of delegation 2026, paragraph 4.3" in said


def test_a_refusal_to_issue_says_what_regulation_10_asks_for(scene: Scene) -> None:
    scene.details()
    scene.parent()
    on = date(2026, 4, 20)
    said = scene.read(scene.issue(Outcome.REFUSE_TO_ISSUE, on), on)
    assert "We have decided that Amina does not need an EHC plan" in said
    assert "by 5pm on 22 June 2026" in said  # 20 June is a Saturday
    assert "Step 1: talk to the mediation adviser by 20 June 2026" in said
    assert "Fill in form SEND35." in said
    assert "section 37(1)" in said
    assert "You can ask us for a copy of all the advice" in said
    assert "sorry" not in said


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        (date(2026, 6, 10), date(2026, 9, 1)),  # 10 August: after the break
        (date(2026, 10, 27), date(2027, 1, 4)),  # 27 December: after New Year and its weekend
        (date(2026, 12, 31), date(2027, 3, 1)),  # the last day of February is a Sunday
        (date(2026, 3, 12), date(2026, 5, 12)),
    ],
)
def test_the_last_day_of_an_appeal_is_the_tribunals_own(
    scene: Scene, sent: date, last: date
) -> None:
    scene.details()
    scene.parent()
    said = scene.read(scene.decide(on=sent), sent)
    assert f"by 5pm on {in_words(last)}" in said
    moved = "so you have a little longer" in said
    assert moved == (last != date(2026, 5, 12))


def test_agreeing_to_assess_tells_the_dates_that_follow(scene: Scene) -> None:
    scene.details()
    scene.parent()
    said = scene.read(scene.decide(Outcome.ASSESS))
    assert "If we decide that no plan is needed, we must tell you by 4 May 2026." in said
    assert "If a plan is needed, we must send you the final plan by 1 June 2026." in said
    assert "Not every assessment leads to a plan" in said
    assert "appeal" not in said


def test_agreeing_to_issue_tells_of_the_draft_and_the_plan(scene: Scene) -> None:
    scene.details()
    scene.parent()
    on = date(2026, 4, 20)
    said = scene.read(scene.issue(Outcome.ISSUE, on), on)
    assert "at least 15 days" in said
    assert "We must send you the final plan by 1 June 2026." in said
    assert "personal budget" in said
    assert "When you have the final plan, you can appeal" in said


def test_more_advice_stops_no_clock(scene: Scene) -> None:
    scene.details()
    scene.parent()
    on = date(2026, 4, 20)
    said = scene.read(scene.issue(Outcome.MORE_ADVICE, on), on)
    assert "This does not give us more time." in said
    assert "by 4 May 2026" in said


def test_lateness_is_owned_up_to(scene: Scene) -> None:
    scene.details()
    scene.parent()
    late = date(2026, 3, 20)
    said = scene.read(scene.decide(on=late), late)
    assert "By law we had to tell you by 23 February 2026. We are late. We are sorry." in said


def test_a_date_that_has_passed_is_not_promised_again(scene: Scene) -> None:
    scene.details()
    scene.parent()
    on = date(2026, 6, 15)
    said = scene.read(scene.issue(Outcome.ISSUE, on), on)
    assert "We should have sent you the final plan by 1 June 2026. We are sorry." in said


def test_parents_who_live_apart_never_see_each_others_address(scene: Scene) -> None:
    scene.details()
    mother = scene.parent(address="2 Low Road, Testford")
    scene.parent("Lee Example", relationship="stepfather", address="2 low road,  Testford")
    father = scene.parent("Sam Other", relationship="father", address="9 Far Lane")
    scene.parent("Kit Friend", has_parental_responsibility=False, address="5 Mid Street")
    letter = scene.decide()
    found = recipients_of(scene.case, scene.case.person, DECIDED)
    assert [each.together for each in found] == [
        "Dana Example and Lee Example",
        "Sam Other",
        "Kit Friend",
    ]
    assert [each.due for each in found] == [True, True, False]
    first = scene.make(letter, key=mother.pk)
    assert "9 Far Lane" not in str(first.content)
    assert family_waits(letter, DECIDED)
    second = scene.make(letter, key=father.pk)
    assert "2 Low Road" not in str(second.content)
    assert not family_waits(letter, DECIDED)


def test_who_looks_after_a_child_at_home_is_a_parent_in_law(scene: Scene) -> None:
    """Education Act 1996 s.576: a foster carer has the letter, with the right of appeal in it."""
    scene.details()
    carer = scene.parent(
        "Robin Carer", relationship="foster carer", has_parental_responsibility=False
    )
    letter = scene.decide()
    before = recipients_of(scene.case, scene.case.person, DECIDED)
    assert [(each.together, each.due) for each in before] == [("", True), ("Robin Carer", False)]
    told = [gap.words for gap in gaps(letter, before[1], None, DECIDED)]
    assert any("is a parent in law, and has to be told" in words for words in told)
    Representative.objects.filter(pk=carer.pk).update(has_care=True)
    (found,) = recipients_of(scene.case, scene.case.person, DECIDED)
    assert (found.together, found.due) == ("Robin Carer", True)
    scene.make(letter, key=carer.pk)
    assert not family_waits(letter, DECIDED)


def test_a_young_person_is_written_to_themselves(scene: Scene) -> None:
    scene = Scene(born=YOUNG)
    scene.details()
    scene.parent()
    said = scene.read(scene.decide())
    assert "Dear Amina Example" in said
    assert "special educational needs? And may you need an EHC plan" in said
    assert "The right to appeal is yours" in said
    assert "Amina’s" not in said
    assert "Dana" not in said
    assert "you needs" not in said


def test_who_acts_for_a_young_person_without_capacity_has_the_letter(scene: Scene) -> None:
    scene = Scene(born=YOUNG)
    scene.details()
    mother = scene.parent()
    record_party(
        scene.case,
        on=RECEIVED,
        acts_as="capacity",
        acting=[mother],
        note="Assessed by Dr Example on 3 January 2026.",
        by=scene.council.caseworker,
        today=DECIDED,
    )
    said = scene.read(scene.decide())
    assert "Dear Dana Example" in said
    assert "We write to you because you act for Amina." in said


# How it reads.

_VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """The Flesch–Kincaid grade of a text: the school year of the United States that can read it."""
    sentences = [s for s in re.split(r"[.!?:]+(?:\s|$)|\n", text) if len(s.split()) > 1]
    words = [w for s in sentences for w in re.findall(r"[A-Za-z’]+", s)]
    syllables = 0
    for word in words:
        small = word.lower().replace("’", "")
        found = len(_VOWELS.findall(small))
        silent = small.endswith("e") and not small.endswith("le") and found > 1
        syllables += max(1, found - silent)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("addressed", list(Addressed))
@pytest.mark.parametrize(
    ("question", "outcome"), [(q, outcome) for q, found in OUTCOMES.items() for outcome in found]
)
def test_a_reader_of_twelve_can_follow_it(question: str, outcome: str, addressed: str) -> None:
    """Grade 7 is read at twelve to thirteen; late and in time, after a panel and without one."""
    past, ahead = Due(DECIDED - timedelta(days=3)), Due(DECIDED + timedelta(days=90))
    for late in (True, False):
        told = Told(
            voice=Voice("Amina", addressed == Addressed.YOUNG_PERSON),
            addressed=Addressed(addressed),
            question=question,
            outcome=outcome,
            reasons=REASONS,
            on=DECIDED,
            notice_on=DECIDED,
            asked_on=RECEIVED if late else None,
            decided_by="Robin Example",
            under="Scheme of delegation, paragraph 4",
            heard_on=DECIDED if late else None,
            ordered=False,
            decide_by=past if late else ahead,
            refuse_by=past if late else ahead,
            final_by=past if late else ahead,
            details=LetterDetails(**DETAILS),
            caseworker="Kim Example",
        )
        said = "\n".join(
            words
            for block in body(told)
            if block["kind"] not in {"contact", "written"}
            for words in block_words(block)
        )
        assert grade(said) < 7, said
        longest = max(len(s.split()) for s in re.split(r"[.?!]\s|\n", said))
        assert longest <= 36, said
        wrong = re.search(r"\byou (needs|has|does|gets)\b|Amina (need|have|do|get)\b", said)
        assert wrong is None or "may Amina have" in said or "may Amina need" in said, wrong
        assert ("Amina" in said + subject(told)) == (addressed != Addressed.YOUNG_PERSON)
