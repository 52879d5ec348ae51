"""Everything one case page shows, gathered in a bounded number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from ehc import commands, registry
from ehc.commands import Command
from ehc.law import AvailableGround, Fact, Facts, available_grounds
from ehc.law import Deadline as LawDeadline
from ehc.models import Case, CaseParty, Closure, Representative, User, WorkItem
from ehc.models.process import Kind
from ehc.permissions import Action, acting_on, actions_in, memberships
from ehc.projection import is_live, is_stopped, is_waiting
from ehc.queries import cases
from ehc.queries.cases import HistoryLine, ProcessView, StoredDocument
from ehc.queries.clock import reasons_of, service_names, title_of
from ehc.queries.history import Entry, entries
from ehc.queries.shown import ShownCase
from ehc.wording import service_name

NEWEST = 50

RECORDING = frozenset(
    {
        commands.record_advice_received,
        commands.record_representations,
        commands.record_dispute_step,
        commands.record_review_step,
        commands.claim_exemption,
    }
)
#: What must be done although no limit of its own says so, while the facts lack one: the step,
#: the fact, and why it is next.
_FIRST_OF_ALL = {
    commands.request_advice: (
        "advice_requested",
        "The authority has agreed to assess and nobody has been asked for advice yet (regulation "
        "6(1)). Each body has six weeks from the day it receives the request, so every day until "
        "then is lost to the plan.",
    )
}
_NO_WAYS = registry.Ways(frozenset())
ENDING = frozenset({commands.withdraw, commands.move_away, commands.cease_plan})


@dataclass(frozen=True, slots=True)
class Ground:
    """An exemption that the facts would support and nobody has claimed."""

    why: str
    citation: str
    #: What the form of the claim begins with, as the query of its address.
    query: str


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """One deadline, as the page tells it."""

    title: str
    deadline: LawDeadline
    standing: str
    why: Sequence[str]
    grounds: Sequence[Ground]

    @property
    def is_done(self) -> bool:
        """True when nobody has to act any more: it was met, or its time is over."""
        met = self.deadline.met_on is not None or self.standing in {"met", "met_late"}
        return met or self.is_over

    @property
    def is_over(self) -> bool:
        """True for a time that was the family’s to use, or not, and has passed."""
        return not self.deadline.is_owed_to_family and self.standing == "overdue"

    @property
    def is_idle(self) -> bool:
        """True for a limit that does not count now: not started yet, replaced, or stopped."""
        return self.standing in {"replaced", "not_started", "stopped"}


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """One service’s advice: asked, due, received."""

    name: str
    asked_on: date
    line: DeadlineLine | None
    received_on: date | None


@dataclass(frozen=True, slots=True)
class Section:
    """One process of the case: its deadlines, its advice, and what this person may do in it."""

    view: ProcessView
    #: In the order of their dates; advice is told in its own table.
    deadlines: Sequence[DeadlineLine]
    idle: Sequence[DeadlineLine]
    advice: Sequence[AdviceLine]
    #: The step to take next, while the process goes on.
    first: Command | None
    going_on: Sequence[Command]
    recording: Sequence[Command]
    ending: Sequence[Command]

    @property
    def title(self) -> str:
        """What the process is called."""
        return "EHC plan" if self.view.process.kind == Kind.PLAN else "EHC needs assessment"

    @property
    def is_live(self) -> bool:
        """True while the authority still has something to do in it."""
        return is_live(self.view.process)

    @property
    def started_on(self) -> date:
        """The day its clock started."""
        facts = self.view.facts
        found = facts.on("request_received") or facts.on("became_responsible")
        return found or self.view.process.opened_on


@dataclass(frozen=True, slots=True)
class CasePage:
    """What the page shows; lists that this person has no business with are empty."""

    case: Case
    names: Mapping[str, str]
    may: frozenset[Action]
    #: True for staff of the authority; False for a service that is asked for advice.
    of_authority: bool
    sections: Sequence[Section]
    next_due: DeadlineLine | None
    history: Sequence[Entry]
    #: True when the history has older entries than those shown.
    has_older: bool
    documents: Sequence[StoredDocument]
    work: Sequence[WorkItem]
    representatives: Sequence[Representative]
    people: Sequence[CaseParty] = field(default_factory=list)
    contacts: Sequence[HistoryLine] = field(default_factory=list)
    #: Bodies that were asked for advice and no longer see the case.
    past_bodies: Sequence[str] = field(default_factory=list)
    #: What comes next as another app knows it.
    ways: registry.Ways = _NO_WAYS

    @property
    def main(self) -> Section:
        """The process that says where the case stands."""
        return self.sections[0]

    @property
    def why_first(self) -> str:
        """Why the main process’s first step comes before any date; empty when a date leads."""
        if self.main.first not in _FIRST_OF_ALL:
            return ""
        fact, why = _FIRST_OF_ALL[self.main.first]
        return "" if fact in self.main.view.facts else why

    def words_of(self, step: Command) -> str:
        """What the button of a step says to whoever looks at the page."""
        theirs = None if self.of_authority else registry.service_page(step.name)
        return theirs[1] if theirs else step.title


@dataclass(frozen=True, slots=True)
class _Looking:
    """Who looks at the case, when, and with what knowledge."""

    user: User
    today: date
    may: frozenset[Action]
    names: Mapping[str, str]
    closures: Sequence[Closure]
    #: The names of steps that are taken in another way now.
    otherwise: frozenset[str]


def case_page(shown: ShownCase, *, whole: bool = False) -> CasePage:
    """Gather the page. `whole` is the whole history instead of its newest entries."""
    case, user, today = shown.case, shown.user, shown.today
    acting = acting_on(user, case, today)
    may = actions_in(acting)
    of_authority = bool(shown.roles)
    views = shown.views
    names = service_names(cases.bodies_on(case))
    closures = cases.closures_for(case) if Action.CLAIM_EXEMPTION in may else []
    ways = (registry.ways_for(shown) if of_authority else None) or _NO_WAYS
    looking = _Looking(user, today, may, names, closures, ways.instead_of)
    sections = [_section(view, looking) for view in views]
    # One more than is shown tells whether there are older ones.
    lines = cases.history_of(case, limit=None if whole else NEWEST + 1, legal_only=not of_authority)
    newest = lines if whole else lines[:NEWEST]
    has_older = len(newest) < len(lines)
    return CasePage(
        case,
        names,
        may,
        of_authority,
        sections,
        _next_due(case, sections) if of_authority else _own_advice(sections, user, today),
        entries(newest, views, names),
        has_older,
        cases.documents_of(case),
        cases.open_work_of(case) if Action.CLAIM_WORK in may else [],
        shown.representatives,
        shown.parties if of_authority else [],
        cases.contacts_of(case, newest, has_older=has_older) if of_authority else [],
        shown.past_bodies if of_authority else [],
        ways,
    )


def _section(view: ProcessView, looking: _Looking) -> Section:
    steps = cases.steps_for(
        view.process, view.facts, looking.user, today=looking.today, may=looking.may
    )
    steps = [step for step in steps if step.name not in looking.otherwise]
    may_claim = commands.claim_exemption in steps
    known = _with_closures(view.facts, looking.closures) if may_claim else None
    lines = [_line(d, view, known, looking) for d in view.deadlines]
    lines.sort(key=lambda line: line.deadline.due_on or date.max)
    own = [line for line in lines if line.deadline.code != "advice"]
    first = steps[0] if steps and steps[0] not in ENDING and is_live(view.process) else None
    if first is commands.claim_exemption or first is commands.record_review_step:
        first = None
    others = [c for c in steps if c is not first]
    return Section(
        view,
        [line for line in own if not line.is_idle],
        [line for line in own if line.is_idle],
        _advice(view, lines, looking.names),
        first,
        [c for c in others if c not in RECORDING and c not in ENDING],
        [c for c in others if c in RECORDING],
        [c for c in others if c in ENDING],
    )


def _with_closures(facts: Facts, closures: Sequence[Closure]) -> Facts:
    """The facts, and the closures that are known but that nobody has claimed for."""
    nobody: frozenset[str] = frozenset()
    return facts.adding(
        *(Fact("school_closed", c.closed_from, c.reopens_on, claimed_for=nobody) for c in closures)
    )


def _line(
    deadline: LawDeadline, view: ProcessView, known: Facts | None, looking: _Looking
) -> DeadlineLine:
    """`known` are the facts by which grounds are judged; None where nobody here may claim one."""
    stopped = is_stopped(deadline, view.process)
    standing = "stopped" if stopped else deadline.standing(looking.today)
    grounds: tuple[AvailableGround, ...] = ()
    if known is not None and standing in {"running", "overdue", "met_late"}:
        grounds = available_grounds(known, deadline)
    return DeadlineLine(
        title_of(deadline, looking.names, view.process.status),
        deadline,
        standing,
        reasons_of(deadline, looking.names),
        [_ground(g, deadline) for g in grounds],
    )


def _ground(ground: AvailableGround, deadline: LawDeadline) -> Ground:
    fact = ground.fact
    query = {"ground": fact.name, "starts_on": fact.on.isoformat(), "limits": deadline.code}
    if fact.until is not None:
        query["until"] = fact.until.isoformat()
    if fact.label:
        query["label"] = fact.label
    return Ground(ground.why, ground.ground.citation, urlencode(query))


def _advice(
    view: ProcessView, lines: Sequence[DeadlineLine], names: Mapping[str, str]
) -> list[AdviceLine]:
    asked = view.facts.labelled.get("advice_requested", {})
    received = view.facts.labelled.get("advice_received", {})
    due = {line.deadline.label: line for line in lines if line.deadline.code == "advice"}
    advice = [
        AdviceLine(service_name(label, names), asked_on, due.get(label), received.get(label))
        for label, asked_on in asked.items()
    ]
    return sorted(advice, key=lambda a: (a.received_on is not None, a.asked_on, a.name))


def _own_advice(sections: Sequence[Section], user: User, today: date) -> DeadlineLine | None:
    """The advice that is still awaited from the service that this person speaks for."""
    own = {m.organisation.name for m in memberships(user, today) if m.organisation is not None}
    awaited = [
        advice.line
        for section in sections
        for advice in section.advice
        if advice.line and advice.received_on is None and advice.name in own
    ]
    return min(awaited, key=lambda line: line.deadline.due_on or date.max, default=None)


def _next_due(case: Case, sections: Sequence[Section]) -> DeadlineLine | None:
    """The deadline that the worklist shows for this case, with its reasons."""
    for section in sections:
        every = (*section.deadlines, *(a.line for a in section.advice if a.line))
        for line in every:
            d = line.deadline
            if is_waiting(d, section.view.process) and (d.code, d.label, d.due_on) == (
                case.next_due_code,
                case.next_due_label,
                case.next_due_on,
            ):
                return line
    return None
