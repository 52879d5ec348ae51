"""The worklist: one indexed query for a page, one for its counts, whatever the size."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

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


_COLUMNS = (
    "pk",
    "reference",
    "person__forename",
    "person__preferred_name",
    "person__surname",
    "stage",
    "restricted",
    "received_on",
    "final_due_on",
    "next_due_on",
    "next_due_code",
    "next_due_label",
    "owner__full_name",
)


def worklist_page(
    user: User | AnonymousUser, filters: Filters, *, today: date, after: str = "", size: int = PAGE
) -> Page:
    """One page in the order of the next legal date, and the counts of the tabs.

    `after` is the `next_after` of the page before; a damaged one shows the first page.
    """
    found = narrowed(user, filters, today)
    chosen = _in_tab(found, user, filters.tab, today)
    ordered = _after(chosen, after).order_by("next_due_on", "pk")
    rows = [Row(*values) for values in ordered.values_list(*_COLUMNS)[: size + 1]]
    more = len(rows) > size
    rows = rows[:size]
    last = rows[-1] if rows else None
    next_after = f"{last.next_due_on or ''}~{last.pk}" if more and last else ""
    return Page(rows, _counts(found, user, today), next_after)


class OwnAdvice(NamedTuple):
    """What a service owes on a case: when its advice is due, and when it gave it."""

    due_on: date | None
    received_on: date | None


def advice_of(rows: Sequence[Row], labels: Iterable[str]) -> dict[int, OwnAdvice]:
    """The advice asked of these services on the cases of a page, by case: awaited first."""
    found = Deadline.objects.filter(
        case__in=[row.pk for row in rows], code="advice", label__in=list(labels)
    ).order_by(F("met_on").desc(nulls_first=True), "due_on")
    own: dict[int, OwnAdvice] = {}
    for case_id, due_on, met_on in found.values_list("case_id", "due_on", "met_on"):
        own.setdefault(case_id, OwnAdvice(due_on, met_on))
    return own


def every_row(user: User | AnonymousUser, filters: Filters, *, today: date) -> Sequence[Row]:
    """All rows under the filters, for export, read in pieces; the same visibility as the page."""
    chosen = _in_tab(narrowed(user, filters, today), user, filters.tab, today)
    ordered = chosen.order_by("next_due_on", "pk").values_list(*_COLUMNS)
    return [Row(*values) for values in ordered.iterator(chunk_size=2000)]


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


def _in_tab(
    cases: QuerySet[Case], user: User | AnonymousUser, tab: str, today: date
) -> QuerySet[Case]:
    return cases if tab == "all" else cases.filter(_tab(user, tab, today))


def _tab(user: User | AnonymousUser, tab: str, today: date) -> Q:
    if tab == "mine":
        return Q(owner=user.pk)
    if tab == "team":
        return Q(team__in=_teams(user, today))
    return Q()


def _teams(user: User | AnonymousUser, today: date) -> set[int]:
    return {m.team_id for m in memberships(user, today) if m.team_id is not None}


def _counts(cases: QuerySet[Case], user: User | AnonymousUser, today: date) -> Counts:
    """The counts of all tabs at once; worded around the cases, for every page asks for them."""
    try:
        found, values = cases.values_list("owner_id", "team_id").query.sql_with_params()
    except EmptyResultSet:
        return Counts(0, 0, 0)
    teams = list(_teams(user, today))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(found=found), [user.pk, teams, *values])
        return Counts(*cursor.fetchone())


_COUNTS = """
    SELECT count(*) FILTER (WHERE owner_id = %s), count(*) FILTER (WHERE team_id = ANY(%s)),
           count(*)
    FROM ({found}) AS found
"""


def _after(cases: QuerySet[Case], after: str) -> QuerySet[Case]:
    """Only what comes after a place in the order; dates first, cases without a date last."""
    day_text, separator, pk_text = after.partition("~")
    try:
        pk = int(pk_text)
        day = date.fromisoformat(day_text) if day_text else None
    except ValueError:
        return cases
    if not separator:
        return cases
    if day is None:
        return cases.filter(next_due_on__isnull=True, pk__gt=pk)
    later = Q(next_due_on__gt=day) | Q(next_due_on=day, pk__gt=pk)
    return cases.filter(Q(next_due_on__gte=day) & later | Q(next_due_on__isnull=True))


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
    #: True for a person who sees cases only because their service is asked for advice.
    of_service: bool = False


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
    held = memberships(user, today)
    authorities = authorities_for(user, Action.VIEW_WORKLIST, today)
    if not authorities:
        own = Organisation.objects.filter(pk__in={m.organisation_id for m in held})
        services = [(o.advice_label, o.name) for o in own.order_by("name")]
        return Choices([], [], services, dict(services), of_service=bool(services))
    with connection.cursor() as cursor:
        cursor.execute(_OWNERS, [list(authorities)])
        owners = cursor.fetchall()
        cursor.execute(_ORGANISATIONS, [list(authorities)])
        organisations = cursor.fetchall()
    setting = Organisation.Kind.SETTING
    return Choices(
        owners,
        [(pk, name) for pk, kind, _, name in organisations if kind == setting],
        [(code, name) for _, kind, code, name in organisations if kind != setting],
        {advice_label(kind, code): name for _, kind, code, name in organisations},
    )
