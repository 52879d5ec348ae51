"""Whether a sitting hears a question in time, said before it is late: one rule for every page."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import Exact

from ehc.models import Case, Deadline, User
from ehc.permissions import Action, authorities_for, visible_to
from panels.models import Delegation, Item, Panel, Sitting, Terms
from panels.permissions import delegations_in_force, interests_of
from panels.questions import ASKED_AT, LIMIT_OF, Question

#: Where no sitting has a place at all, a date that is nearer than this is in danger: the time in
#: which a request is to be decided on.
SOON = timedelta(weeks=6)
PAGE = 50
#: Who is told of every case that no sitting hears in time.
MAY_SEE = (Action.REFER_TO_PANEL, Action.DECIDE_TO_ISSUE, Action.MANAGE_PANELS)


def none_in_time(due: date, next_on: date | None, today: date) -> bool:
    """True when the last lawful day falls before the next sitting that has a place.

    `next_on` is the day of that sitting; None where none is arranged that has a place. Then a date
    far ahead is no matter yet: a sitting can still be arranged.
    """
    return due < (next_on or today + SOON)


def terms_in_force(authorities: Collection[int], today: date) -> list[Terms]:
    """The terms by which the panels of these authorities sit today, by the panel’s name."""
    newer = Terms.objects.filter(
        panel=OuterRef("panel"),
        in_force_from__lte=today,
        in_force_from__gt=OuterRef("in_force_from"),
    )
    rows = Terms.objects.filter(
        ~Exists(newer),
        Q(panel__closed_on__isnull=True) | Q(panel__closed_on__gt=today),
        panel__authority__in=authorities,
        in_force_from__lte=today,
    )
    return list(rows.select_related("panel").order_by("panel__name", "panel"))


@dataclass(frozen=True, slots=True)
class Answering:
    """How a question of law is answered in one authority.

    `next_sitting` is the next that has a place, None where none is arranged; `soonest` the next
    that has room, also when its papers would be late. `officers` may decide without a sitting.
    """

    authority: int
    question: Question
    panels: list[Panel]
    next_sitting: Sitting | None
    soonest: Sitting | None
    officers: list[Delegation]

    def names(self) -> str:
        """Who may decide without a sitting, as words."""
        return " or ".join(dict.fromkeys(each.officer.full_name for each in self.officers))

    def held_by(self, user: User) -> bool:
        """True for an officer who may decide it without a sitting."""
        return any(each.officer_id == user.pk for each in self.officers)


def answering(user: User, today: date, *, with_officers: bool = True) -> list[Answering]:
    """Every question of law that panels answer where the user is told of it; three statements.

    Two, without the officers.
    """
    held: set[int] = set().union(*(authorities_for(user, each, today) for each in MAY_SEE))
    panels: dict[tuple[int, str], list[Panel]] = {}
    for terms in terms_in_force(held, today) if held else ():
        for question in terms.questions:
            if question in LIMIT_OF:
                key = (terms.panel.authority_id, question)
                panels.setdefault(key, []).append(terms.panel)
    if not panels:
        return []
    sittings = _with_room(held, today)
    officers = _officers(held, today) if with_officers else []
    found = []
    for (authority, question), there in panels.items():
        ours = [
            each
            for each in sittings
            if each.panel.authority_id == authority and question in each.terms.questions
        ]
        found.append(
            Answering(
                authority,
                Question(question),
                there,
                next((each for each in ours if _has_time(each, today)), None),
                next(iter(ours), None),
                [o for o in officers if o.authority_id == authority and question in o.questions],
            )
        )
    return found


def _officers(authorities: Collection[int], today: date) -> list[Delegation]:
    return list(
        delegations_in_force(today)
        .filter(authority__in=authorities, outside_sittings=True)
        .select_related("officer")
        .order_by("officer__full_name", "pk")
    )


def _with_room(authorities: Collection[int], today: date) -> list[Sitting]:
    """The sittings ahead that have room, the soonest first."""
    rows = Sitting.objects.filter(
        panel__authority__in=authorities, status__in=Sitting.AHEAD, on__gte=today
    ).annotate(taken=Count("items", filter=~Q(items__status__in=Item.GONE)))
    rows = rows.filter(taken__lt=F("room_for")).select_related("panel", "terms")
    return list(rows.order_by("on", "starts_at", "pk"))


def _has_time(sitting: Sitting, today: date) -> bool:
    """True while papers can still go out in time."""
    return sitting.status == Sitting.Status.PLANNED and today <= sitting.papers_due_on


@dataclass(frozen=True, slots=True)
class Endangered:
    """A case whose last lawful day falls before a sitting hears it, referred or not.

    `days_left` is negative once that day has passed. `item` is what it is listed by.
    """

    case: Case
    question: Question
    due: date
    days_left: int
    item: Item | None
    answering: Answering

    @property
    def sitting(self) -> Sitting | None:
        """The sitting that hears it, or the next that has a place."""
        return self.item.sitting if self.item else self.answering.next_sitting

    @property
    def too_late(self) -> int:
        """By how many days that sitting is too late."""
        return (self.sitting.on - self.due).days if self.sitting else 0

    @property
    def earlier(self) -> Sitting | None:
        """A sitting in time that has room: another than its own, or one whose papers are late."""
        other = self.answering.soonest
        return other if other and other.on <= self.due else None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of these cases, the worst first; `next_after` is where the next page begins."""

    rows: list[Endangered]
    total: int
    next_after: str


