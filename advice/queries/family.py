"""The family’s page: where the assessment stands, what comes next, who was asked, what they said.

It shows no advice of others. Advice goes to the family with the draft plan, whole and in its
place (section K): a single report, read weeks before the others, says less than it seems to, and
may still be sent back. Until then the page says who has answered. It names services and never
people: no professional, no other member of the family, nobody of a restricted case.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, QuerySet

from advice.commands.existing import BEFORE_THE_DECISION
from advice.family import party_of
from advice.models import AdviceRequest, DraftField
from advice.models.request import Closed, Form, Status
from advice.queries.existing import Report, reports_of
from advice.queries.family_words import MEANINGS, RIGHTS, WHERE, WHOSE
from advice.queries.on_case import Line, awaited_in_words, lines_of
from advice.queries.wishes import Wish, wishes_of
from ehc.dates import in_words, weeks_in_words
from ehc.law import Deadline, Facts
from ehc.models import Case, CaseParty, LegalProcess, Organisation, Representative, User
from ehc.models.process import UNDER_WAY, Kind
from ehc.permissions import family_cases
from ehc.projection import current_process, law_deadlines
from ehc.wording import short_label


@dataclass(frozen=True, slots=True)
class NextDate:
    """One date to come, or missed, and what it means for the family."""

    on: date
    meaning: str
    is_theirs: bool
    is_late: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One body that was asked, in the family’s words."""

    name: str
    what: str
    how_it_stands: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Own:
    """One form of the family’s own."""

    request: AdviceRequest
    title: str
    is_begun: bool
    may_write: bool
    may_add: bool


@dataclass(frozen=True, slots=True)
class FamilyPage:
    """What the family sees of its case."""

    case: Case
    process: LegalProcess | None
    #: True for the young person’s own page: it says “you” and not a name.
    is_self: bool
    where: str
    week: str
    dates: Sequence[NextDate]
    awaited: str
    asked: Sequence[Asked]
    own: Sequence[Own]
    wishes: Sequence[Wish]
    reports: Sequence[Report]
    rights: Sequence[str]
    may_wish: bool

    @property
    def is_late(self) -> bool:
        """True when the authority has missed a date."""
        return any(d.is_late for d in self.dates)

    @property
    def name(self) -> str:
        """What the child is called on the page."""
        person = self.case.person
        return person.preferred_name or person.forename


def cases_of_family(user: User, today: date) -> list[Case]:
    """The cases that this person follows as family, by the child’s name."""
    found = family_cases(user, today).select_related("person", "authority")
    return list(found.order_by("person__forename", "person__surname", "pk"))


def former_parts(user: User, today: date) -> QuerySet[CaseParty]:
    """Where this person was family and is no longer; one that ended at once was a mistake."""
    ended = CaseParty.objects.filter(
        user=user,
        capacity=CaseParty.Capacity.FAMILY,
        until__lte=today,
        until__gt=F("starts_on"),
    )
    return ended.exclude(case__in=family_cases(user, today)).select_related("case__authority")


def family_page(case: Case, user: User, *, today: date, as_staff: bool = False) -> FamilyPage:
    """Gather the page; a fixed number of statements. Staff see it as the family does."""
    process = current_process(list(LegalProcess.objects.filter(case=case)))
    lines = lines_of(AdviceRequest.objects.filter(process=process)) if process else []
    ours = [
        line
        for line in lines
        if not line.request.is_own or as_staff or line.request.assigned_to_id in {None, user.pk}
    ]
    is_self = not as_staff and _is_young_person_themselves(case, user)
    name = "you" if is_self else (case.person.preferred_name or case.person.forename)
    deciding = process is not None and process.status in BEFORE_THE_DECISION
    deadlines = law_deadlines(process) if process else ()
    return FamilyPage(
        case=case,
        process=process,
        is_self=is_self,
        where=_where(process, name),
        week=_week(process, today),
        dates=_dates(deadlines, process, name, today),
        awaited=awaited_in_words((line.request for line in ours), today) if ours else "",
        asked=[_asked(line, today) for line in _in_order(ours) if not line.request.is_own],
        own=_own(ours, as_staff=as_staff, is_self=is_self, name=name),
        wishes=[w for w in wishes_of(case) if as_staff or w.said or w.asked_by == user],
        reports=reports_of(process.pk, today) if process and deciding else [],
        rights=RIGHTS.get(_stage(process), RIGHTS[""]),
        may_wish=deciding,
    )


def _is_young_person_themselves(case: Case, user: User) -> bool:
    party = party_of(case)
    if party is None or party.own is None:
        return False
    return Representative.objects.filter(pk=party.own, user=user).exists()


