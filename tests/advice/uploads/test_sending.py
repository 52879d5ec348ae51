"""A report arrives, in pieces or whole, from whoever writes the advice."""

import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from advice import commands as advice
from advice import quarantine, uploads
from advice.models import AdviceRequest, Upload
from advice.permissions import may_write
from advice.queries.uploads import find, panel
from advice.uploads import WrongOffset
from ehc.commands import Refused
from ehc.models import Role, User
from ehc.permissions import NotAllowed
from tests.advice.asked import WRITTEN, Asked
from tests.advice.uploads.sent import NOW, REPORT, TODAY, Commits, begun, sent
from tests.factories import member

pytestmark = pytest.mark.django_db


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


def test_a_request_holds_only_so_much(request_: AdviceRequest, by: User, settings: Any) -> None:
    settings.MOST_BYTES_OF_REQUEST = 2 * len(REPORT)
    first, _ = (begun(request_, by, name=f"{n}.pdf") for n in range(2))
    with pytest.raises(Refused, match="files of one request can have"):
        begun(request_, by, name="third.pdf")
    uploads.remove(first, by=by, today=TODAY, now=NOW)
    assert begun(request_, by, name="third.pdf").state == "receiving"


def test_a_person_sends_only_so_much_in_a_day(
    request_: AdviceRequest, by: User, settings: Any
) -> None:
    settings.MOST_BYTES_OF_DAY = 2 * len(REPORT)
    first, _ = (begun(request_, by, name=f"{n}.pdf") for n in range(2))
    uploads.remove(first, by=by, today=TODAY, now=NOW)
    with pytest.raises(Refused, match="one person can add"):
        begun(request_, by, name="third.pdf")
    tomorrow = NOW + timedelta(days=1)
    later = begun(request_, by, name="third.pdf", now=tomorrow, today=tomorrow.date())
    assert later.state == "receiving"
