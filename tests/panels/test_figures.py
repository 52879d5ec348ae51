"""The manager’s figures: each counted by hand on a few cases, and each leads to its cases."""

import csv
import io
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from ehc import commands
from ehc.models import Case, Organisation, User
from panels import boilerplate
from panels.commands import deciding, hearing, ratifying
from panels.models import (
    Decision,
    Delegation,
    Item,
    Member,
    ReasonSentence,
    Recommendation,
    Seat,
)
from panels.queries.figures import Figures, figures
from panels.queries.figures_base import Chosen
from panels.queries.figures_compared import Share, compared
from panels.queries.figures_reasons import repeated
from panels.questions import Outcome, Question
from tests.factories import signed_in
from tests.panels.board import Board, moment

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 1, 12)
FIRST, SECOND, THIRD = date(2026, 2, 4), date(2026, 2, 18), date(2026, 3, 4)
TODAY = date(2026, 3, 20)
SAME = "The school can meet these needs from the means that every school has for such help."


class Year:
    """Three sittings of one panel, with everything that is counted happening once or twice.

    Six requests: one agreed, one refused and overturned, one refused against the recommendation,
    one deferred past its legal date, one recommended without a quorum and not decided, one decided
    outside a sitting.
    """

    def __init__(self) -> None:
        self.board = Board()
        self.held: Delegation = self.board.delegate()
        agency = Organisation.objects.create(
            authority=self.board.authority, kind="service", code="trust", name="Sheaf Valley Trust"
        )
        Member.objects.filter(seat=Seat.HEALTH).update(agency=agency)
        board = self.board
        self.requests = [board.council.register(RECEIVED, today=RECEIVED) for _ in range(6)]
        self.first = board.sitting(FIRST)
        self.second = board.sitting(SECOND)
        self.third = board.sitting(THIRD)
        _, fell, _, late, unheard, outside = self.requests
        items = [board.refer(r, self.first, Question.ASSESS, RECEIVED) for r in self.requests[:4]]
        self.second_item = board.refer(unheard, self.second, Question.ASSESS, RECEIVED)
        board.convene(self.first)
        self.recommend(items[0], Outcome.ASSESS, "Amina cannot read the board at all any more.")
        self.recommend(items[1], Outcome.REFUSE_TO_ASSESS, f"Sam is doing well. {SAME}")
        self.recommend(items[2], Outcome.ASSESS, f"Kim has fits. {SAME}")
        hearing.defer(
            items[3], reason="The report is missing.", to=self.third, **self.on(FIRST, board.chair)
        )
        hearing.end_sitting(self.first, **self.on(FIRST, board.chair))
        self.decide(items[0], Outcome.ASSESS)
        self.decide(items[1], Outcome.REFUSE_TO_ASSESS)
        self.decide(items[2], Outcome.REFUSE_TO_ASSESS, departs_because="New evidence.")
        overturned = date(2026, 3, 2)
        commands.overturn_refusal_to_assess(
            fell,
            by=board.council.caseworker,
            on=overturned,
            today=overturned,
            route="mediation_agreed_assessment",
        )
        board.convene(self.second, without=(Seat.HEALTH,))
        self.recommend(
            self.second_item, Outcome.REFUSE_TO_ASSESS, f"Bo is fine. {SAME}", without_quorum=True
        )
        hearing.end_sitting(self.second, **self.on(SECOND, board.chair))
        self.outside = deciding.decide_outside(
            outside,
            question=Question.ASSESS,
            outcome=Outcome.ASSESS,
            reasons="It cannot wait.",
            evidence_for="The hospital’s letter.",
            outside=Decision.Outside.URGENT,
            outside_because="She leaves hospital tomorrow.",
            on=SECOND,
            **self.on(SECOND, board.officer),
        )
        board.convene(self.third)
        again = Item.objects.get(process=late, sitting=self.third)
        self.recommend(again, Outcome.ASSESS, "Now the report is here and it says a lot.", THIRD)
        hearing.end_sitting(self.third, **self.on(THIRD, board.chair))

    def on(self, day: date, by: User) -> dict[str, Any]:
        return {"by": by, "today": day, "now": moment(day, 11)}

    def recommend(
        self, item: Item, outcome: str, reasons: str, day: date = FIRST, **said: Any
    ) -> None:
        day = Item.objects.get(pk=item.pk).sitting.on
        hearing.recommend(
            item,
            outcome=outcome,
            reasons=reasons,
            evidence_for="The advice.",
            **said,
            **self.on(day, self.board.chair),
        )

    def decide(self, item: Item, outcome: str, **said: Any) -> None:
        deciding.decide(
            item,
            outcome=outcome,
            reasons="We read everything.",
            on=FIRST,
            **said,
            **self.on(FIRST, self.board.officer),
        )

    @property
    def chosen(self) -> Chosen:
        return Chosen(frozenset({self.board.authority.pk}), date(2026, 1, 1), TODAY)

    @property
    def found(self) -> Figures:
        return figures(self.chosen)


