"""The checker finds what commands would never leave, and nothing in what they did leave."""

from collections.abc import Callable
from datetime import date, timedelta

import pgtrigger
from django.test import TestCase

from ehc import truth
from panels.commands.minutes import sign_minutes
from panels.models import (
    Booking,
    Conflict,
    Decision,
    Delegation,
    Item,
    Minutes,
    Presence,
    Ratification,
    ReasonSentence,
    Recommendation,
    Seat,
    Sitting,
)
from panels.questions import Outcome
from panels.truth import check_panels
from tests.panels.board import moment
from tests.panels.test_figures import FIRST, SECOND, Year


class TestTruthOfPanels(TestCase):
    """One year, as the commands left it, then spoilt in one place."""

    year: Year

    @classmethod
    def setUpTestData(cls) -> None:
        """Make it before the first test."""
        cls.year = Year()

    @property
    def decided(self) -> Decision:
        return Decision.objects.get(process=self.year.requests[0])

    def spoilt(self, words: str, spoil: Callable[[], object]) -> None:
        """One difference, in these words, once something was spoilt past the triggers."""
        with pgtrigger.ignore():
            spoil()
        found = list(check_panels())
        assert len(found) == 1, found
        assert words in found[0]
        assert self.year.requests[0].case.person.full_name not in found[0]

    def test_what_commands_left_is_true(self) -> None:
        assert list(truth.check()) == []

    def test_a_decision_is_its_event(self) -> None:
        rows = Decision.objects.filter(pk=self.decided.pk)
        self.spoilt("is not what its event tells", lambda: rows.update(on=date(2026, 2, 5)))

    def test_a_decision_has_the_reasons_of_its_event(self) -> None:
        rows = Decision.objects.filter(pk=self.decided.pk)
        self.spoilt("has other reasons", lambda: rows.update(reasons="Because."))

    def test_a_decision_is_covered_by_its_delegation(self) -> None:
        rows = Delegation.objects.filter(pk=self.year.held.pk)
        ended = FIRST + timedelta(days=1)
        self.spoilt("is not covered by its delegation", lambda: rows.update(ends_on=ended))

    def test_whoever_decides_outside_a_sitting_may_do_that(self) -> None:
        rows = Delegation.objects.filter(pk=self.year.held.pk)
        self.spoilt("is not covered", lambda: rows.update(outside_sittings=False))

    def test_leaving_a_recommendation_says_so(self) -> None:
        rows = Decision.objects.filter(process=self.year.requests[2])
        self.spoilt("leaves the recommendation", lambda: rows.update(departs_because=""))

    def test_a_status_fits_the_rows(self) -> None:
        rows = Item.objects.filter(pk=self.year.second_item.pk)
        self.spoilt("does not fit what is recorded", lambda: rows.update(status="deferred"))

    def test_nothing_is_open_at_a_sitting_that_ended(self) -> None:
        rows = Item.objects.filter(pk=self.year.second_item.pk)
        self.spoilt("does not fit", lambda: rows.update(status="withdrawn", ended_because=""))

    def test_an_open_item_is_at_a_sitting_to_come(self) -> None:
        sitting = self.year.board.sitting(date(2026, 3, 18))
        late = Item.objects.get(sitting=self.year.third)

        def spoil() -> None:
            Item.objects.filter(pk=late.pk).update(status="listed", recommendation=None)
            ReasonSentence.objects.filter(recommendation__item=late).delete()
            Recommendation.objects.filter(item=late).delete()

        self.spoilt("is open at a sitting that stands at", spoil)
        Item.objects.filter(pk=late.pk).update(sitting=sitting)
        assert list(check_panels()) == []

    def test_nothing_waits_for_what_is_decided(self) -> None:
        def spoil() -> None:
            Item.objects.filter(decision=self.decided).update(status="recommended")
            Decision.objects.filter(pk=self.decided.pk).update(
                item=None, outside="urgent", outside_because="No."
            )

        self.spoilt("is open though the question has been decided", spoil)

    def test_a_quorum_is_what_the_room_makes_it(self) -> None:
        rows = Recommendation.objects.filter(item=self.year.second_item.pk)
        self.spoilt("is not what the room’s record makes it", lambda: rows.update(quorate=True))

    def test_who_was_there_is_what_the_room_says(self) -> None:
        school = Booking.objects.get(sitting=self.year.second, seat=Seat.SCHOOL)
        rows = Presence.objects.filter(booking=school)
        early = moment(SECOND, 9, 31)
        self.spoilt("is not what the room’s record makes it", lambda: rows.update(left_at=early))

    def test_who_is_shut_out_did_not_take_part(self) -> None:
        board = self.year.board
        self.spoilt(
            "is not what the room’s record makes it",
            lambda: Conflict.objects.create(
                item=self.year.second_item,
                user=board.members[Seat.SCHOOL],
                interest="I teach him.",
                by=board.chair,
                at=moment(SECOND, 9, 45),
            ),
        )

    def test_nobody_stays_in_a_room_that_is_empty(self) -> None:
        rows = Presence.objects.filter(booking__sitting=self.year.third)[:1]
        held = Presence.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
        self.spoilt("still in the room", lambda: held.update(left_at=None))

    def test_the_record_of_a_sitting_is_whole(self) -> None:
        rows = Sitting.objects.filter(pk=self.year.first.pk)
        self.spoilt("is not numbered 1 to 99", lambda: rows.update(version=99))

    def test_minutes_say_what_was_signed(self) -> None:
        sitting, chair = self.year.third, self.year.board.chair
        sign_minutes(sitting, by=chair, today=sitting.on, now=moment(sitting.on, 16))
        assert list(check_panels()) == []
        signed = Minutes.objects.filter(sitting=sitting)
        later = signed.get().content | {"place": "Elsewhere"}
        self.spoilt("are not what was signed", lambda: signed.update(content=later))

    def test_reasons_are_kept_of_what_stands(self) -> None:
        said = Recommendation.objects.get(item=self.year.second_item.pk)

        def spoil() -> None:
            corrected = Recommendation.objects.create(
                item=said.item,
                corrects=said,
                corrects_because="A slip.",
                outcome=Outcome.ASSESS,
                evidence_for="The advice.",
                reasons="It is necessary.",
                present=said.present,
                quorate=said.quorate,
                by=said.by,
                at=said.at,
            )
            Item.objects.filter(pk=said.item_id).update(recommendation=corrected)

        self.spoilt("of a recommendation that was corrected", spoil)

    def test_only_what_was_decided_outside_is_noted(self) -> None:
        chair = self.year.board.chair
        self.spoilt(
            "noted a decision that was taken after a panel",
            lambda: Ratification.objects.create(
                decision=self.decided, sitting=self.year.third, by=chair, at=moment(FIRST)
            ),
        )
