"""Reports are given with the advice, once somebody has looked at what was doubtful."""

from datetime import timedelta

import pytest

from advice import commands as advice
from advice import uploads
from advice.models import Advice, AdviceRequest, Upload
from advice.queries.uploads import panel
from ehc import documents
from ehc.commands import Refused
from ehc.models import CaseEvent, Document, User
from tests.advice import files
from tests.advice.asked import WRITTEN, Asked
from tests.advice.uploads.sent import NOW, REPORT, TODAY, Commits, begun, checked, given, sent

pytestmark = pytest.mark.django_db


def test_a_report_about_another_child_must_be_looked_at_again(
    request_: AdviceRequest, by: User
) -> None:
    upload = checked(request_, by, files.pdf("Kim Sample, DOB 01/02/2013"))
    assert upload.warnings == ["name_missing", "other_birth_date"]
    with pytest.raises(Refused, match="about the right child"):
        given(request_, by)
    uploads.answer_warnings(upload, by=by, today=TODAY)
    found = given(request_, by)
    version = found.documents.get().version
    assert Upload.objects.get(version=version).warnings == upload.warnings
    assert len(panel(request_).warnings(upload)) == 2


def test_a_picture_cannot_be_compared_and_the_giver_is_told(
    request_: AdviceRequest, by: User
) -> None:
    assert checked(request_, by, files.jpeg(), name="photo.jpg").warnings == ["not_read"]


def test_given_reports_are_documents_of_the_case_and_one_event_says_so(
    request_: AdviceRequest, by: User, django_capture_on_commit_callbacks: Commits
) -> None:
    first = checked(request_, by)
    word = checked(request_, by, files.word("Sam Example"), name="second.docx")
    refused = sent(request_, by, b"MZ", name="third.pdf")
    before = CaseEvent.objects.filter(case=request_.case).count()
    with django_capture_on_commit_callbacks(execute=True):
        found = given(request_, by)
    assert CaseEvent.objects.filter(case=request_.case).count() == before + 1
    versions = [document.version for document in found.documents.order_by("version")]
    assert [v.file_name for v in versions] == ["report.pdf", "second.docx"]
    assert [v.key for v in versions] == [first.key, word.key]
    with documents.open_version(versions[0]) as file:
        assert file.read() == REPORT
    assert not uploads.path_of(first).exists()
    assert Document.objects.filter(case=request_.case).count() == 2
    assert Upload.objects.get(pk=refused.pk).version is None


def test_a_giving_that_fails_leaves_no_document_and_can_be_done_again(
    request_: AdviceRequest, by: User
) -> None:
    upload = checked(request_, by)
    for _ in range(2):
        with pytest.raises(Refused, match="in the future"):
            given(request_, by, on=TODAY + timedelta(days=1))
    assert not Document.objects.exists()
    assert len(given(request_, by).documents.all()) == 1
    assert documents.path_of(Upload.objects.get(pk=upload.pk).version).read_bytes() == REPORT


def test_an_unfinished_file_is_not_left_behind_unnoticed(request_: AdviceRequest, by: User) -> None:
    begun(request_, by)
    with pytest.raises(Refused, match="not all here"):
        given(request_, by, **WRITTEN)


def test_sent_back_the_reports_go_with_the_next_answer_unless_removed(
    request_: AdviceRequest, by: User, asked: Asked, django_capture_on_commit_callbacks: Commits
) -> None:
    kept = checked(request_, by, name="kept.pdf")
    left = checked(request_, by, name="left.pdf")
    with django_capture_on_commit_callbacks(execute=True):
        given(request_, by)
        advice.return_advice(
            asked.of(asked.council.psychology),
            reasons=["stale"],
            by=asked.council.caseworker,
            today=TODAY,
        )
        uploads.remove(left, by=by, today=TODAY, now=NOW)
        new = checked(request_, by, name="new.pdf")
        second = given(request_, by)
    assert second.number == 2
    assert {d.version.key for d in second.documents.all()} == {kept.key, new.key}
    first = Advice.objects.get(request=request_, number=1)
    for document in first.documents.all():
        assert documents.path_of(document.version).read_bytes() == REPORT


def test_nothing_in_quarantine_can_be_found_as_a_document(
    request_: AdviceRequest, by: User
) -> None:
    for upload in (begun(request_, by, name="a.pdf"), sent(request_, by), checked(request_, by)):
        assert documents.find_version(request_.case, str(upload.key)) is None
