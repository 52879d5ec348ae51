"""A request that is closed while the assessment goes on: the body’s duty ends, and nobody waits."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from advice import commands as advice
from advice.attribution_shares import Owner
from advice.models import ExistingAdvice, Head
from advice.queries.lateness import find_lateness
from ehc import commands, truth
from ehc.commands import Refused
from ehc.models import Case, CaseEvent, Deadline, Organisation
from ehc.projection import law_deadlines
from ehc.queries.worklist import Filters, worklist_page
from tests.advice.asked import ASKED, DUE, RECEIVED, Asked, give, lead_of

pytestmark = pytest.mark.django_db
DAY = ASKED + timedelta(days=9)
AFTER = DUE + timedelta(days=30)
PLAN_DUE = RECEIVED + timedelta(weeks=20)


def decline(asked: Asked, on: date = DAY) -> None:
    psychology = asked.council.psychology
    advice.decline_request(
        asked.of(psychology), reason="Another area.", by=lead_of(psychology), today=on
    )


def close_service(asked: Asked, on: date = DAY) -> None:
    psychology = asked.council.psychology
    Organisation.objects.filter(pk=psychology.pk).update(closed_on=on)
    advice.ask_elsewhere(asked.of(psychology), by=asked.council.caseworker, today=on)


def find_a_report(asked: Asked, on: date = DAY) -> None:
    report = note(asked, asked.council.psychology)
    judge(report, asked, on)


def note(asked: Asked, body: Organisation | None, head: str = Head.PSYCHOLOGY) -> ExistingAdvice:
    event = advice.note_existing_advice(
        asked.assessment,
        head=head,
        title="Report of last autumn",
        author="Dr A. Example",
        dated_on=date(2024, 11, 4),
        organisation=body,
        by=asked.council.caseworker,
        today=ASKED,
    )
    return ExistingAdvice.objects.get(pk=event.data["existing"])


def judge(report: ExistingAdvice, asked: Asked, on: date, *, satisfied: bool = True) -> None:
    """All three are satisfied, or the family no longer is."""
    for party in ("adviser", "authority", "family") if satisfied else ("family",):
        advice.judge_existing(
            report,
            party=party,
            satisfied=satisfied,
            person=f"The {party}",
            how="Telephone",
            by=asked.council.caseworker,
            today=on,
        )


def limits(asked: Asked) -> set[str]:
    """Whose advice is due by law."""
    return {d.label for d in law_deadlines(asked.assessment) if d.code == "advice"}


def awaited_from(asked: Asked, label: str) -> bool:
    """Whether the worklist finds the case among those that wait for this body."""
    page = worklist_page(asked.council.caseworker, Filters(awaiting=label, tab="all"), today=AFTER)
    return asked.assessment.case_id in {row.pk for row in page.rows}


@pytest.mark.parametrize("close", [decline, close_service, find_a_report])
def test_nobody_waits_for_a_body_whose_request_was_closed(close: Callable[[Asked], None]) -> None:
    asked = Asked()
    psychology = asked.council.psychology
    give(asked.of(asked.council.health), by=lead_of(asked.council.health), on=ASKED)
    assert awaited_from(asked, psychology.advice_label)
    case = Case.objects.get(pk=asked.assessment.case_id)
    assert (case.next_due_code, case.next_due_on) == ("advice", DUE)
    close(asked)
    request = asked.of(psychology)
    assert (request.status, request.closed_on, request.due_on) == ("closed", DAY, None)
    assert psychology.advice_label not in limits(asked)
    assert not awaited_from(asked, psychology.advice_label)
    case.refresh_from_db()
    assert (case.next_due_code, case.next_due_on) == (
        "decide_to_issue",
        RECEIVED + timedelta(weeks=16),
    )
    event = commands.refer_to_panel(asked.assessment, on=DAY, by=asked.council.manager, today=DAY)
    assert event.data["awaited"] == []
    assert list(truth.check()) == []


def test_what_had_been_given_stays_met_when_it_is_no_longer_sought() -> None:
    asked = Asked()
    council, late = asked.council, DUE + timedelta(days=3)
    give(asked.of(council.psychology), by=lead_of(council.psychology), on=late)
    advice.return_advice(
        asked.of(council.psychology), reasons=["no_voice"], by=council.caseworker, today=late
    )
    close_service(asked, late)
    (limit,) = [d for d in law_deadlines(asked.assessment) if d.label == "educational_psychology"]
    assert limit.standing(AFTER) == "met_late"
    assert asked.of(council.psychology).due_on == DUE
    assert list(truth.check()) == []


def test_a_change_of_mind_takes_it_back_and_the_first_date_counts() -> None:
    asked = Asked()
    report = note(asked, asked.council.psychology)
    before = limits(asked)
    for _ in range(2):
        judge(report, asked, DAY)
        assert asked.of(asked.council.psychology).due_on is None
        judge(report, asked, DAY, satisfied=False)
        assert limits(asked) == before
        assert asked.of(asked.council.psychology).due_on == DUE
    assert Deadline.objects.get(label="educational_psychology").is_waiting
    assert list(truth.check()) == []


def test_what_two_reports_closed_opens_again_as_one() -> None:
    asked = Asked()
    council = asked.council
    head = Head(asked.of(council.psychology).head)
    assert asked.of(council.health).head == head
    everybody = limits(asked)
    of_one, of_all = note(asked, council.psychology), note(asked, None, head)
    judge(of_one, asked, DAY)
    judge(of_all, asked, DAY)
    assert limits(asked) == set()
    judge(of_one, asked, DAY, satisfied=False)
    assert limits(asked) == set()
    judge(of_all, asked, DAY, satisfied=False)
    assert limits(asked) == everybody
    assert {asked.of(body).status for body in (council.psychology, council.health)} == {"asked"}
    assert list(truth.check()) == []


def test_the_day_is_corrected_as_any_other_date() -> None:
    asked = Asked()
    decline(asked)
    event = CaseEvent.objects.get(kind="advice_declined")

    def correct(right: date) -> None:
        commands.correct_fact(
            asked.assessment,
            on=DAY,
            sequence=event.sequence,
            name="advice_no_longer_sought",
            label=asked.council.psychology.advice_label,
            right_date=right,
            reason="They rang earlier.",
            by=asked.council.manager,
            today=DAY,
        )

    with pytest.raises(Refused, match="advice was requested"):
        correct(ASKED - timedelta(days=1))
    correct(DAY - timedelta(days=2))
    assert asked.of(asked.council.psychology).closed_on == DAY - timedelta(days=2)
    assert list(truth.check()) == []


def test_a_body_answers_for_lateness_only_until_its_request_was_closed() -> None:
    """Advice is needed twelve weeks from the request; twelve days later the body declines."""
    asked = Asked()
    council = asked.council
    give(asked.of(council.health), by=lead_of(council.health), on=DUE)
    declined = RECEIVED + timedelta(weeks=12, days=12)
    decline(asked, declined)
    sent = PLAN_DUE + timedelta(days=15)
    step = {"by": council.manager, "today": sent}
    commands.refer_to_panel(asked.assessment, on=declined, **step)
    commands.agree_to_issue(
        asked.assessment, on=declined + timedelta(28), reason="It is needed.", **step
    )
    commands.serve_draft(asked.assessment, on=PLAN_DUE, **step)
    commands.send_final_plan(asked.assessment, on=sent, setting=council.school, **step)
    found = find_lateness(asked.assessment, "final_plan", sent)
    assert found is not None
    (body,) = [b for b in found.attribution.asked if b.label == "educational_psychology"]
    assert (body.due_on, body.closed_on) == (DUE, declined)
    days = {(owner.owner, owner.label): owner.days for owner in found.owners}
    assert days == {(Owner.SERVICE, "educational_psychology"): 12, (Owner.AUTHORITY, ""): 3}


def test_a_fact_that_says_otherwise_than_the_request_is_found() -> None:
    asked = Asked()
    decline(asked)
    request = asked.of(asked.council.psychology)
    type(request).objects.filter(pk=request.pk).update(
        status="asked", closed_on=None, closed_because=""
    )
    assert any("do not agree" in sentence for sentence in truth.check())
