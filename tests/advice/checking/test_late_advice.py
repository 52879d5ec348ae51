"""Advice that comes after the final plan."""

from datetime import timedelta

import pytest

from advice import commands as advice
from advice.models import Advice
from advice.queries.checking import late_count, late_page
from ehc.commands import Refused
from ehc.models import CaseEvent
from ehc.permissions import NotAllowed
from ehc.queries.shown import ShownCase
from ehc.registry import alerts_for
from tests.advice.asked import give
from tests.advice.checking.scene import GIVEN, TODAY, Scene, final
from tests.factories import Council, again

pytestmark = pytest.mark.django_db


def test_advice_after_the_plan_stays_on_the_list_until_somebody_says_what_follows(
    scene: Scene,
) -> None:
    asked, day = final(scene)
    late = day + timedelta(days=5)
    worker = scene.council.caseworker
    assert not late_page(again(worker), late).rows
    give(asked.of(scene.health), by=scene.doctor, on=late)
    request = asked.of(scene.health)
    assert [row.request.pk for row in late_page(again(worker), late).rows] == [request.pk]
    assert late_page(again(scene.dco), late).rows == []
    assert late_count(again(Council().caseworker), late) == 0
    (alert,) = alerts_for(ShownCase(request.case, worker, late))
    assert "came after the final plan" in alert.words
    with pytest.raises(Refused, match="Give the reason"):
        advice.consider_late_advice(request, follows="amend", reason="", by=worker, today=late)
    with pytest.raises(NotAllowed):
        advice.consider_late_advice(request, follows="amend", reason="x", by=scene.dco, today=late)
    advice.consider_late_advice(
        request, follows="early_review", reason="New provision.", by=worker, today=late
    )
    assert late_page(again(worker), late).rows == []
    assert alerts_for(ShownCase(request.case, worker, late)) == []
    event = CaseEvent.objects.get(kind="late_advice_considered")
    assert event.data["reason"] == "New provision."
    with pytest.raises(Refused, match="recorded already"):
        advice.consider_late_advice(request, follows="amend", reason="x", by=worker, today=late)


def test_the_list_of_late_advice_goes_on_page_by_page(scene: Scene) -> None:
    made = [scene.given(GIVEN + timedelta(days=n // 2)) for n in range(5)]
    found = Advice.objects.filter(request__in=made).order_by("pk")
    # What makes advice late is tried elsewhere: here only that no row is lost between two pages.
    copies = [
        Advice(
            **{
                f.attname: getattr(a, f.attname)
                for f in Advice._meta.concrete_fields
                if not f.primary_key
            }
            | {"number": 2, "after_plan": True, "receipt": f"LATE-{a.pk}"}
        )
        for a in found
    ]
    Advice.objects.bulk_create(copies)
    worker, seen, after = scene.council.caseworker, [], ""
    while True:
        page = late_page(again(worker), TODAY, after=after, size=2)
        seen += [row.request.pk for row in page.rows]
        if not (after := page.next_after):
            break
    assert seen == [request.pk for request in made]
    assert late_count(again(worker), TODAY) == 5
    assert len(late_page(again(worker), TODAY, after="x~1", size=2).rows) == 2
