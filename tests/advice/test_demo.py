"""The demonstration shows advice as a real authority has it: late in its own measure, and alive."""

from django.db.models import Count, F, Q

from advice.forms_of_advice import FORMS, required_of
from advice.models import (
    Advice,
    AdviceRequest,
    AdviceRow,
    Chase,
    Check,
    ExistingAdvice,
    ExpectedLate,
    Invitation,
    ServiceArea,
    ServiceProfile,
)
from advice.models.request import AWAITED, OWN_FORMS, Closed, Status
from advice.permissions import actions_on_request, element_of
from ehc import truth
from ehc.demo.users import INDEPENDENT, PARENT
from ehc.law.age import ceases_to_be_of_compulsory_school_age
from ehc.models import Case, Organisation, Role, User
from ehc.permissions import Action, family_cases
from tests.demonstration import TODAY, Demonstration


class TestAdviceOfTheDemonstration(Demonstration):
    """Late as a real authority’s is, and never empty."""

    def test_the_whole_is_true_and_alive(self) -> None:
        assert list(truth.check()) == []
        statuses = set(AdviceRequest.objects.values_list("status", flat=True))
        assert statuses == set(Status.values)
        late = AdviceRequest.objects.filter(status__in=AWAITED, due_on__lt=TODAY)
        assert late.exists()
        assert Check.objects.filter(outcome=Check.Outcome.WITH_NOTE).exists()
        assert Check.objects.filter(outcome=Check.Outcome.RETURNED).exists()
        assert Advice.objects.filter(nothing_to_report=True).exclude(reason="").exists()
        assert Advice.objects.filter(request__form__in=OWN_FORMS).exists()
        assert ExpectedLate.objects.values("cause").distinct().count() > 3
        assert Chase.objects.filter(by__isnull=False).exists()
        assert AdviceRequest.objects.filter(closed_because=Closed.CASE_ENDED).exists()
        assert AdviceRequest.objects.filter(status__in=AWAITED, assigned_to__isnull=False).exists()

    def test_some_of_it_came_on_paper(self) -> None:
        typed_in = Advice.objects.exclude(came_by="").select_related("request", "given_by")
        assert typed_in.count() > 1
        assert all(advice.on_behalf_of and advice.signed_on for advice in typed_in)
        day_only = [
            request
            for request in AdviceRequest.objects.filter(status=Status.GIVEN)
            if request.is_date_only
        ]
        assert len(day_only) > 1

    def test_each_service_is_late_in_its_own_measure(self) -> None:
        given = AdviceRequest.objects.filter(given_on__isnull=False, due_on__isnull=False)
        late = Count("pk", filter=Q(given_on__gt=F("due_on")))

        def share(**whose: object) -> float:
            found = given.filter(**whose).aggregate(all=Count("pk"), late=late)
            return found["late"] / found["all"]

        schools = share(organisation__kind=Organisation.Kind.SETTING)
        psychology = share(organisation__code="educational_psychology")
        assert schools < psychology
        assert share(organisation__code="social_care") < psychology

    def test_advice_reads_true(self) -> None:
        for advice in Advice.objects.filter(nothing_to_report=False).select_related("request"):
            asked = required_of(FORMS[advice.request.form])
            assert not [q.name for q in asked if not advice.content.get(q.name)], (
                advice.request.form
            )
            assert not any("{" in text for text in advice.content.values())
        rows = AdviceRow.objects.all()
        assert not rows.filter(Q(need="") | Q(outcome="") | Q(provision="") | Q(effect="")).exists()
        poor = rows.filter(how_much="").count()
        assert 0 < poor < rows.count() / 10
        for form in ("educational", "medical", "psychological", "social_care", "therapy"):
            assert rows.filter(advice__request__form=form).values("need").distinct().count() > 3

    def test_services_have_what_a_proposal_needs(self) -> None:
        services = Organisation.objects.filter(
            authority=self.authority, kind=Organisation.Kind.SERVICE
        )
        assert ServiceProfile.objects.filter(organisation__in=services).count() == services.count()
        assert not services.filter(Q(director_name="") | Q(director_email="")).exists()
        assert ServiceArea.objects.filter(organisation__in=services).exists()
        for body in services:
            roles = list(body.memberships.values_list("role", flat=True))
            assert roles.count(Role.SERVICE_LEAD) == 1
            assert roles.count(Role.ADVISER) >= 2

    def test_who_signs_off_has_something_to_sign_off(self) -> None:
        waiting = AdviceRequest.objects.filter(status=Status.GIVEN, organisation__isnull=False)
        for email, action in (
            ("health@example.org", Action.SIGN_OFF_HEALTH),
            ("socialcare@example.org", Action.SIGN_OFF_SOCIAL_CARE),
            ("principal@example.org", Action.SIGN_OFF_PSYCHOLOGY),
        ):
            user = User.objects.get(email=email)
            assert any(
                action in actions_on_request(user, r, TODAY)
                for r in waiting.select_related("case", "organisation")
            ), [email, *((r.whose, element_of(r)) for r in waiting)]

    def test_a_parent_an_independent_and_a_coming_of_age(self) -> None:
        parent = User.objects.get(email=PARENT)
        assert family_cases(parent, TODAY).count() == 1
        independent = User.objects.get(email=INDEPENDENT)
        asked = Invitation.objects.get(accepted_by=independent).request
        assert asked.is_awaited
        assert Action.GIVE_ADVICE in actions_on_request(independent, asked, TODAY)
        assert ExistingAdvice.objects.exists()
        of_age = [
            case.person
            for case in Case.objects.filter(stage="advice").select_related("person")
            if ceases_to_be_of_compulsory_school_age(case.person.date_of_birth).year == 2027
        ]
        assert of_age
