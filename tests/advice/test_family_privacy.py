"""What a family reads names nobody of the staff, and shows nothing that staff wrote for themselves.

Its caseworker is the exception, for that is whom it asks. The author of an existing report is
named as on the report: it is about their own child, and they are asked what they think of it.
"""

import pytest
from django.urls import reverse

from advice import commands as advice
from advice.commands.family_views import give_on_behalf
from advice.commands.writing import save_draft
from advice.models import ExistingAdvice, Form
from ehc import commands
from ehc.models import Case
from tests.advice.asked import WRITTEN
from tests.advice.families import TODAY, Family, words
from tests.factories import fresh_case

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


@pytest.fixture
def family() -> Family:
    return Family()


def test_what_staff_wrote_down_for_them_names_no_staff(family: Family) -> None:
    colleague = family.council.colleague
    asked = family.own(Form.PARENT)
    give_on_behalf(
        asked,
        person="Dana Example",
        how="telephone",
        on=TODAY,
        content={"about": "She sleeps badly."},
        by=colleague,
    )
    asked = family.own(Form.PARENT)
    advice.accept_advice(asked, by=colleague, note="Mother sounded tired: ring again.")
    for name, args in (
        ("advice_request", [asked.pk]),
        ("advice_receipt", [asked.pk, 1]),
        ("advice_write", [asked.pk]),
    ):
        said = words(family.client.get(reverse(name, args=args), follow=True))
        assert asked.case.reference in said, name
        assert colleague.full_name not in said, name
        assert "ring again" not in said, name
    draft = family.client.get(reverse("advice_draft", args=[asked.pk])).content.decode()
    assert family.council.authority.name in draft
    assert colleague.full_name not in draft


def test_two_who_write_one_form_meet_without_a_name_of_staff(family: Family) -> None:
    colleague = family.council.colleague
    asked = family.own(Form.PARENT)
    save_draft(asked, {"about": ("As told by telephone", 0)}, by=colleague)
    saved = save_draft(asked, {"about": ("As I see it", 0)}, by=family.user)
    assert [c.by for c in saved.conflicts] == [family.council.authority.name]


def test_an_existing_report_names_its_author_and_nobody_who_judged_it(family: Family) -> None:
    by = family.council.colleague
    event = advice.note_existing_advice(
        family.assessment,
        head="6(1)(d)",
        title="Report of last spring",
        author="Dr Ada Author",
        dated_on=TODAY,
        by=by,
    )
    existing = ExistingAdvice.objects.get(pk=event.data["existing"])
    for party, person in (("authority", "Robin Reader"), ("adviser", "Ada Author by letter")):
        advice.judge_existing(
            existing,
            party=party,
            satisfied=False,
            person=person,
            how="letter",
            note="It says too little of the hall.",
            by=by,
        )
    said = words(family.client.get(reverse("advice_existing", args=[existing.pk])))
    assert "Dr Ada Author" in said
    assert "Not satisfied" in said
    for hidden in (by.full_name, "Robin Reader", "Ada Author by letter", "too little of the hall"):
        assert hidden not in said


def test_a_service_s_answer_is_not_told_with_its_people(family: Family) -> None:
    psychologist = family.council.psychologist
    request = family.of(family.council.psychology)
    advice.assign_request(request, to=psychologist, by=psychologist)
    advice.expect_late(
        request, cause="vacancy", expected_on=TODAY, note="Two of us are ill.", by=psychologist
    )
    said = family.shown()
    assert "They expect to answer" in said
    assert psychologist.full_name not in said
    assert "Two of us are ill" not in said


def test_on_a_restricted_case_nobody_is_named_at_all(family: Family) -> None:
    commands.restrict_case(
        fresh_case(family.case), on=TODAY, reason="A worry.", by=family.council.manager
    )
    advice.give_advice(
        family.of(family.council.psychology),
        on=TODAY,
        content=WRITTEN,
        by=family.council.psychologist,
    )
    assert Case.objects.get(pk=family.case.pk).restricted
    said = family.shown()
    for person in (family.council.caseworker, family.council.manager, family.council.psychologist):
        assert person.full_name not in said
