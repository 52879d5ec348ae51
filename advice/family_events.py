"""What follows, for the family, from what is recorded on a case; and what staff must be told."""

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse

# Its handler makes the forms that are shared out here, so it must have been registered first.
from advice import handlers  # noqa: F401
from advice.family import (
    ONE_DAY,
    last_day_of_parent,
    settle_access,
    share_out,
)
from advice.queries.shown import party_on
from ehc.dates import in_words
from ehc.models import Case, CaseEvent
from ehc.models.process import UNDER_WAY, Kind
from ehc.queries.shown import ShownCase
from ehc.registry import Alert, Notice, on_case_page, on_event, queue_notices

#: From so many days before the last day of compulsory school age the case says what is coming.
WARN_BEFORE = timedelta(weeks=8)
_SETTLES = frozenset({"representative_recorded", "party_recorded"})
_SHARES = frozenset({"own_advice_invited", "family_account_opened", "party_recorded"})
_WROTE = frozenset({"own_advice_given", "family_wish_recorded"})


@on_event
def follow_family(event: CaseEvent, case: Case) -> None:
    """Keep accounts and forms as the rows say, and tell whoever holds the case that one wrote."""
    if event.kind in _SETTLES:
        settle_access(case, event.on)
    if event.kind in _SHARES:
        for process in case.processes.filter(kind=Kind.ASSESSMENT, status__in=UNDER_WAY):
            share_out(process, case, event.on)
    if event.kind in _WROTE and case.owner_id is not None and case.owner_id != event.actor_id:
        queue_notices([Notice("family_wrote", case=case)], at=event.recorded_at)


@on_case_page
def alerts_of_age(shown: ShownCase) -> Iterator[Alert]:
    """What to do before and after the child passes compulsory school age while the case goes on.

    Nothing once it is recorded who is the party.
    """
    case, today = shown.case, shown.today
    last = last_day_of_parent(case.person)
    began = case.received_on or case.opened_on
    if not case.is_open or last < began or today < last - WARN_BEFORE:
        return
    name, first = case.person.full_name, in_words(last + ONE_DAY)
    address = reverse("advice_party", args=[case.reference])
    if today <= last:
        yield Alert(
            f"{name} is over compulsory school age from {first}. From then the young person is the "
            "party and not the parent, and accounts of parents stop opening this case. Ask the "
            "young person beforehand whether they want somebody to speak with or for them.",
            address,
        )
    elif party_on(shown) is None:
        yield Alert(
            f"{name} has been over compulsory school age since {first}: the young person is the "
            "party now, and not the parent. Record who speaks for them; until then nobody of the "
            "family can open this case.",
            address,
        )
