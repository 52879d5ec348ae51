"""The pages on which reports are added: with the script, without it, and for whom they open."""

import uuid
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice import quarantine, tasks
from advice.models import AdviceRequest, Form, Upload
from ehc import moments
from ehc.models import AccessLog, CaseParty, Person, Role
from tests.advice import files
from tests.advice.asked import WRITTEN, Asked
from tests.factories import UserFactory, member, signed_in

pytestmark = pytest.mark.django_db
REPORT = files.pdf("Sam Example was seen at school.")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    settings.CLAMAV = ""
    monkeypatch.setattr(tasks, "wake_check", lambda _: None)


@pytest.fixture
def asked() -> Asked:
    found = Asked(own=(Form.PARENT,))
    Person.objects.filter(cases=found.assessment.case).update(forename="Sam", surname="Example")
    return found


@pytest.fixture
def request_(asked: Asked) -> AdviceRequest:
    return asked.of(asked.council.psychology)


@pytest.fixture
def client(asked: Asked) -> Client:
    return signed_in(asked.council.psychologist)


def base(request: AdviceRequest) -> str:
    return f"/advice/requests/{request.pk}/uploads/"


def form(*names_and_data: tuple[str, bytes], token: str = "") -> dict[str, Any]:
    sent = [SimpleUploadedFile(name, data) for name, data in names_and_data]
    return {"files": sent, "token": token or str(uuid.uuid4())}


def begin(client: Client, request: AdviceRequest, data: bytes = REPORT) -> dict[str, Any]:
    fields = {"name": "report.pdf", "size": str(len(data)), "mark": "1"}
    found: dict[str, Any] = client.post(base(request) + "begin/", fields).json()
    return found


def put(client: Client, address: str, offset: int, data: bytes) -> Any:
    return client.put(
        address,
        data,
        content_type="application/octet-stream",
        headers={"Upload-Offset": str(offset)},
    )


def check_all() -> None:
    for upload in Upload.objects.filter(state="checking"):
        quarantine.check(upload.pk, now=moments.now())


def test_a_script_sends_pieces_is_told_where_it_stands_and_finishes(
    client: Client, request_: AdviceRequest
) -> None:
    begun = begin(client, request_)
    address = f"{base(request_)}{begun['key']}/"
    assert (begun["received"], begun["receiving"]) == (0, True)
    assert put(client, address + "piece/", 0, REPORT[:50]).json() == {"received": 50}
    wrong = put(client, address + "piece/", 0, REPORT[:50])
    assert (wrong.status_code, wrong.json()) == (409, {"received": 50})
    assert client.get(address + "piece/").json()["received"] == 50
    assert begin(client, request_)["received"] == 50
    early = client.post(address + "finish/", headers={"Accept": "application/json"})
    assert (early.status_code, early.json()) == (409, {"received": 50})
    assert put(client, address + "piece/", 50, REPORT[50:]).json() == {"received": len(REPORT)}
    for _ in range(2):
        done = client.post(address + "finish/", headers={"Accept": "application/json"})
        assert done.status_code == HTTPStatus.OK
    assert "Being checked" in client.get(base(request_) + "list/").content.decode()


def test_what_cannot_be_is_said_in_words(client: Client, request_: AdviceRequest) -> None:
    fields = {"name": "scan.pdf", "size": str(60 * 1024 * 1024)}
    large = client.post(base(request_) + "begin/", fields)
    assert large.status_code == 422
    assert "larger than 50 MB" in large.json()["words"]
    for size in ("", "-1", "99999999999", "x"):
        answer = client.post(base(request_) + "begin/", {"name": "a.pdf", "size": size})
        assert answer.status_code == HTTPStatus.BAD_REQUEST
    begun = begin(client, request_, b"123456")
    piece = f"{base(request_)}{begun['key']}/piece/"
    assert put(client, piece, 0, b"1234567").status_code == 422
    assert put(client, piece, 0, bytes(4 * 1024 * 1024 + 1)).status_code == 400
    assert client.put(piece, b"1234", content_type="application/octet-stream").status_code == 400