def text_of(response: Any) -> str:
    return " ".join(unescape(response.content.decode()).split())


def period(**also: str) -> str:
    days = {"since": date(2026, 1, 1), "until": TODAY}
    boxes = {
        f"{name}-{box}": str(getattr(day, box))
        for name, day in days.items()
        for box in ("day", "month", "year")
    }
    return urlencode(boxes | also)


def test_a_range_is_wilsons() -> None:
    # 20 of 50, as any table of Wilson’s interval has it: 27.6% to 53.8%.
    share = Share("", "", "", "", 20, 50)
    assert [round(x, 3) for x in share.between] == [0.276, 0.538]
    assert not share.is_few
    assert Share("", "", "", "", 0, 5).between[0] == 0.0


#: Each figure, the key that goes with it, and which of the requests are behind it.
LEADS: tuple[tuple[str, str, list[int]], ...] = (
    ("heard", "", [0, 1, 2, 3, 3, 4]),
    ("late", "", [3]),
    ("deferred", "", [3]),
    ("made-late", "", [3]),
    ("no-quorum", "", [4]),
    ("answer", "assess-refuse_assess", [1, 2]),
    ("overturned", "", [1]),
    ("left", "", [2]),
    ("outside", "urgent", [5]),
    ("to-note", "", [5]),
)


