"""What registering a request needs to know."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from ehc.commands import possible_duplicates
from ehc.models import Case, Organisation, Person, User
from ehc.permissions import visible_to

#: How many possible duplicates a person is asked to look at.
MOST_DUPLICATES = 10


def duplicates_for(user: User, person: Person, *, today: date) -> list[Case]:
    """The possible duplicates that this user may see; at most `MOST_DUPLICATES`."""
    visible = visible_to(user, today).values("pk")
    return list(possible_duplicates(person).filter(pk__in=visible)[:MOST_DUPLICATES])


def settings_in(authorities: Iterable[int]) -> list[Organisation]:
    """The open settings of some authorities, and those shared by all, by name."""
    return list(
        Organisation.objects.filter(
            Q(authority__in=list(authorities)) | Q(authority__isnull=True),
            kind=Organisation.Kind.SETTING,
            closed_on__isnull=True,
        ).order_by("name")
    )
