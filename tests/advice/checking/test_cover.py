"""Somebody signs off for another, for some days."""

from datetime import timedelta

import pytest

from advice import commands as advice
from advice.models import Check, StaffChange
from ehc.commands import Refused
from ehc.models import Membership, Role, User
from ehc.permissions import NotAllowed
from tests.advice.checking.scene import GIVEN, TODAY, Scene, waiting
from tests.factories import again, member

pytestmark = pytest.mark.django_db


def role_of(user: User) -> Membership:
    return Membership.objects.get(user=user, standing_in_for=None)


def test_a_delegate_signs_off_on_the_days_of_the_cover_only(scene: Scene) -> None:
    request = scene.given()
    nurse = member(Role.ADVISER, organisation=scene.health)
    until = TODAY + timedelta(days=6)
    advice.give_cover(
        role_of(scene.dco), to=nurse, starts_on=TODAY, ends_on=until, by=scene.dco, today=GIVEN
    )
    assert waiting(nurse, GIVEN) == []
    assert waiting(nurse, until) == [request.pk]
    assert waiting(nurse, until + timedelta(days=1)) == []
    advice.accept_advice(request, by=again(nurse), today=TODAY)
    check = Check.objects.get()
    assert (check.by, check.for_absent) == (nurse, scene.dco)
    assert StaffChange.objects.get().standing_in_for == scene.dco


def test_cover_is_taken_back_at_once(scene: Scene) -> None:
    request = scene.given()
    nurse = member(Role.ADVISER, organisation=scene.health)
    until = TODAY + timedelta(days=6)
    for begins in (TODAY, GIVEN):
        cover = advice.give_cover(
            role_of(scene.dco),
            to=nurse,
            starts_on=begins,
            ends_on=until,
            by=scene.dco,
            today=begins,
        )
        advice.end_cover(cover, by=scene.dco, today=TODAY)
        advice.end_cover(cover, by=scene.dco, today=TODAY)
        with pytest.raises(NotAllowed):
            advice.accept_advice(request, by=again(nurse), today=TODAY)
    kinds = StaffChange.objects.values_list("kind", flat=True)
    assert list(kinds) == ["cover", "cover_ended"] * 2


def test_the_same_cover_twice_is_one(scene: Scene) -> None:
    nurse = member(Role.ADVISER, organisation=scene.health)
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=3)}
    for _ in range(2):
        advice.give_cover(role_of(scene.dco), to=nurse, by=scene.dco, today=TODAY, **days)
    assert Membership.objects.filter(standing_in_for=scene.dco).count() == 1
    with pytest.raises(Refused, match=r"covers .* already"):
        advice.give_cover(
            role_of(scene.dco),
            to=nurse,
            starts_on=TODAY + timedelta(days=2),
            ends_on=TODAY + timedelta(days=9),
            by=scene.dco,
            today=TODAY,
        )


def test_cover_stays_in_the_authority_and_is_not_handed_on(scene: Scene) -> None:
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=3)}
    stranger = Scene().doctor
    with pytest.raises(Refused, match="no account in the same"):
        advice.give_cover(role_of(scene.dco), to=stranger, by=scene.dco, today=TODAY, **days)
    nurse = member(Role.ADVISER, organisation=scene.health)
    cover = advice.give_cover(role_of(scene.dco), to=nurse, by=scene.dco, today=TODAY, **days)
    with pytest.raises(NotAllowed):
        advice.give_cover(cover, to=scene.doctor, by=again(nurse), today=TODAY, **days)
    for other in (scene.council.manager, scene.principal):
        with pytest.raises(NotAllowed):
            advice.give_cover(role_of(scene.dco), to=other, by=other, today=TODAY, **days)
        with pytest.raises(NotAllowed):
            advice.end_cover(cover, by=other, today=TODAY)


@pytest.mark.parametrize(
    ("starts", "ends", "says"),
    [(-1, 3, "before today"), (3, 2, "before its first"), (0, 400, "a year at most")],
)
def test_cover_has_sensible_days(scene: Scene, starts: int, ends: int, says: str) -> None:
    with pytest.raises(Refused, match=says):
        advice.give_cover(
            role_of(scene.dco),
            to=scene.doctor,
            starts_on=TODAY + timedelta(days=starts),
            ends_on=TODAY + timedelta(days=ends),
            by=scene.dco,
            today=TODAY,
        )
