"""Everybody who might try a page or a command of advice, on one case, for the matrix of rights."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from advice import commands as advice
from advice.models import AdviceRequest, Form
from ehc import commands
from ehc.models import (
    Assessment,
    CaseParty,
    Membership,
    Organisation,
    Role,
    User,
)
from tests.advice.asked import WRITTEN, ask
from tests.factories import Council, ServiceFactory, UserFactory, fresh, member

Discipline = Organisation.Discipline

#: Roles of the authority, beside its caseworkers and managers.
OFFICERS = {
    "chair": Role.PANEL_CHAIR,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
    "dco": Role.HEALTH_SIGN_OFF,
    "dsco": Role.SOCIAL_CARE_SIGN_OFF,
    "principal": Role.PSYCHOLOGY_SIGN_OFF,
}


@dataclass
class Cast:
    """One case with requests to four bodies and the family, and everybody who is somebody.

    `restricted` leaves, of the staff, the caseworker who holds it and the manager it names.
    """

    today: date
    restricted: bool = False
    people: dict[str, User] = field(default_factory=dict)
    requests: dict[str, AdviceRequest] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.asked_on = self.today - timedelta(days=14)
        self.council = council = Council()
        self._disciplines()
        self.assessment = council.register(self.today - timedelta(days=70))
        self._staff()
        self._bodies()
        self._ask()
        self._family()
        if self.restricted:
            commands.restrict_case(
                self.case, on=self.today, reason="Safeguarding.", by=council.manager
            )

    @property
    def case(self) -> object:
        """The case as it is now."""
        return fresh(self.assessment).case

    def person(self, name: str) -> User:
        """Somebody, as their next request knows them."""
        return User.objects.get(pk=self.people[name].pk)

    def request(self, name: str) -> AdviceRequest:
        """A request, as it is now."""
        return AdviceRequest.objects.select_related("case", "organisation").get(
            pk=self.requests[name].pk
        )

    def _disciplines(self) -> None:
        for body, discipline in (
            (self.council.psychology, Discipline.PSYCHOLOGY),
            (self.council.health, Discipline.MEDICAL),
        ):
            body.discipline = discipline
            body.save()
        authority = self.council.authority
        self.social = ServiceFactory.create(
            authority=authority, code="social", discipline=Discipline.SOCIAL_CARE
        )
        self.other = ServiceFactory.create(authority=authority, code="unasked")
        self.independent = Organisation.objects.create(
            authority=authority,
            kind=Organisation.Kind.INDEPENDENT,
            code="independent_1",
            name="Dr Example",
            discipline=Discipline.OTHER,
        )

    def _staff(self) -> None:
        council = self.council
        self.people |= {
            "caseworker": council.caseworker,
            "colleague": council.colleague,
            "manager": council.manager,
        }
        for name, role in OFFICERS.items():
            self.people[name] = member(role, council.authority)
        elsewhere = Council()
        for name, role in OFFICERS.items():
            self.people[f"{name} elsewhere"] = member(role, elsewhere.authority)
        self.people["manager elsewhere"] = elsewhere.manager
        self.people["psychologist elsewhere"] = elsewhere.psychologist
        self.people["nobody"] = UserFactory.create()
        leaver = member(Role.ADVISER, organisation=council.psychology)
        Membership.objects.filter(user=leaver).update(ends_on=self.today - timedelta(days=1))
        self.people["leaver"] = leaver

    def _bodies(self) -> None:
        council = self.council
        for name, body in (
            ("psychologist", council.psychology),
            ("paediatrician", council.health),
            ("social worker", self.social),
            ("teacher", council.school),
            ("independent", self.independent),
            ("adviser not asked", self.other),
        ):
            self.people[name] = member(Role.ADVISER, organisation=body)
        self.people["lead"] = member(Role.SERVICE_LEAD, organisation=council.psychology)
        self.people["lead not asked"] = member(Role.SERVICE_LEAD, organisation=self.other)

    def _ask(self) -> None:
        council = self.council
        commands.agree_to_assess(self.assessment, on=self.asked_on, by=council.caseworker)
        bodies = {
            "psychology": council.psychology,
            "health": council.health,
            "social care": self.social,
            "education": council.school,
            "independent": self.independent,
        }
        advice.ask_for_advice(
            fresh(self.assessment),
            on=self.asked_on,
            asks=[ask(body) for body in bodies.values()],
            own=(Form.PARENT, Form.CHILD),
            by=council.caseworker,
        )
        found = AdviceRequest.objects.filter(process=self.assessment.pk)
        self.requests = {n: found.get(organisation=body) for n, body in bodies.items()}
        self.requests["family"] = found.get(form=Form.PARENT)

    def _family(self) -> None:
        for name, case in (
            ("parent", fresh(self.assessment).case),
            ("parent of another", self.council.register(self.asked_on).case),
        ):
            self.people[name] = UserFactory.create()
            CaseParty.objects.create(
                case=case,
                user=self.people[name],
                capacity=CaseParty.Capacity.FAMILY,
                starts_on=self.asked_on,
            )

    def give(self, name: str, by: str) -> None:
        """Somebody gives the advice that a body was asked for."""
        content = {**WRITTEN, "about": "He is funny."}
        advice.give_advice(self.request(name), on=self.today, content=content, by=self.person(by))

    def process(self) -> Assessment:
        """The process as it is now."""
        return fresh(self.assessment)
