"""The worklist: one indexed query for a page, one for its counts, whatever the size."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower

from ehc.dates import weeks_in_words
from ehc.models import Case, Deadline, FormerUPN, Organisation, User
from ehc.models.organisation import advice_label
from ehc.models.process import UNDER_WAY
from ehc.permissions import Action, authorities_for, memberships, visible_to

PAGE = 50
TABS = ("mine", "team", "all")
_REFERENCE = re.compile(r"[A-Z]{2,5}-\d{2}-\d{1,6}", re.IGNORECASE)
_UPN = re.compile(r"[A-Z]\d{11}[A-Z0-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person narrowed the worklist to. Everything here may stand in an address.

    `search` may hold a name or a UPN, so it must not: it is kept in the session.
    """

    tab: str = "mine"
    stage: str = ""
    within: int | None = None
    overdue: bool = False
    owner: int | None = None
    setting: int | None = None
    awaiting: str = ""
    search: str = ""


class Row(NamedTuple):
    """One line of the worklist."""

    pk: int
    reference: str
    forename: str
    preferred_name: str
    surname: str
    stage: str
    restricted: bool
    received_on: date | None
    final_due_on: date | None
    next_due_on: date | None
    next_due_code: str
    next_due_label: str
    owner_name: str | None

    @property
    def child(self) -> str:
        """The name to show."""
        return f"{self.preferred_name or self.forename} {self.surname}"

    def week(self, today: date) -> str:
        """“Week 14 of 20”, while that means anything; empty otherwise."""
        if self.received_on is None or self.stage not in UNDER_WAY:
            return ""
        return weeks_in_words(self.received_on, today)


class Counts(NamedTuple):
    """How many cases each tab holds under the filters."""

    mine: int
    team: int
    all: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the worklist and where the next one begins."""

    rows: list[Row]
    counts: Counts
    next_after: str


#: What a row and the counts need of a case; asked for once, then worded around.
_OF_CASE = (
    "id",
    "reference",
    "stage",
    "restricted",
    "received_on",
    "final_due_on",
    "next_due_on",
    "next_due_code",
    "next_due_label",
    "person_id",
    "owner_id",
    "team_id",
)

# Django words only what the user may see, once for both: the rest is the same on every page.
_ROWS = """
    SELECT c.id, c.reference, p.forename, p.preferred_name, p.surname, c.stage, c.restricted,
           c.received_on, c.final_due_on, c.next_due_on, c.next_due_code, c.next_due_label,
           u.full_name
    FROM (SELECT * FROM ({found}) AS found WHERE {chosen} ORDER BY next_due_on, id LIMIT %s) AS c
    JOIN ehc_person p ON p.id = c.person_id LEFT JOIN ehc_user u ON u.id = c.owner_id
    ORDER BY c.next_due_on, c.id
"""
_COUNTS = """
    SELECT count(*) FILTER (WHERE owner_id = %s), count(*) FILTER (WHERE team_id = ANY(%s)),
           count(*)
    FROM ({found}) AS found
