"""The demonstration’s panels: a year of sittings that is true, varied, and alive today."""

from datetime import timedelta

from django.db.models import Count, F, Max, Min, Q

from ehc import truth
from ehc.models import CaseEvent, User
from ehc.models.process import AssessmentStatus
from panels.models import (
    Booking,
    Conflict,
    Decision,
    Deferral,
    Item,
    Letter,
    Minutes,
    PanelAction,
    Paper,
    Presence,
    Ratification,
    Recommendation,
    Sitting,
    SittingEvent,
    Terms,
)
from panels.permissions import may_chair, shown_items, sittings_of
from panels.queries.decisions import awaiting, held_by
from panels.queries.figures import figures
from panels.queries.figures_base import Chosen
from panels.queries.figures_compared import compared
from panels.queries.figures_reasons import repeated
from tests.demonstration import TODAY, Demonstration


class TestPanelsOfTheDemonstration(Demonstration):
    """Every page has something to show, and nothing of it could not have happened."""

    def test_the_whole_is_true_and_alive(self) -> None:
        assert list(truth.check()) == []
        assert set(Item.objects.values_list("status", flat=True)) >= {
            *("listed", "recommended", "decided", "deferred"),
        }
        for model in (Conflict, Deferral, Ratification, PanelAction, Minutes, Paper):
            assert model.objects.exists(), model.__name__
        assert Terms.objects.filter(number=2).count() == 3
        assert Recommendation.objects.filter(quorate=False).exists()
        assert Recommendation.objects.exclude(dissent="").exists()
        assert Booking.objects.filter(answer=Booking.Answer.DECLINED).exists()
        assert PanelAction.objects.filter(done_on__isnull=False).exists()
        assert Letter.objects.filter(finished_on__isnull=True).exists()

    def test_a_year_of_sittings_and_the_next_ones(self) -> None:
        """One today with its papers, so that a chair can hold it; one planned; one cancelled."""
        statuses = set(Sitting.objects.values_list("status", flat=True))
        assert statuses == {"ended", "papers_out", "planned", "cancelled"}
        now = Sitting.objects.get(on=TODAY)
        assert now.status == Sitting.Status.PAPERS_OUT
        assert now.items.filter(status=Item.Status.LISTED).exists()
        soon = Sitting.objects.filter(on__gt=TODAY, on__lte=TODAY + timedelta(days=8))
        assert soon.filter(status=Sitting.Status.PAPERS_OUT, items__papers__isnull=False).exists()
        assert not Sitting.objects.filter(on__lt=TODAY, status__in=Sitting.AHEAD).exists()
        ended = Sitting.objects.filter(on__lt=TODAY)
        assert not ended.filter(items__isnull=True, ratifications__isnull=True).exists()

    def test_every_decision_of_the_year_is_an_officers(self) -> None:
        """What the core’s histories hold of the year, a row says whose it was."""
        begins = Terms.objects.aggregate(first=Min("in_force_from"))["first"]
        kinds = ("assessment_agreed", "assessment_refused", "plan_agreed", "plan_refused")
        told = CaseEvent.objects.filter(kind__in=kinds, on__gte=begins)
        assert told.exists()
        assert not told.exclude(pk__in=Decision.objects.values("event")).exists()
        assert not Decision.objects.filter(on__lt=begins).exists()

    def test_the_room_and_the_agenda_are_in_order(self) -> None:
        for sitting in Sitting.objects.filter(status=Sitting.Status.ENDED):
            times = sitting.items.filter(heard_at__isnull=False, recommendation__isnull=False)
            heard = times.aggregate(Min("heard_at"), Max("heard_at"))
            if heard["heard_at__min"] is not None:
                assert sitting.opened_at <= heard["heard_at__min"]
                assert heard["heard_at__max"] <= sitting.ended_at
            moments = list(sitting.events.order_by("sequence").values_list("at", flat=True))
            assert moments == sorted(moments), sitting.on
            kinds = list(sitting.events.values_list("kind", flat=True))
            assert kinds[0] == "arranged"
            assert kinds.index("papers_sent") < kinds.index("opened") < kinds.index("ended")
        crowded = Item.objects.values("sitting", "position").annotate(n=Count("pk")).filter(n__gt=1)
        assert not crowded.exists()
        assert not Sitting.objects.annotate(n=Count("items")).filter(n__gt=F("room_for")).exists()
        assert not Presence.objects.filter(left_at__isnull=True).exists()
        assert SittingEvent.objects.filter(kind="minutes_signed").exists()

    def test_texts_read_true(self) -> None:
        for made in Recommendation.objects.all():
            every = (made.reasons, made.evidence_for, made.evidence_against, made.dissent)
            assert not any("{" in text for text in every)
        own = Recommendation.objects.values("reasons").distinct().count()
        assert own > Recommendation.objects.count() / 2
        outside = Decision.objects.filter(item__isnull=True)
        assert not outside.filter(Q(outside_because="") | Q(outside_because__contains="{")).exists()

    def test_the_figures_have_something_to_say(self) -> None:
        begins = TODAY - timedelta(days=365)
        chosen = Chosen(frozenset({self.authority.pk}), begins, TODAY)
        found = figures(chosen)
        assert found.all.heard > 50
        assert found.all.deferred
        assert found.all.waited > found.all.again > 0
        assert found.outside
        assert found.sittings.no_quorum
        assert found.total("left")
        assert len({share.chair for share in compared(chosen)} - {""}) == 2
        assert repeated(chosen, User.objects.get(email="manager@example.org"), TODAY)

    def test_who_signs_in_has_something_to_do(self) -> None:
        now = Sitting.objects.get(on=TODAY)
        member = User.objects.get(email="member@example.org")
        assert sittings_of(member, TODAY).filter(on__gte=TODAY).exists()
        assert shown_items(member, now, TODAY).exists()
        assert may_chair(User.objects.get(email="chair@example.org"), now, TODAY)
        chair = User.objects.get(email="chair@example.org")
        manager = User.objects.get(email="manager@example.org")
        waiting = [*awaiting(chair, held_by(chair, TODAY), TODAY)]
        waiting += awaiting(manager, held_by(manager, TODAY), TODAY)
        assert waiting
        assert not any(row.item.process.status == AssessmentStatus.REFUSED for row in waiting)
