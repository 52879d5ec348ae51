"""Existing reports: three must be satisfied, and then nobody asks afresh (reg 6(4))."""

import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from advice import commands as advice
from advice.existing import is_old, same_person
from advice.models import AdviceRequest, ExistingAdvice, Form, Head, Satisfaction
from ehc import commands, moments
from ehc.commands import Refused
from ehc.documents import store
from ehc.models import (
    Case,
    CaseEvent,
    CaseParty,
    DocumentVersion,
    Organisation,
    Role,
    User,
)
from ehc.permissions import NotAllowed, visible_to
from ehc.queries.papers import papers_of
from tests.advice.asked import ASKED, DUE, RECEIVED, Asked, ask
from tests.advice.files import pdf
from tests.factories import Council, ServiceFactory, again, fresh, member, signed_in

pytestmark = pytest.mark.django_db
DAY = ASKED + timedelta(days=3)
PARTIES = ("adviser", "authority", "family")


@pytest.fixture(autouse=True)
def _documents(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def stored(case: Case, by: User) -> DocumentVersion:
    """A document of the case."""
    file = SimpleUploadedFile("letter.pdf", pdf(), "application/pdf")
    return store(case, file, title="Letter of the clinic", by=by, today=ASKED, now=moments.now())


def noted(
    asked: Asked, organisation: Organisation | None, head: str = Head.OTHER
) -> ExistingAdvice:
    """A report that may stand for asking that body."""
    event = advice.note_existing_advice(
        asked.assessment,
        head=head,
        title="Report of the clinic, autumn",
        author="Dr A. Example",
        dated_on=date(2024, 11, 4),
        organisation=organisation,
        by=asked.council.caseworker,
        today=ASKED,
    )
    return ExistingAdvice.objects.get(pk=event.data["existing"])


def judged(asked: Asked, report: ExistingAdvice, *parties: str, satisfied: bool = True) -> None:
    """Each of these parties answered, as the caseworker heard it."""
    for party in parties:
        advice.judge_existing(
            report,
            party=party,
            satisfied=satisfied,
            person=f"The {party}",
            how="Telephone",
            by=asked.council.caseworker,
            today=DAY,
        )


def ask_school(asked: Asked, head: str = Head.EDUCATION) -> None:
    advice.ask_for_advice(
        asked.assessment,
        on=DAY,
        asks=[advice.Ask(asked.council.school, Head(head), Form.EDUCATIONAL)],
        by=asked.council.caseworker,
        today=DAY,
    )


@pytest.mark.parametrize("left_out", PARTIES)
def test_two_who_are_satisfied_are_not_enough(left_out: str) -> None:
    asked = Asked()
    report = noted(asked, asked.council.school)
    judged(asked, report, *(p for p in PARTIES if p != left_out))
    ask_school(asked)
    assert asked.of(asked.council.school).status == "asked"


def test_what_all_three_find_sufficient_is_not_asked_afresh() -> None:
    asked = Asked()
    judged(asked, noted(asked, asked.council.school), *PARTIES)
    with pytest.raises(Refused, match=r"must not be asked afresh.*6\(4\)"):
        ask_school(asked)
    with pytest.raises(Refused, match=r"6\(4\)"):
        commands.request_advice(
            asked.assessment,
            on=DAY,
            services=[asked.council.school],
            by=asked.council.caseworker,
            today=DAY,
        )
    assert not AdviceRequest.objects.filter(organisation=asked.council.school).exists()
    assert CaseEvent.objects.filter(kind="advice_requested").count() == 1


def test_a_report_for_a_whole_head_stands_for_everybody_under_it_and_nobody_else() -> None:
    asked = Asked()
    judged(asked, noted(asked, None, Head.MEDICAL), *PARTIES)
    ask_school(asked)
    clinic = ServiceFactory.create(authority=asked.council.authority, discipline="medical")
    with pytest.raises(Refused, match="must not be asked afresh"):
        advice.ask_for_advice(
            asked.assessment, on=DAY, asks=[ask(clinic)], by=asked.council.caseworker, today=DAY
        )


def test_the_family_is_always_asked() -> None:
    asked = Asked()
    with pytest.raises(Refused, match="always asked"):
        noted(asked, None, Head.FAMILY)
    judged(asked, noted(asked, None, Head.EDUCATION), *PARTIES)
    advice.invite_own_advice(
        asked.assessment,
        on=DAY,
        forms=[Form.PARENT],
        by=asked.council.caseworker,
        today=DAY,
    )
    assert asked.own(Form.PARENT).status == "asked"


def test_what_was_awaited_is_closed_and_a_change_of_mind_reopens_it_with_its_dates() -> None:
    asked = Asked()
    council = asked.council
    report = noted(asked, council.psychology)
    judged(asked, report, *PARTIES)
    request = asked.of(council.psychology)
    assert (request.status, request.closed_because, request.closed_on) == (
        "closed",
        "existing",
        DAY,
    )
    assert asked.of(council.health).status == "asked"
    tomorrow = DAY + timedelta(days=1)
    assert not visible_to(again(council.psychologist), tomorrow).exists()
    judged(asked, report, "family", satisfied=False)
    request = asked.of(council.psychology)
    assert (request.status, request.closed_on, request.due_on) == ("asked", None, DUE)
    assert visible_to(again(council.psychologist), tomorrow).exists()
    assert ExistingAdvice.objects.get().sufficient_on is None


def test_it_stays_closed_while_another_report_is_sufficient() -> None:
    asked = Asked()
    first, second = (noted(asked, asked.council.psychology) for _ in range(2))
    judged(asked, first, *PARTIES)
    judged(asked, second, *PARTIES)
    judged(asked, first, "adviser", satisfied=False)
    assert asked.of(asked.council.psychology).status == "closed"


def test_advice_that_was_given_stays_as_it_is() -> None:
    asked = Asked()
    commands.record_advice_received(
        asked.assessment,
        on=DAY,
        service=asked.council.health,
        by=asked.council.caseworker,
        today=DAY,
    )
    judged(asked, noted(asked, asked.council.health), *PARTIES)
    assert asked.of(asked.council.health).status == "given"


def test_adviser_and_family_answer_for_themselves_only() -> None:
    asked = Asked()
    council = asked.council
    report = noted(asked, council.psychology)
    advice.judge_existing(
        report, party="adviser", satisfied=True, by=again(council.psychologist), today=DAY
    )
    parent = member(Role.ADVISER, organisation=ServiceFactory.create())
    CaseParty.objects.create(
        case=report.case, user=parent, capacity=CaseParty.Capacity.FAMILY, starts_on=RECEIVED
    )
    advice.judge_existing(report, party="family", satisfied=True, by=again(parent), today=DAY)
    said = Satisfaction.objects.get(party="family")
    assert (said.person, said.how) == (parent.full_name, "Through their own account")
    for who, party in ((council.psychologist, "family"), (parent, "authority")):
        with pytest.raises(NotAllowed):
            advice.judge_existing(report, party=party, satisfied=True, by=again(who), today=DAY)
    doctor = member(Role.ADVISER, organisation=council.health)
    with pytest.raises(NotAllowed):
        advice.judge_existing(report, party="adviser", satisfied=True, by=doctor, today=DAY)


def test_an_answer_heard_from_others_says_who_and_how() -> None:
    asked = Asked()
    report = noted(asked, asked.council.health)
    answer = {"party": "family", "satisfied": True, "by": asked.council.caseworker, "today": DAY}
    with pytest.raises(Refused, match="who answered"):
        advice.judge_existing(report, **answer)
    with pytest.raises(Refused, match="how they answered"):
        advice.judge_existing(report, person="A parent", **answer)


@pytest.mark.parametrize(
    ("party", "person"),
    [("family", "A. Example"), ("family", "Example, A. (Dr)"), ("authority", "Dr A. Example")],
)
def test_the_adviser_answers_for_nobody_else(party: str, person: str) -> None:
    asked = Asked()
    report = noted(asked, asked.council.health)
    answer = {"satisfied": True, "how": "Letter", "by": asked.council.caseworker, "today": DAY}
    with pytest.raises(Refused, match=r"recorded for another of the three.*6\(4\)"):
        advice.judge_existing(report, party=party, person=person, **answer)
    advice.judge_existing(report, party="adviser", person=person, **answer)


def test_nobody_answers_for_two_of_the_three() -> None:
    asked = Asked()
    report, caseworker = noted(asked, asked.council.health), asked.council.caseworker
    answer = {"satisfied": True, "how": "Letter", "by": caseworker, "today": DAY}
    with pytest.raises(Refused, match="another of the three"):
        advice.judge_existing(report, party="family", person=caseworker.full_name, **answer)
    advice.judge_existing(report, party="family", person="Mother", **answer)
    with pytest.raises(Refused, match="the child’s parent or the young person: Mother"):
        advice.judge_existing(report, party="authority", person="mother", **answer)
    advice.judge_existing(report, party="authority", **answer)
    advice.judge_existing(report, party="family", person="Mother", **answer)
    assert Satisfaction.objects.count() == 2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dr Ada Author", "Ada AUTHOR", True),
        ("A. Author", "A. Author, Community paediatrics", True),
        ("Ben Author", "Dr Ada Author", False),
        ("Author", "Dr Ada Author", False),
        ("Mother", "mother", True),
        ("Mother", "Mother Teresa", False),
        ("Dr", "Dr", False),
        ("", "", False),
    ],
)
def test_two_names_that_can_only_be_one_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) == same_person(other, one) == same


