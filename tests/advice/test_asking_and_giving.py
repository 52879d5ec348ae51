"""Advice asked for, given, sent back, given again and accepted, on the clock of the law."""

from datetime import date, timedelta

import pytest

from advice import commands as advice
from advice.models import Advice, AdviceRequest, Form
from ehc import commands
from ehc.commands import Refused
from ehc.law import Facts
from ehc.models import CaseEvent, Deadline, Role
from ehc.permissions import NotAllowed, visible_to
from tests.advice.asked import ASKED, DUE, ROW, WRITTEN, Asked, give
from tests.factories import Council, again, member

pytestmark = pytest.mark.django_db


def test_one_step_asks_every_body_and_the_family() -> None:
    asked = Asked(own=(Form.PARENT, Form.CHILD))
    request = asked.of(asked.council.psychology)
    assert (request.status, request.received_on, request.due_on) == ("asked", ASKED, DUE)
    assert (request.form, request.head) == (Form.EDUCATIONAL, "6(1)(f)")
    assert asked.own(Form.PARENT).due_on is None
    assert Deadline.objects.filter(case=request.case, code="advice").count() == 2


def test_the_six_weeks_run_from_receipt_not_from_asking() -> None:
    asked = Asked()
    council = asked.council
    advice.ask_for_advice(
        asked.assessment,
        on=ASKED,
        received_on=ASKED + timedelta(days=4),
        asks=[advice.Ask(council.school, form=Form.EDUCATIONAL, head="6(1)(b)")],
        by=council.caseworker,
        today=ASKED + timedelta(days=4),
    )
    request = asked.of(council.school)
    assert request.asked_on == ASKED
    assert request.due_on == ASKED + timedelta(days=4 + 42)


def test_a_corrected_receipt_moves_what_is_due() -> None:
    asked = Asked()
    event = CaseEvent.objects.get(case=asked.assessment.case, kind="advice_requested")
    request = asked.of(asked.council.health)
    later = ASKED + timedelta(days=7)
    commands.correct_fact(
        asked.assessment,
        sequence=event.sequence,
        name="advice_requested",
        label=request.label,
        on=later,
        right_date=later,
        reason="It lay in the post room.",
        by=asked.council.manager,
        today=later,
    )
    request = asked.of(asked.council.health)
    assert (request.received_on, request.due_on) == (later, DUE + timedelta(days=7))


def test_giving_meets_the_limit_and_keeps_the_rows() -> None:
    asked = Asked()
    council = asked.council
    on = date(2025, 3, 3)
    give(asked.of(council.psychology), by=council.psychologist, on=on)
    request = asked.of(council.psychology)
    given = Advice.objects.get(request=request)
    assert (request.status, request.given_on) == ("given", on)
    assert given.content["voice"] == WRITTEN["voice"]
    assert given.rows.get().how_much == ROW["how_much"]
    deadline = Deadline.objects.get(process=asked.pk, code="advice", label=request.label)
    assert deadline.met_on == on


def test_sent_back_it_is_given_again_and_the_law_knows_the_first_day_only() -> None:
    asked = Asked()
    council = asked.council
    give(asked.of(council.psychology), by=council.psychologist, on=date(2025, 3, 3))
    advice.return_advice(
        asked.of(council.psychology),
        reasons=["not_quantified"],
        note="How often?",
        by=council.caseworker,
        today=date(2025, 3, 4),
    )
    assert asked.of(council.psychology).is_awaited
    give(asked.of(council.psychology), by=council.psychologist, on=date(2025, 3, 10))
    advice.accept_advice(
        asked.of(council.psychology), by=council.caseworker, today=date(2025, 3, 11)
    )
    request = asked.of(council.psychology)
    assert (request.status, request.given_on) == ("accepted", date(2025, 3, 3))
    facts = Facts.from_rows(asked.assessment.fact_rows())
    assert facts.on("advice_received", request.label) == date(2025, 3, 3)
    assert [a.number for a in request.given.order_by("number")] == [1, 2]


def test_a_service_whose_advice_is_accepted_no_longer_sees_the_case() -> None:
    asked = Asked()
    council = asked.council
    case = asked.assessment.case
    assert visible_to(again(council.psychologist), ASKED).filter(pk=case.pk).exists()
    give(asked.of(council.psychology), by=council.psychologist, on=date(2025, 3, 3))
    advice.accept_advice(
        asked.of(council.psychology), by=council.caseworker, today=date(2025, 3, 4)
    )
    assert not visible_to(again(council.psychologist), DUE).filter(pk=case.pk).exists()


def test_nobody_gives_the_advice_of_another_body() -> None:
    asked = Asked()
    stranger = member(Role.ADVISER, organisation=asked.council.health)
    with pytest.raises(NotAllowed):
        give(asked.of(asked.council.psychology), by=stranger, on=date(2025, 3, 3))


def test_the_wrong_signatory_does_not_accept() -> None:
    asked = Asked()
    council = asked.council
    council.health.discipline = "medical"
    council.health.save()
    give(asked.of(council.health), by=member(Role.ADVISER, organisation=council.health), on=ASKED)
    for wrong in (council.caseworker, member(Role.SOCIAL_CARE_SIGN_OFF, council.authority)):
        with pytest.raises(NotAllowed):
            advice.accept_advice(asked.of(council.health), by=wrong, today=ASKED)
    doctor = member(Role.HEALTH_SIGN_OFF, council.authority)
    advice.accept_advice(asked.of(council.health), by=doctor, today=ASKED)
    assert asked.of(council.health).status == "accepted"


def test_what_is_missing_is_named_and_nothing_is_kept() -> None:
    asked = Asked()
    with pytest.raises(Refused, match="Strengths and interests"):
        advice.give_advice(
            asked.of(asked.council.psychology),
            on=ASKED,
            content=WRITTEN | {"strengths": "  "},
            by=asked.council.psychologist,
            today=ASKED,
        )
    assert asked.of(asked.council.psychology).status == "asked"


def test_nothing_relevant_to_report_needs_its_reason() -> None:
    asked = Asked()
    request = asked.of(asked.council.psychology)
    with pytest.raises(Refused, match="Say why"):
        advice.give_advice(
            request,
            on=ASKED,
            content={},
            nothing_to_report=True,
            by=asked.council.psychologist,
            today=ASKED,
        )
    advice.give_advice(
        request,
        on=ASKED,
        content={},
        nothing_to_report=True,
        reason="Not known to us.",
        by=asked.council.psychologist,
        today=ASKED,
    )
    assert Advice.objects.get(request=request).reason == "Not known to us."


def test_a_withdrawn_request_closes_what_is_awaited() -> None:
    council = Council()
    asked = Asked(council)
    commands.withdraw(
        asked.assessment, on=DUE, by=council.caseworker, today=DUE, reason="They moved abroad."
    )
    statuses = AdviceRequest.objects.filter(process=asked.pk).values_list("status", flat=True)
    assert set(statuses) == {"closed"}
