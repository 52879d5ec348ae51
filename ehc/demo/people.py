"""Invented children and those who speak for them."""

from datetime import date, timedelta
from random import Random

from stdnum.gb import upn

from ehc.demo import names
from ehc.models import Authority, Person, Representative

#: The check letter of a UPN needs an LA number that has been in use. This one was given up in 2019,
#: and no school in England has a number from 9000, so none of these numbers is anybody’s.
_UPN_AUTHORITY, _UPN_FIRST_SCHOOL = "837", 9000
#: NHS numbers that begin so are set aside for tests.
_NHS_TEST = "999"
#: How old children are when an assessment is asked for, in years, and how often.
_AGES = (
    (2, 3), (3, 9), (4, 12), (5, 11), (6, 10), (7, 9), (8, 8), (9, 8), (10, 8), (11, 5),
    (12, 5), (13, 4), (14, 3), (15, 2), (16, 2), (17, 1), (19, 1), (22, 1),
)  # fmt: skip
_RELATIONSHIPS = {"Mother": 70, "Father": 17, "Grandmother": 5, "Foster carer": 8}


def invented_child(lot: Random, authority: Authority, received_on: date, serial: int) -> Person:
    """A child for a request received on that day; `serial` keeps their numbers apart."""
    community = names.some_community(lot)
    sex = "F" if lot.random() < 0.34 else "M"
    ages, weights = zip(*_AGES, strict=True)
    age = lot.choices(ages, weights)[0]
    born = received_on - timedelta(days=age * 365 + age // 4 + lot.randrange(365))
    has_upn = age >= 4 and lot.random() < 0.97
    forename = names.some_forename(lot, community, sex)
    return Person(
        authority=authority,
        forename=forename,
        surname=names.some_surname(lot, community),
        preferred_name=forename.split()[0][:3] if lot.random() < 0.03 else "",
        date_of_birth=born,
        sex=sex,
        ethnicity=community.ethnicity,
        postcode=f"ZZ{lot.randint(1, 35)} {lot.randint(1, 9)}{lot.choice('ABDEFGHJ')}"
        f"{lot.choice('LNPQRSTU')}",
        upn=invented_upn(serial, born) if has_upn else "",
        upn_unknown="" if has_upn else "UN1" if age < 6 else "UN8",
        nhs_number=invented_nhs_number(serial),
    )


def invented_upn(serial: int, born: date) -> str:
    """A UPN with its check letter, of a school that does not exist."""
    school = _UPN_FIRST_SCHOOL + serial // 1000
    rest = f"{_UPN_AUTHORITY}{school}{(born.year + 4) % 100:02d}{serial % 1000:03d}"
    return f"{upn.calc_check_digit(rest)}{rest}"


def invented_nhs_number(serial: int) -> str:
    """The `serial`-th usable NHS number of the test range (one in eleven has no check digit)."""
    digits = f"{_NHS_TEST}{serial:06d}"
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(digits))
    check = (11 - total % 11) % 11
    return "" if check == 10 else f"{digits}{check}"


def invented_family(lot: Random, person: Person, since: date, serial: int) -> list[Representative]:
    """One or two who speak for the child; a young person over 16 may speak for themselves."""
    if (since - person.date_of_birth).days > 16 * 365 and lot.random() < 0.4:
        return []
    chosen = lot.choices(list(_RELATIONSHIPS), list(_RELATIONSHIPS.values()))
    if chosen[0] in {"Mother", "Father"} and lot.random() < 0.3:
        chosen.append("Father" if chosen[0] == "Mother" else "Mother")
    return [
        _representative(lot, person, who, since, number)
        for number, who in enumerate(chosen, start=serial * 2)
    ]


def _representative(
    lot: Random, person: Person, relationship: str, since: date, number: int
) -> Representative:
    community = next(
        (c for c in names.COMMUNITIES if c.ethnicity == person.ethnicity), names.COMMUNITIES[0]
    )
    sex = "M" if relationship == "Father" else "F"
    shares_name = relationship in {"Mother", "Father"} and lot.random() < 0.8
    surname = person.surname if shares_name else names.some_surname(lot, community)
    return Representative(
        person=person,
        full_name=f"{names.some_forename(lot, community, sex)} {surname}",
        relationship=relationship,
        has_parental_responsibility=relationship in {"Mother", "Father"},
        has_care=relationship not in {"Mother", "Father"},
        email=f"family{number:05d}@example.org" if lot.random() < 0.9 else "",
        # Numbers that the regulator sets aside for drama.
        telephone=f"07700 900{number % 1000:03d}" if lot.random() < 0.9 else "",
        address=f"{lot.randint(1, 180)} {lot.choice(('Alder', 'Beck', 'Mill', 'Chapel'))} Row",
        starts_on=since,
    )
