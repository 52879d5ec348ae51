"""What a correction touches, and what it leaves alone."""

from datetime import date
from typing import Any

import pytest

from ehc import commands, truth
from ehc.models import Assessment, CaseEvent, Deadline, Plan
from ehc.queries import cases, history
from tests.factories import Council, fresh

pytestmark = pytest.mark.django_db

TODAY = date(2025, 12, 1)


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(date(2025, 1, 8))


def take(council: Council, command: commands.Command, subject: Any, **details: Any) -> CaseEvent:
    details = {"by": council.caseworker, "today": TODAY, "on": TODAY, **details}
    return command(subject, **details)


def correct(
    council: Council, process: Any, event: CaseEvent, name: str, right: date, *, label: str = ""
) -> CaseEvent:
    return take(
        council,
        commands.correct_fact,
        process,
        sequence=event.sequence,
        name=name,
        label=label,
        right_date=right,
        reason="The letter says so.",
    )


def due(process: Any, code: str, label: str = "") -> date | None:
    return Deadline.objects.get(process=process, code=code, label=label, replaced_by="").due_on


def test_what_the_same_letter_said_moves_with_it(council: Council, assessment: Assessment) -> None:
    """A refusal and its notice are one letter: the time to appeal runs from the right day."""
    refusal = take(
        council,
        commands.refuse_to_assess,
        assessment,
        on=date(2025, 2, 12),
        reason="Met at school.",
    )
    assert due(assessment, "contact_mediation") == date(2025, 4, 12)
    correct(council, assessment, refusal, "assessment_refused", date(2025, 2, 14))
    assert due(assessment, "contact_mediation") == date(2025, 4, 14)
    assert list(truth.check()) == []


def test_one_service_s_date_leaves_the_others(council: Council, assessment: Assessment) -> None:
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    asked = take(
        council,
        commands.request_advice,
        assessment,
        on=date(2025, 2, 6),
        services=[council.health, council.psychology],
    )
    correct(council, assessment, asked, "advice_requested", date(2025, 2, 10), label="health")
    assert due(assessment, "advice", "health") == date(2025, 3, 24)
    assert due(assessment, "advice", "educational_psychology") == date(2025, 3, 20)
    assert list(truth.check()) == []


def test_a_claim_stays_a_claim(council: Council, assessment: Assessment) -> None:
    """Correcting when a ground began keeps what it was claimed for and until when."""
    claim = take(
        council,
        commands.claim_exemption,
        assessment,
        ground="absent",
        starts_on=date(2025, 3, 10),
        until=date(2025, 4, 2),
        limits=["final_plan"],
        reason="Abroad with their grandmother.",
    )
    assert Deadline.objects.get(process=assessment, code="final_plan").excused_by == ""
    correct(council, assessment, claim, "absent", date(2025, 3, 3))
    assert Deadline.objects.get(process=assessment, code="final_plan").excused_by == "absent"
    assert Deadline.objects.get(process=assessment, code="decide_to_issue").excused_by == ""
    assert list(truth.check()) == []


def overturned(council: Council, assessment: Assessment) -> tuple[CaseEvent, CaseEvent]:
    """Refused, overturned, and a second decision: the refusal’s event and the last one’s."""
    refusal = take(
        council,
        commands.refuse_to_assess,
        assessment,
        on=date(2025, 2, 12),
        reason="Met at school.",
    )
    take(
        council,
        commands.overturn_refusal_to_assess,
        assessment,
        on=date(2025, 3, 27),
        route="mediation_agreed_assessment",
    )
    take(
        council,
        commands.request_advice,
        assessment,
        on=date(2025, 4, 7),
        services=[council.health],
    )
    take(council, commands.refer_to_panel, assessment, on=date(2025, 5, 21))
    last = take(
        council,
        commands.refuse_to_issue,
        assessment,
        on=date(2025, 5, 28),
        reason="Met by the school.",
    )
    return refusal, last


def test_an_old_letter_corrected_does_not_overtake_a_newer_one(
    council: Council, assessment: Assessment
) -> None:
    """The family’s time to appeal runs from the last notice, whatever is mended in an old one."""
    refusal, _ = overturned(council, assessment)
    assert due(assessment, "contact_mediation") == date(2025, 7, 28)
    correct(council, assessment, refusal, "assessment_refused", date(2025, 2, 11))
    assert due(assessment, "contact_mediation") == date(2025, 7, 28)
    assert Deadline.objects.get(process=assessment, code="decide_to_assess").met_on == date(
        2025, 2, 11
    )
    assert list(truth.check()) == []


def test_a_date_that_a_later_one_replaced_is_not_corrected(
    council: Council, assessment: Assessment
) -> None:
    refusal, last = overturned(council, assessment)
    with pytest.raises(commands.Refused, match="no longer the one that counts"):
        correct(council, assessment, refusal, "decision_notice_sent", date(2025, 2, 11))
    correct(council, assessment, last, "decision_notice_sent", date(2025, 5, 30))
    assert due(assessment, "contact_mediation") == date(2025, 7, 30)
    assert list(truth.check()) == []


