"""The panels of a demonstration since a year ago: terms, members, officers, and their sittings."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from ehc.demo import names
from ehc.demo.places import Council
from ehc.demo.story import on_or_after, on_or_before
from ehc.law import CALENDAR
from ehc.models import Membership, Organisation, Role, User
from panels.bulk import Numbers
from panels.commands import defining
from panels.commands.scheduling import papers_due
from panels.models import Delegation, Member, Panel, Seat, Sitting, Terms
from panels.questions import Question
from panels.quorum import missing_for_quorum

YEAR = timedelta(weeks=52)
#: So far ahead sittings are arranged.
AHEAD = timedelta(weeks=6)
#: When papers go out, and when a sitting begins and ends, on their days.
PAPERS_AT, BEGINS_AT, ENDS_AT = time(15), time(9, 30), time(12, 45)
QUORUM: dict[str, int] = {Seat.EDUCATION: 1, Seat.PSYCHOLOGY: 1, Seat.HEALTH: 1}


@dataclass(frozen=True, slots=True)
class Kind:
    """One panel: its name, what it is asked, so many working days after today, every so many weeks.

    What sits on the weekday of today can be heard today.
    """

    kind: str
    name: str
    purpose: str
    questions: tuple[Question, ...]
    after_today: int
    weeks: int
    place: str


KINDS = (
    Kind(
        Panel.Kind.ASSESS,
        "Assessment panel",
        "To advise whether an assessment of needs is necessary.",
        (Question.ASSESS,),
        0,
        1,
        "Committee room 2, Town Hall",
    ),
    Kind(
        Panel.Kind.ISSUE,
        "EHC plan panel",
        "To advise whether a plan is necessary, in the light of the assessment.",
        (Question.ISSUE,),
        3,
        1,
        "By video",
    ),
    Kind(
        Panel.Kind.PLACEMENT,
        "Placement panel",
        "To advise which setting is named, and who pays for what.",
        (Question.PLACEMENT, Question.JOINT_FUNDING),
        1,
        2,
        "Meeting room, Children’s Centre",
    ),
)
#: Who sits beside the two who may chair: the seat, the service it comes from, whether in turn.
_SEATS = (
    (Seat.PSYCHOLOGY, "educational_psychology", False),
    (Seat.HEALTH, "community_paediatrics", False),
    (Seat.SOCIAL_CARE, "social_care", False),
    (Seat.SCHOOL, "", True),
    (Seat.SCHOOL, "", True),
    (Seat.SCHOOL, "", True),
    (Seat.FAMILIES, "", False),
)


@dataclass(slots=True)
class Meeting:
    """A sitting in memory: its row, who is booked, and who of them came."""

    sitting: Sitting
    chair: User
    booked: list[Member]
    came: list[Member]

    def quorate(self, out: set[int]) -> bool:
        """Whether those who came were enough, without those who are shut out."""
        seats = [m.seat for m in self.came if not m.observer and m.user_id not in out]
        return not missing_for_quorum(QUORUM, self.sitting.terms.least_present, seats)


@dataclass(slots=True)
class Board:
    """All panels of a council."""

    council: Council
    today: date
    begins: date
    numbers: Numbers
    officer: User
    director: User
    chairs: list[User]
    panels: dict[str, Panel] = field(default_factory=dict)
    terms: dict[str, list[Terms]] = field(default_factory=dict)
    members: dict[str, list[Member]] = field(default_factory=dict)
    delegations: dict[int, Delegation] = field(default_factory=dict)
    meetings: dict[tuple[str, date], Meeting] = field(default_factory=dict)
    #: The days on which each panel sits, in order, each with the day on which papers go out.
    calendars: dict[str, dict[date, date]] = field(default_factory=dict)

    @property
    def administrator(self) -> User:
        """Who arranges it all."""
        return self.council.people[Role.PANEL_ADMINISTRATOR]

    def days(self, kind: Kind) -> list[date]:
        """The days on which a panel sits, from its beginning until some weeks ahead."""
        return list(self._calendar(kind))

    def before(self, kind: Kind, last: date, listed_from: date) -> list[date]:
        """The sittings until `last` for which a case can be listed from that day on, latest first.

        It is listed before the day on which papers go out.
        """
        days = self._calendar(kind).items()
        return [day for day, papers in reversed(days) if day <= last and papers > listed_from]

    def _calendar(self, kind: Kind) -> dict[date, date]:
        if kind.kind not in self.calendars:
            self.calendars[kind.kind] = {
                day: papers_due(day, self._terms(kind, day).paper_days) for day in self._days(kind)
            }
        return self.calendars[kind.kind]

    def _days(self, kind: Kind) -> Iterator[date]:
        first = on_or_after(self.today)
        for _ in range(kind.after_today):
            first = CALENDAR.next_working_day(first)
        day = first - timedelta(weeks=52 - 52 % kind.weeks)
        while day <= self.today + AHEAD:
            if day > self.begins and CALENDAR.is_working_day(day):
                yield day
            day += timedelta(weeks=kind.weeks)

    def _terms(self, kind: Kind, day: date) -> Terms:
        return [t for t in self.terms[kind.kind] if t.in_force_from <= day][-1]

    def meeting(self, kind: Kind, day: date) -> Meeting:
        """The sitting of that day; the same one each time."""
        key = (kind.kind, day)
        if key not in self.meetings:
            self.meetings[key] = self._meet(kind, day)
        return self.meetings[key]

    def _meet(self, kind: Kind, day: date) -> Meeting:
        lot = Random(f"{self.council.place} {kind.kind} {day}")  # noqa: S311
        number = self.days(kind).index(day)
        terms = self._terms(kind, day)
        chair = self.chairs[0 if number % 3 else 1]
        due = self._calendar(kind)[day]
        held = day < self.today
        sitting = Sitting(
            panel=self.panels[kind.kind],
            terms=terms,
            on=day,
            starts_at=BEGINS_AT,
            place=kind.place,
            papers_due_on=due,
            room_for=60,
            chair=chair,
            status=Sitting.Status.ENDED if held else Sitting.Status.PLANNED,
            papers_sent_at=at(due, PAPERS_AT) if held else None,
        )
        members = self.members[kind.kind]
        turns = [m for m in members if m.rotating]
        booked = [m for m in members if not m.rotating]
        if turns:
            booked.append(turns[number % len(turns)])
        came = [m for m in booked if m.user_id == chair.pk or lot.random() > _away(m)]
        return Meeting(sitting, chair, booked, came if held else [])


def _away(member: Member) -> float:
    """How often somebody does not come."""
    return {Seat.HEALTH: 0.09, Seat.PSYCHOLOGY: 0.03, Seat.SOCIAL_CARE: 0.22}.get(
        Seat(member.seat), 0.12
    )


def at(day: date, hour: time) -> datetime:
    """A moment of a day, by the clock on the wall."""
    return datetime.combine(day, hour, timezone.get_current_timezone())


def build_board(council: Council, today: date) -> Board:
    """Set up the panels a year ago, by the commands."""
    begins = on_or_before(today - YEAR)
    lot = Random(f"panels of {council.place}")  # noqa: S311
    colleagues = _colleagues(council, lot)
    officer = council.people[Role.MANAGER]
    deputy = next(colleagues)
    director = next(colleagues)
    _give(council, deputy, Role.PANEL_CHAIR)
    _give(council, director, Role.MANAGER)
    chairs = [council.people[Role.PANEL_CHAIR], deputy]
    board = Board(council, today, begins, Numbers(), officer, director, chairs)
    seated = [council.people[Role.PANEL_MEMBER], *(next(colleagues) for _ in _SEATS[1:])]
    for user in seated[1:]:
        _give(council, user, Role.PANEL_MEMBER)
    for kind in KINDS:
        _set_up(board, kind, seated)
    _delegate(board)
    return board


def _colleagues(council: Council, lot: Random) -> Iterator[User]:
    for number in range(20):
        community = names.some_community(lot)
        forename = lot.choice(community.girls + community.boys)
        email = f"panel{number + 1}.{council.authority.short_code.lower()}@example.org"
        full_name = f"{forename} {names.some_surname(lot, community)}"
        yield User.objects.create_user(email, full_name)


def _give(council: Council, user: User, role: Role) -> None:
    Membership.objects.create(
        user=user, role=role, authority=council.authority, starts_on=council.kept["panels_since"]
    )


def _set_up(board: Board, kind: Kind, seated: list[User]) -> None:
    by, day = board.administrator, board.begins
    panel = defining.define_panel(
        board.council.authority, name=kind.name, kind=kind.kind, by=by, today=day
    )
    board.panels[kind.kind] = panel
    half = on_or_after(day + timedelta(weeks=26))
    board.terms[kind.kind] = [
        defining.agree_terms(
            panel,
            in_force_from=since,
            purpose=kind.purpose,
            agreed_by=agreed,
            questions=kind.questions,
            frequency=Terms.Frequency.WEEKLY if kind.weeks == 1 else Terms.Frequency.FORTNIGHTLY,
            paper_days=papers,
            least_present=least,
            quorum=QUORUM,
            standing_items=["Welcome and apologies", "Interests", "Actions of the last sitting"],
            by=by,
            today=day,
            now=at(day, BEGINS_AT),
        )
        for since, agreed, papers, least in (
            (day, "SEND partnership board, item 6", 5, 3),
            (half, "SEND partnership board, item 4: one member more", 5, 4),
        )
    ]
    board.members[kind.kind] = [
        *(_seat(board, panel, user, Seat.EDUCATION, may_chair=True) for user in board.chairs),
        *(
            _seat(board, panel, user, seat, _agency(board, service, number), rotating=turns)
            for number, (user, (seat, service, turns)) in enumerate(
                zip(seated, _SEATS, strict=True)
            )
        ),
    ]


def _agency(board: Board, service: str, number: int) -> Organisation | None:
    if service:
        return board.council.services[service]
    schools = board.council.schools
    return schools[number % len(schools)].setting if number < len(_SEATS) - 1 else None


def _seat(
    board: Board,
    panel: Panel,
    user: User,
    seat: Seat,
    agency: Organisation | None = None,
    *,
    may_chair: bool = False,
    rotating: bool = False,
) -> Member:
    return defining.seat_member(
        panel,
        user=user,
        seat=seat,
        agency=agency,
        starts_on=board.begins,
        by=board.administrator,
        today=board.begins,
        may_chair=may_chair,
        rotating=rotating,
    )


def _delegate(board: Board) -> None:
    questions = [q for kind in KINDS for q in kind.questions]
    for officer, source, outside in (
        (board.officer, "Scheme of delegation, paragraph 4.3", True),
        (board.chairs[0], "Scheme of delegation, paragraph 4.4", False),
    ):
        board.delegations[officer.pk] = defining.delegate(
            board.council.authority,
            officer=officer,
            questions=questions,
            source=source,
            outside_sittings=outside,
            starts_on=board.begins,
            by=board.director,
            today=board.begins,
            now=at(board.begins, BEGINS_AT),
        )
