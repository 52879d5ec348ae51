"""The family on the page of a case: accounts, own advice, wishes; and the family’s menu."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from advice.family import ACTS_AS, ONE_DAY, PartyNow, family_parties, party_of, why_no_account
from advice.models import AdviceRequest
from advice.models.request import OWN_FORMS
from advice.queries.wishes import wishes_of
from ehc.law.age import is_young_person
from ehc.models import Case, CaseParty, Representative, User
from ehc.permissions import Action, actions_in, family_cases, staff_roles_on
from ehc.queries.cases import representatives_of
from ehc.registry import CaseSection, on_case_sections, on_menu


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
    if family_cases(user, today).exists():
        yield "My family", "advice_family"


@on_case_sections
def family_of(case: Case, user: User, today: date) -> CaseSection | None:
    """Accounts, what the family gave, and whom it wants to be asked, for staff."""
    roles = staff_roles_on(user, case, today)
    if not roles:
        return None
    may = actions_in(roles)
    party = party_of(case)
    young = is_young_person(case.person.date_of_birth, today)
    own = AdviceRequest.objects.filter(case=case, form__in=sorted(OWN_FORMS))
    values = {
        "members": _members(case, party, today),
        "young": young,
        "party": party,
        "acts_as": ACTS_AS[party.acts_as] if party else "",
        "own": list(own.select_related("assigned_to").order_by("pk")),
        "wishes": wishes_of(case),
        "may": Action.REQUEST_ADVICE in may,
        "may_open": not case.restricted or Action.RESTRICT_CASE in may,
        "may_record": Action.RECORD_ADVICE in may,
    }
    return CaseSection("family", "The family", "advice/family_on_case.html", values)


def _members(case: Case, party: PartyNow | None, today: date) -> list[Member]:
    accounts = {named.user_id: named for named in family_parties(case, today)}
    return [
        Member(
            who,
            accounts.get(who.user_id) if who.user_id else None,
            why_no_account(who, case.person, party, today),
        )
        for who in representatives_of(case, today=today)
    ]