def test_without_a_script_a_form_sends_several_at_once(
    client: Client, request_: AdviceRequest
) -> None:
    sent = form(("a.pdf", REPORT), ("b.docx", files.word("Sam Example")), ("c.pdf", b"MZ" * 90))
    answer = client.post(base(request_), sent, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain
    assert page.count("Being checked</strong>") == 2
    assert "It is a program, whatever its name says." in page
    check_all()
    assert client.get(base(request_)).content.decode().count("It goes with your answer.") == 2


def test_the_same_form_pressed_twice_adds_its_files_once(
    client: Client, request_: AdviceRequest
) -> None:
    token = str(uuid.uuid4())
    for _ in range(2):
        client.post(base(request_), form(("a.pdf", REPORT), ("b.pdf", REPORT), token=token))
    assert Upload.objects.count() == 2


def test_a_form_without_a_file_or_with_60_mb_says_so(
    client: Client, request_: AdviceRequest
) -> None:
    nothing = client.post(base(request_), {"token": str(uuid.uuid4())})
    assert nothing.status_code == 422
    assert "Choose a file to add." in nothing.content.decode()
    large = client.post(base(request_), form(("a.pdf", bytes(60 * 1024 * 1024)), ("b.pdf", REPORT)))
    assert large.status_code == 422
    page = large.content.decode()
    assert "“a.pdf” cannot be added. It is larger than 50 MB." in page
    assert Upload.objects.get().file_name == "b.pdf"


def test_warnings_are_answered_by_a_tick_and_files_removed(
    client: Client, request_: AdviceRequest
) -> None:
    client.post(base(request_), form(("a.pdf", files.pdf("Kim Sample, DOB 1/2/2012"))))
    check_all()
    page = client.get(base(request_)).content.decode()
    assert "The child’s name was not found in it." in page
    assert "It is about Sam Example." in page
    upload = Upload.objects.get()
    address = f"{base(request_)}{upload.key}/"
    unticked = client.post(address + "answer/", follow=True)
    assert "Tick the box" in unticked.content.decode()
    assert not Upload.objects.get().warnings_answered
    ticked = client.post(address + "answer/", {"right": "yes"}, follow=True)
    assert "is about the right child" in ticked.content.decode()
    assert Upload.objects.get().warnings_answered
    for _ in range(2):
        removed = client.post(address + "remove/", follow=True)
        assert "No report is added yet." in removed.content.decode()


def test_only_what_was_found_clean_can_be_opened(client: Client, request_: AdviceRequest) -> None:
    begun = begin(client, request_)
    address = f"{base(request_)}{begun['key']}/"
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    put(client, address + "piece/", 0, REPORT)
    client.post(address + "finish/")
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND
    case = request_.case.reference
    assert client.get(f"/cases/{case}/documents/{begun['key']}/").status_code == 404
    check_all()
    opened = client.get(address)
    assert b"".join(opened.streaming_content) == REPORT
    assert opened["Content-Disposition"] == 'attachment; filename="report.pdf"'
    assert AccessLog.objects.filter(case=request_.case, what="document").count() == 1


def test_the_page_is_recorded_and_costs_the_same_for_many(
    client: Client, request_: AdviceRequest
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            assert client.get(base(request_)).status_code == HTTPStatus.OK
        return len(statements)

    few = cost()
    assert AccessLog.objects.filter(case=request_.case, what="advice").count() == 1
    for n in range(8):
        client.post(base(request_), form((f"{n}.pdf", REPORT)))
    assert cost() <= few


def test_the_write_page_shows_them_and_its_forms_lose_nothing_without_scripts(
    client: Client, request_: AdviceRequest
) -> None:
    client.post(base(request_), form(("a.pdf", REPORT)))
    page = client.get(f"/advice/requests/{request_.pk}/write/").content.decode()
    assert "a.pdf" in page
    assert page.count("data-quiet hidden") == 1
    assert "data-add hidden" in page
    assert f'href="{base(request_)}"' in page
    assert "advice-uploads.js" in page


def test_the_family_adds_to_its_own(asked: Asked) -> None:
    parent = UserFactory.create()
    CaseParty.objects.create(
        case=asked.assessment.case,
        user=parent,
        capacity=CaseParty.Capacity.FAMILY,
        starts_on=date(2025, 1, 1),
    )
    own, other = asked.own(Form.PARENT), asked.of(asked.council.psychology)
    client = signed_in(parent)
    answer = client.post(base(own), form(("letter.pdf", REPORT)))
    assert answer.status_code == HTTPStatus.FOUND
    assert Upload.objects.get().by == parent
    assert client.get(base(other)).status_code == HTTPStatus.NOT_FOUND


def test_nobody_else_finds_any_of_it(client: Client, request_: AdviceRequest, asked: Asked) -> None:
    begun = begin(client, request_)
    address = f"{base(request_)}{begun['key']}/"
    others = [
        asked.council.auditor,
        member(Role.ADVISER, organisation=asked.council.health),
        UserFactory.create(),
    ]
    for user in others:
        stranger = signed_in(user)
        answers = [
            stranger.get(base(request_)),
            stranger.post(base(request_), form(("a.pdf", REPORT))),
            stranger.get(base(request_) + "list/"),
            stranger.post(base(request_) + "begin/", {"name": "a", "size": "1"}),
            stranger.get(address),
            stranger.get(address + "piece/"),
            put(stranger, address + "piece/", 0, b"x"),
            *(stranger.post(f"{address}{deed}/") for deed in ("finish", "remove", "answer")),
        ]
        assert {a.status_code for a in answers} == {HTTPStatus.NOT_FOUND}
    other = asked.of(asked.council.health)
    colleague = signed_in(member(Role.ADVISER, organisation=asked.council.health))
    moved = colleague.get(f"{base(other)}{begun['key']}/piece/")
    assert moved.status_code == HTTPStatus.NOT_FOUND
    upload = Upload.objects.get()
    assert (upload.received, upload.removed_at) == (0, None)


def test_after_giving_nothing_is_added_and_that_is_said(
    client: Client, request_: AdviceRequest, asked: Asked
) -> None:
    begun = begin(client, request_)
    today = moments.today()
    advice.give_advice(
        request_, on=today, content=WRITTEN, by=asked.council.psychologist, today=today
    )
    late = put(client, f"{base(request_)}{begun['key']}/piece/", 0, REPORT)
    assert late.status_code == 422
    assert "gave this advice" in late.json()["words"]
    assert client.post(base(request_) + "begin/", {"name": "a", "size": "1"}).status_code == 422
    assert "gave this advice" in client.get(base(request_), follow=True).content.decode()
    posted = client.post(base(request_), form(("a.pdf", REPORT)))
    assert (posted.status_code, Upload.objects.count()) == (422, 1)


def test_a_page_that_is_sent_without_its_token_is_refused(
    request_: AdviceRequest, asked: Asked
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(
        asked.council.psychologist, backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.post(base(request_) + "begin/", {"name": "a", "size": "1"}).status_code == 403
    address = f"{base(request_)}{uuid.uuid4()}/piece/"
    assert put(client, address, 0, b"x").status_code == HTTPStatus.FORBIDDEN


def test_signed_out_everything_leads_to_the_door(request_: AdviceRequest) -> None:
    stranger = Client()
    address = f"{base(request_)}{uuid.uuid4()}/"
    for answer in (
        stranger.get(base(request_)),
        stranger.get(base(request_) + "list/"),
        put(stranger, address + "piece/", 0, b"x"),
        stranger.post(address + "finish/"),
    ):
        assert answer.status_code == HTTPStatus.FOUND
        assert answer["Location"].startswith("/sign-in/")


def on_check_page(client: Client, request: AdviceRequest) -> str:
    page = client.get(f"/advice/requests/{request.pk}/give/").content.decode()
    return " ".join(page.split("<main")[1].split())


def test_a_report_that_must_be_looked_at_again_stands_on_the_check_page(
    client: Client, request_: AdviceRequest
) -> None:
    other = files.pdf("Robert Miller was seen at school. Date of birth: 1 May 2011.")
    client.post(base(request_), form(("other.pdf", other)))
    before, _, reports = on_check_page(client, request_).partition("What will be given")
    assert "Look at these reports first" in before
    assert "other.pdf</a>: being checked" in before
    upload = Upload.objects.get()
    quarantine.check(upload.pk, now=moments.now())
    before, _, reports = on_check_page(client, request_).partition("What will be given")
    assert "other.pdf</a>: look again" in before
    assert "date of birth that is not this child" in reports
    address = f"{base(request_)}{upload.key}/answer/"
    assert f'action="{address}"' in reports
    there = f"http://testserver/advice/requests/{request_.pk}/give/"
    sent = client.post(address, {"right": "yes"}, headers={"referer": there})
    assert sent["Location"] == f"/advice/requests/{request_.pk}/give/"
    assert "Look at these reports first" not in on_check_page(client, request_)


def test_the_check_page_says_of_a_report_without_rows_that_rows_are_wanted(
    client: Client, request_: AdviceRequest
) -> None:
    client.post(base(request_), form(("report.pdf", REPORT)))
    page = on_check_page(client, request_)
    assert "There is no row of need, outcome and provision" in page
    assert "put into rows what the report says" in page
    assert ">Give advice</button>" in page
