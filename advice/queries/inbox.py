"""One inbox for everything asked of a person, by whichever authority, nearest due date first.

A page is two statements whatever the size: its rows and its counts. Each is worded here: every body
is looked up by itself in the index that holds its requests in order, so a service with fifty
thousand requests behind it costs no more than one with five.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection

from advice.models.checking import ReturnReason
from advice.models.lateness import Cause
from advice.models.request import AWAITED, Closed, Form, Head, Status
from ehc.models import User
from ehc.moments import local
from ehc.permissions import ROLE_ACTIONS, Action, memberships, own_family_cases

PAGE = 50
#: Mine, my service’s, what was given, what ended without advice.
TABS = ("mine", "service", "given", "closed")


def bodies_of(user: User | AnonymousUser, today: date) -> list[int]:
    """The ids of the bodies for which the user gives advice today."""
    return sorted(
        {
            m.organisation_id
            for m in memberships(user, today)
            if m.organisation_id is not None and Action.GIVE_ADVICE in ROLE_ACTIONS[m.role]
        }
    )


def people_of(user: User | AnonymousUser, today: date) -> list[int]:
    """The ids of those whose requests are the user’s to answer: themselves, and whom they cover."""
    covered = {
        m.standing_in_for_id
        for m in memberships(user, today)
        if m.organisation_id is not None and m.standing_in_for_id is not None
    }
    return sorted(covered | {user.pk}) if isinstance(user, User) else []


class Row(NamedTuple):
    """One line of the inbox."""

    rank: int
    day: date | None
    pk: int
    status: str
    form: str
    head: str
    question: str
    due_on: date | None
    given_on: date | None
    closed_on: date | None
    closed_because: str
    reference: str
    restricted: bool
    forename: str
    preferred_name: str
    surname: str
    authority: str
    organisation: str
    writer: str | None
    expected_on: date | None
    cause: str | None
    drafted_at: datetime | None
    #: The day it was sent back, the reasons and the note, with bars between; None when it was not.
    check: str | None

    @property
    def child(self) -> str:
        """The name to show."""
        return f"{self.preferred_name or self.forename} {self.surname}"

    @property
    def what(self) -> str:
        """What is asked: the form, and the head of reg 6."""
        return f"{Form(self.form).label}, under reg {Head(self.head).value}"

    @property
    def came_back(self) -> list[str]:
        """Why it was sent back, in words."""
        return [str(ReturnReason(code).label) for code in self._check[1].split()]

    @property
    def note(self) -> str:
        """What was written beside the reasons."""
        return self._check[2]

    @property
    def sent_back_on(self) -> date | None:
        """The day on which it was sent back; None when it was not."""
        return date.fromisoformat(self._check[0]) if self.check else None

    @property
    def draft_on(self) -> date | None:
        """The day the draft was saved last; not one of before it was given or sent back."""
        saved = local(self.drafted_at).date() if self.drafted_at else None
        if saved is None or self.status not in AWAITED:
            return None
        return saved if self.sent_back_on is None or saved >= self.sent_back_on else None

    @property
    def _check(self) -> list[str]:
        return self.check.split("|", 2) if self.check else ["", "", ""]

    @property
    def late_because(self) -> str:
        """Why the service said that it will be late."""
        return str(Cause(self.cause).label) if self.cause else ""

    @property
    def ended_because(self) -> str:
        """Why it ended without advice, or how what was given stands."""
        if self.closed_because:
            return str(Closed(self.closed_because).label)
        return str(Status(self.status).label)


class Counts(NamedTuple):
    """How many requests are awaited: mine, the service’s, nobody’s yet; and of both sent back."""

    mine: int
    service: int
    unassigned: int
    returned: int
    mine_returned: int


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the inbox and where the next one begins."""

    tab: str
    rows: list[Row]
    counts: Counts
    next_after: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a list that one index holds in the order of the list."""

    rank: int
    where: str
    day: str
    descending: bool = False

    @property
    def order(self) -> str:
        way = " DESC" if self.descending else ""
        return f"q.{self.day}{way}, q.id{way}"

    @property
    def beyond(self) -> str:
        return f"(q.{self.day}, q.id) {'<' if self.descending else '>'} (%(day)s, %(pk)s)"


_RETURNED = _Part(0, "q.status = 'returned'", "due_on")
_AWAITED = _Part(1, "q.status = 'asked' AND q.due_on IS NOT NULL", "due_on")
_UNDATED = _Part(2, "q.status = 'asked' AND q.due_on IS NULL", "due_on")
_GIVEN = _Part(
    0, "q.given_on IS NOT NULL AND q.status IN ('given', 'accepted', 'closed')", "given_on", True
)
_CLOSED = _Part(0, "q.given_on IS NULL AND q.status = 'closed'", "closed_on", True)
_PARTS: dict[str, tuple[_Part, ...]] = {
    "mine": (_RETURNED, _AWAITED, _UNDATED),
    "service": (_RETURNED, _AWAITED, _UNDATED),
    "given": (_GIVEN,),
    "closed": (_CLOSED,),
}

#: One body, or one person, at a time: so the index gives the first rows without sorting all.
_OF_BODY = (
    "unnest(%(bodies)s::bigint[]) AS whose(id) CROSS JOIN LATERAL (SELECT q.id, q.{day} "
    "FROM advice_advicerequest q WHERE q.organisation_id = whose.id"
)
_OF_PERSON = (
    "unnest(%(people)s::bigint[]) AS whose(id) CROSS JOIN LATERAL (SELECT q.id, q.{day} "
    "FROM advice_advicerequest q WHERE q.assigned_to_id = whose.id "
    "AND q.organisation_id = ANY(%(bodies)s)"
)
_STRETCH = (
    "(SELECT {rank} AS rank, r.{day} AS day, r.id FROM {whose} AND {where} "
    "ORDER BY {order} LIMIT %(most)s) AS r ORDER BY {outer} LIMIT %(most)s)"
)
# What hangs on a row is asked for it alone: as joins it took longer to plan than to do.
_ROWS = """
    SELECT f.rank, f.day, q.id, q.status, q.form, q.head, q.question, q.due_on, q.given_on,
           q.closed_on, q.closed_because, c.reference, c.restricted, p.forename, p.preferred_name,
           p.surname,
           (SELECT name FROM ehc_authority WHERE id = c.authority_id),
           (SELECT name FROM ehc_organisation WHERE id = q.organisation_id),
           (SELECT full_name FROM ehc_user WHERE id = q.assigned_to_id),
           (SELECT e.expected_on FROM advice_expectedlate e WHERE e.request_id = q.id
            ORDER BY e.at DESC, e.id DESC LIMIT 1),
           (SELECT e.cause FROM advice_expectedlate e WHERE e.request_id = q.id
            ORDER BY e.at DESC, e.id DESC LIMIT 1),
           (SELECT max(d.saved_at) FROM advice_draftfield d WHERE d.request_id = q.id),
           CASE WHEN q.status = 'returned' THEN
               (SELECT k."on" || '|' || array_to_string(k.reasons, ' ') || '|' || k.note
                FROM advice_check k JOIN advice_advice g ON g.id = k.advice_id
                WHERE g.request_id = q.id ORDER BY k.at DESC, k.id DESC LIMIT 1)
           END
    FROM (SELECT * FROM ({stretches}) AS found ORDER BY rank, day{way}, id{way} LIMIT %(most)s) AS f
    JOIN advice_advicerequest q ON q.id = f.id
    JOIN ehc_case c ON c.id = q.case_id JOIN ehc_person p ON p.id = c.person_id
    ORDER BY f.rank, f.day{way}, f.id{way}
