"""The sittings ahead of an administrator, and where the items of a cancelled one can go."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet

from ehc.dates import in_words
from ehc.law import CALENDAR
from ehc.models import User
from panels.commands.referring import Fit, legal_date
from panels.commands.scheduling import papers_due
from panels.models import Booking, Conflict, Item, Panel, QuorumSeat, Sitting, SittingEvent, Terms
from panels.permissions import seen_among
from panels.queries.bookings import Outlook, Quorum, outlook_of
from panels.questions import is_asked

#: So many days before a sitting those who have not answered are worth a call.
CALL_WITHIN = timedelta(days=14)
_MOST = 100


@dataclass(frozen=True, slots=True)
class Ahead:
    """One sitting ahead, with what its administrator must know of it."""

    sitting: Sitting
    listed: int
    outlook: Outlook
    papers_late: bool
    to_do: list[str]


def sittings_ahead(panels: QuerySet[Panel], today: date) -> list[Ahead]:
    """The sittings that these panels have ahead, soonest first; four statements for any number.

    One of which the day has passed without being opened is among them: it must be cancelled.
    """
    rows = Sitting.objects.filter(panel__in=panels, status__in=Sitting.AHEAD)
    return described(rows.order_by("on", "starts_at", "pk")[:_MOST], today)


def described(rows: Iterable[Sitting] | QuerySet[Sitting], today: date) -> list[Ahead]:
    """These sittings with items, answers and outlook."""
    keys = [sitting.pk for sitting in rows]
    sittings = (
        Sitting.objects.filter(pk__in=keys)
        .select_related("panel", "terms", "chair")
        .annotate(listed=Count("items", filter=Q(items__status__in=Item.OPEN)))
        .order_by("on", "starts_at", "pk")
    )
    bookings: dict[int, list[Booking]] = defaultdict(list)
    for booking in Booking.objects.filter(sitting__in=keys).select_related("member"):
        bookings[booking.sitting_id].append(booking)
    least: dict[int, dict[str, int]] = defaultdict(dict)
    for seat in QuorumSeat.objects.filter(terms__sittings__in=keys).distinct():
        least[seat.terms_id][seat.seat] = seat.least
    found = []
    for sitting in sittings:
        outlook = outlook_of(
            least[sitting.terms_id], sitting.terms.least_present, bookings[sitting.pk]
        )
        late = sitting.status == Sitting.Status.PLANNED and sitting.papers_due_on < today
        listed: int = sitting.listed
        found.append(
            Ahead(sitting, listed, outlook, late, _to_do(sitting, listed, outlook, late, today))
        )
    return found


def items_short_of_quorum(sitting: Sitting) -> dict[int, list[str]]:
    """The open items for which there can be no quorum, with who is missing; three statements.

    Because somebody has declared an interest in them: everybody else is counted who has not said
    that they cannot come.
    """
    shut_out: dict[int, set[int]] = defaultdict(set)
    rows = Conflict.objects.filter(item__sitting=sitting, item__status=Item.Status.LISTED)
    for item, user in rows.values_list("item", "user"):
        shut_out[item].add(user)
    if not shut_out:
        return {}
    least = dict(QuorumSeat.objects.filter(terms=sitting.terms_id).values_list("seat", "least"))
    bookings = list(sitting.bookings.select_related("member"))
    found = {}
    for item, users in shut_out.items():
        there = [each for each in bookings if each.member.user_id not in users]
        outlook = outlook_of(least, sitting.terms.least_present, there)
        if outlook.quorum == Quorum.NO:
            found[item] = outlook.missing
    return found


def _to_do(
    sitting: Sitting, listed: int, outlook: Outlook, papers_late: bool, today: date
) -> list[str]:
    """What comes next, in words; empty when nothing does."""
    if sitting.not_held(today):
        return ["It was not held: nobody opened it on its day. List its items again"]
    todo = []
    if not listed and sitting.papers_due_on <= today and sitting.status == Sitting.Status.PLANNED:
        todo.append("Nothing is listed: cancel it, or send the agenda as it is")
    elif papers_late:
        todo.append(f"Papers were due on {in_words(sitting.papers_due_on)}: send them now")
    elif sitting.status == Sitting.Status.PLANNED and sitting.papers_due_on == today:
        todo.append("Send the papers today")
    if outlook.quorum == Quorum.NO:
        todo.append(f"Find {' and '.join(outlook.missing)}")
    elif outlook.quorum == Quorum.POSSIBLE and sitting.on - today <= CALL_WITHIN:
        todo.append(f"Ring those who have not answered ({outlook.asked})")
    if sitting.chair_id is None:
        todo.append("Name who takes the chair")
    return todo


@dataclass(frozen=True, slots=True)
class ToMove:
    """An open item of a sitting that is to be cancelled, with the sittings it could go to."""

    item: Item
    #: False for a case that the person may not see, or has an interest in: its number is shown.
    shown: bool
    due: date | None
    fits: list[Fit]
    #: The sitting that is proposed: the first in time with room, else the first with room.
    proposed: Fit | None
    #: False where the case has left the question: then it only comes off.
    asked: bool


def items_to_move(sitting: Sitting, user: User, today: date) -> list[ToMove]:
    """The open items of a sitting; those with the nearest legal date choose first.

    The same number of statements for any number of items.
    """
    items = list(
        sitting.items.filter(status__in=Item.OPEN)
        .select_related("case", "process")
        .order_by("position", "pk")
    )
    seen = seen_among(user, items, today)
    ahead = list(
        Sitting.objects.filter(
            panel__authority=sitting.panel.authority_id, status__in=Sitting.AHEAD, on__gte=today
        )
        .exclude(pk=sitting.pk)
        .select_related("panel", "terms")
        .annotate(taken=Count("items", filter=Q(items__status__in=Item.OPEN)))
        .order_by("on", "starts_at", "pk")[:_MOST]
    )
    room = {each.pk: each.room_for - each.taken for each in ahead}
    due = {item.pk: legal_date(item.process, item.question) for item in items}
    asked = {item.pk: is_asked(item.question, item.process, item.case) for item in items}
    found = {}
    for item in sorted(items, key=lambda i: (due[i.pk] or date.max, i.position)):
        fits = [
            _fit(each, due[item.pk], room[each.pk], today)
            for each in ahead
            if asked[item.pk] and item.question in each.terms.questions
        ]
        proposed = _proposed(fits, sitting)
        if proposed is not None:
            room[proposed.sitting.pk] -= 1
        found[item.pk] = ToMove(item, item.pk in seen, due[item.pk], fits, proposed, asked[item.pk])
    return [found[item.pk] for item in items]


def _fit(sitting: Sitting, due: date | None, places: int, today: date) -> Fit:
    return Fit(
        sitting,
        (due - sitting.on).days if due else None,
        sitting.status == Sitting.Status.PLANNED and today <= sitting.papers_due_on,
        max(0, places),
    )


def _proposed(fits: list[Fit], cancelled: Sitting) -> Fit | None:
    """In time before late, papers in time before not, the same panel before another, then soon."""
    with_room = [fit for fit in fits if fit.places]

    def rank(fit: Fit) -> tuple[bool, bool, bool, date]:
        other = fit.sitting.panel_id != cancelled.panel_id
        return (not fit.lawful, not fit.papers_in_time, other, fit.sitting.on)

    return min(with_room, key=rank, default=None)


def days_in_words(fit: Fit) -> str:
    """What a sitting means for the clock of an item, and whether its papers are in time."""
    if fit.days_left is None:
        words = "no legal date runs"
    elif fit.days_left < 0:
        days = -fit.days_left
        words = f"{days} {'day' if days == 1 else 'days'} too late"
    elif fit.days_left == 0:
        words = "on the last lawful day"
    else:
        words = f"{fit.days_left} {'day' if fit.days_left == 1 else 'days'} in hand"
    return words if fit.papers_in_time else f"{words}, after papers are due"


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a term that is being arranged."""

    on: date
    #: Why no sitting can be held then; empty when one can.
    left_out: str
    papers_due_on: date | None
    papers_late: bool


