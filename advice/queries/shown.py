"""What the parts of a case page that advice fills read of the case, once for all of them."""

from collections.abc import Sequence

from advice.family import PARTY_RECORDED, PartyNow, party_in
from advice.models import AdviceRequest, ExistingAdvice
from advice.queries import wishes
from advice.queries.existing import Report, reports_in
from advice.queries.lateness import REFERRALS
from advice.queries.on_case import Line, lines_of
from ehc.models import CaseEvent
from ehc.queries.shown import ShownCase

#: A body said that it was wrongly asked.
DECLINED = "advice_declined"
_KINDS = (PARTY_RECORDED, DECLINED, *wishes.KINDS, *REFERRALS)


def lines_on(shown: ShownCase) -> Sequence[Line]:
    """Every request of the case, with what became of it."""
    return shown.once(_lines)


def reports_on(shown: ShownCase) -> Sequence[Report]:
    """Every existing report of the case, with what each of the three said of it."""
    return shown.once(_reports)


def events_on(shown: ShownCase, kinds: Sequence[str]) -> Sequence[CaseEvent]:
    """The events of these kinds, of those that a part of the page asks for; the oldest first."""
    return [event for event in shown.once(_events) if event.kind in kinds]


def party_on(shown: ShownCase) -> PartyNow | None:
    """Who was last recorded as the party."""
    recorded = events_on(shown, [PARTY_RECORDED])
    return party_in(recorded[-1]) if recorded else None


def _lines(shown: ShownCase) -> Sequence[Line]:
    found = lines_of(AdviceRequest.objects.filter(case=shown.case))
    for line in found:
        line.request.case = shown.case
    return found


def _reports(shown: ShownCase) -> Sequence[Report]:
    return reports_in(ExistingAdvice.objects.filter(case=shown.case), shown.today)


def _events(shown: ShownCase) -> Sequence[CaseEvent]:
    found = CaseEvent.objects.filter(case=shown.case, kind__in=_KINDS).select_related("actor")
    return list(found.order_by("sequence"))