"""


@dataclass(frozen=True, slots=True)
class _Sql:
    """Worded SQL and its values."""

    text: str
    values: tuple[Any, ...] = ()

    def __and__(self, other: "_Sql") -> "_Sql":
        return _Sql(f"{self.text} AND {other.text}", self.values + other.values)


def worklist_page(
    user: User | AnonymousUser, filters: Filters, *, today: date, after: str = "", size: int = PAGE
) -> Page:
    """One page in the order of the next legal date, and the counts of the tabs.

    `after` is the `next_after` of the page before; a damaged one shows the first page.
    """
    found = _worded(narrowed(user, filters, today))
    if found is None:
        return Page([], Counts(0, 0, 0), "")
    tab = _in_tab(user, filters.tab, today)
    rows: list[Row] = []
    for part in _beyond(after):
        rows += _rows(found, tab & part, size + 1 - len(rows))
        if len(rows) > size:
            break
    more = len(rows) > size
    rows = rows[:size]
    last = rows[-1] if rows else None
    next_after = f"{last.next_due_on or ''}~{last.pk}" if more and last else ""
    return Page(rows, _counts(found, user, today), next_after)


def every_row(user: User | AnonymousUser, filters: Filters, *, today: date) -> Sequence[Row]:
    """All rows under the filters, for export; the same visibility as the page."""
    found = _worded(narrowed(user, filters, today))
    return [] if found is None else _rows(found, _in_tab(user, filters.tab, today), None)


def _worded(cases: QuerySet[Case]) -> _Sql | None:
    """What a page needs of these cases as SQL; None when there can be none."""
    try:
        return _Sql(*cases.values_list(*_OF_CASE).query.sql_with_params())
    except EmptyResultSet:
        return None


def _rows(found: _Sql, chosen: _Sql, most: int | None) -> list[Row]:
    with connection.cursor() as cursor:
        statement = _ROWS.format(found=found.text, chosen=chosen.text)
        cursor.execute(statement, [*found.values, *chosen.values, most])
        return [Row(*row) for row in cursor.fetchall()]


def _counts(found: _Sql, user: User | AnonymousUser, today: date) -> Counts:
    """The counts of all tabs at once."""
    with connection.cursor() as cursor:
        teams = list(_teams(user, today))
        cursor.execute(_COUNTS.format(found=found.text), [user.pk, teams, *found.values])
        return Counts(*cursor.fetchone())


def _in_tab(user: User | AnonymousUser, tab: str, today: date) -> _Sql:
    if tab == "mine":
        return _Sql("owner_id = %s", (user.pk,))
    if tab == "team":
        return _Sql("team_id = ANY(%s)", (list(_teams(user, today)),))
    return _Sql("true")


def _beyond(after: str) -> list[_Sql]:
    """What comes after a place in the order, in parts: dates first, then cases without a date.

    Two parts, for an index finds the place only when “or without a date” is not asked with it.
    """
    day_text, separator, pk_text = after.partition("~")
    try:
        pk = int(pk_text)
        day = date.fromisoformat(day_text) if day_text else None
    except ValueError:
        return [_Sql("true")]
    if not separator:
        return [_Sql("true")]
    if day is None:
        return [_Sql("next_due_on IS NULL AND id > %s", (pk,))]
    return [_Sql("(next_due_on, id) > (%s, %s)", (day, pk)), _Sql("next_due_on IS NULL")]


def _teams(user: User | AnonymousUser, today: date) -> set[int]:
    return {m.team_id for m in memberships(user, today) if m.team_id is not None}


def narrowed(user: User | AnonymousUser, filters: Filters, today: date) -> QuerySet[Case]:
    """The cases the user may see, narrowed by everything but the tab."""
    cases = visible_to(user, today)
    if filters.search:
        cases = _search(cases, filters.search.strip())
    return cases.filter(*_conditions(filters, today))


def _conditions(filters: Filters, today: date) -> Iterator[Q]:
    """What the filters ask; the query is put together once, for each page needs it twice."""
    if filters.stage:
        yield Q(stage=filters.stage)
    elif not filters.search:
        yield Q(is_open=True)
    if filters.overdue:
        yield Q(next_due_on__lt=today)
    if filters.within is not None:
        last = today + timedelta(days=filters.within)
        yield Q(next_due_on__gte=today, next_due_on__lte=last)
    if filters.owner is not None:
        yield Q(owner=filters.owner)
    if filters.setting is not None:
        yield Q(setting=filters.setting)
    if filters.awaiting:
        waiting = Deadline.objects.filter(code="advice", label=filters.awaiting, is_waiting=True)
        yield Q(pk__in=waiting.values("case"))


def _search(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """By reference, by UPN (now or once), or by any part of the name."""
    compact = text.replace(" ", "").upper()
    if _REFERENCE.fullmatch(compact):
        return cases.filter(reference__istartswith=compact)
    if _UPN.fullmatch(compact):
        former = FormerUPN.objects.filter(upn=compact).values("person")
        return cases.filter(Q(person__upn=compact) | Q(person__in=former))
    for word in text.lower().split()[:5]:
        cases = cases.annotate(_name=_NAME).filter(_name__contains=word)
    return cases


_NAME = Lower(Concat(F("person__forename"), Value(" "), F("person__surname")))


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer this person, and the names behind the labels that facts carry."""

    owners: list[tuple[int, str]]
    settings: list[tuple[int, str]]
    services: list[tuple[str, str]]
    names: dict[str, str]


# Worded here because every page of the worklist asks them.
_OWNERS = """
    SELECT DISTINCT u.id, u.full_name FROM ehc_membership m JOIN ehc_user u ON u.id = m.user_id
    WHERE m.authority_id = ANY(%s) AND m.role IN ('caseworker', 'manager') ORDER BY u.full_name
"""
_ORGANISATIONS = """
    SELECT id, kind, code, name FROM ehc_organisation
    WHERE authority_id = ANY(%s) OR authority_id IS NULL ORDER BY name
"""


def filter_choices(user: User | AnonymousUser, *, today: date) -> Choices:
    """The owners, settings and services of the authorities in which the user sees a worklist."""
    authorities = authorities_for(user, Action.VIEW_WORKLIST, today)
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [list(authorities)])
        owners = cursor.fetchall()
        cursor.execute(_ORGANISATIONS, [list(authorities)])
        organisations = cursor.fetchall()
    setting, service = Organisation.Kind.SETTING, Organisation.Kind.SERVICE
    return Choices(
        owners,
        [(pk, name) for pk, kind, _, name in organisations if kind == setting],
        [(code, name) for _, kind, code, name in organisations if kind == service],
        {advice_label(kind, code): name for _, kind, code, name in organisations},
    )
