"""Existing reports that are advice enough: reg 6(4) of the SEND Regulations 2014.

The authority must not seek advice under heads (b) to (h) when it was provided before, for any
purpose, and the adviser, the authority and the family are all satisfied that it is sufficient.
Head (a), the family’s own advice, is never skipped.
"""

import re
from collections.abc import Iterable
from datetime import date

from advice.models import AdviceRequest, ExistingAdvice, Satisfaction
from advice.models.request import Head
from ehc.commands import Refused

#: From this age in months a report is warned about. Practice, not law: reg 6(4) names no age.
OLD_AFTER_MONTHS = 12
#: Heads under which an existing report can stand in for asking.
HEADS = tuple(head for head in Head if head != Head.FAMILY)


def covers(existing: ExistingAdvice, *, organisation: int | None, head: str) -> bool:
    """True when the report stands for asking that body under that head.

    A report that names a body stands for that body; one that names none stands for its whole head.
    """
    if organisation is None or head == Head.FAMILY:
        return False
    if existing.organisation_id is not None:
        return existing.organisation_id == organisation
    return existing.head == head


def sufficient_in(process_id: int) -> list[ExistingAdvice]:
    """The reports of a process with which all three are satisfied."""
    return list(
        ExistingAdvice.objects.filter(process=process_id, sufficient_on__isnull=False)
        .select_related("organisation")
        .order_by("pk")
    )


def refuse_afresh(process_id: int, requests: Iterable[AdviceRequest]) -> None:
    """Refuse what reg 6(4) forbids to ask afresh, naming the body and the report."""
    reports = sufficient_in(process_id)
    for request in requests if reports else ():
        for report in reports:
            if covers(report, organisation=request.organisation_id, head=request.head):
                raise Refused(
                    f"{request.whose} must not be asked afresh: the adviser, the authority and "
                    f"the family are all satisfied that “{report.title}” is sufficient (regulation "
                    "6(4)). If one of them has changed their mind, record that first.",
                    field="services",
                )


def is_old(dated_on: date, today: date) -> bool:
    """True for a report of more than 12 months: common practice looks again; the law does not."""
    years, month = divmod(dated_on.month - 1 + OLD_AFTER_MONTHS, 12)
    return (today.year, today.month, today.day) > (dated_on.year + years, month + 1, dated_on.day)


_NO_PART_OF_A_NAME = frozenset({"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor"})


def same_person(one: str, other: str) -> bool:
    """True when two names can only be read as one person’s: titles, marks and order set aside.

    A name may stand with more beside it (“Dr A. Example, clinic”). One word alone (“Mother”) is
    the same only as itself.
    """
    first, second = _name_words(one), _name_words(other)
    shorter, longer = sorted((first, second), key=len)
    return first == second != set() or (len(shorter) > 1 and shorter <= longer)


def _name_words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.casefold())) - _NO_PART_OF_A_NAME


def satisfied_on(said: Iterable[Satisfaction]) -> date | None:
    """The day from which all three are satisfied; None while one is not, or was not asked."""
    days = {s.party: s.on for s in said if s.satisfied}
    return max(days.values()) if set(days) == set(Satisfaction.Party.values) else None
