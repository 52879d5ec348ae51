"""The pages on which a request is registered."""

import uuid
from datetime import date, timedelta

import pytest

from ehc.dates import in_words
from ehc.models import Assessment, Case, CaseEvent
from tests.ehc.step_forms import boxes, text, weeks_ago
from tests.factories import Council, PersonFactory, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def council() -> Council:
    return Council()


@pytest.fixture
def assessment(council: Council) -> Assessment:
    return council.register(weeks_ago(5))


REQUEST = {
    "source": "1",
    "forename": "Ola",
    "surname": "Nowak",
    "upn_unknown": "UN1",
    **boxes(date(2018, 2, 3), "date_of_birth"),
}


def request_of(council: Council, **changes: str) -> dict[str, str]:
    return {
        **REQUEST,
        **boxes(weeks_ago(1), "received_on"),
        "authority": str(council.authority.pk),
        "token": str(uuid.uuid4()),
        **changes,
    }


def test_registering_twice_with_one_press_makes_one_case(council: Council) -> None:
    client = signed_in(council.caseworker)
    typed = request_of(council, page="confirm")
    places = [client.post("/register/", typed)["Location"] for _ in range(2)]
    assert places[0] == places[1]
    assert Case.objects.count() == 1


def test_a_child_who_may_be_known_must_be_told_apart(council: Council) -> None:
    person = PersonFactory.build(
        authority=council.authority, surname="NOWAK", date_of_birth=date(2018, 2, 3)
    )
    known = council.register(weeks_ago(9), person=person).case
    client = signed_in(council.caseworker)
    response = client.post("/register/", request_of(council))
    assert "This child may be known already" in text(response)
    assert known.reference in text(response)
    undecided = client.post("/register/", request_of(council, page="confirm"))
    assert undecided.status_code == 422
    assert Case.objects.count() == 1
    client.post("/register/", request_of(council, page="confirm", same_as="new"))
    assert Case.objects.count() == 2


def test_the_same_child_with_an_assessment_under_way_is_refused(council: Council) -> None:
    person = PersonFactory.build(
        authority=council.authority, surname="Nowak", date_of_birth=date(2018, 2, 3)
    )
    known = council.register(weeks_ago(9), person=person).case
    response = signed_in(council.caseworker).post(
        "/register/", request_of(council, page="confirm", same_as=known.reference)
    )
    assert response.status_code == 422
    assert "An assessment is already under way for this child" in text(response)
    assert "Nowak" in response.content.decode()


def test_a_restricted_duplicate_is_not_given_away(council: Council) -> None:
    person = PersonFactory.build(
        authority=council.authority, surname="Nowak", date_of_birth=date(2018, 2, 3)
    )
    hidden = council.register(weeks_ago(9), person=person).case
    Case.objects.filter(pk=hidden.pk).update(restricted=True)
    response = signed_in(council.colleague).post("/register/", request_of(council))
    assert hidden.reference not in text(response)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"upn": "B123456789012", "upn_unknown": ""}, "not a valid UPN"),
        ({"upn_unknown": ""}, "Give the UPN, or say why it is not known"),
        ({"nhs_number": "123"}, "not a valid NHS number"),
        ({"email": "nobody@example.org"}, "Enter the parent’s or carer’s full name"),
        (boxes(date(2090, 1, 1), "received_on"), "cannot be in the future"),
    ],
)
def test_what_is_wrong_with_a_request(council: Council, changes: dict[str, str], says: str) -> None:
    response = signed_in(council.caseworker).post("/register/", request_of(council, **changes))
    assert response.status_code == 422
    assert says in text(response)
    assert "Nowak" in response.content.decode()


OLD = boxes(date(1990, 2, 3), "date_of_birth")


def test_a_request_for_somebody_too_old_is_warned_about(council: Council) -> None:
    """The law is for those under 25; who knows better goes on, and says why."""
    client = signed_in(council.caseworker)
    assert "registered all the same" not in text(client.get("/register/"))
    warned = client.post("/register/", request_of(council, **OLD))
    assert warned.status_code == 422
    assert "An assessment is for those under 25" in text(warned)
    assert "Why is it registered all the same?" in text(warned)
    bare = client.post("/register/", request_of(council, page="confirm", **OLD))
    assert (bare.status_code, Case.objects.count()) == (422, 0)
    typed = request_of(council, reason="Ordered by the Tribunal.", **OLD)
    assert "Ordered by the Tribunal." in text(client.post("/register/", typed))
    done = client.post("/register/", {**typed, "page": "confirm"}, follow=True)
    assert "Ordered by the Tribunal." in text(done)
    assert CaseEvent.objects.get().data["reason"] == "Ordered by the Tribunal."


def test_the_day_before_the_twenty_fifth_birthday_is_young_enough(council: Council) -> None:
    received = weeks_ago(1)
    eve = received + timedelta(days=1)
    born = eve.replace(year=eve.year - 25) if (eve.month, eve.day) != (2, 29) else date(2001, 3, 1)
    client = signed_in(council.caseworker)
    young = client.post("/register/", request_of(council, **boxes(born, "date_of_birth")))
    assert young.status_code == 200
    a_day_older = boxes(born - timedelta(days=1), "date_of_birth")
    assert client.post("/register/", request_of(council, **a_day_older)).status_code == 422


def test_the_answers_are_shown_before_a_request_is_registered(council: Council) -> None:
    shown = text(signed_in(council.caseworker).post("/register/", request_of(council)))
    for words in ("Nowak", "3 February 2018", "Parent or young person", in_words(weeks_ago(1))):
        assert words in shown[shown.index("<dl") :]


def test_registering_needs_its_right(council: Council) -> None:
    assert signed_in(council.chair).get("/register/").status_code == 403
