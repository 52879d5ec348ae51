"""The invented authority: its name, teams, staff, services, settings and closures."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from string import ascii_uppercase as LETTERS
from typing import Any

from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.utils.text import slugify

from ehc.demo import names
from ehc.demo.additions import additions
from ehc.demo.published import Published
from ehc.demo.users import ACCOUNTS, PASSWORD, SCHOOL, Account
from ehc.models import (
    Authority,
    Closure,
    Membership,
    Organisation,
    Role,
    Team,
    User,
)

#: No authority in England has a number from here on, so none is ever taken from a real one.
FIRST_NUMBER, LAST_NUMBER = 950, 999
_BEGINNINGS = (
    *("Brack", "Thorn", "Loxen", "Marrow", "Quill", "Hallow", "Wether", "Ember", "Corven"),
    *("Tarrow", "Aldern", "Fennel", "Ravel", "Hollin", "Birken", "Stannow", "Kestre", "Ottern"),
)
_ENDINGS = ("dale", "mere", "stow", "worth", "combe", "holt", "marsh", "firth", "wyke")
_VILLAGES = (
    *("Quillbeck", "Marrowdale", "Tansyholt", "Emberfold", "Otterfold", "Brackenshaw"),
    *("Lindenmoor", "Wrenhithe", "Foxenhurst", "Larkmere", "Hazelstow", "Pennyfold"),
    *("Rushwick-le-Moor", "Saltersgarth", "Thistlecote", "Underfell", "Vellowby", "Willowgarth"),
    *("Yarrowfield", "Corncrake", "Dapplewood", "Elmsthwaite", "Goldfinch", "Harebell"),
)
#: What the settings are called, by the ages they teach (from, and up to but not including).
_KINDS = (
    *((4, 11, "Primary School"),) * 8,
    *((4, 11, "Church of England Primary School"),) * 3,
    (4, 11, "Catholic Primary School"),
    *((11, 16, "Academy"),) * 4,
    (11, 18, "High School"),
    *((2, 5, "Nursery School"),) * 2,
    *((16, 26, "College"),) * 2,
    *((4, 19, "Special School"),) * 3,
)


class NotSeeded(Exception):
    """The demonstration cannot be made here; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Service:
    """A body that gives advice: how often it is asked, and how often it answers late."""

    code: str
    name: str
    discipline: Organisation.Discipline
    asked: float
    late: float


#: Advice from the first three, and from the child’s setting, is asked on every case (reg 6(1)).
SERVICES = (
    Service(
        "educational_psychology",
        "{} Educational Psychology Service",
        Organisation.Discipline.PSYCHOLOGY,
        1,
        0.55,
    ),
    Service(
        "community_paediatrics",
        "{} Community Paediatrics",
        Organisation.Discipline.MEDICAL,
        1,
        0.38,
    ),
    Service(
        "social_care",
        "{} Children’s Social Care",
        Organisation.Discipline.SOCIAL_CARE,
        1,
        0.2,
    ),
    Service(
        "speech_and_language_therapy",
        "{} Speech and Language Therapy",
        Organisation.Discipline.MEDICAL,
        0.55,
        0.42,
    ),
    Service(
        "occupational_therapy",
        "{} Occupational Therapy",
        Organisation.Discipline.MEDICAL,
        0.3,
        0.48,
    ),
    Service(
        "mental_health",
        "{} Child and Adolescent Mental Health",
        Organisation.Discipline.MEDICAL,
        0.15,
        0.6,
    ),
    Service("sensory_support", "{} Sensory Support", Organisation.Discipline.EDUCATION, 0.06, 0.1),
)


#: How often a school, college or early years setting answers late.
SETTINGS_LATE = 0.12


@dataclass(frozen=True, slots=True)
class School:
    """A mainstream setting and the ages it teaches: from `least`, and below `below`."""

    setting: Organisation
    least: int
    below: int


@dataclass(slots=True)
class Council:
    """Everything a story needs to know of the authority, saved."""

    authority: Authority
    place: str
    teams: list[Team]
    caseworkers: list[tuple[User, Team]]
    people: dict[str, User]
    advisers: dict[str, User] = field(default_factory=dict)
    services: dict[str, Organisation] = field(default_factory=dict)
    schools: list[School] = field(default_factory=list)
    specialist: list[Organisation] = field(default_factory=list)
    closures: list[Closure] = field(default_factory=list)
    #: What other apps keep of it while it is made, by the name of the app.
    kept: dict[str, Any] = field(default_factory=dict)


def invented_place(figures: Published) -> str:
    """The invented name: always the same for a council, e.g. Sheafdale for Sheffield."""
    if figures.council == "Sheffield":
        return "Sheafdale"
    lot = Random(f"place of {figures.council}")  # noqa: S311
    return lot.choice(_BEGINNINGS) + lot.choice(_ENDINGS)


def authority_name(figures: Published) -> str:
    """What the authority is called; nobody can take it for a real one."""
    return f"{invented_place(figures)} (demonstration, like {figures.council} in {figures.year})"