"""
_COUNTS = """
    SELECT count(*) FILTER (WHERE q.assigned_to_id = ANY(%(people)s)), count(*),
           count(*) FILTER (WHERE q.assigned_to_id IS NULL),
           count(*) FILTER (WHERE q.status = 'returned'),
           count(*) FILTER (WHERE q.status = 'returned' AND q.assigned_to_id = ANY(%(people)s))
    FROM advice_advicerequest q
    WHERE q.organisation_id = ANY(%(bodies)s) AND q.status IN ('asked', 'returned'){searched}
"""
#: Nobody meets the case of their own family at work; said only to those who have one.
_NOT_OF_FAMILY = " AND NOT q.case_id = ANY(%(family)s)"
#: Asked of each row by itself: whatever the register holds, only this inbox is searched.
_SEARCHED = """
    AND (SELECT lower(c.reference || ' ' || p.forename || ' ' || p.preferred_name || ' ' ||
                      p.surname)
         FROM ehc_case c JOIN ehc_person p ON p.id = c.person_id WHERE c.id = q.case_id)
        LIKE ALL(%(words)s)
"""


def inbox_page(
    user: User | AnonymousUser,
    *,
    today: date,
    tab: str = "",
    search: str = "",
    after: str = "",
    size: int = PAGE,
) -> Page:
    """One page of what is asked of the user’s bodies, and the counts.

    What was sent back comes first, then by due date. Without a `tab`: the user’s own requests
    where there are any, otherwise the service’s. `after` is the `next_after` of the page before; a
    damaged one shows the first page. A case of the user’s own family is neither shown nor counted.
    """
    values: dict[str, Any] = {
        "bodies": bodies_of(user, today),
        "people": people_of(user, today),
        "most": size + 1,
        "words": [f"%{_literal(word)}%" for word in search.lower().split()[:5]],
    }
    searched = _SEARCHED if values["words"] else ""
    if family := own_family_cases(user, today):
        values["family"] = family
        searched += _NOT_OF_FAMILY
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(searched=searched), values)
        counts = Counts(*cursor.fetchone())
        tab = tab if tab in TABS else ("mine" if counts.mine else "service")
        cursor.execute(_worded(tab, searched, after, values), values)
        rows = [Row(*row) for row in cursor.fetchall()]
    more = len(rows) > size
    rows = rows[:size]
    last = rows[-1] if more else None
    next_after = f"{last.rank}~{last.day or ''}~{last.pk}" if last else ""
    return Page(tab, rows, counts, next_after)


def _worded(tab: str, searched: str, after: str, values: dict[str, Any]) -> str:
    """The statement of a page: the stretches that come after a place, one behind the other."""
    parts: Sequence[_Part] = _PARTS[tab]
    whose = _OF_PERSON if tab == "mine" else _OF_BODY
    place = _place(after)
    if place is not None:
        rank, values["day"], values["pk"] = place
        parts = [part for part in parts if part.rank >= rank]
    stretches = []
    for part in parts:
        where = part.where + searched
        if place is not None and part.rank == place[0]:
            where += f" AND {part.beyond}" if place[1] else " AND q.id > %(pk)s"
        way = " DESC" if part.descending else ""
        stretches.append(
            _STRETCH.format(
                rank=part.rank,
                day=part.day,
                whose=whose.format(day=part.day),
                where=where,
                order=part.order,
                outer=f"r.{part.day}{way}, r.id{way}",
            )
        )
    way = " DESC" if _PARTS[tab][0].descending else ""
    return _ROWS.format(stretches=" UNION ALL ".join(stretches), way=way)


def _place(after: str) -> tuple[int, date | None, int] | None:
    """Where a page begins: the rank, the day and the request before it; None for the start."""
    parts = after.split("~")
    if len(parts) != 3 or parts[0] not in {"0", "1", "2"} or len(parts[2]) > 18:
        return None
    try:
        day = date.fromisoformat(parts[1]) if parts[1] else None
        return int(parts[0]), day, int(parts[2])
    except ValueError:
        return None


def _literal(word: str) -> str:
    """A word as `LIKE` takes it at its letters."""
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
