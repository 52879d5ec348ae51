"""The worklist query with its counts, against the best SQL for it; and a page at depth."""

from collections.abc import Callable, Iterable
from functools import partial

from bench.raw import own_connection
from bench.rounds import TooMany, at_most_statements, compare, timed
from bench.stories import TODAY
from bench.table import Result, in_ms
from ehc.models import Case, User
from ehc.queries.worklist import Filters, worklist_page

_STATEMENTS = 6
_DEPTH = 60
_REPEAT = 5

_ROWS = """
    SELECT c.id, c.reference, p.forename, p.preferred_name, p.surname, c.stage, c.restricted,
           c.received_on, c.final_due_on, c.next_due_on, c.next_due_code, c.next_due_label,
           u.full_name
    FROM (
        SELECT * FROM ehc_case c
        WHERE {tab} AND authority_id = %(authority)s AND is_open AND (NOT restricted
            OR owner_id = %(user)s OR EXISTS (
            SELECT FROM ehc_caseparty n WHERE n.case_id = c.id AND n.user_id = %(user)s
              AND n.starts_on <= %(today)s AND (n.until IS NULL OR n.until > %(today)s)))
        ORDER BY next_due_on, id LIMIT 51
    ) c
    JOIN ehc_person p ON p.id = c.person_id
    LEFT JOIN ehc_user u ON u.id = c.owner_id
    ORDER BY c.next_due_on, c.id
"""
_COUNTS = """
    SELECT count(*) FILTER (WHERE owner_id = %(user)s),
           count(*) FILTER (WHERE team_id = %(team)s),
           count(*)
    FROM ehc_case c
    WHERE authority_id = %(authority)s AND is_open AND (NOT restricted
            OR owner_id = %(user)s OR EXISTS (
        SELECT FROM ehc_caseparty n WHERE n.case_id = c.id AND n.user_id = %(user)s
          AND n.starts_on <= %(today)s AND (n.until IS NULL OR n.until > %(today)s)))
"""
_TABS = {
    "mine": "owner_id = %(user)s",
    "team": "team_id = %(team)s",
    "all": "true",
}


class BySql:
    """The best SQL that could be written, on a connection of its own, prepared."""

    def __init__(self, user: User) -> None:
        self._bound = own_connection()
        membership = user.memberships.get()
        self._values = {
            "user": user.pk,
            "team": membership.team_id,
            "authority": membership.authority_id,
            "today": TODAY,
        }

    def page(self, tab: str) -> tuple[list[tuple[object, ...]], tuple[int, ...]]:
        """The rows of the first page and the counts of the tabs."""
        with self._bound.cursor() as cursor:
            rows = cursor.execute(_ROWS.format(tab=_TABS[tab]), self._values, prepare=True)
            found = rows.fetchall()
            counts = cursor.execute(_COUNTS, self._values, prepare=True).fetchone()
        if counts is None:
            raise AssertionError("no counts")
        return found[:50], counts

    def close(self) -> None:
        """Give the connection back."""
        self._bound.close()


def run() -> Iterable[Result]:
    """The three tabs, the depth, and the number of statements."""
    someone = reader()
    _check_statements(someone.pk)
    by_sql = BySql(someone)
    for tab, words in (("mine", "mine"), ("team", "my team’s"), ("all", "the whole authority’s")):
        _check_same(someone.pk, by_sql, tab)
        found = compare(_ours(someone.pk, tab), partial(_timed, partial(by_sql.page, tab)))
        yield in_ms(
            f"worklist with counts: {words}", found, 3, note="limit: two prepared statements"
        )
    by_sql.close()
    yield _depth(someone.pk)


def reader() -> User:
    """A caseworker of the first authority, with a team and some two hundred cases."""
    return User.objects.filter(memberships__role="caseworker").order_by("pk")[0]


def _timed(work: Callable[[], object]) -> float:
    return timed(lambda: [work() for _ in range(_REPEAT)], _REPEAT)


def _page(pk: int, tab: str, after: str = "", size: int = 50) -> str:
    """One page for somebody of whom nothing has been read yet but their own row."""
    user = User.objects.get(pk=pk)
    return worklist_page(user, Filters(tab=tab), today=TODAY, after=after, size=size).next_after


def _ours(pk: int, tab: str, after: str = "") -> Callable[[], float]:
    def once() -> float:
        users = [User.objects.get(pk=pk) for _ in range(_REPEAT)]

        def pages() -> None:
            for user in users:
                worklist_page(user, Filters(tab=tab), today=TODAY, after=after)

        return timed(pages, _REPEAT)

    return once


def _check_statements(pk: int) -> None:
    """At most six, the person's own row included, and the same for 5 rows as for 50."""
    counts = set()
    for tab in _TABS:
        for size in (5, 50):
            with at_most_statements(_STATEMENTS, f"worklist, {tab}, {size} rows") as seen:
                _page(pk, tab, size=size)
            counts.add(len(seen.captured_queries))
    if len(counts) != 1:
        raise TooMany(f"the worklist takes {counts} statements, not always the same number")


def _check_same(pk: int, by_sql: BySql, tab: str) -> None:
    """Both sides must show the same."""
    page = worklist_page(User.objects.get(pk=pk), Filters(tab=tab), today=TODAY)
    rows, counts = by_sql.page(tab)
    if [row.pk for row in page.rows] != [row[0] for row in rows] or tuple(page.counts) != counts:
        raise AssertionError(f"worklist, {tab}: our rows or counts are not those of the SQL")


def _depth(pk: int) -> Result:
    after = ""
    for _ in range(_DEPTH):
        following = _page(pk, "all", after)
        if not following:
            break
        after = following
    found = compare(_ours(pk, "all", after), _ours(pk, "all"))
    open_cases = Case.objects.filter(is_open=True).count()
    return in_ms(
        f"worklist, the whole authority’s, page {_DEPTH}",
        found,
        1.5,
        note=f"limit: its first page; {open_cases:,} open cases in all",
    )