def build_council(figures: Published, *, caseworkers: int, first_day: date, today: date) -> Council:
    """Make and save the authority with its people and places, since before `first_day`."""
    lot = Random(f"council of {figures.council} {figures.year}")  # noqa: S311
    place = invented_place(figures)
    authority = Authority.objects.create(
        la_number=_free_number(),
        name=authority_name(figures),
        short_code=_free_code(place),
        is_demonstration=True,
    )
    since = date(first_day.year - 1, 9, 1)
    teams = [
        Team.objects.create(authority=authority, name=f"{name} team")
        for name in ("North", "South", "East", "West")[: max(2, min(4, caseworkers // 5))]
    ]
    council = Council(authority, place, teams, [], {})
    _add_organisations(council, lot)
    _add_people(council, lot, caseworkers, since)
    _add_closures(council, first_day.year, today.year + 1)
    for addition in additions():
        addition.add_to_council(council, lot, since)
    return council


def _free_number() -> str:
    taken = set(Authority.objects.values_list("la_number", flat=True))
    for number in range(FIRST_NUMBER, LAST_NUMBER + 1):
        if str(number) not in taken:
            return str(number)
    raise NotSeeded(
        f"There are so many authorities here that no number is left between {FIRST_NUMBER} and "
        f"{LAST_NUMBER}, where invented ones have theirs: use another database."
    )


def _free_code(place: str) -> str:
    taken = set(Authority.objects.values_list("short_code", flat=True))
    start = place[:3].upper()
    codes = (
        start,
        *(start + x for x in LETTERS),
        *(start + x + y for x in LETTERS for y in LETTERS),
    )
    return next(code for code in codes if code not in taken)


def _add_organisations(council: Council, lot: Random) -> None:
    rows = [
        Organisation(
            authority=council.authority,
            kind=Organisation.Kind.SERVICE,
            discipline=service.discipline,
            code=service.code,
            name=service.name.format(council.place),
            email=f"{service.code}.{council.authority.short_code.lower()}@example.org",
        )
        for service in SERVICES
    ]
    council.services = {row.code: row for row in rows}
    villages = lot.sample(_VILLAGES, len(_VILLAGES))
    for village, (least, below, kind) in zip(villages, _KINDS, strict=True):
        setting = _setting(council.authority, f"{village} {kind}")
        if kind == "Special School":
            council.specialist.append(setting)
        else:
            council.schools.append(School(setting, least, below))
    schools = [school.setting for school in council.schools]
    Organisation.objects.bulk_create([*rows, *schools, *council.specialist])


def _setting(authority: Authority, name: str) -> Organisation:
    return Organisation(
        authority=authority,
        kind=Organisation.Kind.SETTING,
        discipline=Organisation.Discipline.EDUCATION,
        code=slugify(name).replace("-", "_"),
        name=name,
        email=f"{slugify(name)}@example.org",
    )


def _add_people(council: Council, lot: Random, caseworkers: int, since: date) -> None:
    """The demonstration’s users, and as many more caseworkers as the caseload needs."""
    memberships = []
    for account in ACCOUNTS:
        user = _user(account)
        council.people.setdefault(account.role or account.email, user)
        if account.role is None:
            continue
        if account.role == Role.ADVISER:
            council.advisers[_body_of(council, account).code] = user
        memberships.append(_membership(council, account, account.role, user, since))
    listed = [m for m in memberships if m.role == Role.CASEWORKER]
    council.caseworkers = [(m.user, m.team) for m in listed if m.team is not None]
    for number in range(len(listed), caseworkers):
        team = council.teams[number % len(council.teams)]
        user = _colleague(council, lot, number)
        council.caseworkers.append((user, team))
        memberships.append(
            Membership(
                user=user,
                role=Role.CASEWORKER,
                authority=council.authority,
                team=team,
                starts_on=since,
            )
        )
    Membership.objects.bulk_create(memberships)


def _user(account: Account) -> User:
    """The demonstration user; one person serves every demonstration authority."""
    user = User.objects.filter(email=account.email).first()
    if user is None:
        user = User(email=account.email, full_name=account.full_name)
    known = django_settings.MODE in {"local", "test"}
    user.password = _password() if known else make_password(None)
    user.save()
    return user


_hashed: list[str] = []


def _password() -> str:
    """The one password of the demonstration, hashed once: hashing is slow on purpose."""
    if not _hashed:
        _hashed.append(make_password(PASSWORD))
    return _hashed[0]


def _membership(
    council: Council, account: Account, role: Role, user: User, since: date
) -> Membership:
    if account.service:
        body = _body_of(council, account)
        return Membership(user=user, role=role, organisation=body, starts_on=since)
    works_in_team = role in {Role.CASEWORKER, Role.MANAGER}
    return Membership(
        user=user,
        role=role,
        authority=council.authority,
        team=council.teams[0] if works_in_team else None,
        starts_on=since,
    )


def _body_of(council: Council, account: Account) -> Organisation:
    """The service or the school for which somebody gives advice."""
    if account.service == SCHOOL:
        return council.schools[0].setting
    return council.services[account.service]


def _colleague(council: Council, lot: Random, number: int) -> User:
    """A caseworker nobody can sign in as."""
    community = names.some_community(lot)
    forename = lot.choice(community.girls + community.boys)
    full_name = f"{forename} {names.some_surname(lot, community)}"
    email = f"caseworker{number + 1}.{council.authority.short_code.lower()}@example.org"
    return User.objects.create_user(email, full_name)


def _add_closures(council: Council, first_year: int, last_year: int) -> None:
    """School holidays of every year: only the summer’s is long enough to matter (reg 5(4)(a))."""
    for year in range(first_year, last_year + 1):
        for start, end in (
            (date(year, 5, 25), date(year, 6, 1)),
            (date(year, 7, 23), date(year, 9, 2)),
            (date(year, 10, 26), date(year, 11, 2)),
            (date(year, 12, 21), date(year + 1, 1, 4)),
        ):
            council.closures.append(
                Closure(authority=council.authority, closed_from=start, reopens_on=end)
            )
    Closure.objects.bulk_create(council.closures)


def long_closure_around(closures: list[Closure], asked_on: date) -> Closure | None:
    """The closure of four weeks or more in whose window the school was asked, if it was."""
    week = timedelta(weeks=1)
    for closure in closures:
        if (closure.reopens_on - closure.closed_from).days < 28:
            continue
        if closure.closed_from - week <= asked_on <= closure.reopens_on - week:
            return closure
    return None
