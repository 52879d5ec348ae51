"""What people do with panels, one thing after another, as it comes."""

from collections.abc import Callable
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import time_machine
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import strategies as st

from ehc import commands
from ehc.commands import Refused
from ehc.models import Assessment, Case, User
from ehc.permissions import NotAllowed
from panels.commands import (
    cancelling,
    deciding,
    hearing,
    minutes,
    papers,
    ratifying,
    referring,
    scheduling,
)
from panels.models import Decision, Item, Paper, PaperOpening, Sitting
from panels.papers import offered
from panels.questions import OUTCOMES, Question
from tests.factories import again, fresh, signed_in
from tests.panels.board import moment
from tests.panels.world import BEGINS, World

Draw = Callable[[st.SearchStrategy[Any]], Any]
Step = Callable[[], object]
SAID = {"reasons": "She needs more help than her school has.", "evidence_for": "The report."}
Status = Sitting.Status


class Life:
    """Days on which people refer, send, hear, decide, cancel and change their minds."""

    def __init__(self, world: World, draw: Draw) -> None:
        self.world, self.board, self.draw = world, world.board, draw
        self.now = moment(BEGINS)
        self.taken: list[str] = []
        self.refusals: list[str] = []
        #: What papers went out with each item: key, version, title.
        self.sent: dict[int, list[tuple[int, int, str]]] = {}

    def begin(self) -> None:
        """Every case is listed for one of the first sittings."""
        for _ in self.world.requests:
            self._try(self.refer)

    def live(self) -> bool:
        """Something is tried; True when it was not refused."""
        return self._try(self._one(self._steps()))

    def _try(self, step: Step) -> bool:
        self.now += timedelta(minutes=1)
        with time_machine.travel(self.now, tick=False):
            try:
                with transaction.atomic():
                    step()
            except (Refused, NotAllowed) as refusal:
                self.refusals.append(str(refusal))
                return False
        self.taken.append(step.__name__)
        return True

    def _steps(self) -> list[Step]:
        """What may be tried: mostly what fits how things stand, and what is always there."""
        there = set(Sitting.objects.values_list("status", flat=True))
        found: list[Step] = [
            self.refer,
            self.decide_outside,
            self.withdraw,
            self.days_pass,
            self.cancel,
            self.interest,
        ]
        if Item.objects.filter(status__in=Item.OPEN).count() < 2:
            found += [self.refer] * 6
        if Status.PLANNED in there:
            found += [self.send, self.send, self.choose, self.answer]
        if Status.PAPERS_OUT in there:
            found += [self.open] * 4 + [self.read] * 3 + [self.late, self.recall, self.take_off]
        if Status.SITTING in there:
            found += [self.recommend] * 8 + [self.come, self.leave, self.defer, self.defer]
            found += [self.take_off, self.interest, self.late, self.recall, self.read]
            found += [self.end, self.end, self.note]
        if Status.ENDED in there:
            found += [self.sign, self.read]
        if Item.objects.filter(status=Item.Status.RECOMMENDED).exists():
            found += [self.decide] * 4 + [self.correct] * 2
        return found

    # Drawing.

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def _day(self) -> dict[str, Any]:
        return {"today": self.today, "now": self.now}

    def _one(self, rows: Any) -> Any:
        there = list(rows)
        if not there:
            raise Refused("There is none.")
        return self.draw(st.sampled_from(there))

    def _items(self, *statuses: str) -> QuerySet[Item]:
        rows = Item.objects.select_related("sitting", "case").order_by("pk")
        return rows.filter(status__in=statuses or Item.OPEN)

    def _heard(self, *statuses: str) -> QuerySet[Item]:
        return self._items(*statuses).filter(sitting__status=Status.SITTING)

    def _sittings(self, *statuses: str) -> QuerySet[Sitting]:
        return Sitting.objects.filter(status__in=statuses).order_by("on")

    def _chair(self, sitting: Sitting) -> User:
        """Mostly who chairs it, sometimes the other."""
        return again(self._one([sitting.chair, sitting.chair, self.world.second]))

    def _keys(self, case: Case) -> list[str]:
        there = [offer.key for offer in offered(case, self.today)]
        keys: list[str] = self.draw(st.lists(st.sampled_from(there), unique=True))
        return keys

    def _asked(self, request: Assessment) -> str:
        return Question.ASSESS if request.status == "request" else Question.ISSUE

    # What people do.

    def days_pass(self) -> None:
        self.now = moment(self.today + timedelta(days=self.draw(st.integers(1, 6))))

    def refer(self) -> None:
        listed = self._items().values("process")
        free = Assessment.objects.exclude(pk__in=listed).order_by("pk")
        request = fresh(self._one(list(free) or self.world.requests))
        referring.refer(
            request,
            sitting=self._one(self._sittings(*Sitting.AHEAD)[:3]),
            question=self._asked(request),
            incomplete_because="It comes by post.",
            too_late_is_known=self.draw(st.booleans()),
            papers=self._keys(request.case),
            by=self.board.council.caseworker,
            **self._day,
        )

    def choose(self) -> None:
        item = self._one(self._items("listed"))
        papers.choose_papers(
            item,
            papers=self._keys(item.case),
            introduction="",
            incomplete_because="It comes by post.",
            by=self.board.council.caseworker,
            **self._day,
        )

    def send(self) -> None:
        """The papers of the next sitting go out, mostly when somebody has looked at them."""
        listed = self._items("listed").values("sitting")
        planned = self._sittings(Status.PLANNED)
        sitting = planned.filter(pk__in=listed).first() or self._one(planned[:1])
        if self.draw(st.integers(0, 4)):
            for item in sitting.items.filter(status__in=Item.OPEN):
                self._look_at(item)
        hearing.send_papers(sitting, by=self.board.administrator, **self._day)
        for item in sitting.items.filter(status__in=Item.OPEN):
            self.sent[item.pk] = list(item.papers.values_list("pk", "version", "title"))

    def _look_at(self, item: Item) -> None:
        for paper in item.papers.filter(cleared_by=None, withdrawn_at=None):
            papers.clear_paper(item, paper=paper, by=self.board.council.caseworker, **self._day)

    def late(self) -> None:
        item = self._one(self._items().exclude(sitting__status=Status.PLANNED))
        keys = self._keys(item.case)
        papers.add_late_papers(item, papers=keys, by=self.board.council.caseworker, **self._day)
        if self.draw(st.booleans()):
            self._look_at(item)

    def recall(self) -> None:
        paper = self._one(Paper.objects.select_related("item").order_by("pk"))
        by = self._one([self.board.administrator, self.board.council.caseworker])
        papers.recall_paper(
            paper.item, paper=paper, because="It is another child’s.", by=by, **self._day
        )

    def read(self) -> None:
        """A member asks for a paper by its address, shown to them or not."""
        user = self._one(self.world.members)
        paper = self._one(Paper.objects.select_related("item__sitting").order_by("pk"))
        place = f"/panels/mine/{paper.item.sitting_id}/items/{paper.item_id}/papers/{paper.pk}/"
        openings = PaperOpening.objects.filter(user=user, paper=paper)
        before = openings.count()
        response = signed_in(user).get(place)
        if response.status_code != HTTPStatus.OK:
            assert openings.count() == before
            raise Refused("Not shown.")
        assert b"".join(response)
        assert openings.count() == before + 1

    def open(self) -> None:
        """The day has come: the chair opens, and the members come, some of them not."""
        sitting = self._one(self._sittings(Status.PAPERS_OUT)[:1])
        if sitting.on > self.today:
            self.now = moment(sitting.on)
        chair = self._chair(sitting)
        with time_machine.travel(self.now, tick=False):
            hearing.open_sitting(sitting, by=chair, **self._day)
            missing = self.draw(st.sampled_from([0, 0, 0, 1, 3]))
            for booking in sitting.bookings.order_by("pk")[missing:]:
                hearing.come(sitting, booking=booking, by=chair, **self._day)

    def answer(self) -> None:
        sitting = self._one(self._sittings(*Sitting.AHEAD)[:2])
        booking = self._one(sitting.bookings.select_related("member__user").order_by("pk"))
        comes = self.draw(st.booleans())
        scheduling.answer(sitting, comes=comes, by=again(booking.member.user), **self._day)

    def come(self) -> None:
        sitting = self._one(self._sittings(Status.SITTING))
        booking = self._one(sitting.bookings.order_by("pk"))
        hearing.come(sitting, booking=booking, by=self.board.administrator, **self._day)

    def leave(self) -> None:
        sitting = self._one(self._sittings(Status.SITTING))
        booking = self._one(sitting.bookings.order_by("pk"))
        hearing.leave(sitting, booking=booking, by=self.board.administrator, **self._day)

    def interest(self) -> None:
        item = self._one(self._items())
        user = self._one(self.world.members)
        by = self._one([user, self.board.administrator])
        hearing.declare_conflict(item, interest="A neighbour", user=user, by=by, **self._day)

    def recommend(self) -> None:
        item = self._one(self._heard("listed"))
        hearing.recommend(
            item,
            outcome=self._one(OUTCOMES[item.question]),
            without_quorum=self.draw(st.booleans()),
            by=self._chair(item.sitting),
            **SAID,
            **self._day,
        )

    def correct(self) -> None:
        item = self._one(self._items("recommended"))
        hearing.correct_recommendation(
            item,
            because="Wrong button.",
            outcome=self._one(OUTCOMES[item.question]),
            by=self._chair(item.sitting),
            **SAID,
            **self._day,
        )

    def defer(self) -> None:
        item = self._one(self._heard())
        to = self._one([None, *Sitting.objects.order_by("on")])
        by = self._chair(item.sitting)
        hearing.defer(item, reason="Too little.", to=to, by=by, **self._day)

    def take_off(self) -> None:
        item = self._one(self._items())
        by = self._one([self.board.administrator, self._chair(item.sitting)])
        hearing.take_off(item, reason="Listed by mistake.", by=by, **self._day)

    def end(self) -> None:
        sitting = self._one(self._sittings(Status.SITTING))
        hearing.end_sitting(sitting, by=self._chair(sitting), **self._day)

    def sign(self) -> None:
        sitting = self._one(self._sittings(Status.ENDED))
        minutes.sign_minutes(sitting, by=self._chair(sitting), **self._day)

    def cancel(self) -> None:
        """Every open item goes to a sitting that is chosen for it, or is taken off."""
        sitting = self._one(self._sittings(*Sitting.AHEAD)[:2])
        listed = list(sitting.items.filter(status__in=Item.OPEN).order_by("pk"))
        places = [None, *Sitting.objects.order_by("on")]
        moves = {item.pk: self._one(places) for item in listed}
        by = self.board.administrator
        cancelling.cancel_sitting(sitting, because="Snow.", moves=moves, by=by, **self._day)
        for item in listed:
            went, to = Item.objects.select_related("next_item").get(pk=item.pk), moves[item.pk]
            assert went.status == (Item.Status.MOVED if to else Item.Status.WITHDRAWN)
            if to is not None:
                assert went.next_item is not None
                assert went.next_item.sitting_id == to.pk
                assert went.next_item.status == Item.Status.LISTED

    def decide(self) -> None:
        item = self._one(self._items("recommended"))
        deciding.decide(
            item,
            outcome=self._one(OUTCOMES[item.question]),
            reasons="The authority has looked at it.",
            on=self.today - timedelta(days=self.draw(st.integers(0, 2))),
            departs_because="The evidence is of last year.",
            by=again(self._one(self.world.officers)),
            **self._day,
        )

    def decide_outside(self) -> None:
        request = fresh(self._one(self.world.requests))
        question = self._asked(request)
        deciding.decide_outside(
            request,
            question=question,
            outcome=self._one(OUTCOMES[question]),
            reasons="The authority has looked at it.",
            evidence_for="The report.",
            outside=self.draw(st.sampled_from(Decision.Outside.values)),
            outside_because="It cannot wait.",
            on=self.today - timedelta(days=self.draw(st.integers(0, 2))),
            by=again(self._one(self.world.officers)),
            **self._day,
        )

    def note(self) -> None:
        """A sitting takes note of a decision that was taken without it."""
        rows = Decision.objects.select_related("process", "case").order_by("pk")
        decision = self._one(rows)
        sitting = self._one(self._sittings(Status.SITTING))
        ratifying.take_note(decision, sitting=sitting, by=self._chair(sitting), **self._day)

    def withdraw(self) -> None:
        request = fresh(self._one(self.world.requests))
        if self.draw(st.integers(0, 2)):
            raise Refused("They still ask.")
        by = self.board.council.caseworker
        reason = "They no longer ask."
        commands.withdraw(request, on=self.today, reason=reason, by=by, today=self.today)
