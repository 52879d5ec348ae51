"""Taking steps in the browser’s way: form, confirmation, deed; refusals, double presses, rivals."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ehc import commands
from ehc.dates import in_words
from ehc.models import AccessLog, Assessment, Case, CaseEvent, Document
from tests.ehc.step_forms import Form, boxes, text, weeks_ago
from tests.factories import Council, fresh, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(weeks_ago(5))


def step(case: Case, name: str) -> str:
    return f"/cases/{case.reference}/steps/{name}/"


def test_the_clock_is_shown_before_anything_happens(
    council: Council, assessment: Assessment
) -> None:
    form = Form(council.caseworker, step(assessment.case, "agree_to_assess"))
    response = form.send(**boxes(weeks_ago(1)))
    assert response.status_code == 200
    assert "Decide whether to assess" in text(response)
    assert "met in time" in text(response)
    assert (CaseEvent.objects.count(), fresh(assessment).status) == (1, "request")
    assert in_words(weeks_ago(1)) in text(response)
    assert "Request, then Advice" in text(response)
    assert "Recorded: agree to assess." in text(form.confirm(**boxes(weeks_ago(1))))
    assert fresh(assessment).status == "advice"


def test_confirming_twice_does_it_once(council: Council, assessment: Assessment) -> None:
    form = Form(council.caseworker, step(assessment.case, "agree_to_assess"))
    form.confirm(**boxes(weeks_ago(1)))
    again = form.confirm(**boxes(weeks_ago(1)))
    assert again.redirect_chain[-1][0] == f"/cases/{assessment.case.reference}/"
    assert CaseEvent.objects.filter(kind="assessment_agreed").count() == 1
    assert "Recorded: agree to assess." in text(again)


def test_the_back_button_after_the_deed_leads_to_the_case(
    council: Council, assessment: Assessment
) -> None:
    form = Form(council.caseworker, step(assessment.case, "agree_to_assess"))
    form.confirm(**boxes(weeks_ago(1)))
    response = form.client.get(form.path, follow=True)
    assert response.redirect_chain[-1][0] == f"/cases/{assessment.case.reference}/"
    assert "“Agree to assess” is not possible on this case now" in text(response)


def test_the_law_refuses_in_a_sentence_and_nothing_typed_is_lost(
    council: Council, assessment: Assessment
) -> None:
    form = Form(council.caseworker, step(assessment.case, "refuse_to_assess"))
    early = weeks_ago(6)
    response = form.send(**boxes(early), reason="A long reason\nin two lines")
    assert response.status_code == 422
    assert "is before the authority received the request" in text(response)
    page = unescape(response.content.decode())
    assert "A long reason\nin two lines" in page
    assert f'value="{early.day}"' in page
    assert fresh(assessment).status == "request"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({}, "Enter the date the family was told"),
        (boxes(date(2026, 1, 1)) | {"on-day": "31", "on-month": "2"}, "must be a real date"),
        (boxes(date(2090, 1, 1)), "cannot be in the future"),
        (boxes(date(2026, 1, 1)) | {"on-year": "26"}, "must have a year of 4 numbers"),
    ],
)
def test_a_wrong_date_is_told_in_words(
    council: Council, assessment: Assessment, typed: dict[str, str], says: str
) -> None:
    form = Form(council.caseworker, step(assessment.case, "agree_to_assess"))
    for page in ("", "confirm"):
        response = form.send(page, **typed)
        assert response.status_code == 422
        assert says in text(response)


def test_who_comes_second_is_told_who_came_first(council: Council, assessment: Assessment) -> None:
    slow = Form(council.caseworker, step(assessment.case, "withdraw"))
    commands.agree_to_assess(assessment, on=weeks_ago(1), by=council.chair)
    response = slow.confirm(**boxes(weeks_ago(1)), reason="The family wrote.")
    assert response.status_code == 409
    assert f"{council.chair.full_name} recorded “Agreed to assess”" in text(response)
    assert "The family wrote." in text(response)
    assert fresh(assessment).status == "advice"


def test_who_comes_second_goes_on_with_what_they_typed(
    council: Council, assessment: Assessment
) -> None:
    slow = Form(council.caseworker, step(assessment.case, "withdraw"))
    commands.agree_to_assess(assessment, on=weeks_ago(1), by=council.chair)
    told = slow.confirm(**boxes(weeks_ago(1)), reason="The family wrote.").content.decode()
    slow.hidden = dict(re.findall(r'type="hidden" name="(token|seen)" value="([^"]*)"', told))
    slow.confirm(**boxes(weeks_ago(1)), reason="The family wrote.")
    assert fresh(assessment).status == "withdrawn"


def test_what_was_written_for_a_step_that_is_gone_is_shown_for_copying(
    council: Council, assessment: Assessment
) -> None:
    slow = Form(council.chair, step(assessment.case, "refuse_to_assess"))
    commands.agree_to_assess(assessment, on=weeks_ago(1), by=council.chair)
    told = slow.confirm(**boxes(weeks_ago(1)), reason="Support at school is enough.")
    assert told.status_code == 409
    assert "Support at school is enough." in text(told)


def test_the_same_step_taken_by_a_rival_meanwhile(council: Council, assessment: Assessment) -> None:
    slow = Form(council.caseworker, step(assessment.case, "agree_to_assess"))
    commands.agree_to_assess(assessment, on=weeks_ago(1), by=council.chair)
    response = slow.confirm(**boxes(weeks_ago(1)))
    assert "is not possible on this case now" in text(response)
    assert CaseEvent.objects.filter(kind="assessment_agreed").count() == 1


def test_a_step_that_is_not_ones_own(council: Council, assessment: Assessment) -> None:
    path = step(assessment.case, "withdraw")
    for user in (council.chair, council.auditor):
        response = signed_in(user).post(
            path, {**boxes(weeks_ago(1)), "reason": "x", "page": "confirm"}, follow=True
        )
        assert "is not possible" in text(response)
    assert signed_in(Council().caseworker).get(path).status_code == 404
    assert signed_in(council.caseworker).get(step(assessment.case, "register")).status_code == 404
    assert fresh(assessment).status == "request"


def test_opening_a_form_is_recorded_as_looking(council: Council, assessment: Assessment) -> None:
    Form(council.chair, step(assessment.case, "agree_to_assess"))
    assert AccessLog.objects.get().user == council.chair


def correction(case: Case, sequence: int, fact: str) -> str:
    return f"/cases/{case.reference}/history/{sequence}/correct/{fact}/"


def test_a_date_is_corrected_from_the_history(council: Council, assessment: Assessment) -> None:
    form = Form(council.caseworker, correction(assessment.case, 1, "request_received"))
    typed = boxes(weeks_ago(6), "right_date") | {"reason": "Found the envelope."}
    before_and_after = text(form.send(**typed))
    assert "due" in before_and_after
    form.confirm(**typed)
    assert fresh(assessment).case.received_on == weeks_ago(6)


@pytest.mark.parametrize("fact", ["no_such_fact", "request_received:school", "plan_made", ":"])
def test_a_date_that_is_not_there_cannot_be_corrected(
    council: Council, assessment: Assessment, fact: str
) -> None:
    response = signed_in(council.caseworker).get(correction(assessment.case, 1, fact), follow=True)
    assert "is not possible on this case now" in text(response)


def test_the_day_of_a_plan_is_corrected_in_the_plan(
    council: Council, assessment: Assessment
) -> None:
    by, on = council.caseworker, weeks_ago(5)
    commands.agree_to_assess(assessment, on=on, by=by)
    commands.request_advice(assessment, on=on, by=by, services=[council.health])
    commands.refer_to_panel(assessment, on=on, by=by)
    commands.agree_to_issue(assessment, on=on, by=council.chair, reason="Necessary.")
    commands.serve_draft(assessment, on=on, by=by)
    sent = commands.send_final_plan(assessment, on=weeks_ago(2), by=by, setting_type="Primary")
    history = text(signed_in(by).get(f"/cases/{assessment.case.reference}/"))
    assert correction(assessment.case, sent.sequence, "final_plan_sent") in history
    assert "the written notice of the decision was sent" not in history
    form = Form(by, correction(assessment.case, sent.sequence, "plan_made"))
    typed = boxes(weeks_ago(1), "right_date") | {"reason": "Sent a week later."}
    form.confirm(**typed)
    plan = Case.objects.get(pk=assessment.case_id)
    assert plan.next_due_on is not None
    assert plan.next_due_on > weeks_ago(1) + timedelta(days=360)


# What is done to a case as a whole.


def deed(case: Case, name: str) -> str:
    return f"/cases/{case.reference}/do/{name}/"


def test_a_contact_is_recorded_once_however_often_it_is_pressed(
    council: Council, assessment: Assessment
) -> None:
    form = Form(council.caseworker, deed(assessment.case, "record_contact"))
    typed = {**boxes(weeks_ago(1)), "with_whom": "Mother", "how": "letter", "note": "We promised."}
    for _ in range(2):
        response = form.confirm(**typed)
    assert CaseEvent.objects.filter(kind="contact_recorded").count() == 1
    assert "We promised." in text(response)


def test_handing_over_shows_the_note_to_the_next(council: Council, assessment: Assessment) -> None:
    form = Form(council.caseworker, deed(assessment.case, "hand_over"))
    without = form.send(owner=str(council.colleague.pk), note=" ")
    assert "Write a hand-over note" in text(without)
    form.confirm(owner=str(council.colleague.pk), note="Call on Monday.")
    page = text(signed_in(council.colleague).get(f"/cases/{assessment.case.reference}/"))
    assert "Call on Monday." in page


def test_restricting_takes_the_case_from_those_not_named(
    council: Council, assessment: Assessment
) -> None:
    assert (
        signed_in(council.caseworker).get(deed(assessment.case, "restrict_case")).status_code == 404
    )
    before = text(signed_in(council.manager).get(deed(assessment.case, "restrict_case")))
    assert f"visible to {council.caseworker.full_name}, who carries it" in before
    form = Form(council.manager, deed(assessment.case, "restrict_case"))
    after = form.confirm(reason="Safeguarding")
    assert after.redirect_chain[-1][0] == f"/cases/{assessment.case.reference}/"
    access = text(signed_in(council.manager).get(deed(assessment.case, "name_person")))
    names = f"{council.caseworker.full_name}, {council.manager.full_name}"
    assert f"Who sees it now: {names}." in access
    case = f"/cases/{assessment.case.reference}/"
    assert signed_in(council.colleague).get(case).status_code == 404
    assert signed_in(council.caseworker).get(case).status_code == 200
    Form(council.manager, deed(assessment.case, "name_person")).confirm(
        person=str(council.colleague.pk), reason="Covers next week"
    )
    assert signed_in(council.colleague).get(case).status_code == 200


def test_a_document_that_is_none_is_refused(council: Council, assessment: Assessment) -> None:
    client = signed_in(council.caseworker)
    path = f"/cases/{assessment.case.reference}/documents/add/"
    for name, content in (("a.pdf", b"MZ program"), ("b.svg", b"<svg onload=x>"), ("c.pdf", b"")):
        response = client.post(path, {"title": "Report", "file": SimpleUploadedFile(name, content)})
        assert response.status_code == 422, name
        assert "Report" in response.content.decode()
    assert Document.objects.count() == 0


def test_the_clock_says_until_when_the_family_may_act(
    council: Council, assessment: Assessment
) -> None:
    form = Form(council.caseworker, step(assessment.case, "refuse_to_assess"))
    shown = text(form.send(**boxes(weeks_ago(1)), reason="Needs are met."))
    appeal = shown[shown.index("Appeal to the Tribunal") :]
    assert re.match(r".{,200}not running.{,100}>until \d", appeal)


def test_of_upn_and_why_it_is_not_known_neither_is_called_optional(council: Council) -> None:
    page = text(signed_in(council.caseworker).get("/register/"))
    assert "Unique pupil number (UPN) (optional)" not in page
    assert "why is it not known? (optional)" not in page
    assert "If there is no UPN: why is it not known?" in page
    assert "NHS number (optional)" in page


def test_after_agreeing_to_assess_the_case_says_to_ask_for_advice(
    council: Council, assessment: Assessment
) -> None:
    commands.agree_to_assess(assessment, on=weeks_ago(1), by=council.caseworker)
    client, path = signed_in(council.caseworker), f"/cases/{assessment.case.reference}/"
    page = text(client.get(path))
    (box,) = re.findall(r'<section class="ehc-next".*?</section>', page)
    assert "nobody has been asked for advice yet" in box
    assert box.index("Ask for advice") < box.index("The next date of law:")
    commands.request_advice(
        fresh(assessment), on=weeks_ago(1), services=[council.health], by=council.caseworker
    )
    assert "nobody has been asked for advice yet" not in text(client.get(path))
