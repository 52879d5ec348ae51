"""Reasons that repeat: the same words under other names are found, and nothing else is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from panels import boilerplate
from panels.commands import hearing
from panels.models import ReasonSentence
from tests.factories import fresh
from tests.panels.chairing import SITS, Chairing

pytestmark = pytest.mark.django_db

WRITTEN = (
    "Sam can have his needs met from the resources normally available to mainstream schools. "
    "His mother told us that he cries every morning before the bus comes."
)


@pytest.fixture
def chairing() -> Chairing:
    """Two items; the first is recorded with reasons of which one sentence could be anybody’s."""
    made = Chairing(2).convene()
    for name, each in zip(("Sam", "Amina"), made.assessments, strict=True):
        each.case.person.forename = name
        each.case.person.save()
    hearing.recommend(made.item, **{**made.said, "reasons": WRITTEN})
    return made


def found(chairing: Chairing, reasons: str) -> list[tuple[str, int]]:
    case = fresh(chairing.assessments[1]).case
    return [(r.sentence, r.cases) for r in boilerplate.repeats(reasons, case, SITS)]


@pytest.mark.parametrize(
    "said",
    [
        "Amina can have her needs met from the resources normally available to mainstream schools.",
        "AMINA can have their needs met, from the resources normally available to most mainstream "
        "schools!",
    ],
)
def test_the_same_words_under_another_name_are_found(chairing: Chairing, said: str) -> None:
    assert found(chairing, f"She reads well. {said}") == [(said, 1)]


@pytest.mark.parametrize(
    "said",
    [
        "Amina can read, and she wants to write stories about the sea with her grandmother.",
        "The resources of the school were looked at by the psychologist on three mornings.",
        "We agree.",
        "",
    ],
)
def test_what_is_said_of_this_child_is_not(chairing: Chairing, said: str) -> None:
    assert found(chairing, said) == []


def test_other_authorities_old_cases_and_the_case_itself_do_not_count(chairing: Chairing) -> None:
    own = fresh(chairing.assessments[0]).case
    assert boilerplate.repeats(WRITTEN, own, SITS) == []
    other = Chairing(1)
    assert boilerplate.repeats(WRITTEN, fresh(other.assessments[0]).case, SITS) == []
    ReasonSentence.objects.update(on=SITS - timedelta(days=366))
    assert found(chairing, WRITTEN) == []


def test_of_a_corrected_recommendation_only_the_new_words_count(chairing: Chairing) -> None:
    said = {**chairing.said, "because": "A slip.", "reasons": "Sam needs help in every lesson."}
    hearing.correct_recommendation(chairing.item, **said)
    assert found(chairing, WRITTEN) == []


def test_it_is_one_statement_and_no_text_is_kept(chairing: Chairing) -> None:
    case = fresh(chairing.assessments[1]).case
    assert case.person is not None
    with CaptureQueriesContext(connection) as seen:
        boilerplate.repeats(WRITTEN * 5, case, SITS)
    assert len(seen.captured_queries) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(s::text, ' ') FROM panels_reasonsentence s")
        (kept,) = cursor.fetchone()
    assert "mainstream" not in kept
