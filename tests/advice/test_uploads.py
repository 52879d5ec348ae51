"""Reports on their way in: pieces, quarantine, warnings, and giving them with the advice."""

import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from advice import commands as advice
from advice import quarantine, tasks, uploads
from advice.models import Advice, AdviceRequest, Upload
from advice.permissions import may_write
from advice.queries.uploads import find, panel
from advice.uploads import WrongOffset
from ehc import commands, documents
from ehc.commands import Refused
from ehc.models import CaseEvent, Document, Person, Role, User
from ehc.permissions import NotAllowed
from tests.advice import files
from tests.advice.asked import WRITTEN, Asked
from tests.advice.clamd import EICAR, Clamd, clamd
from tests.factories import member

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 2, 20, 10, 0, tzinfo=UTC)
TODAY = NOW.date()
REPORT = files.pdf("A report about Sam Example, DOB 04/05/2016")
Commits = Callable[..., Any]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CLAMAV = ""
    return tmp_path


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The uploads that a worker was asked to check; nobody does it by itself here."""
    asked: list[int] = []
    monkeypatch.setattr(tasks, "wake_check", asked.append)
    return asked


@pytest.fixture
def asked() -> Asked:
    found = Asked()
    Person.objects.filter(cases=found.assessment.case).update(forename="Sam", surname="Example")
    return found


@pytest.fixture
def request_(asked: Asked) -> AdviceRequest:
    return asked.of(asked.council.psychology)


@pytest.fixture
def by(asked: Asked) -> User:
    return asked.council.psychologist


@pytest.fixture
def scanner(settings: Any) -> Iterator[Clamd]:
    with clamd() as server:
        settings.CLAMAV = server.address
        yield server


def begun(request: AdviceRequest, by: User, data: bytes = REPORT, **more: Any) -> Upload:
    details = {"name": "report.pdf", "size": len(data), "now": NOW, "today": TODAY} | more
    return uploads.begin(request, by=by, **details)


def sent(request: AdviceRequest, by: User, data: bytes = REPORT, **more: Any) -> Upload:
    upload = begun(request, by, data, **more)
    uploads.receive(upload, offset=0, data=data, by=by, today=TODAY)
    return uploads.finish(upload, by=by, today=TODAY, now=NOW)


def checked(request: AdviceRequest, by: User, data: bytes = REPORT, **more: Any) -> Upload:
    upload = sent(request, by, data, **more)
    quarantine.check(upload.pk, now=NOW)
    return Upload.objects.get(pk=upload.pk)


def given(request: AdviceRequest, by: User, *, on: date = TODAY, **content: Any) -> Advice:
    with transaction.atomic():
        versions = uploads.versions_for(request, by=by, today=TODAY, now=NOW)
        advice.give_advice(
            request, on=on, content=content, versions=versions, by=by, today=TODAY, now=NOW
        )
    return Advice.objects.filter(request=request).latest("number")


# Sending


def test_a_file_arrives_in_pieces_and_goes_on_where_it_stopped(
    request_: AdviceRequest, by: User, django_capture_on_commit_callbacks: Commits, woken: list[int]
) -> None:
    upload = begun(request_, by)
    assert uploads.receive(upload, offset=0, data=REPORT[:100], by=by, today=TODAY) == 100
    for wrong in (0, 50, 101, 10**9):
        with pytest.raises(WrongOffset) as told:
            uploads.receive(upload, offset=wrong, data=b"xyz", by=by, today=TODAY)
        assert told.value.received == 100
    with pytest.raises(WrongOffset) as told:
        uploads.finish(upload, by=by, today=TODAY, now=NOW)
    assert told.value.received == 100
    uploads.receive(upload, offset=100, data=REPORT[100:], by=by, today=TODAY)
    with django_capture_on_commit_callbacks(execute=True):
        finished = uploads.finish(upload, by=by, today=TODAY, now=NOW)
    assert (finished.state, finished.media_type) == ("checking", "application/pdf")
    assert uploads.path_of(upload).read_bytes() == REPORT
    assert woken == [upload.pk]


def test_finishing_twice_and_pieces_after_it_are_harmless(
    request_: AdviceRequest, by: User
) -> None:
    upload = sent(request_, by)
    assert uploads.finish(upload, by=by, today=TODAY, now=NOW).state == "checking"
    with pytest.raises(WrongOffset):
        uploads.receive(upload, offset=len(REPORT), data=b"more", by=by, today=TODAY)
    assert uploads.path_of(upload).read_bytes() == REPORT


def test_the_same_file_chosen_again_goes_on_and_a_changed_one_does_not(
    request_: AdviceRequest, by: User, asked: Asked
) -> None:
    upload = begun(request_, by, mark="1700000000")
    assert begun(request_, by, mark="1700000000").pk == upload.pk
    assert begun(request_, by, mark="1800000000").pk != upload.pk
    colleague = member(Role.ADVISER, organisation=asked.council.psychology)
    assert begun(request_, colleague, mark="1700000000").pk != upload.pk


def test_a_form_sent_twice_adds_its_file_once(request_: AdviceRequest, by: User) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        file = SimpleUploadedFile("C:\\reports\\report.pdf", REPORT)
        added = uploads.add_whole(request_, file, by=by, key=key, today=TODAY, now=NOW)
    assert Upload.objects.get() == added
    assert (added.file_name, added.state) == ("report.pdf", "checking")


def test_too_much_is_refused_at_the_beginning_and_by_count(
    request_: AdviceRequest, by: User
) -> None:
    with pytest.raises(Refused, match="larger than 50 MB"):
        begun(request_, by, size=60 * 1024 * 1024)
    with pytest.raises(Refused, match="empty"):
        begun(request_, by, size=0)
    upload = begun(request_, by, size=10)
    uploads.receive(upload, offset=0, data=b"123456", by=by, today=TODAY)
    with pytest.raises(Refused, match="More of the file came"):
        uploads.receive(upload, offset=6, data=b"12345", by=by, today=TODAY)
    assert uploads.path_of(upload).stat().st_size == 6
    for n in range(uploads.MOST_FILES - 1):
        begun(request_, by, name=f"{n}.pdf")
    with pytest.raises(Refused, match="no more fit"):
        begun(request_, by, name="one more.pdf")


def test_what_the_disk_lost_is_asked_for_again(request_: AdviceRequest, by: User) -> None:
    upload = begun(request_, by)
    uploads.receive(upload, offset=0, data=REPORT[:200], by=by, today=TODAY)
    with uploads.path_of(upload).open("r+b") as file:
        file.truncate(50)
    with pytest.raises(WrongOffset) as told:
        uploads.receive(upload, offset=200, data=REPORT[200:], by=by, today=TODAY)
    assert told.value.received == 50
    uploads.receive(upload, offset=50, data=REPORT[50:], by=by, today=TODAY)
    assert uploads.finish(upload, by=by, today=TODAY, now=NOW).state == "checking"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\me\\report.pdf.exe", "report.pdf.pdf"),
        ("\u202etxt.fdp", "_txt.pdf"),
        ("a\r\nb<script>.pdf", "a__b_script_.pdf"),
        ("", "document.pdf"),
        ("é" * 300 + ".pdf", "é" * 140 + ".pdf"),
    ],
)
def test_names_are_made_safe(request_: AdviceRequest, by: User, name: str, shown: str) -> None:
    upload = sent(request_, by, name=name)
    assert upload.file_name == shown
    assert uploads.path_of(upload).name == upload.key.hex


def test_only_who_writes_adds_and_only_while_it_is_awaited(
    request_: AdviceRequest, by: User, asked: Asked
) -> None:
    strangers = [
        member(Role.ADVISER, organisation=asked.council.health),
        asked.council.caseworker,
        asked.council.auditor,
    ]
    upload = begun(request_, by)
    for stranger in strangers:
        assert not may_write(stranger, request_, TODAY)
        for deed in (
            lambda who: begun(request_, who),
            lambda who: uploads.receive(upload, offset=0, data=b"x", by=who, today=TODAY),
            lambda who: uploads.finish(upload, by=who, today=TODAY, now=NOW),
            lambda who: uploads.remove(upload, by=who, today=TODAY, now=NOW),
            lambda who: uploads.answer_warnings(upload, by=who, today=TODAY),
        ):
            with pytest.raises(NotAllowed):
                deed(stranger)
    uploads.remove(upload, by=by, today=TODAY, now=NOW)
    late = begun(request_, by)
    advice.give_advice(request_, on=TODAY, content=WRITTEN, by=by, today=TODAY)
    for attempt in (
        lambda: begun(request_, by, name="another.pdf"),
        lambda: uploads.receive(late, offset=0, data=b"x", by=by, today=TODAY),
        lambda: uploads.remove(late, by=by, today=TODAY, now=NOW),
    ):
        with pytest.raises(Refused, match="gave this advice"):
            attempt()


def test_removed_bytes_are_gone_and_the_file_with_them(
    request_: AdviceRequest, by: User, django_capture_on_commit_callbacks: Commits
) -> None:
    upload = sent(request_, by)
    with django_capture_on_commit_callbacks(execute=True):
        uploads.remove(upload, by=by, today=TODAY, now=NOW)
        uploads.remove(upload, by=by, today=TODAY, now=NOW)
    assert not uploads.path_of(upload).exists()
    assert find(request_, upload.key) is None
    assert panel(request_).files == []
    with pytest.raises(Refused, match="was removed"):
        uploads.finish(upload, by=by, today=TODAY, now=NOW)
    quarantine.check(upload.pk, now=NOW)
    assert Upload.objects.get().state == "checking"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_the_same_piece_leave_it_there_once(
    request_: AdviceRequest, by: User
) -> None:
    upload = begun(request_, by)
    outcomes: list[str] = []

    def send() -> None:
        try:
            uploads.receive(upload, offset=0, data=REPORT, by=by, today=TODAY)
            outcomes.append("sent")
        except WrongOffset:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["sent", "told", "told", "told"]
    assert uploads.path_of(upload).read_bytes() == REPORT


# Quarantine


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"MZ\x90" + bytes(500), "program"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old_word"),
        (files.word(more={"word/vbaProject.bin": b"x"}), "macros"),
        (files.archive({"a.exe": b"MZ"}), "archive"),
    ],
)
def test_what_is_none_of_the_types_is_refused_at_once(
    request_: AdviceRequest,
    by: User,
    data: bytes,
    refusal: str,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        upload = sent(request_, by, data)
    assert (upload.state, upload.refusal) == ("refused", refusal)
    assert not uploads.path_of(upload).exists()


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (files.pdf(more=["<< /S /JavaScript /JS (x) >>"]), "pdf_script"),
        (files.pdf(more=["<< /S /JavaScript /JS (x) >>"], packed=True), "pdf_script"),
        (files.locked_pdf("secret"), "pdf_password"),
        (files.word(more={"word/media/a.bmp": bytes(210 * 1024 * 1024)}), "archive_bomb"),
        (files.png(60_000, 60_000), "picture_too_large"),
        (files.pdf()[:-200], "truncated"),
    ],
)
def test_what_a_worker_finds_is_refused_and_deleted(
    request_: AdviceRequest, by: User, data: bytes, refusal: str
) -> None:
    upload = checked(request_, by, data)
    assert (upload.state, upload.refusal) == ("refused", refusal)
    assert not uploads.path_of(upload).exists()
    shown = panel(request_)
    assert ", and add " in shown.words(shown.files[0])


def test_a_sound_report_is_ready(request_: AdviceRequest, by: User) -> None:
    upload = checked(request_, by)
    assert (upload.state, upload.warnings, len(upload.sha256)) == ("clean", [], 64)
    quarantine.check(upload.pk, now=NOW + timedelta(hours=1))
    assert Upload.objects.get().state == "clean"


def test_the_scanner_decides(request_: AdviceRequest, by: User, scanner: Clamd) -> None:
    assert checked(request_, by).state == "clean"
    infected = files.word("Sam Example", more={"word/media/a.bin": b"x"}) + EICAR
    upload = checked(request_, by, infected, name="b.docx")
    assert (upload.state, upload.refusal) == ("refused", "infected")
    assert not uploads.path_of(upload).exists()
    assert scanner.scanned == [REPORT, infected]


@pytest.mark.parametrize("behaviour", ["error", "hang_up", "hang"])
def test_without_an_answer_it_stays_where_it_is_and_is_tried_again(
    request_: AdviceRequest,
    by: User,
    scanner: Clamd,
    behaviour: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(quarantine, "SCAN_SECONDS", 0.5)
    scanner.behaviour = behaviour
    upload = checked(request_, by)
    assert (upload.state, upload.scanner_away) == ("checking", True)
    shown = panel(request_)
    assert "does not answer" in shown.words(shown.files[0])
    with pytest.raises(Refused, match="still being checked"):
        given(request_, by)
    assert quarantine.due(NOW) == []
    later = NOW + timedelta(minutes=2)
    assert quarantine.due(later) == [upload.pk]
    scanner.behaviour = "judge"
    quarantine.check(upload.pk, now=later)
    assert Upload.objects.get().state == "clean"


def test_a_scanner_that_is_gone_holds_nothing_up_for_ever(
    request_: AdviceRequest, by: User, settings: Any
) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    checked(request_, by)
    moment = NOW
    for _ in range(7):
        moment = Upload.objects.get().next_check_at
        quarantine.check(Upload.objects.get().pk, now=moment)
    upload = Upload.objects.get()
    assert (upload.state, upload.attempts) == ("checking", 0)
    assert upload.next_check_at - moment <= timedelta(minutes=15)


def test_a_worker_killed_in_mid_check_loses_nothing(
    request_: AdviceRequest, by: User, woken: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(request_, by)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(quarantine, "look_through", killed)
        with pytest.raises(KeyboardInterrupt):
            quarantine.check(upload.pk, now=NOW)
    quarantine.check(upload.pk, now=NOW + timedelta(minutes=1))
    assert Upload.objects.get().state == "checking"
    later = NOW + quarantine.LEASE
    monkeypatch.setattr("ehc.moments.now", lambda: later)
    assert tasks.sweep_uploads() == 1
    assert woken == [upload.pk]
    tasks.check_upload(upload.pk)
    assert Upload.objects.get().state == "clean"


def test_a_file_that_kills_every_worker_is_given_up(
    request_: AdviceRequest, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(request_, by)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(quarantine, "look_through", killed)
    for n in range(quarantine.MOST_ATTEMPTS):
        with pytest.raises(KeyboardInterrupt):
            quarantine.check(upload.pk, now=NOW + n * quarantine.LEASE)
    quarantine.check(upload.pk, now=NOW + timedelta(days=1))
    assert Upload.objects.get().refusal == "took_too_long"


def test_a_file_that_the_disk_lost_is_said_to_be(request_: AdviceRequest, by: User) -> None:
    upload = sent(request_, by)
    uploads.path_of(upload).unlink()
    quarantine.check(upload.pk, now=NOW)
    assert Upload.objects.get().refusal == "lost"


def test_what_was_never_finished_goes_after_a_day(request_: AdviceRequest, by: User) -> None:
    upload = begun(request_, by)
    uploads.receive(upload, offset=0, data=REPORT[:100], by=by, today=TODAY)
    ready = checked(request_, by, name="ready.pdf")
    assert quarantine.clear(NOW + timedelta(hours=23)) == 0
    assert quarantine.clear(NOW + timedelta(hours=25)) == 1
    assert quarantine.clear(NOW + timedelta(hours=25)) == 0
    assert not uploads.path_of(upload).exists()
    assert panel(request_).files == [ready]


def test_what_nobody_will_give_goes_when_the_request_is_long_closed(
    request_: AdviceRequest, by: User, asked: Asked
) -> None:
    upload = checked(request_, by)
    commands.withdraw(
        asked.assessment, on=TODAY, by=asked.council.caseworker, today=TODAY, reason="They moved."
    )
    assert quarantine.clear(NOW + timedelta(days=29)) == 0
    assert quarantine.clear(NOW + timedelta(days=31)) == 1
    assert not uploads.path_of(upload).exists()


# Warnings and giving


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
