"""A request for advice: one body, one assessment, one answer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from ehc.models import Case, LegalProcess, Organisation


class Head(models.TextChoices):
    """Under which head of reg 6 of the SEND Regulations 2014 advice is sought."""

    FAMILY = "6(1)(a)", "The child’s parent or the young person"
    EDUCATION = "6(1)(b)", "Educational advice"
    MEDICAL = "6(1)(c)", "Medical advice"
    PSYCHOLOGY = "6(1)(d)", "Psychological advice"
    SOCIAL_CARE = "6(1)(e)", "Social care advice"
    OTHER = "6(1)(f)", "Advice that the authority thinks appropriate"
    ADULTHOOD = "6(1)(g)", "Preparation for adulthood and independent living (from year 9)"
    ASKED_BY_FAMILY = "6(1)(h)", "Advice that the family reasonably asks for"
    SENSORY = "6(2)", "A qualified teacher for hearing, vision or both"


class Form(models.TextChoices):
    """The discipline that a form is made for."""

    EDUCATIONAL = "educational", "Educational"
    MEDICAL = "medical", "Medical"
    PSYCHOLOGICAL = "psychological", "Psychological"
    SOCIAL_CARE = "social_care", "Social care"
    THERAPY = "therapy", "Therapy"
    SENSORY = "sensory", "Sensory"
    EARLY_YEARS = "early_years", "Early years"
    ADULTHOOD = "adulthood", "Preparation for adulthood"
    PARENT = "parent", "The parent’s advice and views"
    CHILD = "child", "The child’s or young person’s own views"


#: What a family is asked for: it is never skipped, and no limit of law runs on it.
OWN_FORMS = frozenset({Form.PARENT, Form.CHILD})


class Status(models.TextChoices):
    """Where a request stands. None of these moves a date: reg 8(1) runs from receipt to giving."""

    ASKED = "asked", "Awaited"
    GIVEN = "given", "Given"
    RETURNED = "returned", "Sent back"
    ACCEPTED = "accepted", "Accepted"
    CLOSED = "closed", "Closed"


#: Somebody of the body must still write.
AWAITED = (Status.ASKED, Status.RETURNED)


class Closed(models.TextChoices):
    """Why a request ended without advice."""

    WRONG_BODY = "wrong_body", "Asked of the wrong person or service"
    SERVICE_CLOSED = "service_closed", "The service has closed"
    CASE_ENDED = "case_ended", "The assessment ended"
    EXISTING = "existing", "An existing report is sufficient (reg 6(4))"
    INVITATION_ENDED = "invitation_ended", "The invitation ended"
    NO_LONGER_SPEAKS = "no_longer_speaks", "Whoever had begun it no longer speaks for the child"


class AdviceRequest(models.Model):
    """One body asked for advice in one assessment.

    `received_on`, `given_on` and `due_on` repeat what the facts of the process say, so that an
    inbox is one indexed query; the handlers of the process’s events write them, in the same
    transaction, and `check_truth` compares them. `due_on` is the last day of the six weeks that
    run from the body’s own receipt (reg 8(1)); a family’s own advice has none.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="advice_requests")
    process = models.ForeignKey(
        LegalProcess, on_delete=models.PROTECT, related_name="advice_requests"
    )
    #: Empty when the family itself is asked.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    #: What the facts call it: `advice_requested:LABEL`.
    label = models.CharField(max_length=60)
    head = models.CharField(max_length=8, choices=Head.choices)
    form = models.CharField(max_length=13, choices=Form.choices)
    status = FSMField(max_length=8, choices=Status.choices, default=Status.ASKED, protected=True)
    asked_on = models.DateField()
    received_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    #: The day the first answer reached the authority.
    given_on = models.DateField(null=True, blank=True)
    accepted_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_because = models.CharField(max_length=16, choices=Closed.choices, blank=True)
    #: What in particular the body is asked, beside what its form asks everybody.
    question = models.TextField(blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="advice_requests",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("process", "label"), name="advice_asked_once"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="advice_request_status_known"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | Q(form__in=sorted(OWN_FORMS)),
                name="advice_request_of_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.CLOSED)
                | Q(closed_on__isnull=False) & ~Q(closed_because=""),
                name="advice_request_closed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("asked_on")),
                name="advice_received_after_it_was_asked",
            ),
        ]
        indexes = [
            models.Index(
                fields=("organisation", "due_on", "id"),
                name="advice_awaited",
                condition=Q(status__in=AWAITED),
            ),
            models.Index(
                fields=("assigned_to", "due_on", "id"),
                name="advice_awaited_of_person",
                condition=Q(status__in=AWAITED),
            ),
            models.Index(fields=("organisation", "-given_on", "-id"), name="advice_given_by"),
            models.Index(
                fields=("case", "given_on"),
                name="advice_to_check",
                condition=Q(status=Status.GIVEN),
            ),
        ]

    @property
    def is_awaited(self) -> bool:
        """True while the body must still write: nothing was given, or what was came back."""
        return self.status in AWAITED

    @property
    def is_own(self) -> bool:
        """True when the family itself is asked."""
        return self.form in OWN_FORMS

    @property
    def is_of_independent(self) -> bool:
        """True when an independent professional is asked: one person, for this request only."""
        body = self.organisation
        return body is not None and body.kind == Organisation.Kind.INDEPENDENT

    @property
    def is_date_only(self) -> bool:
        """True when it is recorded that advice came, and the advice is not here; one statement."""
        return self.status == Status.GIVEN and not self.is_own and not self.given.exists()

    @property
    def whose(self) -> str:
        """Whose advice it is, for a list."""
        return self.organisation.name if self.organisation else self.get_form_display()

    @transition(field=status, source=AWAITED, target=Status.GIVEN)
    def give(self) -> None:
        """Advice is given; for checking."""

    @transition(field=status, source=(Status.GIVEN, Status.ACCEPTED), target=Status.RETURNED)
    def send_back(self) -> None:
        """It does not serve: the body is asked to mend it."""

    @transition(field=status, source=Status.GIVEN, target=Status.ACCEPTED)
    def accept(self) -> None:
        """Whoever answers for this discipline has found that it serves."""

    @transition(field=status, source=AWAITED, target=Status.CLOSED)
    def close(self) -> None:
        """It is not wanted any more, or was never this body’s."""

    @transition(field=status, source=Status.CLOSED, target=Status.ASKED)
    def reopen(self) -> None:
        """It is wanted after all."""
