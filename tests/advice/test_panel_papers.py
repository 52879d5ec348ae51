"""What advice puts before a panel: each piece with its acceptance, and what is missing."""

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader

from advice import commands as advice
from advice.models import Form
from ehc.models import Case, Organisation, Role
from ehc.queries.papers import papers_of
from ehc.registry import CasePaper, summary_from_apps
from panels.completeness import missing
from panels.questions import Question
from tests.advice.asked import ASKED, DUE, WRITTEN, Asked, give
from tests.factories import member

pytestmark = pytest.mark.django_db

GIVEN = ASKED + timedelta(days=20)


@pytest.fixture
def asked() -> Asked:
    return Asked()


def case_of(asked: Asked) -> Case:
    return Case.objects.select_related("person").get(pk=asked.assessment.case_id)


def papers(asked: Asked, today: date = GIVEN) -> dict[str, CasePaper]:
    return {paper.key.partition(":")[0]: paper for paper in papers_of(case_of(asked), today)}


def given(asked: Asked) -> None:
    give(asked.of(asked.council.psychology), by=asked.council.psychologist, on=GIVEN)


def test_what_is_awaited_is_missing_and_says_until_when(asked: Asked) -> None:
    found = papers_of(case_of(asked), GIVEN)
    assert not any(paper.is_here for paper in found)
    told = missing(Question.ISSUE, found, ())
    assert "Educational advice, Educational psychology: awaited, due 17 March 2025." in told
    late = papers_of(case_of(asked), DUE + timedelta(days=1))
    assert "due 17 March 2025, and late." in late[0].wants
    # Whether to assess is asked before there is any advice.
    assert missing(Question.ASSESS, found, ["document:1"]) == []


def test_advice_is_a_paper_with_its_answers_and_rows(asked: Asked) -> None:
    given(asked)
    paper = papers(asked)["advice"]
    assert paper.title == "Educational advice, Educational psychology"
    assert paper.about == "given on 23 February 2025, not checked yet"
    assert "nobody has checked it yet" in paper.wants
    assert paper.render is not None
    made = PdfReader(io.BytesIO(paper.render()))
    text = " ".join(" ".join(page.extract_text() for page in made.pages).split())
    assert "Following spoken instructions in a group." in text
    assert "10 minutes" in text
    assert case_of(asked).person.full_name in text
    assert WRITTEN["voice"] in paper.text
    assert made.outline


def test_acceptance_is_told_and_nothing_is_missing_of_it(asked: Asked) -> None:
    given(asked)
    body = asked.council.psychology
    Organisation.objects.filter(pk=body.pk).update(discipline=Organisation.Discipline.PSYCHOLOGY)
    principal = member(Role.PSYCHOLOGY_SIGN_OFF, asked.council.authority)
    advice.accept_advice(asked.of(body), today=GIVEN, by=principal)
    paper = papers(asked)["advice"]
    assert paper.about == (
        f"given on 23 February 2025, accepted on 23 February 2025 by {principal.full_name}"
    )
    assert paper.wants == ""
    assert f"{paper.title}: it is here and is left out." in missing(Question.ISSUE, [paper], ["x"])


def test_the_summary_counts_needs_outcomes_and_provision(asked: Asked) -> None:
    assert "Needs, outcomes and provision" not in dict(summary_from_apps(case_of(asked)))
    given(asked)
    told = dict(summary_from_apps(case_of(asked)))
    assert told["Needs, outcomes and provision"] == (
        "1 need, 1 with an outcome, 1 with provision; of that 1 with how much and how often"
    )


def test_a_child_says_i_in_the_summary() -> None:
    asked = Asked(own=(Form.CHILD,))
    advice.give_advice(
        asked.own(Form.CHILD),
        on=GIVEN,
        content={"hopes": "To work in a zoo.", "how": "I told my teacher, who wrote it down."},
        rows=[],
        on_behalf_of="The child",
        by=asked.council.caseworker,
        today=GIVEN,
    )
    told = dict(summary_from_apps(case_of(asked)))
    wanted = "The child’s or young person’s own views: What I want, now and when I am older"
    assert told[wanted] == "To work in a zoo."
