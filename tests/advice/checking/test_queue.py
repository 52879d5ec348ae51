"""What awaits a sign-off, in order, and who may decide on it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.models import Check, Form
from advice.queries.checking import next_to_check, queue_page
from ehc.commands import Overtaken, Refused
from ehc.models import Case, CaseParty, Membership, Role
from tests.advice.asked import RECEIVED, give
from tests.advice.checking.scene import GIVEN, TODAY, Scene, waiting
from tests.factories import Council, again, member

pytestmark = pytest.mark.django_db


def test_each_sees_what_awaits_their_own_sign_off(scene: Scene) -> None:
    asked = scene.asked(own=(Form.PARENT,))
    give(asked.of(scene.health), by=scene.doctor, on=GIVEN)
    give(asked.of(scene.psychology), by=scene.council.psychologist, on=GIVEN)
    parents = asked.own(Form.PARENT)
    advice.give_advice(
        parents,
        on=GIVEN,
        content={"about": "She sings."},
        on_behalf_of="Her mother",
        by=scene.council.caseworker,
        today=GIVEN,
    )
    assert waiting(scene.dco) == [asked.of(scene.health).pk]
    assert waiting(scene.principal) == [asked.of(scene.psychology).pk]
    assert waiting(scene.council.caseworker) == [parents.pk]
    assert waiting(scene.council.colleague) == []
    assert waiting(member(Role.HEALTH_SIGN_OFF, Council().authority)) == []
    assert waiting(scene.doctor) == []


def test_one_who_signs_off_for_two_authorities_has_one_queue(scene: Scene) -> None:
    other = Scene()
    Membership.objects.create(
        user=scene.dco,
        role=Role.HEALTH_SIGN_OFF,
        authority=other.council.authority,
        starts_on=RECEIVED,
    )
    later, earlier = scene.given(GIVEN), other.given(GIVEN - timedelta(days=3))
    assert waiting(scene.dco) == [earlier.pk, later.pk]


def test_a_restricted_case_waits_for_those_who_are_named(scene: Scene) -> None:
    request = scene.given()
    Case.objects.filter(pk=request.case_id).update(restricted=True)
    assert waiting(scene.dco) == []
    CaseParty.objects.create(
        case=request.case,
        user=scene.dco,
        capacity=CaseParty.Capacity.NAMED,
        starts_on=RECEIVED,
    )
    assert waiting(scene.dco) == [request.pk]


def test_nobody_is_shown_the_case_of_their_own_family(scene: Scene) -> None:
    request = scene.given()
    CaseParty.objects.create(
        case=request.case,
        user=scene.dco,
        capacity=CaseParty.Capacity.FAMILY,
        starts_on=RECEIVED,
    )
    assert waiting(scene.dco) == []


def test_the_longest_waiting_first_then_the_nearest_date_of_the_case(scene: Scene) -> None:
    new, old, near = scene.given(TODAY), scene.given(GIVEN), scene.given(GIVEN)
    Case.objects.filter(pk=near.case_id).update(next_due_on=TODAY)
    assert waiting(scene.dco) == [near.pk, old.pk, new.pk]


def test_pages_hold_everything_once(scene: Scene) -> None:
    made = {scene.given(GIVEN - timedelta(days=n % 3)).pk for n in range(7)}
    Case.objects.filter(advice_requests__in=sorted(made)[:2]).update(next_due_on=None)
    seen: list[int] = []
    after = ""
    while True:
        page = queue_page(again(scene.dco), today=TODAY, after=after, size=2)
        seen += [row.pk for row in page.rows]
        assert page.counts.waiting == 7
        if not (after := page.next_after):
            break
    assert len(seen) == 7
    assert set(seen) == made
    assert queue_page(scene.dco, today=TODAY, after="rubbish~~").rows


def test_a_page_is_as_many_statements_for_one_as_for_many(scene: Scene) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            queue_page(again(scene.dco), today=TODAY)
        return len(caught)

    scene.given()
    few = statements()
    for _ in range(6):
        scene.given()
    assert statements() == few <= 4


def test_after_one_piece_comes_the_next(scene: Scene) -> None:
    first, second, third = (scene.given(GIVEN - timedelta(days=3 - n)) for n in range(3))
    assert next_to_check(again(scene.dco), second, today=TODAY) == third.pk
    assert next_to_check(again(scene.dco), third, today=TODAY) == first.pk
    advice.accept_advice(first, by=scene.dco, today=TODAY)
    advice.accept_advice(second, by=scene.dco, today=TODAY)
    assert next_to_check(again(scene.dco), third, today=TODAY) is None


@pytest.mark.parametrize(
    ("second", "details"),
    [(advice.accept_advice, {}), (advice.return_advice, {"reasons": ["stale"]})],
)
def test_of_two_at_once_one_wins_and_the_other_is_told_who(
    scene: Scene, second: Any, details: dict[str, Any]
) -> None:
    request = scene.given()
    advice.accept_advice(request, by=scene.dco, today=TODAY, seen=1)
    other = member(Role.HEALTH_SIGN_OFF, scene.council.authority)
    with pytest.raises(Overtaken, match=f"{scene.dco.full_name} accepted this advice"):
        second(request, by=other, today=TODAY, seen=1, **details)
    assert Check.objects.get().by == scene.dco


def test_nobody_decides_on_an_answer_they_have_not_read(scene: Scene) -> None:
    request = scene.given()
    advice.return_advice(request, reasons=["no_voice"], by=scene.dco, today=GIVEN, seen=1)
    give(request, by=scene.doctor, on=TODAY)
    with pytest.raises(Overtaken, match="gave this advice again"):
        advice.accept_advice(request, by=scene.dco, today=TODAY, seen=1)
    advice.accept_advice(request, by=scene.dco, today=TODAY, seen=2)


def test_nobody_signs_off_what_they_gave_themselves(scene: Scene) -> None:
    Membership.objects.create(
        user=scene.doctor,
        role=Role.HEALTH_SIGN_OFF,
        authority=scene.council.authority,
        starts_on=RECEIVED,
    )
    request = scene.given()
    with pytest.raises(Refused, match="Somebody else must check it"):
        advice.accept_advice(request, by=again(scene.doctor), today=TODAY)
