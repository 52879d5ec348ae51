"""A report is checked before anybody can open it, and what nobody gives is cleared."""

from datetime import timedelta
from typing import Any

import pytest

from advice import quarantine, tasks, uploads
from advice.models import AdviceRequest, Upload
from advice.queries.uploads import panel
from ehc import commands
from ehc.commands import Refused
from ehc.models import User
from tests.advice import files
from tests.advice.asked import Asked
from tests.advice.clamd import EICAR, Clamd
from tests.advice.uploads.sent import NOW, REPORT, TODAY, Commits, begun, checked, given, sent

pytestmark = pytest.mark.django_db


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

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(quarantine, "looked_and_scanned", killed)
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

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(quarantine, "looked_and_scanned", killed)
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
