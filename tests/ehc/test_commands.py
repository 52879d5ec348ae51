"""What every command does and refuses; the stories as a whole are in `tests/journeys`."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ehc import commands, truth
from ehc.models import (
    Assessment,
    CaseEvent,
    Deadline,
    NamedSetting,
    Plan,
    PlanRecord,
)
from tests.ehc.stepping import RECEIVED, TODAY, refused, take, to_draft
from tests.factories import Council, PersonFactory, fresh, fresh_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(RECEIVED)


def test_an_event_says_who_what_and_when_twice(council: Council, assessment: Assessment) -> None:
    recorded = datetime(2025, 2, 10, 9, 30, tzinfo=UTC)
    event = take(
        council,
        commands.agree_to_assess,
        assessment,
        on=date(2025, 2, 5),
        today=date(2025, 2, 10),
        now=recorded,
    )
    event.refresh_from_db()
    assert (event.sequence, event.kind, event.status) == (2, "assessment_agreed", "advice")
    assert (event.on, event.recorded_at) == (date(2025, 2, 5), recorded)
    assert event.actor == council.caseworker
    assert event.facts == [["assessment_agreed", "2025-02-05"]]


def test_no_step_lies_in_the_future_or_before_what_must_come_first(
    council: Council, assessment: Assessment
) -> None:
    said = refused(council, commands.agree_to_assess, assessment, on=date(2025, 4, 2))
    assert said.startswith("The date is in the future")
    said = refused(council, commands.agree_to_assess, assessment, on=date(2025, 1, 7))
    assert "7 January 2025 is before the authority received the request" in said


def test_a_preview_tells_what_the_step_then_does(council: Council, assessment: Assessment) -> None:
    before = CaseEvent.objects.count()
    preview = commands.refuse_to_assess.preview(
        fresh(assessment), by=council.caseworker, today=TODAY, on=TODAY, reason="Met at school."
    )
    assert CaseEvent.objects.count() == before
    assert fresh(assessment).status == "request"
    assert (preview.status_before, preview.status_after) == ("request", "refused")
    started = {d.code for d in preview.after if d.started_on} - {
        d.code for d in preview.before if d.started_on
    }
    assert {"contact_mediation", "appeal"} <= started

    take(council, commands.refuse_to_assess, assessment, reason="Met at school.")
    stored = Deadline.objects.filter(process=assessment)
    assert {(d.code, d.due_on) for d in stored} == {
        (d.code, d.due_on) for d in preview.after if d.started_on
    }


def test_a_preview_refuses_as_the_step_would(council: Council, assessment: Assessment) -> None:
    with pytest.raises(commands.Refused, match="cannot be taken now"):
        commands.agree_to_issue.preview(
            fresh(assessment), by=council.chair, today=TODAY, on=TODAY, reason="Needed."
        )


def test_a_page_that_is_out_of_date_is_told_so(council: Council, assessment: Assessment) -> None:
    seen = fresh(assessment).version
    take(council, commands.agree_to_assess, assessment, by=council.manager)
    with pytest.raises(commands.Overtaken) as raised:
        take(council, commands.withdraw, assessment, seen=seen, reason="They wrote.")
    assert council.manager.full_name in str(raised.value)
    # A note on the case is not a step of the process: it overtakes nobody.
    seen = fresh(assessment).version
    take(
        council,
        commands.record_contact,
        assessment.case,
        with_whom="Father",
        how="telephone",
        note="He will write.",
    )
    take(council, commands.withdraw, assessment, seen=seen, reason="They wrote.")


def test_a_second_press_returns_the_first_event(council: Council, assessment: Assessment) -> None:
    token = uuid.uuid4()
    first = take(council, commands.agree_to_assess, assessment, token=token)
    assert take(council, commands.agree_to_assess, assessment, token=token) == first
    assert CaseEvent.objects.filter(case=assessment.case).count() == 2


def test_advice_is_asked_once_and_received_after(council: Council, assessment: Assessment) -> None:
    early = refused(council, commands.request_advice, assessment, services=[council.health])
    assert "once the authority has agreed to assess" in early
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    assert "at least one service" in refused(
        council, commands.request_advice, assessment, services=[]
    )
    assert "request it first" in refused(council, commands.refer_to_panel, assessment)
    assert "No advice was requested from" in refused(
        council, commands.record_advice_received, assessment, service=council.health
    )
    ask = {"on": date(2025, 2, 6), "services": [council.health]}
    take(council, commands.request_advice, assessment, **ask)
    assert "already requested from Community paediatrics" in refused(
        council, commands.request_advice, assessment, **ask
    )
    assert "cannot arrive before" in refused(
        council,
        commands.record_advice_received,
        assessment,
        on=date(2025, 2, 5),
        service=council.health,
    )
    got = {"on": date(2025, 3, 3), "service": council.health}
    take(council, commands.record_advice_received, assessment, **got)
    assert "is already recorded" in refused(
        council, commands.record_advice_received, assessment, **got
    )


def test_going_to_panel_without_some_advice_is_on_record(
    council: Council, assessment: Assessment
) -> None:
    take(council, commands.agree_to_assess, assessment, on=date(2025, 2, 5))
    both = [council.health, council.psychology]
    take(council, commands.request_advice, assessment, on=date(2025, 2, 6), services=both)
    take(council, commands.record_advice_received, assessment, service=council.health)
    event = take(council, commands.refer_to_panel, assessment)
    assert event.data["awaited"] == ["educational_psychology"]
    # It may still come.
    take(council, commands.record_advice_received, assessment, service=council.psychology)


def test_a_first_draft_names_no_setting(council: Council, assessment: Assessment) -> None:
    to_draft(council, assessment, served=None)
    said = refused(
        council, commands.serve_draft, assessment, section_i="Elm Lane Primary", on=TODAY
    )
    assert "s.38(5)" in said
    take(council, commands.serve_draft, assessment, section_i="  ")


def test_representations_answer_a_draft(council: Council, assessment: Assessment) -> None:
    to_draft(council, assessment, served=None)
    answer = {"summary": "They ask for Elm Lane.", "setting_requested": "Elm Lane Primary"}
    assert "no draft has been served" in refused(
        council, commands.record_representations, assessment, **answer
    )
    take(council, commands.serve_draft, assessment, on=date(2025, 3, 10))
    assert "cannot be earlier" in refused(
        council, commands.record_representations, assessment, on=date(2025, 3, 9), **answer
    )
    assert "Write what the family said" in refused(
        council, commands.record_representations, assessment, summary=" "
    )
    event = take(council, commands.record_representations, assessment, **answer)
    assert event.data == answer


def test_the_final_plan_waits_for_the_family(council: Council, assessment: Assessment) -> None:
    """15 days beginning with 10 March end on the 24th; the plan may go from the 25th."""
    to_draft(council, assessment, served=None)
    names = {"setting": council.school}
    assert "must see a draft" in refused(council, commands.send_final_plan, assessment, **names)
    take(council, commands.serve_draft, assessment, on=date(2025, 3, 10))
    in_window = {"on": date(2025, 3, 24), **names}
    assert "until 25 March 2025" in refused(
        council, commands.send_final_plan, assessment, **in_window
    )
    # A tick without the words of the agreement is not enough.
    assert "until 25 March 2025" in refused(
        council, commands.send_final_plan, assessment, family_agrees=True, **in_window
    )
    assert "Choose one" in refused(council, commands.send_final_plan, assessment)
    take(council, commands.send_final_plan, assessment, on=date(2025, 3, 25), **names)
    named = NamedSetting.objects.get(process__case=assessment.case)
    assert named.setting == council.school


def test_the_family_may_agree_to_have_it_sooner(council: Council, assessment: Assessment) -> None:
    to_draft(council, assessment, served=date(2025, 3, 10))
    event = take(
        council,
        commands.send_final_plan,
        assessment,
        on=date(2025, 3, 14),
        setting_type="Mainstream primary school",
        family_agrees=True,
        agreement="By telephone on 13 March, confirmed by e-mail.",
    )
    assert event.data["agreement"].startswith("By telephone")
    floor = Deadline.objects.get(process=assessment, code="representations")
    assert floor.met_on == date(2025, 3, 14)
    assert list(truth.check()) == []


def test_the_plan_is_reviewed_and_ceases(council: Council, assessment: Assessment) -> None:
    to_draft(council, assessment, served=date(2025, 3, 10))
    take(council, commands.send_final_plan, assessment, setting=council.school)
    plan = Plan.objects.get(case=assessment.case)
    assert PlanRecord.objects.filter(process=plan).count() == 1
    review = {"today": date(2026, 3, 2), "on": date(2026, 3, 2)}
    assert "Choose one" in refused(
        council, commands.record_review_step, plan, step="final_plan_sent", **review
    )
    take(council, commands.record_review_step, plan, step="review_meeting", **review)
    decision = Deadline.objects.get(process=plan, code="review_decision")
    assert decision.due_on == date(2026, 3, 30)  # four weeks from the meeting, reg 20(10)
    assert fresh_case(assessment.case).next_due_on is not None
    assert "Give the reasons" in refused(council, commands.cease_plan, plan, reason="", **review)
    take(council, commands.cease_plan, plan, reason="He has moved to France.", **review)
    case = fresh_case(assessment.case)
    assert (case.stage, case.is_open, case.next_due_on) == ("ceased", False, None)
    assert "no longer maintained" in refused(
        council, commands.record_review_step, plan, step="review_meeting", **review
    )
    assert list(truth.check()) == []


def register(council: Council, received_on: date, **person: Any) -> CaseEvent:
    details = commands.RequestDetails(
        person=PersonFactory.build(authority=council.authority, **person),
        received_on=received_on,
        source=person.pop("source", "1"),
    )
    return commands.register_request(details, by=council.caseworker, today=TODAY)


def test_a_request_that_cannot_be(council: Council) -> None:
    with pytest.raises(commands.Refused, match="in the future"):
        register(council, date(2025, 4, 2))
    with pytest.raises(commands.Refused, match="before the child was born"):
        register(council, RECEIVED, date_of_birth=date(2025, 1, 9))


def test_possible_duplicates(council: Council) -> None:
    """The same UPN, now or once, or the date of birth with either name; never another authority."""
    born = date(2016, 5, 4)
    known = register(
        council, RECEIVED, forename="Ada", surname="Lark", date_of_birth=born, upn="A123456789012"
    ).case
    known.person.former_upns.create(upn="B123456789012")
    register(Council(), RECEIVED, forename="Ada", surname="Lark", date_of_birth=born)

    def found(**person: Any) -> list[int]:
        details = {
            "forename": "Else",
            "surname": "Where",
            "date_of_birth": date(2012, 1, 1),
            "upn": "",
        }
        asked = PersonFactory.build(authority=council.authority, **{**details, **person})
        return [case.pk for case in commands.possible_duplicates(asked)]

    assert found(upn="A123456789012") == [known.pk]
    assert found(upn="B123456789012") == [known.pk]
    assert found(surname="LARK", date_of_birth=born) == [known.pk]
    assert found(forename="ada", date_of_birth=born) == [known.pk]
    assert found(forename="Ada", surname="Lark") == []
    assert found(date_of_birth=born) == []


def test_no_second_assessment_beside_the_first_or_a_plan(
    council: Council, assessment: Assessment
) -> None:
    details = commands.RequestDetails(person=assessment.case.person, received_on=TODAY, source="1")
    again = {"by": council.caseworker, "case": assessment.case, "today": TODAY}
    with pytest.raises(commands.Refused, match="already under way"):
        commands.register_request(details, **again)
    to_draft(council, assessment, served=date(2025, 3, 10))
    take(council, commands.send_final_plan, assessment, setting=council.school)
    with pytest.raises(commands.Refused, match="for a re-assessment"):
        commands.register_request(details, **again)
