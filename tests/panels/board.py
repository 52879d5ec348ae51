"""A panel with its terms, members and officers, on a real council."""

from datetime import UTC, date, datetime, time

from ehc.models import Assessment, Authority, Role, User
from panels.commands import defining, hearing, referring, scheduling
from panels.models import Booking, Delegation, Item, Panel, Seat, Sitting, Terms
from panels.questions import Question
from tests.factories import LONG_AGO, Council, member

START = date(2026, 1, 5)


def moment(day: date, hour: int = 9, minute: int = 30) -> datetime:
    """A moment of a day."""
    return datetime.combine(day, time(hour, minute), UTC)


class Board:
    """The panel of one council: an administrator, a chair, four members, an officer who decides."""

    def __init__(self, council: Council | None = None, *, kind: str = Panel.Kind.ISSUE) -> None:
        self.council = council or Council()
        self.administrator = member(Role.PANEL_ADMINISTRATOR, self.authority)
        self.chair = self.council.chair
        self.officer = self.council.manager
        self.panel = defining.define_panel(
            self.authority, name="EHC panel", kind=kind, by=self.administrator, today=START
        )
        self.terms = self.agree(START)
        self.seat(self.chair, Seat.EDUCATION, may_chair=True)
        self.members = {
            seat: member(Role.PANEL_MEMBER, self.authority)
            for seat in (Seat.PSYCHOLOGY, Seat.HEALTH, Seat.SOCIAL_CARE, Seat.SCHOOL)
        }
        for seat, user in self.members.items():
            self.seat(user, seat)

    @property
    def authority(self) -> Authority:
        """The council’s authority."""
        return self.council.authority

    def agree(self, day: date, **changes: object) -> Terms:
        """Terms that ask for one each of education, health, social care and psychology."""
        said: dict[str, object] = {
            "purpose": "To advise whether to assess and whether to issue a plan.",
            "agreed_by": "SEND board, 5 January 2026, item 4",
            "questions": [Question.ASSESS, Question.ISSUE],
            "frequency": Terms.Frequency.WEEKLY,
            "paper_days": 5,
            "least_present": 4,
            "quorum": {
                Seat.EDUCATION: 1,
                Seat.HEALTH: 1,
                Seat.SOCIAL_CARE: 1,
                Seat.PSYCHOLOGY: 1,
            },
            "standing_items": ["Welcome", "Interests"],
        }
        return defining.agree_terms(
            self.panel,
            in_force_from=day,
            by=self.administrator,
            today=START,
            **{**said, **changes},  # type: ignore[arg-type]
        )

    def seat(self, user: User, seat: str, **extra: bool) -> None:
        """Give somebody a seat since long ago."""
        defining.seat_member(
            self.panel,
            user=user,
            seat=seat,
            starts_on=LONG_AGO,
            by=self.administrator,
            today=START,
            **extra,
        )

    def delegate(self, officer: User | None = None, *, outside: bool = True) -> Delegation:
        """Let an officer decide what this panel is asked."""
        granter = member(Role.MANAGER, self.authority)
        return defining.delegate(
            self.authority,
            officer=officer or self.officer,
            questions=[Question.ASSESS, Question.ISSUE],
            source="Scheme of delegation 2026, paragraph 4.3",
            outside_sittings=outside,
            starts_on=LONG_AGO,
            by=granter,
            today=START,
        )

    def sitting(self, on: date, *, today: date = START) -> Sitting:
        """A sitting on a day, with everybody asked to come."""
        details = scheduling.Details(time(9, 30), "Council chamber", chair=self.chair)
        (sitting,) = scheduling.arrange_term(
            self.panel,
            days=[on],
            details=details,
            by=self.administrator,
            today=today,
            now=moment(today),
        )
        return sitting

    def refer(self, assessment: Assessment, sitting: Sitting, question: str, day: date) -> Item:
        """The caseworker puts a question about a case before a sitting."""
        return referring.refer(
            assessment,
            sitting=sitting,
            question=question,
            incomplete_because="The school sends its report by post.",
            by=self.council.caseworker,
            today=day,
            now=moment(day),
        )

    def convene(self, sitting: Sitting, *, without: tuple[str, ...] = ()) -> Sitting:
        """Send the papers, open the sitting, and let everybody in but those of some seats."""
        day = sitting.on
        if sitting.status == Sitting.Status.PLANNED:
            sent = sitting.papers_due_on
            hearing.send_papers(sitting, by=self.administrator, today=sent, now=moment(sent))
        hearing.open_sitting(sitting, by=self.chair, today=day, now=moment(day))
        for booking in sitting.bookings.select_related("member"):
            if booking.seat not in without:
                self.come(sitting, booking)
        return Sitting.objects.get(pk=sitting.pk)

    def come(self, sitting: Sitting, booking: Booking) -> None:
        """Record that a member is in the room."""
        at = moment(sitting.on)
        hearing.come(sitting, by=self.chair, booking=booking, today=sitting.on, now=at)