def _stage(process: LegalProcess | None) -> str:
    """The status, with the draft told apart from the time before it was sent."""
    if process is None:
        return ""
    if process.status == "draft" and _facts(process).on("draft_served") is None:
        return "drafting"
    return str(process.status)


def _facts(process: LegalProcess) -> Facts:
    return Facts.from_rows(process.fact_rows())


def _where(process: LegalProcess | None, name: str) -> str:
    words = WHERE.get(_stage(process), "We have your case.")
    return _for(words, name)


def _for(words: str, name: str) -> str:
    """The sentence with the child’s name, or with “you” where the young person reads it."""
    if name != "you":
        return words.format(name=name, names=f"{name}’s", needs="needs", has="has")
    return words.format(name="you", names="your", needs="need", has="have")


def _week(process: LegalProcess | None, today: date) -> str:
    if process is None or process.kind != Kind.ASSESSMENT or process.status not in UNDER_WAY:
        return ""
    facts = _facts(process)
    start = facts.on("request_received") or facts.on("became_responsible")
    return weeks_in_words(start, today) if start else ""


def _dates(
    deadlines: Sequence[Deadline], process: LegalProcess | None, name: str, today: date
) -> list[NextDate]:
    found: dict[str, NextDate] = {}
    for deadline in sorted(deadlines, key=lambda d: d.due_on or date.max):
        due = deadline.due_on
        if due is None or deadline.code in {"advice", "consultation_reply"}:
            continue
        theirs = not deadline.is_owed_to_family or deadline.limit.floor
        standing = deadline.standing(today)
        if theirs and standing != "running":
            continue
        if not theirs and not deadline.is_waiting:
            continue
        meaning = MEANINGS.get(deadline.code)
        if meaning is None and process is not None and process.kind == Kind.ASSESSMENT:
            continue
        words = _for(meaning, name) if meaning else f"{short_label(deadline.limit.label)}."
        late = not theirs and due < today
        found.setdefault(deadline.code, NextDate(due, words, theirs, late))
    return list(found.values())[:4]


def _in_order(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda n: (n.request.due_on or date.max, n.request.whose))


def _asked(line: Line, today: date) -> Asked:
    request = line.request
    body = request.organisation
    independent = body is not None and body.kind == Organisation.Kind.INDEPENDENT
    name = "An independent professional" if independent else request.whose
    late = request.status == Status.ASKED and request.due_on is not None and request.due_on < today
    return Asked(name, WHOSE.get(request.form, ""), _how_it_stands(line, today), late)


#: Why a body does not answer any more.
_CLOSED = {
    Closed.EXISTING: "Not asked again: everybody agrees that an earlier report is enough.",
    Closed.WRONG_BODY: "Told us that they were not the right people to ask.",
}


def _how_it_stands(line: Line, today: date) -> str:
    request = line.request
    if request.status == Status.CLOSED:
        return _CLOSED.get(Closed(request.closed_because), "Not asked any more.")
    if request.status == Status.RETURNED:
        return "Answered. We asked them to add to it."
    if request.given_on is not None:
        return f"Answered on {in_words(request.given_on)}."
    if request.due_on is None:
        words = f"Asked on {in_words(request.asked_on)}."
    elif request.due_on < today:
        words = f"Should have answered by {in_words(request.due_on)}, and has not yet."
    else:
        words = f"Must answer by {in_words(request.due_on)}."
    said = line.expected
    if said is None:
        return words
    expect = "expect" if said.expected_on >= today else "expected"
    return f"{words} They {expect} to answer by {in_words(said.expected_on)}."


def _own(lines: Sequence[Line], *, as_staff: bool, is_self: bool, name: str) -> list[Own]:
    requests = [
        line.request
        for line in lines
        if line.request.is_own
        and line.request.closed_because != Closed.NO_LONGER_SPEAKS
        and not (is_self and line.request.form == Form.PARENT)
    ]
    begun = set(
        DraftField.objects.filter(request__in=requests)
        .exclude(text="")
        .values_list("request", flat=True)
    )
    open_to_add = {Status.GIVEN, Status.ACCEPTED}
    return [
        Own(
            request,
            _title(request, is_self=is_self, name=name),
            request.pk in begun,
            request.is_awaited and not as_staff,
            request.status in open_to_add and not as_staff,
        )
        for request in sorted(requests, key=lambda r: (r.form != Form.PARENT, r.pk))
    ]


def _title(request: AdviceRequest, *, is_self: bool, name: str) -> str:
    if request.form == Form.PARENT:
        return "What you want to tell us"
    return "Your own views" if is_self else f"{name}’s own views"