def endangered(user: User, answers: Collection[Answering], today: date, *, after: str = "") -> Page:
    """The cases that no sitting hears in time, of those the user sees and has no interest in.

    Three statements for any number.
    """
    found = _limits(user, answers, today)
    total = found.count()
    rows = list(_beyond(found, after).select_related("case__person")[: PAGE + 1])
    next_after = f"{rows[PAGE - 1].due_on}~{rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    rows = rows[:PAGE]
    items = {
        (item.process_id, item.question): item
        for item in Item.objects.filter(
            process__in=[row.process_id for row in rows],
            status=Item.Status.LISTED,
            sitting__on__gte=today,
        ).select_related("sitting__panel")
    }
    by_limit = {(each.authority, LIMIT_OF[each.question]): each for each in answers}
    shown = []
    for row in rows:
        how = by_limit[row.case.authority_id, row.code]
        due = row.due_on or today
        item = items.get((row.process_id, how.question))
        shown.append(Endangered(row.case, how.question, due, (due - today).days, item, how))
    return Page(shown, total, next_after)


def how_many(user: User, answers: Collection[Answering], today: date) -> int:
    """How many cases no sitting hears in time; one statement."""
    return _limits(user, answers, today).count()


def endangered_in_all(user: User, today: date) -> int:
    """How many of all that the user sees; three statements."""
    return how_many(user, answering(user, today, with_officers=False), today)


def _limits(user: User, answers: Collection[Answering], today: date) -> QuerySet[Deadline]:
    wanted = Q(pk__in=())
    for each in answers:
        on = each.next_sitting.on if each.next_sitting else today + SOON
        wanted |= Q(
            Q(listed_on__isnull=True, due_on__lt=on) | Q(due_on__lt=F("listed_on")),
            code=LIMIT_OF[each.question],
            case__authority=each.authority,
            process__status__in=ASKED_AT[each.question],
            said=False,
        )
    rows = Deadline.objects.filter(is_waiting=True, due_on__isnull=False)
    rows = rows.annotate(
        listed_on=Subquery(_still_heard(today).values("sitting__on")[:1]),
        said=Exists(_open_items(Item.Status.RECOMMENDED)),
    )
    return rows.filter(
        wanted,
        ~Q(process__in=interests_of(user)),
        case__in=visible_to(user, today).filter(is_open=True),
    ).order_by("due_on", "pk")


def _still_heard(today: date) -> QuerySet[Item]:
    """What is listed for a sitting of which the day has not passed; else nobody hears it there."""
    return _open_items(Item.Status.LISTED).filter(
        Q(sitting__on__gte=today) | Q(sitting__status=Sitting.Status.SITTING)
    )


def _open_items(status: str) -> QuerySet[Item]:
    of_question = Q(pk__in=())
    for question, code in LIMIT_OF.items():
        of_question |= Q(Exact(OuterRef("code"), Value(code)), question=question)
    return Item.objects.filter(of_question, process=OuterRef("process"), status=status)


def _beyond(rows: QuerySet[Deadline], after: str) -> QuerySet[Deadline]:
    """What comes after a place in the order; a damaged one shows the first page."""
    day, _, number = after.partition("~")
    try:
        due, pk = date.fromisoformat(day), int(number)
    except ValueError:
        return rows
    if not 0 < pk < 2**63:
        return rows
    return rows.filter(Q(due_on__gt=due) | Q(due_on=due, pk__gt=pk))
