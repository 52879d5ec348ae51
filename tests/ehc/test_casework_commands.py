"""What is done to a case beside the law: taken over, handed over, noted, opened to somebody."""

from datetime import date

import pytest

from ehc import commands, truth
from ehc.commands.base import Opening
from ehc.law import Fact
from ehc.models import (
    Assessment,
    CaseEvent,
    CaseParty,
    Plan,
    PlanRecord,
    WorkItem,
)
from ehc.permissions import NotAllowed
from tests.ehc.stepping import RECEIVED, TODAY, refused, take
from tests.factories import Council, fresh, fresh_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(RECEIVED)


def test_history_is_taken_over_where_it_stands(council: Council, assessment: Assessment) -> None:
    event = take(
        council,
        commands.take_over,
        assessment,
        status="final",
        facts=[Fact("assessment_agreed", date(2025, 2, 5)), Fact("final_plan_sent", TODAY)],
        source="SEN2 2025",
        opens=Opening(
            Plan(case=assessment.case, opened_on=TODAY), [Fact("plan_made", TODAY)], [PlanRecord()]
        ),
    )
    assert (event.kind, event.data["source"]) == ("history_taken_over", "SEN2 2025")
    case = fresh_case(assessment.case)
    assert (case.stage, case.next_due_code, case.next_due_on) == (
        "maintained",
        "annual_review",
        date(2026, 3, 31),
    )
    assert list(truth.check()) == []


def test_a_hand_over_needs_a_note_and_moves_the_case(
    council: Council, assessment: Assessment
) -> None:
    case = assessment.case
    to = {"owner": council.colleague}
    assert "hand-over note" in refused(council, commands.hand_over, case, note=" ", **to)
    event = take(council, commands.hand_over, case, note="Ring the mother on Friday.", **to)
    assert (event.data["from"], event.data["to"]) == (
        council.caseworker.full_name,
        council.colleague.full_name,
    )
    assert fresh_case(case).owner == council.colleague
    assert "hold this case already" in refused(council, commands.hand_over, case, note="x", **to)
    with pytest.raises(NotAllowed, match="change the caseworker"):
        take(council, commands.assign_case, case, owner=council.caseworker)
    take(council, commands.assign_case, case, owner=council.caseworker, by=council.manager)
    assert fresh_case(case).owner == council.caseworker
    assert list(truth.check()) == []


def test_the_work_goes_with_the_case(council: Council, assessment: Assessment) -> None:
    take(
        council,
        commands.hand_over,
        assessment.case,
        owner=council.colleague,
        note="All is promised.",
    )
    item = WorkItem.objects.get(case=assessment.case, finished__isnull=True)
    assert item.owner == council.colleague


def test_notes_and_documents_are_events_too(council: Council, assessment: Assessment) -> None:
    case = assessment.case
    contact = {"with_whom": "Mother", "how": "telephone"}
    assert "what was said" in refused(council, commands.record_contact, case, note="", **contact)
    take(council, commands.record_contact, case, note="She asks when.", **contact)
    take(council, commands.add_document, case, title="Letter", document=1)
    kinds = CaseEvent.objects.filter(case=case).order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["request_registered", "contact_recorded", "document_added"]
    # They belong to the case, not to the assessment, and move no clock.
    assert fresh(assessment).version == 1


def test_access_to_a_restricted_case_is_given_and_ended(
    council: Council, assessment: Assessment
) -> None:
    case, by = assessment.case, council.manager
    why = {"by": by, "reason": "The mother works in our team."}
    assert "not restricted" in refused(council, commands.lift_restriction, case, **why)
    take(council, commands.restrict_case, case, **why)
    assert "restricted already" in refused(council, commands.restrict_case, case, **why)
    take(council, commands.name_person, case, person=council.colleague, **why)
    take(council, commands.name_person, case, person=council.colleague, **why)
    named = CaseParty.objects.filter(case=case, user=council.colleague)
    assert named.count() == 1
    take(council, commands.unname_person, case, person=council.colleague, **why)
    with pytest.raises(NotAllowed):
        take(
            council,
            commands.record_contact,
            case,
            by=council.colleague,
            with_whom="Mother",
            how="telephone",
            note="Hello",
        )
