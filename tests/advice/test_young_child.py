"""A young child’s own views: asked of whoever watches the child, and a receipt in plain words."""

import pytest

from advice.commands.writing import give_draft, save_draft
from advice.forms_of_advice import FORMS, GROWN_UP, SPEAKS_FROM, YOUNG, form_at, form_for
from advice.models import Advice, AdviceRequest, Form
from advice.queries.writing import draft_of
from ehc import moments
from ehc.models import Person
from tests.advice.families import Family, words
from tests.factories import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


def child_born(family: Family, *, years: int) -> AdviceRequest:
    today = moments.today()
    born = family.asked_on.replace(year=family.asked_on.year - years)
    Person.objects.filter(pk=family.case.person_id).update(date_of_birth=born)
    found = AdviceRequest.objects.select_related("case__person", "case__authority", "organisation")
    asked = found.get(process=family.pk, form=Form.CHILD)
    assert asked.asked_on <= today
    return asked


@pytest.fixture
def family() -> Family:
    return Family()


@pytest.mark.parametrize(
    ("years", "form"),
    [(SPEAKS_FROM - 1, YOUNG), (SPEAKS_FROM, FORMS[Form.CHILD]), (15, FORMS[Form.CHILD])],
)
def test_the_form_goes_by_the_age_when_it_was_asked(
    family: Family, years: int, form: object
) -> None:
    assert form_for(child_born(family, years=years)) is form


def test_nobody_writes_in_the_name_of_a_child_of_three(family: Family) -> None:
    asked = child_born(family, years=3)
    page = words(family.client.get(f"/advice/requests/{asked.pk}/write/"))
    assert "What the child likes, and how they show it" in page
    assert "Somebody who knows the child well can answer" in page
    assert "What I like" not in page
    family.client.get(f"/advice/requests/{asked.pk}/give/")
    texts = {"like": ("Bells: she comes closer.", 0), "how": ("Her mother, at home.", 0)}
    save_draft(asked, texts, by=family.user)
    give_draft(asked, by=family.user, state=draft_of(asked).state)
    given = Advice.objects.get(request=asked)
    assert form_at(given.form_version, Form.CHILD) is YOUNG
    for client in (family.client, signed_in(family.council.caseworker)):
        read = words(client.get(f"/advice/requests/{asked.pk}/"))
        assert "What the child likes, and how they show it Bells: she comes closer." in read


def test_the_fields_of_both_forms_are_the_same() -> None:
    assert [q.name for q in YOUNG.questions] == [q.name for q in FORMS[Form.CHILD].questions]
    assert len(YOUNG.version) <= 12


def test_nobody_of_twenty_two_is_called_a_child(family: Family) -> None:
    child_born(family, years=22)
    asked = AdviceRequest.objects.select_related("case__person").get(
        process=family.pk, form=Form.PARENT
    )
    assert form_for(asked) is GROWN_UP
    assert not any("child" in question.label for question in GROWN_UP.questions)
    assert form_at(GROWN_UP.version, Form.PARENT) is GROWN_UP
    assert len(GROWN_UP.version) <= 12


def test_the_receipt_of_a_family_says_that_we_have_it(family: Family) -> None:
    asked = child_born(family, years=9)
    save_draft(asked, {"how": ("She told me.", 0)}, by=family.user)
    give_draft(asked, by=family.user, state=draft_of(asked).state)
    address = f"/advice/requests/{asked.pk}/receipts/1/"
    receipt = words(family.client.get(address))
    assert "We have what you told us" in receipt
    assert "Advice received" not in receipt
    staff = words(signed_in(family.council.caseworker).get(address))
    assert "What the family told us is recorded" in staff
