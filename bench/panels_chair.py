"""The chair’s screen: the same statements for 5 items as for 50, and what it costs beside them."""

import datetime
from collections.abc import Callable, Iterable

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.rounds import TooMany, compare, timed
from bench.stories import TODAY, noon
from bench.subjects import Workshop, workshop
from bench.table import Result, in_ms
from ehc.models import Membership, Role, User
from panels.models import Booking, Item, Member, Panel, Presence, QuorumSeat, Seat, Sitting, Terms
from panels.queries.chair import Screen, find_sitting, screen_of
from panels.questions import Question

#: The person and their rights among them; over HTTP the session, kept text and the note of who
#: looked come to it, and they make twelve at most.
_STATEMENTS = 8
_MEMBERS = 20
_SIZES = (5, 50)


def run() -> Iterable[Result]:
    """Count, then time, on sittings that are taken back afterwards."""
    with workshop() as place, transaction.atomic():
        panel, terms = _panel(place)
        sittings = [_sitting(place, panel, terms, size) for size in _SIZES]
        counts = [len(_statements(place, each)) for each in sittings]
        if len(set(counts)) > 1 or max(counts) > _STATEMENTS:
            raise TooMany(f"the chair’s screen: {counts} statements, {_STATEMENTS} are allowed")
        largest = sittings[-1]
        ours, limit = _timed(_reader(place, largest)), _timed(_bare(place, largest))
        note = f"limit: its {counts[-1]} statements alone; {_SIZES[-1]} items, {_MEMBERS} members"
        found = compare(ours, limit)
        transaction.set_rollback(True)
    yield in_ms("the chair’s screen", found, 8, note=note)


def _timed(work: Callable[[], object]) -> Callable[[], float]:
    return lambda: timed(work)


def _reader(place: Workshop, sitting: int) -> Callable[[], Screen]:
    def read() -> Screen:
        found = find_sitting(sitting)
        if found is None:
            raise AssertionError("The sitting is gone.")
        return screen_of(found, place.deciding(), TODAY)

    return read


def _statements(place: Workshop, sitting: int) -> list[str]:
    with CaptureQueriesContext(connection) as seen:
        screen = _reader(place, sitting)()
    if screen.opened is None or len(screen.room) != _MEMBERS:
        raise AssertionError("The screen does not show what was made for it.")
    return [query["sql"] for query in seen.captured_queries]


def _bare(place: Workshop, sitting: int) -> Callable[[], None]:
    statements = _statements(place, sitting)

    def read() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                # Its values stand in it: a percent sign is one.
                cursor.execute(statement)
                cursor.fetchall()

    return read


def _panel(place: Workshop) -> tuple[Panel, Terms]:
    held = Membership.objects.get(user=place.chair)
    if held.authority is None:
        raise AssertionError("A chair belongs to an authority.")
    panel = Panel.objects.create(authority=held.authority, name="Panel", kind=Panel.Kind.ISSUE)
    terms = Terms.objects.create(
        panel=panel,
        number=1,
        in_force_from=TODAY,
        purpose="To advise.",
        agreed_by="The board",
        questions=[Question.ISSUE],
        frequency=Terms.Frequency.WEEKLY,
        paper_days=5,
        made_by=place.worker,
        made_at=noon(TODAY),
    )
    for seat in (Seat.EDUCATION, Seat.HEALTH, Seat.SOCIAL_CARE):
        QuorumSeat.objects.create(terms=terms, seat=seat)
    users = User.objects.bulk_create(
        User(email=f"member{n}.workshop@example.org", full_name=f"Member {n}")
        for n in range(_MEMBERS)
    )
    for user in users:
        Membership.objects.create(
            user=user, authority=held.authority, role=Role.PANEL_MEMBER, starts_on=TODAY
        )
    seats = list(Seat)
    Member.objects.bulk_create(
        Member(panel=panel, user=user, seat=seats[n % len(seats)], starts_on=TODAY)
        for n, user in enumerate(users)
    )
    return panel, terms


def _sitting(place: Workshop, panel: Panel, terms: Terms, size: int) -> int:
    sitting = Sitting.objects.create(
        panel=panel,
        terms=terms,
        on=TODAY,
        starts_at=datetime.time(9, size),
        papers_due_on=TODAY,
        room_for=size,
        chair=place.chair,
        status=Sitting.Status.SITTING,
    )
    booked = Booking.objects.bulk_create(
        Booking(sitting=sitting, member=member, seat=member.seat) for member in panel.members.all()
    )
    Presence.objects.bulk_create(Presence(booking=each, came_at=noon(TODAY)) for each in booked)
    Item.objects.bulk_create(
        Item(
            sitting=sitting,
            case_id=assessment.case_id,
            process_id=assessment.pk,
            question=Question.ISSUE,
            position=number,
            referred_by=place.worker,
            referred_at=noon(TODAY),
        )
        for number, assessment in enumerate(place.assessments(size), 1)
    )
    return sitting.pk