def test_the_date_of_the_plan_is_corrected_on_the_plan(
    council: Council, assessment: Assessment
) -> None:
    """One event made both; the plan’s own date is corrected where it counts."""
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    take(
        council,
        commands.request_advice,
        assessment,
        on=date(2025, 2, 6),
        services=[council.health],
    )
    take(council, commands.refer_to_panel, assessment, on=date(2025, 3, 3))
    take(council, commands.agree_to_issue, assessment, on=date(2025, 3, 4), reason="Needed.")
    take(council, commands.serve_draft, assessment, on=date(2025, 3, 5))
    sent = take(
        council,
        commands.send_final_plan,
        assessment,
        on=date(2025, 4, 1),
        setting=council.school,
    )
    plan = Plan.objects.get(case=assessment.case)
    correct(council, plan, sent, "plan_made", date(2025, 4, 3))
    assert due(plan, "annual_review") == date(2026, 4, 2)
    assert list(truth.check()) == []


def test_nothing_comes_before_the_request(council: Council, assessment: Assessment) -> None:
    """A slip of the month would leave a decision that no clock knows of."""
    request = CaseEvent.objects.get(case=assessment.case)
    agreed = take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    with pytest.raises(commands.Refused) as raised:
        correct(council, assessment, request, "request_received", date(2025, 2, 6))
    assert str(raised.value).startswith(
        "6 February 2025 is after the authority told the family that it will assess "
        "(5 February 2025)."
    )
    with pytest.raises(commands.Refused) as raised:
        correct(council, assessment, agreed, "assessment_agreed", date(2025, 1, 7))
    assert str(raised.value).startswith(
        "7 January 2025 is before the authority received the request for an assessment"
    )
    correct(council, assessment, request, "request_received", date(2025, 2, 5))
    assert Deadline.objects.get(process=assessment, code="decide_to_assess").met_on == date(
        2025, 2, 5
    )
    assert list(truth.check()) == []


def test_an_answer_does_not_come_before_what_it_answers(
    council: Council, assessment: Assessment
) -> None:
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    asked = take(
        council,
        commands.request_advice,
        assessment,
        on=date(2025, 2, 6),
        services=[council.health, council.school],
    )
    health, school = council.health.advice_label, council.school.advice_label
    received = take(
        council,
        commands.record_advice_received,
        assessment,
        on=date(2025, 2, 20),
        service=council.health,
    )
    with pytest.raises(commands.Refused, match="after the advice of"):
        correct(council, assessment, asked, "advice_requested", date(2025, 2, 21), label=health)
    with pytest.raises(commands.Refused, match="before advice was requested"):
        correct(council, assessment, received, "advice_received", date(2025, 2, 5), label=health)
    correct(council, assessment, asked, "advice_requested", date(2025, 2, 21), label=school)
    take(council, commands.refer_to_panel, assessment, on=date(2025, 3, 3))
    take(council, commands.agree_to_issue, assessment, on=date(2025, 3, 4), reason="Needed.")
    take(council, commands.serve_draft, assessment, on=date(2025, 3, 5))
    sent = take(
        council,
        commands.send_final_plan,
        assessment,
        on=date(2025, 4, 1),
        setting=council.school,
    )
    with pytest.raises(commands.Refused, match="before the draft"):
        correct(council, assessment, sent, "decision_notice_sent", date(2025, 3, 4))
    assert list(truth.check()) == []


def test_the_date_of_the_plan_is_offered_for_correction(
    council: Council, assessment: Assessment
) -> None:
    """It was made on the day the final plan was sent, by the same event, and counts on its own."""
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    take(
        council,
        commands.request_advice,
        assessment,
        on=date(2025, 2, 6),
        services=[council.health],
    )
    take(council, commands.refer_to_panel, assessment, on=date(2025, 3, 3))
    take(council, commands.agree_to_issue, assessment, on=date(2025, 3, 4), reason="Needed.")
    take(council, commands.serve_draft, assessment, on=date(2025, 3, 5))
    sent = take(
        council,
        commands.send_final_plan,
        assessment,
        on=date(2025, 4, 1),
        setting=council.school,
    )
    lines = cases.history_of(assessment.case)
    entries = history.entries(lines, cases.processes_of(assessment.case), {})
    (shown,) = (entry for entry in entries if entry.event == sent)
    assert [dated.key for dated in shown.dates] == ["final_plan_sent", "plan_made"]


def test_a_fact_that_is_not_there_is_not_corrected(
    council: Council, assessment: Assessment
) -> None:
    event = CaseEvent.objects.get(case=assessment.case)
    for name, sequence in (("assessment_agreed", event.sequence), ("request_received", 99)):
        with pytest.raises(commands.Refused, match="no longer the one that counts"):
            take(
                council,
                commands.correct_fact,
                assessment,
                sequence=sequence,
                name=name,
                right_date=date(2025, 1, 2),
                reason="?",
            )
    assert fresh(assessment).version == 1
