"""How far each part of a plan is signed off: health, social care, psychology, the authority’s own.

What finalises a part of a plan asks `element_state` and goes on only with `SIGNED_OFF` or
`OVERRIDDEN`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices

from advice.models import AdviceRequest, Check, SignOffOverride
from advice.models.checking import Element
from advice.models.request import AWAITED, Status
from advice.permissions import element_of
from ehc.models import Case, LegalProcess


class State(TextChoices):
    """How an element stands."""

    NOTHING_ASKED = "nothing_asked", "Nothing was asked"
    AWAITED = "awaited", "Advice is awaited"
    TO_CHECK = "to_check", "Waits for sign-off"
    SIGNED_OFF = "signed_off", "Signed off"
    OVERRIDDEN = "overridden", "Went on without"


#: The states with which a part of a plan may be finalised.
DONE = frozenset({State.SIGNED_OFF, State.OVERRIDDEN})


@dataclass(slots=True)
class Standing:
    """One element: how it stands, what it waits for, and who signed or overrode it."""

    element: Element
    requests: list[AdviceRequest] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    override: SignOffOverride | None = None

    @property
    def state(self) -> State:
        """How it stands. Advice that all is signed off counts before an override does."""
        statuses = {request.status for request in self.requests}
        if statuses == {Status.ACCEPTED}:
            return State.SIGNED_OFF
        if self.override is not None:
            return State.OVERRIDDEN
        if not statuses:
            return State.NOTHING_ASKED
        return State.AWAITED if statuses & set(AWAITED) else State.TO_CHECK

    @property
    def awaited(self) -> list[AdviceRequest]:
        """What somebody must still write."""
        return [request for request in self.requests if request.is_awaited]

    @property
    def to_check(self) -> list[AdviceRequest]:
        """What was given and nobody has signed off."""
        return [request for request in self.requests if request.status == Status.GIVEN]

    @property
    def is_done(self) -> bool:
        """True when this part of the plan may be finalised."""
        return self.state in DONE


def element_state(process: LegalProcess, element: str) -> State:
    """How one element of an assessment stands; two statements."""
    return standings(_live(process), _overrides(process))[Element(element)].state


def elements_of(process: LegalProcess) -> Sequence[Standing]:
    """How every element stands, with who signed it off; two statements, three once any is.

    The authority’s own element is left out while it has no advice.
    """
    return _told(_live(process), process)


def elements_on(case: Case) -> Sequence[Standing]:
    """How every element of the newest assessment of a case stands; empty before anybody is asked.

    As many statements as `elements_of`, one where nobody was asked.
    """
    every = AdviceRequest.objects.filter(case=case).exclude(status=Status.CLOSED)
    found = list(every.select_related("organisation", "process").order_by("due_on", "pk"))
    if not found:
        return []
    newest = max((r.process for r in found), key=lambda p: (p.opened_on, p.pk))
    return _told([r for r in found if r.process_id == newest.pk], newest)


def _told(requests: Iterable[AdviceRequest], process: LegalProcess) -> Sequence[Standing]:
    found = standings(requests, _overrides(process))
    if any(r.status == Status.ACCEPTED for s in found.values() for r in s.requests):
        newest = _signed(process)
        for standing in found.values():
            standing.checks = [newest[r.pk] for r in standing.requests if r.pk in newest]
    return [s for s in found.values() if s.element != Element.AUTHORITY or s.requests]


def _signed(process: LegalProcess) -> dict[int, Check]:
    """The newest acceptance of each request that is accepted."""
    signed = Check.objects.filter(
        advice__request__process=process.pk, advice__request__status=Status.ACCEPTED
    ).exclude(outcome=Check.Outcome.RETURNED)
    related = signed.select_related("by", "for_absent", "advice__request__organisation")
    return {check.advice.request_id: check for check in related.order_by("at", "pk")}


def standings(
    requests: Iterable[AdviceRequest], overrides: Iterable[SignOffOverride]
) -> dict[Element, Standing]:
    """Every element from its requests (those that were closed left out) and overrides."""
    order = (Element.HEALTH, Element.SOCIAL_CARE, Element.PSYCHOLOGY, Element.AUTHORITY)
    found = {element: Standing(element) for element in order}
    for request in requests:
        found[element_of(request)].requests.append(request)
    for override in overrides:
        found[Element(override.element)].override = override
    return found


def _live(process: LegalProcess) -> Iterable[AdviceRequest]:
    found = AdviceRequest.objects.filter(process=process.pk).exclude(status=Status.CLOSED)
    return found.select_related("organisation").order_by("due_on", "pk")


def _overrides(process: LegalProcess) -> Iterable[SignOffOverride]:
    return SignOffOverride.objects.filter(process=process.pk).select_related("by")
