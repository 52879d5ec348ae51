"""The benchmark's own database: made once for a size, kept while nothing it depends on changes."""

import hashlib
import itertools
import random
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from bench import DATABASE
from bench.copying import Copier, Copies
from bench.stories import STAGES, TODAY, Place, Story
from ehc import truth
from ehc.history import History, write_all
from ehc.models import Authority, LegalProcess, Membership, Organisation, Role, Team, User

#: Real cases that are written one by one; all others are their copies.
ORIGINALS = 2000
#: Cases of one authority: a large one.
CASES_EACH = 10_000
TEAMS, WORKERS = 5, 50
SERVICES = (
    ("school", Organisation.Kind.SETTING, Organisation.Discipline.EDUCATION),
    (
        "educational_psychology",
        Organisation.Kind.SERVICE,
        Organisation.Discipline.PSYCHOLOGY,
    ),
    ("health", Organisation.Kind.SERVICE, Organisation.Discipline.MEDICAL),
    ("social_care", Organisation.Kind.SERVICE, Organisation.Discipline.SOCIAL_CARE),
    ("speech_and_language", Organisation.Kind.SERVICE, Organisation.Discipline.MEDICAL),
    ("occupational_therapy", Organisation.Kind.SERVICE, Organisation.Discipline.MEDICAL),
)
SETTINGS = 20
Say = Callable[[str], None]

_ROOT = Path(__file__).resolve().parent.parent
_DEPENDS_ON = ("*/migrations/*.py", "bench/data.py", "bench/stories.py", "bench/copying.py")


def is_kept(server: str, cases: int) -> bool:
    """True when the database is there, of that size, made by this code and still true."""
    with psycopg.connect(server, autocommit=True) as bound:
        found = bound.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [DATABASE],
        ).fetchone()
    if found is None or not str(found[0]).startswith(_mark(cases)):
        return False
    return str(found[0]) == f"{_mark(cases)} {_law_says()}"


def make_empty(server: str) -> None:
    """Drop the database and make it anew, empty."""
    with psycopg.connect(server, autocommit=True) as bound:
        name = sql.Identifier(DATABASE)
        bound.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        bound.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))


def fill(cases: int, say: Say) -> None:
    """Migrate, write the original cases, copy them, and check that the whole is true."""
    begin = time.perf_counter()
    call_command("migrate", interactive=False, verbosity=0)
    originals = min(ORIGINALS, cases)
    copies = Copies(cases // originals - 1, max(1, cases // CASES_EACH))
    places = _make_authorities(copies.authorities)
    write_all(_originals(originals, places))
    say(f"{originals:,} cases written as commands would, {time.perf_counter() - begin:.0f} s")
    each = {
        "ehc_authority": 1,
        "ehc_team": TEAMS,
        "ehc_user": WORKERS + 1,
        "ehc_organisation": len(SERVICES) + SETTINGS,
    }
    Copier(copies, each).copy(say)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    wrong = next(truth.check_timetables(), None)
    if wrong is not None:
        raise AssertionError(f"The benchmark's database is not true. {wrong}")
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON DATABASE {DATABASE} IS '{_mark(cases)} {_law_says()}'")
    say(f"{cases:,} cases in {copies.authorities} authorities, {time.perf_counter() - begin:.0f} s")


def _mark(cases: int) -> str:
    digest = hashlib.sha256()
    for pattern in _DEPENDS_ON:
        for path in sorted(_ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return f"{cases} cases {digest.hexdigest()[:16]}"


def _law_says() -> str:
    """A digest of the timetables that the law gives the original cases now."""
    digest = hashlib.sha256()
    for process in LegalProcess.objects.order_by("pk")[:ORIGINALS]:
        digest.update(truth.timetable_text(process.facts, process).encode())
    return digest.hexdigest()[:16]


def _make_authorities(count: int) -> list[Place]:
    """Authorities with the same people and services each; the places of the first."""
    numbers = range(count)
    authorities = Authority.objects.bulk_create(
        [
            Authority(
                la_number=f"{n:03}",
                name=f"Benchshire {n}",
                short_code="BENCH"[: 5 - len(str(n))] + str(n),
            )
            for n in numbers
        ]
    )
    teams = Team.objects.bulk_create(
        [Team(authority=a, name=f"Team {n + 1}") for a in authorities for n in range(TEAMS)]
    )
    users = User.objects.bulk_create(
        [
            User(email=f"user{n}.{a.la_number}@example.org", full_name=f"Robin Example {n}")
            for a in authorities
            for n in range(WORKERS + 1)
        ]
    )
    organisations = Organisation.objects.bulk_create(
        [o for a in authorities for o in _organisations(a)]
    )
    Membership.objects.bulk_create(
        [
            Membership(
                user=user,
                authority=authorities[index // (WORKERS + 1)],
                role=Role.PANEL_CHAIR if number == WORKERS else Role.CASEWORKER,
                team=None
                if number == WORKERS
                else teams[index // (WORKERS + 1) * TEAMS + number % TEAMS],
                starts_on=TODAY.replace(year=2015),
            )
            for index, user in enumerate(users)
            for number in [index % (WORKERS + 1)]
        ]
    )
    services = len(SERVICES)
    return [
        Place(
            team=teams[number % TEAMS],
            worker=users[number],
            chair=users[WORKERS],
            services=organisations[:services],
            settings=organisations[services : services + SETTINGS],
        )
        for number in range(WORKERS)
    ]


def _organisations(authority: Authority) -> list[Organisation]:
    services = [
        Organisation(
            authority=authority,
            kind=kind,
            discipline=discipline,
            code=code,
            name=code.replace("_", " ").capitalize(),
            email=f"{code}@example.org",
        )
        for code, kind, discipline in SERVICES
    ]
    settings = [
        Organisation(
            authority=authority,
            kind=Organisation.Kind.SETTING,
            discipline=Organisation.Discipline.EDUCATION,
            code=f"setting_{number}",
            name=f"Elm Lane School {number}",
        )
        for number in range(SETTINGS)
    ]
    return services + settings


def _originals(count: int, places: list[Place]) -> list[History]:
    rng = random.Random(2014)
    stages = list(itertools.chain.from_iterable([stage] * part for stage, part in STAGES.items()))
    drawn = [stages[number % len(stages)] for number in range(count)]
    rng.shuffle(drawn)
    return [
        Story(number, places[number % len(places)], rng).tell(stage)
        for number, stage in enumerate(drawn)
    ]
