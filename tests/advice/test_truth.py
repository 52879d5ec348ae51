"""`check_truth` finds every way in which requests stop being what the record says."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pgtrigger
import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from advice import commands as advice
from advice.models import Advice, AdviceRequest, Check, Form
from advice.models.request import Status
from ehc import commands, truth
from ehc.models import Case
from tests import sen2_files
from tests.advice.asked import ASKED, RECEIVED, Asked, give, lead_of

pytestmark = pytest.mark.django_db

GIVEN = ASKED + timedelta(days=10)


@pytest.fixture
def asked() -> Asked:
    """Psychology accepted after it was sent back once, health sent back, the parent answered."""
    case = Asked(own=(Form.PARENT, Form.CHILD))
    council = case.council
    psychologist, doctor = lead_of(council.psychology), lead_of(council.health)
    checker = council.caseworker
    for organisation, by in ((council.psychology, psychologist), (council.health, doctor)):
        give(case.of(organisation), by=by, on=GIVEN)
        advice.return_advice(case.of(organisation), reasons=["no_voice"], by=checker, today=GIVEN)
    give(case.of(council.psychology), by=psychologist, on=GIVEN + timedelta(1))
    advice.accept_advice(
        case.of(council.psychology), by=checker, today=GIVEN + timedelta(2), note="Read it twice."
    )
    advice.give_advice(
        case.own(Form.PARENT),
        on=GIVEN,
        content={"about": "He loves trains."},
        on_behalf_of="His mother",
        by=council.caseworker,
        today=GIVEN,
    )
    return case


def _set(**values: object) -> Callable[[Asked], None]:
    def damage(case: Asked) -> None:
        AdviceRequest.objects.filter(organisation=case.council.psychology).update(**values)

    return damage


def _forget_request(case: Asked) -> None:
    AdviceRequest.objects.get(process=case.pk, form=Form.CHILD).delete()


def _forget_what_was_asked(case: Asked) -> None:
    AdviceRequest.objects.filter(form=Form.CHILD).update(
        form="educational", label="nobody", organisation=case.council.school
    )


def _forget_check(case: Asked) -> None:
    with pgtrigger.ignore("advice.Check:check_as_made"):
        Check.objects.filter(outcome=Check.Outcome.WITH_NOTE).delete()


def _change_receipt(case: Asked) -> None:
    with pgtrigger.ignore("advice.Advice:advice_as_given"):
        Advice.objects.filter(on_behalf_of="His mother").update(receipt="0000-0000")


def _change_number(case: Asked) -> None:
    with pgtrigger.ignore("advice.Advice:advice_as_given"):
        Advice.objects.filter(request__organisation=case.council.health).update(number=2)


def _wait_after_the_end(case: Asked) -> None:
    end = GIVEN + timedelta(days=5)
    commands.withdraw(
        case.assessment, on=end, reason="They moved.", by=case.council.caseworker, today=end
    )
    AdviceRequest.objects.filter(organisation=case.council.health).update(
        status=Status.RETURNED, closed_on=None, closed_because=""
    )


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_set(due_on=RECEIVED), "other dates"),
        (_set(given_on=None), "other dates"),
        (_set(received_on=ASKED + timedelta(1)), "other dates"),
        (_set(status=Status.GIVEN), "does not fit"),
        (_set(status=Status.RETURNED, accepted_on=None), "does not fit"),
        (_set(status=Status.ASKED, accepted_on=None), "other dates"),
        (_set(accepted_on=None), "does not fit"),
        (_set(accepted_on=date(2025, 12, 1)), "does not fit"),
        (_set(label="elsewhere"), "nobody made"),
        (_forget_request, "no request says so"),
        (_forget_what_was_asked, "nobody made"),
        (_forget_check, "does not fit"),
        (_change_receipt, "events tell of"),
        (_change_number, "not numbered"),
        (_wait_after_the_end, "awaited though"),
    ],
)
def test_each_damage_is_found(asked: Asked, damage: Callable[[Asked], None], words: str) -> None:
    assert list(truth.check()) == []
    damage(asked)
    found = list(truth.check())
    assert any(words in sentence for sentence in found), found
    assert not any(asked.assessment.case.person.surname in sentence for sentence in found)


def test_an_end_leaves_nothing_to_find(asked: Asked) -> None:
    end = GIVEN + timedelta(days=5)
    commands.withdraw(
        asked.assessment, on=end, reason="They moved.", by=asked.council.caseworker, today=end
    )
    assert list(truth.check()) == []


def test_it_asks_as_often_for_many_as_for_few(
    asked: Asked, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    from advice.truth import check_advice

    with django_assert_num_queries(7):
        list(check_advice())
    for _ in range(5):
        Asked(asked.council)
    with django_assert_num_queries(7):
        list(check_advice())


def test_a_return_brings_no_requests(tmp_path: Path) -> None:
    """A SEN2 return tells nothing of advice, so nobody may seem to have been asked."""
    path = tmp_path / "return.xml"
    sen2_files.write_return(path, people=40)
    call_command("import_sen2", str(path))
    assert Case.objects.exists()
    assert not AdviceRequest.objects.exists()
    assert list(truth.check()) == []
