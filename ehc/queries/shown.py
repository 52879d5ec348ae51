"""A case on a page: what the parts of the page know of it, read once for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from ehc.models import Case, CaseParty, Membership, Representative, User
from ehc.permissions import Action, actions_in, staff_roles_on
from ehc.queries import cases
from ehc.queries.cases import ProcessView

T = TypeVar("T")


@dataclass(eq=False)
class ShownCase:
    """One case as one person opens it on one day. It lives as long as the page is made."""

    case: Case
    user: User
    today: date
    _found: dict[Callable[..., Any], Any] = field(default_factory=dict, repr=False)

    def once(self, read: "Callable[[ShownCase], T]") -> T:
        """What `read` finds of the case; it is called once, however many parts of the page ask."""
        if read not in self._found:
            self._found[read] = read(self)
        found: T = self._found[read]
        return found

    @cached_property
    def roles(self) -> list[Membership]:
        """The roles in which this person sees the case as staff; none for a service."""
        return staff_roles_on(self.user, self.case, self.today)

    @cached_property
    def may(self) -> frozenset[Action]:
        """What this person may do on the case as staff; nothing for a service."""
        return actions_in(self.roles)

    @cached_property
    def views(self) -> Sequence[ProcessView]:
        """The processes of the case with their timetables, what stands now first."""
        return cases.processes_of(self.case)

    @cached_property
    def every_party(self) -> Sequence[CaseParty]:
        """Who is, will be or once was named on the case."""
        return cases.every_party_of(self.case)

    @property
    def parties(self) -> Sequence[CaseParty]:
        """Who is named on the case today."""
        return [party for party in self.every_party if cases.is_named(party, self.today)]

    @property
    def past_bodies(self) -> Sequence[str]:
        """The names of the bodies that were asked for advice and are not named any more."""
        asked = [
            party
            for party in self.every_party
            if party.organisation is not None and party.capacity == CaseParty.Capacity.ADVISER
        ]
        now = {party.organisation_id for party in asked if cases.is_named(party, self.today)}
        past = [p.organisation for p in asked if p.organisation_id not in now]
        return list(dict.fromkeys(body.name for body in past if body is not None))

    @cached_property
    def everybody(self) -> Sequence[Representative]:
        """Who speaks for the child, will or once did; parental responsibility first, by name."""
        return cases.everybody_for(self.case)

    @property
    def representatives(self) -> Sequence[Representative]:
        """Who speaks for the child and has not ceased to."""
        return [w for w in self.everybody if w.ends_on is None or w.ends_on >= self.today]

    @property
    def former(self) -> Sequence[Representative]:
        """Who spoke for the child once and does no longer, the latest first."""
        ended = [w for w in self.everybody if w.ends_on is not None and w.ends_on < self.today]
        ended.sort(key=lambda w: w.full_name)
        return sorted(ended, key=lambda w: w.ends_on or date.max, reverse=True)
