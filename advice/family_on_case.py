"""The family on the page of a case: accounts, own advice, wishes; and the family’s menu."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from advice.family import ACTS_AS, ONE_DAY, ActsAs, PartyNow, party_of, why_no_account
from advice.queries.shown import events_on, lines_on, party_on
from advice.queries.wishes import KINDS as WISHES
from advice.queries.wishes import wishes_in
from ehc.law.age import is_young_person
from ehc.models import Case, CaseParty, Representative, User
from ehc.permissions import Action, follows
from ehc.queries.shown import ShownCase
from ehc.registry import CaseSection, YoungParty, on_case_sections, on_menu, on_young_party


@dataclass(frozen=True, slots=True)
class Member:
    """A parent, the young person or a supporter, with their account."""

    who: Representative
    account: CaseParty | None
    #: Why they can have none; empty when one can be opened.
    why_not: str

    @property
    def last_day(self) -> date | None:
        """The last day on which the account opens the case; None for no end."""
        until = self.account.until if self.account else None
        return until - ONE_DAY if until else None


@on_menu
def entries(user: User | AnonymousUser, today: date) -> Iterator[tuple[str, str]]:
    """The family’s own cases."""
    if follows(user, today):
        yield "My family", "advice_family"


@on_young_party
def young_party(case: Case) -> YoungParty | None:
    """Who uses the young person’s rights, for those who write to them."""
    party = party_of(case)
    if party is None:
        return None
    return YoungParty(party.own, party.acting, party.acts_as == ActsAs.CAPACITY)


@on_case_sections
def family_of(shown: ShownCase) -> CaseSection | None:
    """Accounts, what the family gave, and whom it wants to be asked, for staff."""
    if not shown.roles:
        return None
    case, may = shown.case, shown.may
    party = party_on(shown)
    own = [line.request for line in lines_on(shown) if line.request.is_own]
    values = {
        "members": _members(shown, party),
        "young": is_young_person(case.person.date_of_birth, shown.today),
        "party": party,
        "acts_as": ACTS_AS[party.acts_as] if party else "",
        "own": sorted(own, key=lambda request: request.pk),
        "wishes": wishes_in(events_on(shown, WISHES)),
        "may": Action.REQUEST_ADVICE in may,
        "may_open": not case.restricted or Action.RESTRICT_CASE in may,
        "may_record": Action.RECORD_ADVICE in may,
    }
    return CaseSection("family", "The family", "advice/family_on_case.html", values)


def _members(shown: ShownCase, party: PartyNow | None) -> list[Member]:
    family = [p for p in shown.parties if p.capacity == CaseParty.Capacity.FAMILY and p.user]
    accounts = {named.user_id: named for named in sorted(family, key=lambda p: (p.starts_on, p.pk))}
    return [
        Member(
            who,
            accounts.get(who.user_id) if who.user_id else None,
            why_no_account(who, shown.case.person, party, shown.today),
        )
        for who in shown.representatives
    ]
