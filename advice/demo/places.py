"""Services as they are: form and head, whom they serve, who directs, leads and writes."""

from dataclasses import dataclass
from datetime import date
from random import Random

from advice.models import Form, Head, ServiceArea, ServiceProfile
from ehc.demo import names
from ehc.demo.places import Council
from ehc.models import Membership, Organisation, Role, User

_PROFILES: dict[str, tuple[Form, Head, bool]] = {
    "educational_psychology": (Form.PSYCHOLOGICAL, Head.PSYCHOLOGY, True),
    "community_paediatrics": (Form.MEDICAL, Head.MEDICAL, True),
    "social_care": (Form.SOCIAL_CARE, Head.SOCIAL_CARE, True),
    "speech_and_language_therapy": (Form.THERAPY, Head.OTHER, False),
    "occupational_therapy": (Form.THERAPY, Head.OTHER, False),
    "mental_health": (Form.MEDICAL, Head.MEDICAL, False),
    "sensory_support": (Form.SENSORY, Head.SENSORY, False),
}
_DIRECTORS: dict[str, str] = {
    Organisation.Discipline.MEDICAL: "Professor Ayaan Siddiqui, Sheaf Valley Children’s Health",
    Organisation.Discipline.SOCIAL_CARE: "Maureen Ibbotson, Director of Children’s Services",
}
_DIRECTOR = "Gethin Llewellyn, Assistant Director, Education and Inclusion"
#: How many write for a service, beside its lead.
_WRITERS = {"educational_psychology": 5, "speech_and_language_therapy": 4, "social_care": 4}


@dataclass(slots=True)
class Staff:
    """Who works for a body that gives advice."""

    leads: list[User]
    writers: list[User]


def add_to_council(council: Council, lot: Random, since: date) -> None:
    """Profiles, areas, directors, and people for every service and school."""
    _add_bodies(council)
    _add_profiles(council)
    people = _People(council, lot, since)
    for code, body in council.services.items():
        people.staff(body, writers=_WRITERS.get(code, 2), lead=True)
    for school in council.schools:
        people.staff(school.setting, writers=1, lead=False)
    for setting in council.specialist:
        people.staff(setting, writers=1, lead=False)
    council.kept["advice"] = people.save()


def _add_bodies(council: Council) -> None:
    """Two services that serve some settings only."""
    early = [s.setting for s in council.schools if s.below <= 5]
    adult = [s.setting for s in council.schools if s.below > 16]
    for code, name, settings, form, head in (
        ("early_years_inclusion", "Early Years Inclusion", early, Form.EARLY_YEARS, Head.OTHER),
        ("preparing_for_adulthood", "Preparing for Adulthood", adult, Form.ADULTHOOD,
         Head.ADULTHOOD),
    ):  # fmt: skip
        body = Organisation.objects.create(
            authority=council.authority,
            kind=Organisation.Kind.SERVICE,
            discipline=Organisation.Discipline.EDUCATION,
            code=code,
            name=f"{council.place} {name}",
            email=f"{code}.{council.authority.short_code.lower()}@example.org",
        )
        council.services[code] = body
        ServiceProfile.objects.create(organisation=body, form=form, head=head, always_asked=True)
        ServiceArea.objects.bulk_create(
            ServiceArea(organisation=body, setting=setting) for setting in settings
        )


def _add_profiles(council: Council) -> None:
    bodies = list(council.services.values())
    for body in bodies:
        body.director_name = _DIRECTORS.get(body.discipline, _DIRECTOR)
        body.director_email = (
            f"director.{body.discipline}.{council.authority.short_code.lower()}@example.org"
        )
    Organisation.objects.bulk_update(bodies, ["director_name", "director_email"])
    profiles = [
        ServiceProfile(
            organisation=council.services[code], form=form, head=head, always_asked=always
        )
        for code, (form, head, always) in _PROFILES.items()
    ]
    profiles += [
        ServiceProfile(organisation=s.setting, form=Form.EARLY_YEARS, head=Head.EDUCATION)
        for s in council.schools
        if s.below <= 5
    ]
    ServiceProfile.objects.bulk_create(profiles)


class _People:
    """Makes the people whom nobody can sign in as, and counts in those who can."""

    def __init__(self, council: Council, lot: Random, since: date) -> None:
        self._council, self._lot, self._since = council, lot, since
        self._made: dict[int, Staff] = {}
        self._users: list[User] = []
        self._memberships: list[Membership] = []
        known = Membership.objects.filter(
            organisation__authority=council.authority, role__in=(Role.ADVISER, Role.SERVICE_LEAD)
        ).select_related("user")
        for membership in known:
            staff = self._made.setdefault(membership.organisation_id or 0, Staff([], []))
            leads = membership.role == Role.SERVICE_LEAD
            (staff.leads if leads else staff.writers).append(membership.user)

    def staff(self, body: Organisation, *, writers: int, lead: bool) -> None:
        """Have that many writers in a body, and a lead if it has one."""
        staff = self._made.setdefault(body.pk, Staff([], []))
        if lead and not staff.leads:
            staff.leads.append(self._somebody(body, Role.SERVICE_LEAD))
        while len(staff.writers) < writers:
            staff.writers.append(self._somebody(body, Role.ADVISER))

    def save(self) -> dict[int, Staff]:
        """Save them; who works for each body, by its id."""
        User.objects.bulk_create(self._users)
        Membership.objects.bulk_create(self._memberships)
        return self._made

    def _somebody(self, body: Organisation, role: Role) -> User:
        community = names.some_community(self._lot)
        forename = self._lot.choice(community.girls + community.boys)
        code = self._council.authority.short_code.lower()
        user = User(
            email=f"writer{len(self._users) + 1}.{code}@example.org",
            full_name=f"{forename} {names.some_surname(self._lot, community)}",
        )
        user.set_unusable_password()
        self._users.append(user)
        self._memberships.append(
            Membership(user=user, role=role, organisation=body, starts_on=self._since)
        )
        return user
