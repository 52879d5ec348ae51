"""The queue of whoever checks advice, and what a page about one piece of it shows.

A page of the queue is two statements whatever the size: its rows and its counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Q, QuerySet

from advice.forms_of_advice import COLUMNS, form_at
from advice.hints import Hint, hints_on
from advice.identity import WARNINGS
from advice.models import Advice, AdviceRequest, AdviceRow, Form, Upload
from advice.models.checking import Element
from advice.permissions import ACTION_FOR, ELEMENT_OF
from advice.queries.request_page import Given
from ehc.models import DocumentVersion, User
from ehc.permissions import (
    Action,
    authorities_for,
    memberships,
    own_family_cases,
    visible_to,
)

PAGE = 25
#: A piece of advice that has waited for longer, in days, is counted as waiting long.
LONG = 7


class Row(NamedTuple):
    """One piece of advice that waits for this person."""

    pk: int
    waiting_since: date
    next_due_on: date | None
    number: int
    nothing_to_report: bool
    form: str
    reference: str
    restricted: bool
    forename: str
    preferred_name: str
    surname: str
    authority: str
    organisation: str | None
    discipline: str

    @property
    def child(self) -> str:
        """The name to show."""
        return f"{self.preferred_name or self.forename} {self.surname}"

    @property
    def whose(self) -> str:
        """Whose advice it is."""
        return self.organisation or str(Form(self.form).label)

    @property
    def what(self) -> str:
        """What kind of advice."""
        return str(Form(self.form).label)

    @property
    def place(self) -> str:
        """Where the list goes on after this row."""
        return f"{self.waiting_since}~{self.next_due_on or ''}~{self.pk}"


class Counts(NamedTuple):
    """How many wait: in all, for longer than a week, given again after they were sent back."""

    waiting: int
    long: int
    again: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue, and where the next one begins."""

    rows: Sequence[Row]
    counts: Counts
    next_after: str


def signs_for(user: User | AnonymousUser, today: date) -> dict[Element, list[int]]:
    """In which authorities the user checks the advice of each element; empty for nobody’s."""
    found = {e: sorted(authorities_for(user, ACTION_FOR[e], today)) for e in Element}
    return {element: authorities for element, authorities in found.items() if authorities}


def queue_page(
    user: User | AnonymousUser, *, today: date, after: str = "", size: int = PAGE
) -> Page:
    """What awaits this person’s sign-off: the longest waiting first, of one day the nearest date.

    Health, social care and psychology across the authorities in which they sign off; for
    caseworkers what is left to the authority on their own cases, and on those of whom they cover;
    managers see also what nobody holds. `after` is the `place` of a row; a damaged one shows the
    first page.
    """
    values = _values(user, today) | {"most": size + 1}
    place = _place(after)
    if place is not None:
        values |= {"since": place[0], "day": place[1], "pk": place[2]}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING + _ROWS.format(beyond=_BEYOND if place else ""), values)
        rows = [Row(*row) for row in cursor.fetchall()]
        cursor.execute(_WAITING + _COUNTS, values)
        counts = Counts(*cursor.fetchone())
    more = len(rows) > size
    rows = rows[:size]
    return Page(rows, counts, rows[-1].place if more else "")


def next_to_check(user: User | AnonymousUser, request: AdviceRequest, *, today: date) -> int | None:
    """The request that comes after this one in the queue; the first when it was the last."""
    newest = Advice.objects.filter(request=request).order_by("-number").first()
    values = _values(user, today) | {
        "since": newest.given_on if newest else today,
        "day": request.case.next_due_on or "infinity",
        "pk": request.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAITING + _NEXT, values)
        found: tuple[int] | None = cursor.fetchone()
    return found[0] if found else None


def _values(user: User | AnonymousUser, today: date) -> dict[str, Any]:
    standing = signs_for(user, today)
    held = memberships(user, today)
    covered = {m.standing_in_for_id for m in held if m.standing_in_for_id is not None}
    values: dict[str, Any] = {str(e): standing.get(e, []) for e in Element}
    return values | {
        "people": sorted(covered | {user.pk or 0}),
        "unheld": sorted(authorities_for(user, Action.ASSIGN_CASE, today)),
        "user": user.pk or 0,
        "family": own_family_cases(user, today),
        "today": today,
        "disciplines": sorted(ELEMENT_OF),
        "long": date.fromordinal(today.toordinal() - LONG),
    }