def term_days(panel: Panel, first: date, until: date, often: str, today: date) -> list[Day]:
    """The days of a term by how often the panel sits, `until` included; what cannot be says why."""
    versions = list(Terms.objects.filter(panel=panel).order_by("-in_force_from"))
    taken = set(
        Sitting.objects.filter(panel=panel, on__gte=first, on__lte=until)
        .exclude(status=Sitting.Status.CANCELLED)
        .values_list("on", flat=True)
    )
    found = []
    for on in _every(first, until, often):
        terms = next((each for each in versions if each.in_force_from <= on), None)
        why = ""
        if not CALENDAR.is_working_day(on):
            why = "weekend" if on.weekday() > 4 else "bank holiday"
        elif panel.closed_on is not None and on >= panel.closed_on:
            why = "the panel is closed by then"
        elif terms is None:
            why = "no terms of reference are in force then"
        elif on in taken:
            why = "the panel sits then already"
        due = papers_due(on, terms.paper_days) if terms and not why else None
        found.append(Day(on, why, due, due is not None and due < today))
    return found


def _every(first: date, until: date, often: str) -> Iterator[date]:
    """Every week, every two weeks, or the same weekday of each month (a fifth is the last)."""
    on, month = first, 0
    while on <= until:
        yield on
        if often == Terms.Frequency.MONTHLY:
            month += 1
            on = _in_month(first, month)
        else:
            on += timedelta(days=14 if often == Terms.Frequency.FORTNIGHTLY else 7)


def _in_month(first: date, months: int) -> date:
    number = first.month - 1 + months
    begin = date(first.year + number // 12, number % 12 + 1, 1)
    day = begin + timedelta(days=(first.weekday() - begin.weekday()) % 7)
    day += timedelta(days=7 * ((first.day - 1) // 7))
    return day if day.month == begin.month else day - timedelta(days=7)


#: What the record of a sitting says, in words.
_KINDS = {
    "arranged": "Arranged",
    "changed": "Time, place, chair or room changed",
    "booked": "Member asked to come",
    "released": "Booking taken back",
    "answered": "Member answered",
    "item_listed": "Item listed",
    "papers_sent": "Papers sent",
    "opened": "Opened",
    "came": "Member came",
    "left": "Member left",
    "took_note": "Note taken of a decision without a sitting",
    "ended": "Ended",
    "minutes_written": "Remarks written in the minutes",
    "minutes_signed": "Minutes signed",
    "cancelled": "Cancelled",
}


def events_of(sitting: Sitting) -> list[tuple[str, SittingEvent]]:
    """The record of a sitting, newest first: what was done in words, and by whom and when."""
    rows = sitting.events.select_related("actor").order_by("-sequence")[:_MOST]
    return [(_KINDS.get(row.kind, row.kind.replace("_", " ").capitalize()), row) for row in rows]
