"""What completes the sittings of a demonstration once every history is written."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Max, Min

from ehc.demo.places import Council
from ehc.models import User
from panels.demo.board import BEGINS_AT, ENDS_AT, KINDS, Board, Meeting, at
from panels.demo.of_late import OfLate
from panels.demo.readers import open_papers
from panels.demo.stories import board_of
from panels.models import Booking, Conflict, Item, Presence, Ratification, Sitting
from panels.models import SittingEvent as Event

#: So long before a sitting its members were asked, at the latest when panels began.
_ASKED = timedelta(weeks=6)
#: Moment, rank among those of the same moment, kind, actor (or their key), data.
_Told = tuple[datetime, int, str, User | int, dict[str, Any]]


def add_at_the_end(council: Council, today: date) -> None:
    """Bookings, presences and records of every sitting; then what commands do of late."""
    board = board_of(council, today)
    for kind in KINDS:
        for day in board.days(kind):
            if day >= today:
                board.meeting(kind, day)
    meetings = sorted(board.meetings.values(), key=lambda m: (m.sitting.on, m.sitting.panel_id))
    unsaved = [m.sitting for m in meetings if m.sitting.pk is None and m.sitting.on >= today]
    Sitting.objects.bulk_create(unsaved)
    meetings = [m for m in meetings if m.sitting.pk is not None]
    _Records(board, meetings).write()
    open_papers([m for m in meetings if m.came], at(today, time()))
    OfLate(board, meetings).tell()


class _Records:
    """The bookings, presences and events of all sittings, in order, as commands leave them."""

    def __init__(self, board: Board, meetings: list[Meeting]) -> None:
        self.board, self.meetings = board, meetings
        self.lot = Random(f"records of {board.council.place}")  # noqa: S311
        self.bookings: dict[tuple[int, int], Booking] = {}
        self.events: dict[int, list[_Told]] = defaultdict(list)

    def write(self) -> None:
        """A few statements for all of them."""
        _number_items()
        self._arrange()
        self._items()
        self._hold()
        rows = []
        for meeting in self.meetings:
            told = sorted(self.events[meeting.sitting.pk], key=lambda each: each[:2])
            rows += [self._event(meeting.sitting, n, each) for n, each in enumerate(told, 1)]
            meeting.sitting.version = len(told)
        Event.objects.bulk_create(rows, batch_size=1000)
        Sitting.objects.bulk_update(
            [m.sitting for m in self.meetings], ["version", "opened_at", "ended_at"]
        )

    def _event(self, sitting: Sitting, number: int, told: _Told) -> Event:
        when, _, kind, actor, data = told
        return Event(
            sitting=sitting,
            sequence=number,
            kind=kind,
            at=when,
            actor_id=actor if isinstance(actor, int) else actor.pk,
            data=data,
            token=UUID(int=self.lot.getrandbits(128), version=4),
        )

    def _arrange(self) -> None:
        """Arranged by the administrator, who asked the members; most have answered."""
        for meeting in self.meetings:
            sitting = meeting.sitting
            asked = at(max(self.board.begins, sitting.on - _ASKED), time(9))
            data = {"members": len(meeting.booked)}
            self.events[sitting.pk].append((asked, 0, "arranged", self.board.administrator, data))
            for member in meeting.booked:
                booking = Booking(sitting=sitting, member=member, seat=member.seat)
                comes = self._comes(meeting, member)
                answered = asked + timedelta(hours=self.lot.randint(2, 80))
                if comes is not None and answered < self._midnight:
                    booking.answer = Booking.Answer.ACCEPTED if comes else Booking.Answer.DECLINED
                    booking.answered_at = answered
                    told = {"member": member.pk, "comes": comes}
                    self.events[sitting.pk].append((answered, 1, "answered", member.user, told))
                self.bookings[sitting.pk, member.pk] = booking
        Booking.objects.bulk_create(self.bookings.values(), batch_size=1000)

    @property
    def _midnight(self) -> datetime:
        return at(self.board.today, time())

    def _comes(self, meeting: Meeting, member: Any) -> bool | None:
        """What a member answers: who came had mostly said so, who stayed away not always."""
        drawn = self.lot.random()
        if meeting.sitting.on >= self.board.today:
            return None if drawn < 0.2 else drawn < 0.92
        if member in meeting.came:
            return True if drawn < 0.94 else None
        return False if drawn < 0.7 else None

    def _items(self) -> None:
        """What was listed, and what was noted."""
        sittings = [m.sitting for m in self.meetings]
        for item in Item.objects.filter(sitting__in=sittings).order_by("position"):
            listed = (item.referred_at, 2, "item_listed", item.referred_by_id, {"item": item.pk})
            self.events[item.sitting_id].append(listed)
        for noted in Ratification.objects.filter(sitting__in=sittings):
            told = (noted.at, 5, "took_note", noted.by_id, {"decision": noted.decision_id})
            self.events[noted.sitting_id].append(told)

    def _hold(self) -> None:
        """Opened by the chair, with everybody there until the end of it."""
        spans = _spans()
        presences = []
        for meeting in self.meetings:
            sitting = meeting.sitting
            if sitting.status != Sitting.Status.ENDED:
                continue
            first, last = spans.get(sitting.pk, (None, None))
            minute = timedelta(minutes=1)
            opened = at(sitting.on, BEGINS_AT)
            opened = min(opened, first - 5 * minute) if first else opened
            ended = max(at(sitting.on, ENDS_AT), (last or opened) + 5 * minute)
            sitting.opened_at, sitting.ended_at = opened, ended
            chair, own = meeting.chair, self.events[sitting.pk]
            sent = {"items": self._frozen(sitting)}
            papers = sitting.papers_sent_at or opened
            own.append((papers, 3, "papers_sent", self.board.administrator, sent))
            own.append((opened, 4, "opened", chair, {}))
            for member in meeting.came:
                booking = self.bookings[sitting.pk, member.pk]
                own.append((opened, 5, "came", chair, {"booking": booking.pk}))
                presences.append(Presence(booking=booking, came_at=opened, left_at=ended))
            own.append((ended, 6, "ended", chair, {}))
        Presence.objects.bulk_create(presences, batch_size=1000)

    def _frozen(self, sitting: Sitting) -> list[int]:
        rows = sitting.items.filter(frozen_at__isnull=False).order_by("position")
        return list(rows.values_list("pk", flat=True))


def _number_items() -> None:
    """Items stand on an agenda as they were heard, and those ahead as they were listed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE panels_item SET position = r.place FROM (SELECT id, row_number() OVER "
            "(PARTITION BY sitting_id ORDER BY heard_at, referred_at, id) AS place "
            "FROM panels_item) r WHERE r.id = panels_item.id"
        )


def _spans() -> dict[int, tuple[datetime | None, datetime | None]]:
    """When the first and the last thing was recorded at each sitting."""
    found: dict[int, tuple[datetime | None, datetime | None]] = {}
    for rows in (
        Item.objects.filter(heard_at__isnull=False)
        .values_list("sitting")
        .annotate(Min("heard_at"), Max("heard_at")),
        Ratification.objects.values_list("sitting").annotate(Min("at"), Max("at")),
        Conflict.objects.values_list("item__sitting").annotate(Min("at"), Max("at")),
    ):
        for sitting, first, last in rows:
            held = [m for m in (*found.get(sitting, ()), first, last) if m is not None]
            found[sitting] = (min(held), max(held))
    return found
