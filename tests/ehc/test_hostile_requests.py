"""What no page of ours sends is refused in order, and no page about a child is kept."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ehc import moments
from ehc.models import Assessment, Authority
from tests.factories import Council, signed_in

pytestmark = pytest.mark.django_db

NULL = "\0"


@pytest.fixture
def assessment() -> Assessment:
    return Council().register(moments.today())


@pytest.fixture
def client(assessment: Assessment) -> Client:
    return signed_in(assessment.case.owner)


@pytest.mark.parametrize(
    "address",
    [
        "/?awaiting=%00",
        "/?%00=1",
        "/cases/%00/",
        "/worklist.csv?awaiting=a%00",
        "/sign-in/?next=%00",
    ],
)
def test_a_null_character_in_an_address_is_refused(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    assert "could not be read" in answer.content.decode()


def test_a_null_character_in_a_cookie_is_refused() -> None:
    """Before the session is looked for: a stranger can send this."""
    client = Client()
    client.cookies["sessionid"] = "abcdefgh" + NULL
    assert client.get("/sign-in/").status_code == 400


def test_a_null_character_searched_for_does_not_close_the_worklist(client: Client) -> None:
    client.post("/search/", {"search": f"Sam{NULL}uel"})
    assert client.get("/").status_code == 200


def test_a_body_larger_than_any_page_sends_is_not_received(settings: Any) -> None:
    settings.LARGEST_BODY = 1000
    assert (
        Client().post("/sign-in/", {"file": SimpleUploadedFile("x", b"0" * 900)}).status_code == 400
    )
    assert Client().post("/sign-in/", {"login": "x"}).status_code == 200


def test_no_page_about_a_child_is_kept(client: Client, assessment: Assessment) -> None:
    case = f"/cases/{assessment.case.reference}"
    addresses = [
        "/", "/worklist.csv", "/register/", "/account/", f"{case}/", f"{case}/documents/add/",
        f"{case}/steps/agree_to_assess/", f"{case}/do/record_contact/", "/cases/none/",
    ]  # fmt: skip
    kept = [a for a in addresses if "no-store" not in client.get(a).get("Cache-Control", "")]
    assert kept == []
    confirm = client.post(f"{case}/steps/agree_to_assess/", {"on-day": "x"})
    assert "no-store" in confirm["Cache-Control"]


def test_nobody_adds_an_address_to_their_account(client: Client, assessment: Assessment) -> None:
    """It would receive the links that set a new password, and count wrong passwords apart."""
    client.post("/accounts/email/", {"email": "elsewhere@example.net", "action_add": ""})
    owner = assessment.case.owner
    assert not owner.emailaddress_set.filter(email="elsewhere@example.net").exists()


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [("1" * 5000, "1", "2026"), ("1", "1", "1900"), ("1", "9" * 5000, "2026")],
)
def test_a_date_that_no_clock_knows_is_a_mistake_in_the_form(
    client: Client, assessment: Assessment, day: str, month: str, year: str
) -> None:
    case = f"/cases/{assessment.case.reference}"
    typed = {"reason": "R", "page": "confirm"}
    for name, path in (
        ("on", f"{case}/steps/agree_to_assess/"),
        ("right_date", f"{case}/history/1/correct/request_received/"),
    ):
        boxes = {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}
        assert client.post(path, typed | boxes).status_code == 422, path


def registered(client: Client, **others: str) -> Any:
    typed = {
        "received_on-day": "8", "received_on-month": "1", "received_on-year": "2025",
        "date_of_birth-day": "4", "date_of_birth-month": "5", "date_of_birth-year": "2016",
        "source": "1", "forename": "Wren", "surname": "Example", "upn_unknown": "UN8",
        "authority": str(Authority.objects.get().pk),
        "page": "confirm",
    }  # fmt: skip
    return client.post("/register/", typed | others)


def test_a_name_is_one_line_of_what_can_be_seen(client: Client) -> None:
    typed = {
        "forename": "Wren\r\nMary",
        "surname": "\u202eelpmaxE\u202c",
        "preferred_name": "\u200b",
    }
    assert registered(client, **typed).status_code == 302
    page = client.post("/search/", {"search": "wren mary elpmaxe"}, follow=True)
    assert "Wren Mary elpmaxE" in page.content.decode()
    assert registered(client, forename="\u200b\u2060").status_code == 422


def test_a_postcode_that_grows_in_capitals_is_a_mistake_in_the_form(client: Client) -> None:
    assert registered(client, postcode="ß" * 10).status_code == 422


def test_old_dates_of_birth_are_taken(client: Client) -> None:
    old = {"date_of_birth-year": "1989", "reason": "Ordered by the Tribunal."}
    assert registered(client, **old).status_code == 302
    assert registered(client, **{"received_on-year": "1989"}).status_code == 422
