"""Which service serves a child: by setting first, then by postcode, then everybody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q

from advice.models import Form, Head, ServiceArea
from advice.services import form_and_head
from ehc.models import Case, Organisation

_SETTING, _POSTCODE, _EVERYWHERE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Fit:
    """A service that serves a child, and how closely: the lower the rank, the closer."""

    service: Organisation
    rank: tuple[int, int]
    #: The beginning of the postcode by which it serves, where it is that.
    begins: str = ""

    def what(self, case: Case) -> str:
        """What it serves, in words."""
        if self.rank[0] == _SETTING and case.setting is not None:
            return case.setting.name
        if self.rank[0] == _POSTCODE:
            return self.begins
        return "the whole authority" if self.service.authority_id else "several authorities"

    def is_like(self, other: "Fit") -> bool:
        """True when both answer on the same form."""
        return form_and_head(self.service) == form_and_head(other.service)


def open_services(case: Case) -> list[Organisation]:
    """Every service that works with the authority of the case and has not closed, by name.

    Bodies of several authorities are among them; independent professionals never are, for each of
    them was invited to one case.
    """
    served = Q(authority=case.authority_id) | Q(authority__isnull=True)
    return list(
        Organisation.objects.filter(served, kind=Organisation.Kind.SERVICE, closed_on__isnull=True)
        .select_related("profile")
        .prefetch_related("areas")
        .order_by("name", "pk")
    )


def serving(services: Iterable[Organisation], case: Case, head: Head) -> list[Fit]:
    """Those of the services that give advice under this head to this child, closest first."""
    of_head = (s for s in services if form_and_head(s)[1] == head)
    found = (fit for s in of_head if (fit := fit_of(s, s.areas.all(), case)) is not None)
    return sorted(found, key=lambda fit: fit.rank)


def best(fits: Sequence[Fit]) -> list[Fit]:
    """Of the services of one head the closest for each form, or several that are equally close.

    Therapies share a form and are not each other’s stand-ins: each of them is kept.
    """
    closest: dict[Form, tuple[int, int]] = {}
    for fit in fits:
        form = form_and_head(fit.service)[0]
        closest[form] = min(closest.get(form, fit.rank), fit.rank)
    return [
        fit
        for fit in fits
        if (form := form_and_head(fit.service)[0]) == Form.THERAPY or fit.rank == closest[form]
    ]


def fit_of(service: Organisation, areas: Iterable[ServiceArea], case: Case) -> Fit | None:
    """How closely a service serves the child; None when it serves others only."""
    areas = list(areas)
    if not areas:
        return Fit(service, (_EVERYWHERE, 0))
    if case.setting_id and any(area.setting_id == case.setting_id for area in areas):
        return Fit(service, (_SETTING, 0))
    begins = [a.postcode_begins for a in areas if lies_in(case.person.postcode, a.postcode_begins)]
    if not begins:
        return None
    longest = max(begins, key=len)
    return Fit(service, (_POSTCODE, -len(longest)), longest.upper())


def lies_in(postcode: str, begins: str) -> bool:
    """True when a postcode lies in a place: S (an area), S10 (a district) or S10 2 (a sector).

    S1 is another district than S10, and S another area than SE. A sector is written with its
    space, for without it S10 would be the district and the sector S1 0 alike.
    """
    whole = "".join(postcode.split()).upper()
    outward, inward = whole[:-3], whole[-3:]
    wanted, _, sector = " ".join(begins.upper().split()).partition(" ")
    if not wanted or not outward:
        return False
    if sector:
        return outward == wanted and inward.startswith(sector)
    rest = outward.removeprefix(wanted) if outward.startswith(wanted) else None
    return rest is not None and (not rest or rest[0].isdigit() != wanted[-1].isdigit())
