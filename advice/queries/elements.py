"""How far each part of a plan is signed off: health, social care, psychology, the authority’s own.

What finalises a part of a plan asks `element_state` and goes on only with one of `DONE`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import TextChoices

from advice.existing import sufficient_in
from advice.models import AdviceRequest, ExistingAdvice, SignOffOverride
from advice.models.checking import Element
from advice.models.request import AWAITED, Status
from advice.permissions import element_of, element_of_report
from advice.queries.existing import Report
from advice.queries.on_case import Checked
from advice.queries.shown import lines_on, reports_on
from ehc.models import LegalProcess
from ehc.queries.shown import ShownCase


class State(TextChoices):
    """How an element stands."""

    NOTHING_ASKED = "nothing_asked", "Nothing was asked"
    AWAITED = "awaited", "Advice is awaited"
    TO_CHECK = "to_check", "Waits for sign-off"
    SIGNED_OFF = "signed_off", "Signed off"
    OVERRIDDEN = "overridden", "Went on without"
    SUFFICIENT = "sufficient", "An existing report is sufficient"


#: The states with which a part of a plan may be finalised. An existing report that the adviser, the
#: authority and the family find sufficient must not be sought afresh (reg 6(4)): the adviser’s own
#: word stands where a sign-off of new advice would.
DONE = frozenset({State.SIGNED_OFF, State.OVERRIDDEN, State.SUFFICIENT})


@dataclass(slots=True)
class Standing:
    """One element: how it stands, what it waits for, and who signed or overrode it."""

    element: Element
    requests: list[AdviceRequest] = field(default_factory=list)
    #: Whose advice is accepted, and by whom.
    signed: list[tuple[str, Checked]] = field(default_factory=list)
    override: SignOffOverride | None = None
    #: What came, and of which only the day is recorded: nobody can sign it off yet.
    not_here: list[AdviceRequest] = field(default_factory=list)
    #: The reports that stand for asking anybody: all three found each sufficient.
    existing: list[ExistingAdvice] = field(default_factory=list)
    #: The same with what each of the three said of them, where a page tells it.
    reports: list[Report] = field(default_factory=list)

    @property
    def state(self) -> State:
        """How it stands. Advice that all is signed off counts before an override does."""
        statuses = {request.status for request in self.requests}
        if statuses == {Status.ACCEPTED}:
            return State.SIGNED_OFF
        if self.override is not None:
            return State.OVERRIDDEN
        if not statuses:
            return State.SUFFICIENT if self.existing else State.NOTHING_ASKED
        return State.AWAITED if statuses & set(AWAITED) else State.TO_CHECK

    @property
    def awaited(self) -> list[AdviceRequest]:
        """What somebody must still write."""
        return [request for request in self.requests if request.is_awaited]

    @property
    def to_check(self) -> list[AdviceRequest]:
        """What was given and nobody has signed off."""
        given = (request for request in self.requests if request.status == Status.GIVEN)
        return [request for request in given if request not in self.not_here]

    @property
    def is_done(self) -> bool:
        """True when this part of the plan may be finalised."""
        return self.state in DONE


def element_state(process: LegalProcess, element: str) -> State:
    """How one element of an assessment stands; three statements."""
    found = standings(_live(process), _overrides(process), sufficient_in(process.pk))
    return found[Element(element)].state


def elements_on(shown: ShownCase) -> Sequence[Standing]:
    """How every element of the newest assessment of a case stands, with who signed it off.

    Empty before anybody is asked or an existing report is found sufficient; one statement after.
    The authority’s own element is left out while it has no advice.
    """
    live = [line for line in lines_on(shown) if line.request.status != Status.CLOSED]
    reports = [report for report in reports_on(shown) if report.is_sufficient]
    asked = {line.request.process_id for line in live}
    asked |= {report.existing.process_id for report in reports}
    processes = [view.process for view in shown.views if view.process.pk in asked]
    if not processes:
        return []
    newest = max(processes, key=lambda p: (p.opened_on, p.pk))
    lines = [line for line in live if line.request.process_id == newest.pk]
    lines.sort(key=lambda line: (line.request.due_on or date.max, line.request.pk))
    reports = [report for report in reports if report.existing.process_id == newest.pk]
    found = standings(
        (line.request for line in lines), _overrides(newest), (r.existing for r in reports)
    )
    for report in reports:
        found[element_of_report(report.existing)].reports.append(report)
    for line in lines:
        standing = found[element_of(line.request)]
        if line.accepted is not None:
            standing.signed.append((line.request.whose, line.accepted))
        if line.is_date_only:
            standing.not_here.append(line.request)
    own = found[Element.AUTHORITY]
    return [s for s in found.values() if s is not own or own.requests or own.existing]


def standings(
    requests: Iterable[AdviceRequest],
    overrides: Iterable[SignOffOverride],
    sufficient: Iterable[ExistingAdvice],
) -> dict[Element, Standing]:
    """Every element from its requests (those that were closed left out), overrides and reports."""
    order = (Element.HEALTH, Element.SOCIAL_CARE, Element.PSYCHOLOGY, Element.AUTHORITY)
    found = {element: Standing(element) for element in order}
    for request in requests:
        found[element_of(request)].requests.append(request)
    for override in overrides:
        found[Element(override.element)].override = override
    for existing in sufficient:
        found[element_of_report(existing)].existing.append(existing)
    return found


def _live(process: LegalProcess) -> Iterable[AdviceRequest]:
    found = AdviceRequest.objects.filter(process=process.pk).exclude(status=Status.CLOSED)
    return found.select_related("organisation")


def _overrides(process: LegalProcess) -> Iterable[SignOffOverride]:
    return SignOffOverride.objects.filter(process=process.pk).select_related("by")