class TestFigures(TestCase):
    """One year, made once; no test finds what another changed."""

    year: Year

    @classmethod
    def setUpTestData(cls) -> None:
        """Make it before the first test."""
        cls.year = Year()

    def setUp(self) -> None:
        """A manager at their screen, on a day after it all."""
        travel = time_machine.travel(moment(TODAY), tick=False)
        travel.start()
        self.addCleanup(travel.stop)
        self.page = signed_in(self.year.board.council.manager)

    def test_what_panels_heard(self) -> None:
        line = self.year.found.all
        assert (line.listed, line.heard, line.no_quorum) == (6, 6, 1)
        # Received 12 January: 23 February is the last lawful day.
        assert line.late == 1
        assert (line.deferred, line.made_late, line.again, line.waited) == (1, 1, 1, 28)
        sat = self.year.found.sittings
        assert (sat.held, sat.cancelled, sat.no_quorum) == (3, 0, 1)

    def test_decisions_by_kind_and_what_became_of_them(self) -> None:
        lines = {line.outcome: line for line in self.year.found.decisions}
        refused, agreed = lines["Refuse to assess"], lines["Assess"]
        assert (refused.total, refused.left, refused.fell) == (2, 1, 1)
        assert (agreed.total, agreed.outside, agreed.left) == (2, 1, 0)
        assert [(x.recommended, x.decided, x.total) for x in self.year.found.left] == [
            ("Assess", "Refuse to assess", 1)
        ]

    def test_an_exemption_makes_an_item_lawful(self) -> None:
        late = Item.objects.get(process=self.year.requests[3], sitting=self.year.third)
        late.process.deadlines.filter(code="decide_to_assess").update(
            excused_by="exceptional_circumstances"
        )
        assert self.year.found.all.late == 0

    def test_what_waits_to_be_noted_is_counted_until_a_sitting_notes_it(self) -> None:
        (line,) = self.year.found.outside
        assert (line.reason, line.total, line.to_note, line.oldest) == (
            "It could not wait for a sitting",
            1,
            1,
            SECOND,
        )
        # A sitting of another week takes note of it.
        board = self.year.board
        later = board.convene(board.sitting(date(2026, 3, 11)))
        ratifying.take_note(self.year.outside, sitting=later, **self.year.on(later.on, board.chair))
        (line,) = self.year.found.outside
        assert (line.total, line.to_note, line.oldest) == (1, 0, None)

    def test_who_came_by_seat_and_agency(self) -> None:
        lines = {line.seat: line for line in self.year.found.attendance}
        health = lines[Seat.HEALTH.label]
        assert (health.agency, health.asked, health.came) == ("Sheaf Valley Trust", 3, 2)
        school = lines[Seat.SCHOOL.label]
        assert (school.agency, school.asked, school.came) == ("", 3, 3)

    def test_the_comparison_warns_where_numbers_are_small(self) -> None:
        (share,) = compared(self.year.chosen)
        assert (share.refused, share.total, share.chair) == (2, 5, self.year.board.chair.full_name)
        assert share.is_few
        least, most = share.between
        assert 0.1 < least < 0.4 < most < 0.8

    def test_a_sentence_that_repeats_is_shown_without_a_name(self) -> None:
        manager = self.year.board.council.manager
        (found,) = repeated(self.year.chosen, manager, TODAY)
        assert (found.sentence, found.cases) == (SAME, 3)
        Case.objects.filter(pk__in=[r.case_id for r in self.year.requests]).update(
            restricted=True, owner=None
        )
        (found,) = repeated(self.year.chosen, User.objects.get(pk=manager.pk), TODAY)
        assert (found.sentence, found.cases) == ("", 3)

    def test_the_name_of_a_child_is_left_out_of_a_sentence(self) -> None:
        case = self.year.requests[0].case
        case.person.forename, case.person.surname = "Amina", "Sa’adh"
        said = "Amina and AMINA’S friends were seen by Sa’adh at the club with O’Neill."
        made = Recommendation.objects.filter(item__case=case).get()
        other = "Nothing of the kind was ever said here."
        made.reasons = f"{said} {other}"
        ReasonSentence.objects.filter(recommendation=made).delete()
        boilerplate.remember(made, case, FIRST)
        words = [s.words for s in ReasonSentence.objects.filter(recommendation=made).order_by("pk")]
        assert [boilerplate.sentence_of(made.reasons, case.person, w) for w in words] == [
            "[name] and [name]’S friends were seen by [name] at the club with O’Neill.",
            other,
        ]
        assert boilerplate.sentence_of(other, case.person, words[0]) == ""

    def test_the_page_says_all_of_it_and_how_it_is_counted(self) -> None:
        found = self.page.get("/panels/figures/")
        assert found.status_code == 200
        words = text_of(found)
        assert "3 sittings held, 0 cancelled. 1 of them recommended something" in words
        assert "How this is counted" in words
        assert "Some of these rest on fewer than 30 recommendations" in words
        assert SAME in words
        assert "Figures" in text_of(self.page.get("/panels/decisions/"))

    def test_each_figure_leads_to_its_cases(self) -> None:
        for figure, key, which in LEADS:
            words = text_of(self.page.get(f"/panels/figures/{figure}/?{period(key=key)}"))
            shown = [
                n
                for n, request in enumerate(self.year.requests)
                for _ in range(words.count(f">{request.case.reference}<"))
            ]
            assert shown == which, figure

    def test_shares_and_sentences_lead_to_their_cases(self) -> None:
        (share,) = compared(self.year.chosen)
        words = text_of(self.page.get(f"/panels/figures/refused/?{period(key=share.key)}"))
        assert words.count("Recommended: refuse to assess") == 2
        (sentence,) = repeated(self.year.chosen, self.year.board.council.manager, TODAY)
        words = text_of(self.page.get(f"/panels/figures/reasons/?{period(key=sentence.key)}"))
        assert words.count("/cases/") == 3

    def test_restricted_cases_are_counted_and_not_listed(self) -> None:
        Case.objects.filter(pk=self.year.requests[3].case_id).update(restricted=True, owner=None)
        assert self.year.found.all.late == 1
        words = text_of(self.page.get(f"/panels/figures/late/?{period()}"))
        assert self.year.requests[3].case.reference not in words
        assert "1 is counted; 1 is not yours to see." in words

    def test_a_period_and_a_panel_are_chosen_and_faults_are_said(self) -> None:
        other = text_of(
            self.page.get(f"/panels/figures/?{period(panel=str(self.year.board.panel.pk))}")
        )
        assert "1 January 2026 to 20 March 2026, EHC panel" in other
        assert 'id="outside"' not in other
        wrong = text_of(self.page.get(f"/panels/figures/?{period(panel='999999')}"))
        assert "There is a problem" in wrong
        backwards = period() + "&until-year=2025"
        assert "The last day must not be before the first day" in text_of(
            self.page.get(f"/panels/figures/?{backwards}")
        )
        empty = text_of(
            self.page.get(
                "/panels/figures/?" + period() + "&since-year=2026&since-month=3&since-day=19"
            )
        )
        assert "Nothing was decided in this time" in empty
        assert self.page.get("/panels/figures/nonsense/").status_code == 404
        assert text_of(self.page.get("/panels/figures/refused/?key=x-y-z")).count("None.") == 1
        assert text_of(self.page.get("/panels/figures/reasons/?key=x")).count("None.") == 1

    def test_the_table_for_a_spreadsheet(self) -> None:
        answer = self.page.get(f"/panels/figures/table/?{period()}")
        assert answer["Content-Disposition"] == (
            'attachment; filename="panels-2026-01-01-to-2026-03-20.csv"'
        )
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        found = {(what, of): (number, of_all) for what, of, number, of_all, *_ in rows}
        assert found["Items heard after the last lawful day", "EHC panel"] == ("1", "6")
        assert found[
            "Refusals overturned since", "Is an assessment necessary? Refuse to assess"
        ] == (
            "1",
            "2",
        )
        assert found["Came", "Health, Sheaf Valley Trust"] == ("2", "3")
        for request in self.year.requests:
            assert request.case.reference not in answer.content.decode()
            assert request.case.person.full_name not in answer.content.decode()

    def test_who_sees_figures(self) -> None:
        board = self.year.board
        elsewhere = Board()
        addresses = ("/panels/figures/", "/panels/figures/late/", "/panels/figures/table/")
        with time_machine.travel(moment(TODAY), tick=False):
            for who in (
                board.council.manager,
                board.chair,
                board.administrator,
                board.council.auditor,
            ):
                assert [signed_in(who).get(a).status_code for a in addresses] == [200] * 3
            for who in (
                board.council.caseworker,
                board.members[Seat.HEALTH],
                board.council.psychologist,
                board.council.administrator,
            ):
                assert [signed_in(who).get(a).status_code for a in addresses] == [404] * 3
            other = text_of(signed_in(elsewhere.council.manager).get("/panels/figures/"))
            assert "0 sittings held" in other
            assert SAME not in other

    def test_the_figures_cost_the_same_for_any_number_of_cases(self) -> None:
        self.page.get("/panels/figures/")

        def cost(address: str) -> int:
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert self.page.get(address).status_code == 200
            return len(asked)

        addresses = ("/panels/figures/", f"/panels/figures/heard/?{period()}")
        before = [cost(each) for each in addresses]
        for week in range(1, 4):
            received = RECEIVED - timedelta(weeks=week)
            sitting = self.year.board.sitting(FIRST - timedelta(weeks=week), today=date(2026, 1, 5))
            for _ in range(4):
                request = self.year.board.council.register(received, today=received)
                self.year.board.refer(request, sitting, Question.ASSESS, date(2026, 1, 6))
            self.year.board.convene(sitting)
            for item in Item.objects.filter(sitting=sitting):
                self.year.recommend(
                    item, Outcome.REFUSE_TO_ASSESS, f"Things are going well. {SAME}"
                )
        assert [cost(each) for each in addresses] == before
        assert before[0] <= 16
