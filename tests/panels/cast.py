"""Everybody who might try a page or a command of panels, round one item of one sitting."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from ehc import commands
from ehc.documents import store
from ehc.models import CaseParty, Membership, Representative, Role, User
from panels.commands import deciding, hearing, scheduling
from panels.models import Booking, Decision, Item, Letter, Member, PanelAction, Paper, Seat, Sitting
from panels.questions import Outcome, Question
from tests.factories import Council, UserFactory, member
from tests.panels.board import START, Board, moment
from tests.panels.chairing import RECEIVED, SITS

#: Members of the panel who come, each with something about them.
COMING = {
    "member": Seat.PSYCHOLOGY,
    "shut out": Seat.HEALTH,
    "kin": Seat.SOCIAL_CARE,
    "named": Seat.SCHOOL,
}
#: Roles of the authority that have nothing to do with panels, and some that have.
OFFICERS = {
    "auditor": Role.AUDITOR,
    "it administrator": Role.ADMINISTRATOR,
    "dco": Role.HEALTH_SIGN_OFF,
}
YESTERDAY = SITS - timedelta(days=1)


class Cast:
    """A sitting on the day it is held, its papers out; `restricted` makes its first case so.

    Of the staff the restricted case leaves the caseworker who holds it and the manager it names;
    of the members the one who is named.
    """

    def __init__(self, *, restricted: bool = False) -> None:
        self.board = board = Board()
        self.council = board.council
        self.people: dict[str, User] = {}
        self._members()
        self.assessment = self.council.register(RECEIVED, today=RECEIVED)
        self.sitting = board.sitting(SITS)
        self.other_sitting = board.sitting(SITS + timedelta(days=7))
        self.item = board.refer(self.assessment, self.sitting, Question.ASSESS, RECEIVED)
        self.delegation = board.delegate()
        self.paper = self._paper()
        self._not_coming()
        self._staff()
        self._elsewhere()
        by = board.administrator
        hearing.send_papers(self.sitting, by=by, today=SITS, now=moment(SITS, 7))
        self.item = Item.objects.select_related("sitting__panel", "case").get(pk=self.item.pk)
        self.sitting = Sitting.objects.select_related("panel").get(pk=self.sitting.pk)
        self._apart()
        self.action = self._action()
        self.decision = self._decision()
        self.letter = Letter.objects.get(decision=self.decision)
        self.parent = Representative.objects.create(
            person=self.decision.case.person,
            full_name="Dana Example",
            relationship="mother",
            has_parental_responsibility=True,
            starts_on=RECEIVED,
        )
        if restricted:
            self._restrict()

    def person(self, name: str) -> User:
        """Somebody, as their next request knows them."""
        return User.objects.get(pk=self.people[name].pk)

    def booking(self, name: str) -> Booking:
        """What somebody was asked."""
        return Booking.objects.get(sitting=self.sitting, member__user=self.people[name])

    def _members(self) -> None:
        board = self.board
        for name, seat in COMING.items():
            self.people[name] = board.members[seat]
        self.people |= {"chair": board.chair, "administrator": board.administrator}
        for name in ("released", "declined", "seat ended", "role ended", "observer", "elsewhen"):
            self.people[name] = user = member(Role.PANEL_MEMBER, board.authority)
            board.seat(user, Seat.OTHER, observer=name == "observer")

    def _not_coming(self) -> None:
        release = {"by": self.board.administrator, "today": START, "now": moment(START)}
        for name in ("released", "elsewhen"):
            scheduling.release(self.sitting, booking=self.booking(name), **release)  # type: ignore[arg-type]
        # Whoever comes another day only was never asked for this one.
        self.booking("elsewhen").delete()
        declined = self.people["declined"]
        scheduling.answer(self.sitting, comes=False, by=declined, today=START, now=moment(START))
        Member.objects.filter(user=self.people["seat ended"]).update(ends_on=YESTERDAY)
        Membership.objects.filter(user=self.people["role ended"]).update(ends_on=YESTERDAY)

    def _staff(self) -> None:
        council = self.council
        self.people |= {
            "caseworker": council.caseworker,
            "colleague": council.colleague,
            "manager": council.manager,
            # A chair of the authority, of another panel.
            "chair of others": member(Role.PANEL_CHAIR, council.authority),
            "adviser": council.psychologist,
            "nobody": UserFactory.create(),
        }
        for name, role in OFFICERS.items():
            self.people[name] = member(role, council.authority)

    def _elsewhere(self) -> None:
        other = Council()
        self.people |= {
            "manager elsewhere": other.manager,
            "caseworker elsewhere": other.caseworker,
            "chair elsewhere": other.chair,
            "administrator elsewhere": member(Role.PANEL_ADMINISTRATOR, other.authority),
            "member elsewhere": member(Role.PANEL_MEMBER, other.authority),
        }

    def _paper(self) -> Paper:
        by = self.council.caseworker
        version = store(
            self.item.case,
            SimpleUploadedFile("letter.pdf", b"%PDF-1.7 a letter"),
            title="Letter",
            by=by,
            today=RECEIVED,
            now=moment(RECEIVED),
        )
        return Paper.objects.create(
            item=self.item,
            version=version,
            title="Letter",
            position=1,
            added_by=by,
            added_at=moment(RECEIVED),
        )

    def _apart(self) -> None:
        """Who may not see the item although they come."""
        case = self.item.case
        self.people["parent"] = UserFactory.create()
        for name in ("kin", "parent"):
            CaseParty.objects.create(
                case=case,
                user=self.people[name],
                capacity=CaseParty.Capacity.FAMILY,
                starts_on=RECEIVED,
            )
        hearing.declare_conflict(
            self.item, by=self.person("shut out"), interest="My pupil.", today=SITS
        )
        self.item.refresh_from_db(fields=["version"])

    def _action(self) -> PanelAction:
        """The designated clinical officer answers for it."""
        return PanelAction.objects.create(
            case=self.item.case,
            item=self.item,
            kind=PanelAction.Kind.OTHER,
            what="Ask the clinic.",
            owner=self.people["dco"],
            due_on=SITS + timedelta(days=14),
        )

    def _decision(self) -> Decision:
        """On another case, without a sitting."""
        return deciding.decide_outside(
            self.council.register(RECEIVED, today=RECEIVED),
            question=Question.ASSESS,
            outcome=Outcome.ASSESS,
            reasons="She cannot read.",
            evidence_for="Advice.",
            outside=Decision.Outside.URGENT,
            outside_because="She is in hospital.",
            on=SITS,
            by=self.council.manager,
            today=SITS,
            now=moment(SITS, 7),
        )

    def _restrict(self) -> None:
        commands.restrict_case(
            self.item.case, on=SITS, reason="Safeguarding.", by=self.council.manager, today=SITS
        )
        CaseParty.objects.create(
            case=self.item.case,
            user=self.people["named"],
            capacity=CaseParty.Capacity.NAMED,
            starts_on=SITS,
        )
        self.item = Item.objects.select_related("sitting__panel", "case").get(pk=self.item.pk)
