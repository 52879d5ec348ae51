"""Any lawful sequence of steps leaves a database in which everything fits."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ehc import commands, truth
from ehc.commands.disputes import ROUTES_TO_ASSESS, ROUTES_TO_ISSUE
from ehc.law import FACT_KINDS, Facts, timetable
from ehc.models import Assessment, Deadline, LegalProcess, Plan
from tests.factories import Council, fresh

pytestmark = pytest.mark.django_db

Draw = Callable[[st.SearchStrategy[Any]], Any]
GROUNDS = ("school_closed", "absent", "exceptional_circumstances", "appointment_missed")
LIMITS = ("decide_to_assess", "advice", "decide_to_issue", "final_plan")


class Life:
    """One case to which things happen, day after day."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.council = Council()
        self.services = [self.council.school, self.council.health, self.council.psychology]
        self.today = date(2024, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
        self.assessment = self.council.register(self.today)
        self.taken: list[str] = []
        self.refusals: list[str] = []

    def live(self) -> None:
        """Some days pass, and a step is taken if the law allows it."""
        self.today += timedelta(days=self.draw(st.integers(0, 40)))
        step = self.draw(st.sampled_from(self.steps()))
        try:
            step()
        except commands.Refused as refusal:
            self.refusals.append(str(refusal))
        else:
            self.taken.append(step.__name__)

    def steps(self) -> list[Callable[[], None]]:
        """What may be tried now: mostly what the status offers, and what is always there."""
        by_status: dict[str, list[Callable[[], None]]] = {
            "request": [self.agree, self.agree, self.refuse],
            "advice": [self.ask, self.ask, self.receive, self.refer, self.refer, self.tell],
            "panel": [self.issue, self.issue, self.not_issue, self.send_back, self.receive],
            "draft": [self.draft, self.represent, self.finalise, self.finalise],
            "refused": [self.overturn_assess],
            "not_issued": [self.overturn_issue],
            "final": [self.review, self.receive],
        }
        offered = by_status.get(fresh(self.assessment).status, [])
        return [*offered, *offered, self.exempt, self.correct, self.contact, self.end]

    def take(self, command: commands.Command, subject: Any = None, **details: Any) -> None:
        on = self.today - timedelta(days=self.draw(st.integers(0, 10)))
        command(
            subject or self.assessment,
            **{"on": on, "by": self.council.manager, "today": self.today, **details},
        )

    def agree(self) -> None:
        self.take(commands.agree_to_assess)

    def refuse(self) -> None:
        self.take(commands.refuse_to_assess, reason="Met at school.")

    def ask(self) -> None:
        some = st.lists(st.sampled_from(self.services), min_size=1, unique_by=lambda s: s.pk)
        self.take(commands.request_advice, services=self.draw(some))

    def receive(self) -> None:
        self.take(
            commands.record_advice_received, service=self.draw(st.sampled_from(self.services))
        )

    def refer(self) -> None:
        self.take(commands.refer_to_panel)

    def tell(self) -> None:
        self.take(commands.tell_family_will_assess)

    def issue(self) -> None:
        self.take(commands.agree_to_issue, reason="Needed.")

    def not_issue(self) -> None:
        self.take(commands.refuse_to_issue, reason="Not needed.")

    def send_back(self) -> None:
        self.take(commands.send_back_for_advice, reason="Too little.")

    def draft(self) -> None:
        self.take(commands.serve_draft)

    def represent(self) -> None:
        self.take(commands.record_representations, summary="They agree.")

    def finalise(self) -> None:
        agreed = self.draw(st.booleans())
        words = "By telephone." if agreed else ""
        self.take(
            commands.send_final_plan,
            setting=self.council.school,
            family_agrees=agreed,
            agreement=words,
        )

    def overturn_assess(self) -> None:
        route = self.draw(st.sampled_from(ROUTES_TO_ASSESS))
        self.take(commands.overturn_refusal_to_assess, route=route)

    def overturn_issue(self) -> None:
        route = self.draw(st.sampled_from(ROUTES_TO_ISSUE))
        self.take(commands.overturn_refusal_to_issue, route=route)

    def review(self) -> None:
        plan = Plan.objects.select_related("case").get(case=self.assessment.case_id)
        step = self.draw(st.sampled_from(("review_meeting", "review_decided", "amended_plan_sent")))
        self.take(commands.record_review_step, plan, step=step)

    def exempt(self) -> None:
        ground = self.draw(st.sampled_from(GROUNDS))
        starts_on = self.today - timedelta(days=self.draw(st.integers(0, 150)))
        self.take(
            commands.claim_exemption,
            ground=ground,
            label=self.draw(st.sampled_from(["health", "school"]))
            if FACT_KINDS[ground].is_labelled
            else "",
            starts_on=starts_on,
            until=starts_on + timedelta(days=self.draw(st.integers(1, 60))),
            limits=self.draw(st.lists(st.sampled_from(LIMITS), min_size=1, unique=True)),
            reason="It could not be done.",
        )

    def correct(self) -> None:
        held = fresh(self.assessment).facts
        sequence = self.draw(st.sampled_from(sorted(held, key=int)))
        fact = self.draw(st.sampled_from(list(Facts.from_rows(held[sequence]))))
        self.take(
            commands.correct_fact,
            sequence=int(sequence),
            name=fact.name,
            label=fact.label,
            right_date=fact.on + timedelta(days=self.draw(st.integers(-30, 30))),
            reason="The letter says so.",
        )

    def contact(self) -> None:
        self.take(
            commands.record_contact,
            self.assessment.case,
            with_whom="Mother",
            how="telephone",
            note="She asks when.",
        )

    def end(self) -> None:
        if self.draw(st.integers(0, 4)):
            return
        self.take(commands.withdraw, reason="They no longer ask.")


def due_dates(process: LegalProcess, *, with_exemptions: bool) -> list[Any]:
    rows = process.fact_rows()
    facts = Facts.from_rows(
        rows if with_exemptions else [r for r in rows if not FACT_KINDS[r[0]].is_ground]
    )
    return [(d.code, d.label, d.started_by, d.due_on, d.earliest_on) for d in timetable(facts)]


def check_no_date_depends_on_an_exemption(assessment: Assessment) -> None:
    for process in LegalProcess.objects.filter(case=assessment.case_id):
        without = due_dates(process, with_exemptions=False)
        assert due_dates(process, with_exemptions=True) == without
        stored = Deadline.objects.filter(process=process)
        assert {(d.code, d.label, d.started_by, d.due_on, d.earliest_on) for d in stored} == {
            row for row in without if row[2]
        }


@given(st.data())
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_any_lawful_life(data: st.DataObject) -> None:
    with transaction.atomic():
        life = Life(data.draw)
        for _ in range(data.draw(st.integers(4, 14))):
            life.live()
            assert list(truth.check()) == [], life.taken
            check_no_date_depends_on_an_exemption(life.assessment)
        # A refusal is a sentence for a person.
        assert all(said.endswith(".") for said in life.refusals), life.refusals
        transaction.set_rollback(True)