def test_two_presses_note_one_report() -> None:
    asked = Asked()
    details = {
        "head": Head.MEDICAL, "title": "Letter", "author": "A clinic", "dated_on": RECEIVED,
        "by": asked.council.caseworker, "today": ASKED,
        "token": "4ab9ae0c-6a44-4bb8-8f7c-a6f0d8a4ec8a",
    }  # fmt: skip
    first = advice.note_existing_advice(asked.assessment, **details)
    assert advice.note_existing_advice(asked.assessment, **details).pk == first.pk
    assert ExistingAdvice.objects.count() == 1


def test_the_report_is_wanted_among_the_documents_until_it_is_there() -> None:
    """The plan is written from it: that all three find it sufficient puts it nowhere."""
    asked = Asked()
    council = asked.council
    report = noted(asked, council.school, Head.EDUCATION)
    judged(asked, report, *PARTIES)
    case = asked.assessment.case
    wanted = [paper.wants for paper in papers_of(case, DAY) if not paper.is_here]
    sentence = "all found it sufficient, and it is not among the documents of the case."
    assert any(sentence in words for words in wanted)
    client = signed_in(council.caseworker)
    page, which = (
        reverse(name, args=[report.pk]) for name in ("advice_existing", "advice_existing_document")
    )
    assert "is not among the documents of the case" in client.get(page).content.decode()
    # Without any document the way leads to adding one.
    assert client.get(which)["Location"] == reverse("add_document", args=[case.reference])
    letter = stored(case, council.caseworker)
    assert "Choose the document" in client.post(which, {"document": ""}).content.decode()
    sent = {"document": letter.document_id, "token": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(which, sent)["Location"] == page
    assert "is not among the documents of the case" not in client.get(page).content.decode()
    assert CaseEvent.objects.filter(kind="existing_advice_added").count() == 1
    papers = [paper for paper in papers_of(case, DAY) if paper.version == letter]
    assert "all found sufficient" in " ".join(paper.about for paper in papers)


def test_which_document_it_is_is_said_once_by_staff_and_of_this_case() -> None:
    asked, other = Asked(), Asked()
    by = asked.council.caseworker
    report = noted(asked, None)
    elsewhere = stored(other.assessment.case, other.council.caseworker).document
    with pytest.raises(Refused, match="another case"):
        advice.add_existing_document(report, document=elsewhere, by=by, today=DAY)
    here = stored(asked.assessment.case, by).document
    with pytest.raises(NotAllowed):
        advice.add_existing_document(
            report, document=here, by=asked.council.psychologist, today=DAY
        )
    advice.add_existing_document(report, document=here, by=by, today=DAY)
    with pytest.raises(Refused, match="already"):
        advice.add_existing_document(report, document=here, by=by, today=DAY)


def test_after_the_decision_nothing_is_taken_for_advice() -> None:
    council = Council()
    assessment = council.register(RECEIVED)
    commands.refuse_to_assess(
        assessment, on=ASKED, by=council.caseworker, today=ASKED, reason="Needs are met."
    )
    with pytest.raises(Refused, match="past that"):
        advice.note_existing_advice(
            fresh(assessment),
            head=Head.MEDICAL,
            title="Letter",
            author="A clinic",
            dated_on=RECEIVED,
            by=council.caseworker,
            today=ASKED,
        )


@pytest.mark.parametrize(
    ("dated_on", "today", "old"),
    [
        (date(2024, 2, 3), date(2025, 2, 3), False),
        (date(2024, 2, 3), date(2025, 2, 4), True),
        (date(2024, 2, 29), date(2025, 2, 28), False),
        (date(2023, 12, 31), date(2025, 1, 1), True),
    ],
)
def test_a_report_is_old_after_twelve_months(dated_on: date, today: date, *, old: bool) -> None:
    assert is_old(dated_on, today) is old