_OF = " OR ".join(
    f"(o.discipline = '{discipline}' AND c.authority_id = ANY(%({element})s))"
    for discipline, element in sorted(ELEMENT_OF.items())
)
#: What `ehc.permissions.staff_roles_on` asks of one case, asked of many.
_AS_STAFF = """
    (NOT c.restricted OR c.owner_id = %(user)s OR EXISTS (
        SELECT 1 FROM ehc_caseparty n WHERE n.case_id = c.id AND n.user_id = %(user)s
        AND n.capacity <> 'family' AND n.starts_on <= %(today)s
        AND (n.until IS NULL OR n.until > %(today)s)))
    AND NOT c.id = ANY(%(family)s)
"""
_WAITING = f"""
    WITH waiting AS (
        SELECT q.id, g.given_on AS since, c.next_due_on, g.number, g.nothing_to_report, q.form,
               c.reference, c.restricted, c.person_id, c.authority_id, o.name AS organisation,
               COALESCE(o.discipline, '') AS discipline,
               COALESCE(c.next_due_on, 'infinity') AS day
        FROM advice_advicerequest q
        JOIN ehc_case c ON c.id = q.case_id
        LEFT JOIN ehc_organisation o ON o.id = q.organisation_id
        JOIN LATERAL (
            SELECT a.given_on, a.number, a.nothing_to_report FROM advice_advice a
            WHERE a.request_id = q.id ORDER BY a.number DESC LIMIT 1
        ) g ON true
        WHERE q.status = 'given' AND ({_OF} OR (
            c.authority_id = ANY(%(authority)s)
            AND NOT COALESCE(o.discipline, '') = ANY(%(disciplines)s)
            AND (c.owner_id = ANY(%(people)s)
                 OR (c.owner_id IS NULL AND c.authority_id = ANY(%(unheld)s)))
        )) AND {_AS_STAFF}
    )
"""  # noqa: S608
_ROWS = """
    SELECT w.id, w.since, w.next_due_on, w.number, w.nothing_to_report, w.form, w.reference,
           w.restricted, p.forename, p.preferred_name, p.surname, a.name, w.organisation,
           w.discipline
    FROM (SELECT * FROM waiting {beyond} ORDER BY since, day, id LIMIT %(most)s) w
    JOIN ehc_person p ON p.id = w.person_id JOIN ehc_authority a ON a.id = w.authority_id
    ORDER BY w.since, w.day, w.id
"""
_BEYOND = "WHERE (since, day, id) > (%(since)s, %(day)s::date, %(pk)s)"
#: Those beyond it come before those that stand first again.
_NEXT = """
    SELECT id FROM waiting WHERE id <> %(pk)s
    ORDER BY (since, day, id) > (%(since)s, %(day)s::date, %(pk)s) DESC, since, day, id LIMIT 1
"""
_COUNTS = """
    SELECT count(*), count(*) FILTER (WHERE since < %(long)s), count(*) FILTER (WHERE number > 1)
    FROM waiting
"""


def _place(after: str) -> tuple[date, str, int] | None:
    parts = after.split("~")
    if len(parts) != 3 or len(parts[2]) > 18 or not parts[2].isdigit():
        return None
    try:
        since = date.fromisoformat(parts[0])
        day = date.fromisoformat(parts[1]).isoformat() if parts[1] else "infinity"
    except ValueError:
        return None
    return since, day, int(parts[2])


@dataclass(frozen=True, slots=True)
class FileWarning:
    """A sign that a report may be about another child, as its giver saw it."""

    file_name: str
    words: str


def warnings_of(versions: Iterable[DocumentVersion]) -> list[FileWarning]:
    """The warnings that were raised of these reports, in words; one statement at most."""
    wanted = list(versions)
    if not wanted:
        return []
    found = Upload.objects.filter(version__in=wanted).exclude(warnings=[]).order_by("pk")
    return [
        FileWarning(upload.file_name, WARNINGS.get(code, code))
        for upload in found
        for code in upload.warnings
    ]


def hints_for(given: Given) -> list[Hint]:
    """What stands out in one answer; nothing for one that says there is nothing to report."""
    advice = given.advice
    if advice.nothing_to_report:
        return []
    rows: list[Mapping[str, str]] = [_cells(row) for row in given.rows]
    return hints_on(
        form_at(advice.form_version, advice.request.form),
        advice.content,
        rows,
        given_on=advice.given_on,
        with_report=bool(given.versions),
    )


def _cells(row: AdviceRow) -> dict[str, str]:
    return {column: getattr(row, column) for column in COLUMNS}


class LateRow(NamedTuple):
    """Advice that came after the final plan, about which nobody has recorded what follows."""

    request: AdviceRequest
    given_on: date


@dataclass(frozen=True, slots=True)
class LatePage:
    """A page of late advice that nobody has considered, and where the next one begins."""

    rows: Sequence[LateRow]
    next_after: str


def late_page(
    user: User | AnonymousUser, today: date, *, after: str = "", size: int = PAGE
) -> LatePage:
    """Late advice nobody has considered, on the cases the user works on; the oldest first.

    One statement. `after` is the `next_after` of the page before; a damaged one shows the first.
    """
    found = _late_for(user, today).select_related(
        "request__organisation", "request__case__person", "request__case__owner",
        "request__case__authority",
    )  # fmt: skip
    day, _, pk = after.partition("~")
    if pk.isdigit() and len(pk) < 18 and (since := _day(day)):
        found = found.filter(Q(given_on__gt=since) | Q(given_on=since, pk__gt=int(pk)))
    rows = list(found.order_by("given_on", "pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    next_after = f"{rows[-1].given_on}~{rows[-1].pk}" if more else ""
    return LatePage([LateRow(advice.request, advice.given_on) for advice in rows], next_after)


def late_count(user: User | AnonymousUser, today: date) -> int:
    """How many `late_page` shows in all; one statement."""
    return _late_for(user, today).count()


def _late_for(user: User | AnonymousUser, today: date) -> QuerySet[Advice]:
    authorities = authorities_for(user, Action.REVIEW_PLAN, today)
    if not authorities:
        return Advice.objects.none()
    cases = visible_to(user, today).filter(authority__in=authorities)
    return unconsidered().filter(request__case__in=cases)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def unconsidered() -> QuerySet[Advice]:
    """Advice after the plan about which nobody has recorded what follows."""
    return Advice.objects.filter(after_plan=True, consideration__isnull=True)
