"""The 20-week strip: where a case stands among its legal limits, as a picture and as a list.

The picture is drawn for those who see it and hidden from those who listen; the list beside it
says the same in words, and is all that a phone shows. Shapes differ, so colour is never alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from markupsafe import Markup, escape

from ehc.dates import WEEKS, weeks_in_words
from ehc.wording import limit_title

#: Beyond this many weeks marks gather at the right edge instead of squeezing the picture.
MOST_WEEKS = 60

WIDTH = 1000
LEFT, RIGHT = 30, 970
TRACK_HEIGHT, BELOW = 10, 73
MARK = 15
LANE_HEIGHT = 2 * MARK + 3
LANES = 3

#: How a standing is told: the words, and the colour of its GOV.UK tag.
WORDS = {
    "running": ("Running", "blue"),
    "overdue": ("Overdue", "red"),
    "met": ("Met", "green"),
    "met_late": ("Met late", "orange"),
    "excused": ("Excused by law", "purple"),
    "replaced": ("Replaced", "grey"),
    "not_started": ("Not started", "grey"),
    "stopped": ("Stopped", "grey"),
}
#: Which standing speaks for several limits that share one mark.
WORST_FIRST = ("overdue", "running", "met_late", "excused", "met", "not_started", "replaced")


class Rule(Protocol):
    """The limit that a deadline applies."""

    @property
    def label(self) -> str:
        """What the limit is called."""
        ...


class Due(Protocol):
    """What the strip needs of a deadline; `ehc.law.Deadline` has it.

    `label` is the service where a limit runs for each of several, otherwise empty. `earliest_on`
    is there for a time owed to the family, which lasts until `due_on` inclusive.
    """

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def limit(self) -> Rule: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def earliest_on(self) -> date | None: ...
    @property
    def met_on(self) -> date | None: ...

    def standing(self, today: date) -> str:
        """One of the keys of WORDS."""
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark of the strip: a limit, or several that share code and date (advice).

    `is_floor` marks a time owed to the family: it lasts until `due_on`, it is not due then.
    """

    number: int
    code: str
    label: str
    due_on: date
    met_on: date | None
    standing: str
    is_floor: bool

    @property
    def words(self) -> str:
        """The standing, for people."""
        return WORDS[self.standing][0]

    @property
    def tag(self) -> str:
        """The colour of the GOV.UK tag."""
        return WORDS[self.standing][1]

    @property
    def key(self) -> Markup:
        """The mark alone, to stand beside its line in the list."""
        return Markup(
            '<svg class="ehc-strip__key" viewBox="0 0 34 34" aria-hidden="true" '
            'focusable="false">{}</svg>'
        ).format(_shape(self, 17, 17))


@dataclass(frozen=True, slots=True)
class Strip:
    """A strip ready for the page."""

    picture: Markup
    marks: Sequence[Mark]
    summary: str
    today: date

    def key_of(self, limit: Due) -> Markup:
        """The mark of a deadline, to stand beside it in a list; empty when it has none."""
        found = (m for m in self.marks if (m.code, m.due_on) == (limit.code, limit.due_on))
        return next((mark.key for mark in found), Markup(""))


def strip(
    limits: Iterable[Due], *, start: date, today: date, names: Mapping[str, str] | None = None
) -> Strip:
    """The strip of a case whose clock started on `start`, as it stands on `today`.

    Limits without a due date, and those another limit replaced, are left out. A limit of 20 weeks
    lies at the end of week 20, on the same weekday as `start`. `names` are those of the services,
    by the labels that the facts give them.
    """
    marks = _marks(limits, today, names or {})
    weeks = _weeks_shown(marks, start, today)
    return Strip(_picture(marks, start, today, weeks), marks, _summary(marks, start, today), today)


def _marks(limits: Iterable[Due], today: date, names: Mapping[str, str]) -> list[Mark]:
    groups: dict[tuple[date, str], list[Due]] = {}
    for limit in limits:
        if limit.due_on is not None and limit.standing(today) != "replaced":
            groups.setdefault((limit.due_on, limit.code), []).append(limit)
    ordered = sorted(groups.items(), key=lambda item: item[0][0])
    return [
        _mark(n, due, group, today, names) for n, ((due, _), group) in enumerate(ordered, start=1)
    ]


def _mark(number: int, due: date, group: list[Due], today: date, names: Mapping[str, str]) -> Mark:
    standings = [limit.standing(today) for limit in group]
    met = [limit.met_on for limit in group if limit.met_on is not None]
    first = group[0]
    if len(group) > 1:
        name = f"{limit_title(first.code, '', first.limit.label, names)}: "
        name += f"{len(met)} of {len(group)} met"
    else:
        name = limit_title(first.code, first.label, first.limit.label, names)
    return Mark(
        number,
        first.code,
        name,
        due,
        max(met) if len(met) == len(group) else None,
        min(standings, key=WORST_FIRST.index),
        first.earliest_on is not None,
    )


