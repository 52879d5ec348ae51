"""The demonstration’s panels: a year of sittings that is true, varied, and alive today."""

import hashlib
import io
from datetime import timedelta

from django.db.models import Count, F, Max, Min, Q
from pypdf import PdfReader

from ehc import truth
from ehc.documents import path_of
from ehc.models import AccessLog, CaseEvent, User
from ehc.models.process import AssessmentStatus
from notifications.models import OutboxMessage
from panels.models import (
    Booking,
    Conflict,
    Decision,
    Deferral,
    Item,
    Letter,
    LetterCopy,
    Minutes,
    PanelAction,
    Paper,
    PaperOpening,
    Presence,
    Ratification,
    Recommendation,
    Sitting,
    SittingEvent,
    Terms,
)
from panels.papers import doubts_in
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

    def test_every_item_has_papers_that_are_this_childs(self) -> None:
        """Exact versions on the disk; what was sent is what the sheet lists; some came late."""
        assert not Item.objects.filter(papers__isnull=True).exists()
        papers = Paper.objects.select_related(
            "version", "item__sitting", "item__case__person", "item__case__owner"
        )
        for paper in papers:
            with self.settings(MEDIA_ROOT=self.documents):
                held = path_of(paper.version).read_bytes()
            assert hashlib.sha256(held).hexdigest() == paper.version.sha256
            sent = paper.item.frozen_at
            if sent is not None:
                assert paper.late == (paper.added_at > sent), paper.pk
            if paper.version.media_type == "application/pdf" and paper.withdrawn_at is None:
                pages = PdfReader(io.BytesIO(held)).pages
                text = "\n".join(page.extract_text() for page in pages)
                assert doubts_in(text, paper.item, is_report=True) == [], paper.title
        for item in Item.objects.filter(frozen_at__isnull=False):
            sent = item.papers.filter(late=False).values_list("title", "about")
            assert [[title, about] for title, about in sent] == item.summary["papers"]
        late = Paper.objects.filter(late=True)
        assert late.filter(item__sitting__status=Sitting.Status.ENDED).exists()
        assert late.filter(item__sitting__on__gte=TODAY).exists()

    def test_a_paper_was_taken_back_and_who_had_it_is_known(self) -> None:
        (paper,) = Paper.objects.filter(withdrawn_at__isnull=False)
        assert paper.openings.exists()
        told = OutboxMessage.objects.filter(kind="panel_paper_recalled").values_list(
            "user", flat=True
        )
        assert set(told) == set(paper.openings.values_list("user", flat=True))

    def test_members_opened_papers_while_they_were_shown_to_them(self) -> None:
        for opening in PaperOpening.objects.select_related("paper__item__sitting"):
            sitting = opening.paper.item.sitting
            assert sitting.papers_sent_at < opening.at
            assert opening.paper.added_at < opening.at
            assert sitting.opened_at is None or opening.at < sitting.opened_at
        shut = Conflict.objects.filter(item__papers__openings__user=F("user"))
        assert not shut.filter(item__sitting__status=Sitting.Status.ENDED).exists()
        seen = set(PaperOpening.objects.values_list("user", "paper__item__case", "at"))
        logged = AccessLog.objects.filter(what="panel paper").values_list("user", "case", "at")
        assert seen == set(logged)

    def test_letters_were_made_and_some_wait(self) -> None:
        assert LetterCopy.objects.exists()
        assert not LetterCopy.objects.exclude(on=F("letter__decision__on")).exists()
        assert Letter.objects.filter(finished_on__isnull=True).exists()
        assert Letter.objects.exclude(otherwise="").exists()

    def test_minutes_are_signed_but_for_the_last(self) -> None:
        assert Minutes.objects.filter(signed_at__isnull=False).count() > 10
        draft = Minutes.objects.get(signed_at__isnull=True)
        assert draft.remarks
        assert draft.sitting.on >= TODAY - timedelta(days=8)

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
