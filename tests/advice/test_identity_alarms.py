"""How often the check of identity is wrong: what must not be noticed, and what must."""

from datetime import date

import pytest

from advice.identity import warnings_in
from ehc.identity import names_the_child, other_birth_dates
from ehc.models import Person
from tests.advice.test_identity import asked_about
from tests.factories import Council

BORN = date(2015, 3, 3)
OTHER = date(2013, 9, 24)


@pytest.fixture
def council(db: None) -> Council:
    return Council()


def child(forename: str, surname: str) -> Person:
    return Person(forename=forename, surname=surname)


def ways(day: date) -> list[str]:
    """A date as people in Britain write it."""
    month = day.strftime("%B")
    ordinal = f"{day.day}{ {3: 'rd', 24: 'th'}[day.day] }"
    short = f"{day.year % 100:02}"
    boxes = " ".join(day.strftime("%d%m%Y"))
    return [
        day.strftime("%d/%m/%Y"),
        f"{day.day}/{day.month}/{short}",
        day.strftime("%d.%m.%y"),
        day.strftime("%d-%m-%Y"),
        day.strftime("%d %m %Y"),
        day.strftime("%d%m%Y"),
        day.isoformat(),
        boxes,
        f"{boxes[:3]} / {boxes[4:7]} / {boxes[8:]}",
        f"{ordinal} {month} {day.year}",
        f"{ordinal} of {month}, {day.year}",
        f"the {ordinal} {month} {day.year}",
        f"{day.day} {month[:3].upper()} {short}",
        f"{day.day}-{month[:3]}-{short}",
        f"{month} {day.day} {day.year}",
        f"{month} {ordinal}, {day.year}",
        f"{day.strftime('%A')} {day.day} {month} {day.year}",
    ]


MARKS = ("DOB: {}", "D.O.B.\t{}", "Date of Birth\n{}", "DoB – {}", "(born {})", "Birth date {}")


@pytest.mark.parametrize("mark", MARKS)
def test_every_way_of_writing_a_date(mark: str) -> None:
    for own, other in zip(ways(BORN), ways(OTHER), strict=True):
        assert not other_birth_dates(mark.format(own), BORN), own
        assert other_birth_dates(mark.format(other), BORN), other


@pytest.mark.parametrize(
    "text",
    [
        "DOB 03/03/2015\nBrother: Robin (DOB 24/09/2013), sister: Kim (DOB 01/02/2018)",
        "Mother: Alex Example, date of birth 24/09/1985",
        "DOB 03/03/2015. His mother was born on 24 September 1985, his half-brother on the farm.",
        "Name Relationship DOB\nRobin Example brother 24/09/2013\nSam Example 03/03/2015",
        "NHS number 943 476 5919 DOB not given, telephone 0114 496 0000",
        "DOB: see above. Ref 24092013/5",
    ],
)
def test_a_relatives_date_of_birth_is_no_reason_to_warn(text: str) -> None:
    assert not other_birth_dates(text, BORN)


@pytest.mark.parametrize(
    "text",
    [
        "Mother: Alex Example. Child: Robin, DOB 24/09/2013",
        "Parents: Alex and Kim Example\nDOB 24/09/2013",
        "The pupil (born 24 September 2013) lives with the mother.",
    ],
)
def test_the_childs_is_told_from_a_relatives(text: str) -> None:
    assert other_birth_dates(text, BORN)


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (child("Łukasz", "Żak"), "Lukasz was seen."),
        (child("Søren", "Kjær"), "SOREN KJAER"),
        (child("Işıl", "Yıldız"), "Isil Yildiz"),
        (child("Sam", "van der Berg"), "van der Berg, Sam"),
        (child("Sam", "Al-Hassan"), "AL HASSAN Sam"),
        (child("Sam", "Smith-Jones"), "Sam Smith Jones"),
        (child("Sam", "Example"), "a report on S. Example"),
        (child("Sam", "Example"), "Example, S was seen; S Example likes numbers"),
        (child("D’Arcy", "O’Neil"), "Darcy Oneil"),
    ],
)
def test_a_name_as_it_is_typed_in_a_hurry(person: Person, text: str) -> None:
    assert names_the_child(text, person)


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (child("Sam", "Example"), "a report on K. Example, and an example"),
        (child("小明", "王"), "王老師"),
    ],
)
def test_a_name_that_is_anothers(person: Person, text: str) -> None:
    assert not names_the_child(text, person)


@pytest.mark.parametrize(
    ("person", "written"),
    [
        (child("Mohammed", "Khan"), "Muhammad Khan, Mohamed was seen at home"),
        (child("Muhammad", "Hussain"), "MOHAMED HUSSEIN"),
        (child("Mohammed Yusuf", "Ahmed"), "Mohamed Yousef Ahmad"),
        (child("Abdul-Rahman", "Ali"), "Abdurrahman Ali"),
        (child("Aisha", "Chowdhury"), "Ayesha Choudhury"),
        (child("Oleksandr", "Shevchenko"), "Aleksandr Shevchenko"),
        (child("Siân", "Prys-Jones"), "Sian Prys Jones"),
        (child("Sian", "Prys Jones"), "Siân Prys-Jones"),
    ],
)
def test_one_name_brought_over_from_another_script_in_several_ways(
    person: Person, written: str
) -> None:
    assert names_the_child(written, person)


@pytest.mark.parametrize(
    ("person", "written"),
    [
        (child("Jayden", "Smith"), "Hayden Smith was seen"),
        (child("Mia", "Jones"), "Maya Jones was seen"),
        (child("Mohammed", "Khan"), "Mahmoud Khan was seen"),
        (child("Ahmed", "Ali"), "Hamed Ali was seen"),
        (child("Hassan", "Ali"), "Hussain Ali was seen"),
        (child("Aisha", "Ali"), "Asha Ali was seen"),
    ],
)
def test_a_name_that_is_only_like_it_is_another_name(person: Person, written: str) -> None:
    assert not names_the_child(written, person)


def test_another_child_is_found_in_another_spelling_and_the_child_is_not_taken_for_them(
    council: Council,
) -> None:
    asked_about(council, forename="Yusuf", surname="Hussain")
    request = asked_about(council, forename="Mohammed", surname="Khan")
    assert warnings_in("As with Yousef Hussein", request) == ["other_child"]
    asked_about(council, forename="Muhammad", surname="Khan")
    assert warnings_in("Mohamed Khan reads well", request, is_report=True) == []


@pytest.mark.parametrize("surname", ["Łasica", "Bjørn", "Kjær", "Strauß", "Yıldız"])
def test_another_child_is_found_by_a_name_without_its_signs(council: Council, surname: str) -> None:
    asked_about(council, forename="Kim", surname=surname)
    request = asked_about(council, forename="Sam", surname="Example")
    typed = {"Łasica": "Lasica", "Bjørn": "Bjorn", "Kjær": "Kjaer", "Strauß": "Strauss"}
    for written in (surname, surname.upper(), typed.get(surname, "Yildiz")):
        assert warnings_in(f"As with Kim {written}", request) == ["other_child"], written


def test_a_sibling_in_the_family_is_no_reason_and_a_siblings_report_is_one(
    council: Council,
) -> None:
    asked_about(council, forename="Robin", surname="Example")
    request = asked_about(council, forename="Sam", surname="Example")
    family = (
        "Sam Example. Household: Sam Example, Robin Example (brother). Sam Example likes numbers."
    )
    assert warnings_in(family, request, is_report=True) == []
    swapped = "Robin Example. Household: Robin Example, Sam Example (brother). Robin Example reads."
    assert warnings_in(swapped, request, is_report=True) == ["other_child"]