def _weeks_shown(marks: Iterable[Mark], start: date, today: date) -> int:
    days = [mark.due_on for mark in marks] + [mark.met_on for mark in marks if mark.met_on]
    if any(mark.standing in {"running", "overdue"} for mark in marks):
        days.append(today)
    last = max(days, default=start)
    return min(MOST_WEEKS, max(WEEKS, -(-(last - start).days // 7)))


def _summary(marks: Sequence[Mark], start: date, today: date) -> str:
    where = f"{weeks_in_words(start, today)}."
    overdue = sum(mark.standing == "overdue" for mark in marks)
    met = sum(mark.standing in {"met", "met_late"} for mark in marks)
    counts = f"{met} of {len(marks)} limits met" if marks else "No limits are running yet"
    return f"{where} {counts}{f', {overdue} overdue' if overdue else ''}."


def _picture(marks: Sequence[Mark], start: date, today: date, weeks: int) -> Markup:
    """The whole drawing. All positions are plain numbers; all text is escaped."""

    def across(day: date) -> int:
        share = (day - start) / timedelta(weeks=weeks)
        return round(LEFT + (RIGHT - LEFT) * min(1.0, max(0.0, share)))

    places = _lanes([across(mark.due_on) for mark in marks])
    track = (max((lane for _, lane in places), default=0) + 1) * LANE_HEIGHT + 6
    parts = [
        _rectangle("track", LEFT, RIGHT, track),
        _rectangle("elapsed", LEFT, across(today), track),
        *_week_lines(weeks, track),
        *_placed(marks, places, track),
        _today_line(across(today), track),
    ]
    return Markup(
        '<svg class="ehc-strip__picture" viewBox="0 0 {} {}" aria-hidden="true" '
        'focusable="false">{}</svg>'
    ).format(WIDTH, track + BELOW, Markup("").join(parts))


def _lanes(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Each position with the lowest lane where its mark touches no other."""
    taken = [-WIDTH] * LANES
    places = []
    for x in positions:
        free = [lane for lane in range(LANES) if x - taken[lane] >= 2 * MARK + 6]
        lane = free[0] if free else taken.index(min(taken))
        taken[lane] = x
        places.append((x, lane))
    return places


def _rectangle(name: str, left: int, right: int, top: int) -> Markup:
    return Markup('<rect class="ehc-strip__{}" x="{}" y="{}" width="{}" height="{}"/>').format(
        name, left, top, right - left, TRACK_HEIGHT
    )


def _week_lines(weeks: int, track: int) -> list[Markup]:
    step = 2 if weeks <= 30 else 5
    parts = []
    for week in range(0, weeks + 1, step):
        x = round(LEFT + (RIGHT - LEFT) * week / weeks)
        parts.append(_line("week", x, track, track + TRACK_HEIGHT + 6))
        parts.append(_text("week-text", x, track + 34, str(week) if week else "Week 0"))
    return parts


def _placed(
    marks: Sequence[Mark], places: Sequence[tuple[int, int]], track: int
) -> Iterable[Markup]:
    """Marks above the track at their due dates, each on a stem."""
    for mark, (x, lane) in zip(marks, places, strict=True):
        y = track - 20 - lane * LANE_HEIGHT
        yield _line("week", x, y, track)
        yield _shape(mark, x, y)


def _shape(mark: Mark, x: int, y: int) -> Markup:
    """A filled disc when met, a diamond when overdue, a square when excused, else a ring."""
    name = Markup('class="ehc-strip__mark ehc-strip__mark--{}"').format(mark.standing)
    r = MARK - 2
    if mark.standing == "overdue":
        points = f"{x},{y - MARK - 1} {x + MARK + 1},{y} {x},{y + MARK + 1} {x - MARK - 1},{y}"
        shape = Markup('<polygon {} points="{}"/>').format(name, points)
    elif mark.standing in {"excused", "met_late"}:
        shape = Markup('<rect {} x="{}" y="{}" width="{}" height="{}"/>').format(
            name, x - r, y - r, 2 * r, 2 * r
        )
    else:
        shape = Markup('<circle {} cx="{}" cy="{}" r="{}"/>').format(name, x, y, r)
    return shape + _text(
        f"mark-text ehc-strip__mark-text--{mark.standing}", x, y + 5, str(mark.number)
    )


def _today_line(x: int, track: int) -> Markup:
    beside = min(max(x, LEFT + 20), RIGHT - 20)
    return _line("today", x, track - 6, track + 48) + _text(
        "today-text", beside, track + 66, "Today"
    )


def _line(name: str, x: int, top: int, bottom: int) -> Markup:
    return Markup('<line class="ehc-strip__{}" x1="{}" x2="{}" y1="{}" y2="{}"/>').format(
        name, x, x, top, bottom
    )


def _text(name: str, x: int, y: int, words: str) -> Markup:
    return Markup(
        '<text class="ehc-strip__{}" x="{}" y="{}" text-anchor="middle">{}</text>'
    ).format(name, x, y, escape(words))
