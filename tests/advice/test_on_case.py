"""What the page of a case tells of its advice, to staff and in one line for the family."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine

from advice import commands as advice
from advice.models import AdviceRequest, Chase, Form, Head
from advice.models.chasing import Recipient
from advice.queries.on_case import Line, awaited_in_words, gathered_in
from ehc import commands, moments
from ehc.models import Organisation, Role, User
from tests.advice.asked import ASKED, DUE, RECEIVED, Asked, ask, give
from tests.factories import Council, ServiceFactory, member, signed_in

pytestmark = pytest.mark.django_db


def page_of(user: User, asked: Asked, today: date) -> str:
    """The advice section of the case page in words, as this person sees it that day."""
    with time_machine.travel(f"{today}T10:00:00+00:00"):
        client = signed_in(user)
        html = client.get(f"/cases/{asked.assessment.case.reference}/").content.decode()
    found = re.search(r'<section aria-labelledby="advice">.*?</section>', html, re.S)
    words = re.sub(r"<[^>]+>", " ", found[0] if found else "")
    return " ".join(unescape(words).split())


def line_of(asked: Asked, organisation: Organisation, today: date = DUE) -> Line:
    (panel,) = gathered_in(asked.assessment.case, today)
    return next(x for x in panel.lines if x.request.organisation_id == organisation.pk)


def chase(request: AdviceRequest, on: date, recipient: str, how: str = Chase.How.NOTICE) -> None:
    Chase.objects.create(request=request, recipient=recipient, how=how, on=on, at=moments.now())


def test_a_request_that_is_awaited_says_by_when_and_how_far_off_that_is() -> None:
    asked = Asked()
    page = page_of(asked.council.caseworker, asked, DUE - timedelta(days=5))
    assert "Community paediatrics 3 Feb 2025 17 Mar 2025 in 5 days" in page
    assert "Why this date?" in page
    late = page_of(asked.council.caseworker, asked, DUE + timedelta(days=3))
    assert "17 Mar 2025 3 days overdue" in late


def test_receipt_is_told_apart_from_asking() -> None:
    asked = Asked()
    advice.ask_for_advice(
        asked.assessment,
        on=ASKED,
        received_on=ASKED + timedelta(days=4),
        asks=[advice.Ask(asked.council.school, Head.EDUCATION, Form.EDUCATIONAL)],
        by=asked.council.caseworker,
        today=DUE,
    )
    page = page_of(asked.council.caseworker, asked, DUE)
    assert "Elm Lane Primary 3 Feb 2025 received 7 Feb 2025 21 Mar 2025" in page


def test_chases_are_told_with_day_way_and_addressee() -> None:
    asked = Asked()
    request = asked.of(asked.council.health)
    chase(request, DUE, Recipient.ADVISER)
    assert "Chased on 17 Mar 2025: notice by the system, to whoever writes it" in page_of(
        asked.council.caseworker, asked, DUE
    )
    chase(request, DUE + timedelta(days=7), Recipient.LEAD, Chase.How.TELEPHONE)
    page = page_of(asked.council.caseworker, asked, DUE + timedelta(days=8))
    assert "Chased 2 times, last on 24 Mar 2025" in page
    assert "24 Mar 2025: telephone, to the service’s leads" in page


def test_the_newest_word_about_lateness_counts() -> None:
    asked = Asked()
    for n, cause in enumerate(("vacancy", "waiting_list")):
        advice.expect_late(
            asked.of(asked.council.psychology),
            cause=cause,
            expected_on=DUE + timedelta(days=10 + n),
            by=asked.council.psychologist,
            today=DUE - timedelta(days=3 - n),
        )
    said = line_of(asked, asked.council.psychology).said_late
    assert said is not None
    assert (said.on, said.expected_on) == (DUE - timedelta(days=2), DUE + timedelta(days=11))
    page = page_of(asked.council.caseworker, asked, DUE)
    assert "Said on 15 Mar 2025 that it will be late: expected 28 Mar 2025." in page
    assert "waiting for an appointment" in page
    council = asked.council
    give(asked.of(council.psychology), by=council.psychologist, on=DUE)
    back = {"reasons": ["not_quantified"], "by": council.caseworker, "today": DUE}
    advice.return_advice(asked.of(council.psychology), **back)
    page = page_of(council.caseworker, asked, DUE)
    assert "Sent back on 17 Mar 2025" in page
    assert "that it will be late" not in page


def test_given_late_sent_back_and_accepted() -> None:
    asked = Asked()
    council = asked.council
    day = DUE + timedelta(days=4)
    give(asked.of(council.psychology), by=council.psychologist, on=day)
    page = page_of(council.caseworker, asked, day)
    assert "To be checked given 21 Mar 2025, 4 days after it was due" in page
    advice.return_advice(
        asked.of(council.psychology),
        reasons=["not_quantified"],
        note="How many hours?",
        by=council.caseworker,
        today=day,
    )
    page = page_of(council.caseworker, asked, day)
    assert "Sent back first given 21 Mar 2025" in page
    assert "Sent back on 21 Mar 2025: Provision does not say how much" in page
    assert "How many hours?" in page
    give(asked.of(council.psychology), by=council.psychologist, on=day)
    advice.accept_advice(
        asked.of(council.psychology), note="Use row 1.", by=council.caseworker, today=day
    )
    page = page_of(council.caseworker, asked, day)
    assert "Accepted 21 Mar 2025; given 21 Mar 2025" in page
    assert "Note of the check: Use row 1." in page


def test_advice_after_the_plan_is_flagged() -> None:
    asked = Asked()
    council, on = asked.council, {"by": asked.council.caseworker, "today": date(2025, 6, 1)}
    day = date(2025, 4, 1)
    commands.refer_to_panel(asked.assessment, on=day, **on)
    chair = {"by": council.chair, "today": date(2025, 6, 1)}
    commands.agree_to_issue(asked.assessment, on=day, reason="Necessary.", **chair)
    commands.serve_draft(asked.assessment, on=day, **on)
    commands.send_final_plan(
        asked.assessment, on=date(2025, 5, 1), setting_type="Mainstream primary school", **on
    )
    give(asked.of(council.psychology), by=council.psychologist, on=date(2025, 5, 2))
    page = page_of(council.caseworker, asked, date(2025, 5, 3))
    assert "Given after the plan" in page


def test_a_closed_request_says_why() -> None:
    asked = Asked()
    advice.decline_request(
        asked.of(asked.council.health),
        reason="Adults only.",
        by=asked.council.caseworker,
        today=ASKED,
    )
    page = page_of(asked.council.caseworker, asked, DUE)
    assert "Closed 3 Feb 2025: Asked of the wrong person or service" in page


def test_awaited_comes_first_then_what_must_be_checked() -> None:
    asked = Asked(own=(Form.PARENT,))
    give(asked.of(asked.council.psychology), by=asked.council.psychologist, on=ASKED)
    (panel,) = gathered_in(asked.assessment.case, DUE)
    assert [line.request.label for line in panel.lines] == [
        "health",
        "parent",
        "educational_psychology",
    ]


def test_one_line_tells_the_family_what_is_awaited_and_by_when() -> None:
    asked = Asked(own=(Form.PARENT,))
    council = asked.council
    page = page_of(council.caseworker, asked, DUE)
    assert (
        "For the family: We are waiting for: Community paediatrics and Educational psychology, by "
        "17 March 2025; what you want to tell us as the parent." in page
    )
    both = page_of(council.caseworker, asked, DUE + timedelta(days=1))
    assert "psychology, which were due by 17 March 2025 and are late;" in both
    give(asked.of(council.psychology), by=council.psychologist, on=ASKED)
    late = page_of(council.caseworker, asked, DUE + timedelta(days=1))
    assert "Community paediatrics, which was due by 17 March 2025 and is late;" in late


def test_the_family_s_line_names_services_and_no_person() -> None:
    asked = Asked()
    independent = ServiceFactory.create(
        authority=asked.council.authority, kind="independent", name="Dr Jo Example"
    )
    advice.ask_for_advice(
        asked.assessment, on=ASKED, asks=[ask(independent)], by=asked.council.caseworker, today=DUE
    )
    (panel,) = gathered_in(asked.assessment.case, DUE)
    assert "an independent professional and Educational psychology, by" in panel.for_family
    assert "Jo Example" not in panel.for_family


def test_when_everybody_has_answered_the_family_is_told_so() -> None:
    asked = Asked()
    council = asked.council
    doctor = member(Role.ADVISER, organisation=council.health)
    give(asked.of(council.psychology), by=council.psychologist, on=ASKED)
    give(asked.of(council.health), by=doctor, on=ASKED)
    (panel,) = gathered_in(asked.assessment.case, DUE)
    assert panel.for_family == "Everybody who was asked has answered."
    assert awaited_in_words([], DUE) == ""


def test_staff_see_the_panel_in_the_place_of_the_table_and_services_keep_the_table() -> None:
    asked = Asked()
    council = asked.council
    assert "Ask for advice" in page_of(council.caseworker, asked, DUE)
    assert "Ask for advice" not in page_of(council.auditor, asked, DUE)
    assert page_of(council.psychologist, asked, DUE) == ""
    for who, own_section in ((council.psychologist, False), (council.caseworker, True)):
        client = signed_in(who)
        html = client.get(f"/cases/{asked.assessment.case.reference}/").content.decode()
        assert ('<section aria-labelledby="advice">' in html) is own_section
        assert html.count("Advice asked for</caption>") == 1


def test_before_anybody_is_asked_the_section_says_so() -> None:
    council = Council()
    assessment = council.register(RECEIVED)
    asked = Asked.__new__(Asked)
    asked.council, asked.pk = council, assessment.pk
    page = page_of(council.caseworker, asked, ASKED)
    assert "No advice has been asked for yet. Note an existing report" in page


def test_the_panel_takes_four_statements_at_most_for_three_bodies_or_thirty(
    django_assert_max_num_queries: Any,
) -> None:
    asked = Asked(own=(Form.PARENT, Form.CHILD))
    council = asked.council
    more = [ServiceFactory.create(authority=council.authority) for _ in range(30)]
    advice.ask_for_advice(
        asked.assessment, on=ASKED, asks=[ask(o) for o in more], by=council.caseworker, today=DUE
    )
    for body in more:
        request = asked.of(body)
        chase(request, DUE, Recipient.ADVISER)
        give(request, by=member(Role.ADVISER, organisation=body), on=ASKED)
    case = asked.assessment.case
    with django_assert_max_num_queries(4):
        (panel,) = gathered_in(case, DUE)
        assert sum(len(line.chases) for line in panel.lines) == 30
