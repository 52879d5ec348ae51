"""Signs that a report is about another child: they warn, and name nobody."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advice.identity import WARNINGS, warnings_in
from advice.models import AdviceRequest
from ehc.identity import names_the_child, other_birth_dates, words_of
from ehc.models import Person
from tests.advice.asked import Asked
from tests.factories import Council

BORN = date(2016, 5, 4)


def child(forename: str, surname: str, preferred: str = "") -> Person:
    return Person(forename=forename, surname=surname, preferred_name=preferred)


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (child("Sam", "Example"), "A report about Sam Example."),
        (child("Sam", "Example"), "EXAMPLE, Sam (Elm Lane Primary)"),
        (child("Sam", "Example"), "I met Sam at school."),
        (child("Sam", "Example"), "what sam example’s teacher says"),
        (child("Zoë", "O’Brien"), "Zoe O'Brien"),
        (child("Zoe", "O'Brien"), "ZOË O’BRIEN"),
        (child("Zoe\u0308", "Example"), "Zoë"),
        (child("Anne-Marie", "St. John"), "Anne Marie St John"),
        (child("Mary Jane", "Example"), "Mary’s progress"),
        (child("Katherine", "Example", "Kit"), "Kit likes numbers."),
        (child("Оля", "Петренко"), "Оля Петренко, 8 років"),
        (child("Ольга", "Кравець"), "КРАВЕЦЬ Ольга"),
        (child("فاطمة", "حسن"), "تقرير عن فاطمة حسن"),
        (child("小明", "王"), "王小明喜歡數學"),
        (child("अनिल", "कुमार"), "अनिल कुमार"),
        (child("Łukasz", "Żak"), "Łukasz Żak"),
    ],
)
def test_a_name_is_found_however_it_is_written(person: Person, text: str) -> None:
    assert names_the_child(text, person)


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (child("Sam", "Example"), "A report about Kim Sample, the same example as before."),
        (child("Sam", "Example"), "Samuel Example"),
        (child("Will", "Grace"), "he will say grace"),
        (child("Sam", "Example"), "J. Example was seen."),
    ],
)
def test_a_name_is_not_found_in_other_words(person: Person, text: str) -> None:
    assert not names_the_child(text, person)


@pytest.mark.parametrize(
    "text",
    [
        "DOB: 04/05/2016",
        "D.O.B. 4.5.16",
        "d.o.b 4-5-2016",
        "Date of birth (dd/mm/yyyy): 04/05/2016",
        "born on 4th May 2016",
        "born 4th of May, 2016",
        "Born: May 4, 2016",
        "DOB 2016-05-04",
        "DOB 4-May-16",
        "DOB 05/04/2016",
        "date  of\nbirth\n04 MAY 2016",
        "She was born in Leeds on 4 May 2016.",
        "DOB: 04/05/2016. Mother: DOB 03/02/1985.",
        "DOB:       Date of report: 03/03/2025",
        "Seen on 3 March 2024. Review due 03/09/2024.",
        "DOB: not given",
        "DOB 99/99/2016",
    ],
)
def test_the_childs_own_date_of_birth_is_no_reason_to_warn(text: str) -> None:
    assert not other_birth_dates(text, BORN)


@pytest.mark.parametrize(
    "text",
    [
        "DOB: 04/05/2015",
        "D.O.B. 5.6.16",
        "born on 14th May 2016",
        "Date of birth: June 4, 2016",
        "DOB 2016-05-14",
        "DOB 04/05/2016 … and further below: DOB 07/08/2014",
        "Date of birth: 03/02/1985",
    ],
)
def test_another_date_of_birth_is_noticed(text: str) -> None:
    assert other_birth_dates(text, BORN)


def test_words_are_bounded() -> None:
    assert len(words_of("word " * 200_000)) == 60_000


def asked_about(council: Council, **names: str) -> AdviceRequest:
    """A request to the council’s psychologists about a child of that name."""
    asked = Asked(council)
    Person.objects.filter(cases=asked.assessment.case).update(**names)
    return AdviceRequest.objects.select_related("case__person", "organisation").get(
        process=asked.pk, organisation=council.psychology
    )


@pytest.fixture
def council(db: None) -> Council:
    return Council()


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ({"forename": "Kim", "surname": "Sample"}, "… as I said of Kim Sample in autumn."),
        ({"forename": "Kim", "surname": "Sample"}, "SAMPLE, Kim"),
        ({"forename": "Kim", "surname": "Sample"}, "Kim Sample’s needs"),
        ({"forename": "Zoë", "surname": "O’Brien"}, "Zoe O'Brien"),
        ({"forename": "Zoe", "surname": "OBrien"}, "Zoë O’Brien"),
        ({"forename": "Mary Jane", "surname": "van der Berg"}, "Mary van der Berg"),
        ({"forename": "Anne-Marie", "surname": "Smith-Jones"}, "Anne Marie Smith Jones"),
        ({"forename": "Katherine", "surname": "Sample", "preferred_name": "Kit"}, "Kit Sample"),
        ({"forename": "Ольга", "surname": "Кравець"}, "ОЛЬГА КРАВЕЦЬ"),
        ({"forename": "小明", "surname": "王"}, "報告：王小明喜歡數學"),
    ],
)
def test_another_child_of_the_same_service_is_noticed(
    council: Council, other: dict[str, str], text: str
) -> None:
    asked_about(council, **other)
    request = asked_about(council, forename="Sam", surname="Example")
    assert warnings_in(text, request) == ["other_child"]
    assert warnings_in(f"Sam Example. {text}", request, is_report=True) == ["other_child"]


def test_a_child_of_another_service_and_half_a_name_are_not(council: Council) -> None:
    asked_about(Council(), forename="Kim", surname="Sample")
    asked_about(council, forename="Robin", surname="Sample")
    request = asked_about(council, forename="Sam", surname="Example")
    assert warnings_in("Kim Sample, and Robin, a sample of whose work", request) == []


def test_the_child_itself_is_not_another_child(council: Council) -> None:
    asked_about(council, forename="Sam", surname="Example")
    request = asked_about(council, forename="Sam", surname="Example")
    assert warnings_in("Sam Example", request) == []


def test_a_report_must_name_the_child_and_a_form_need_not(council: Council) -> None:
    request = asked_about(council, forename="Sam", surname="Example")
    assert warnings_in("He likes numbers.", request) == []
    assert warnings_in("He likes numbers.", request, is_report=True) == ["name_missing"]
    assert warnings_in(" \n ", request, is_report=True) == ["not_read"]


def test_a_warning_is_a_code_that_has_words_and_costs_one_statement(council: Council) -> None:
    asked_about(council, forename="Kim", surname="Sample")
    request = asked_about(council, forename="Sam", surname="Example")
    with CaptureQueriesContext(connection) as statements:
        found = warnings_in("Kim Sample, DOB 1 June 2013", request, is_report=True)
    assert found == ["name_missing", "other_birth_date", "other_child"]
    assert set(found) <= set(WARNINGS)
    assert len(statements) == 1


def test_the_family_is_compared_with_nobody(council: Council) -> None:
    asked_about(council, forename="Kim", surname="Sample")
    request = asked_about(council, forename="Sam", surname="Example")
    request.organisation = None
    assert warnings_in("Like Kim Sample.", request) == []
