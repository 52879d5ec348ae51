"""Authorities and the organisations they work with."""

from django.db import models
from django.db.models import F, Q

from ehc.law import SETTING_PREFIX, is_setting


class Authority(models.Model):
    """A local authority in England: the body that owes the duties of the Act."""

    la_number = models.CharField(
        "LA number", max_length=3, unique=True, help_text="The DfE’s three digits, e.g. 373."
    )
    ons_code = models.CharField("ONS code", max_length=9, blank=True)
    name = models.CharField(max_length=120)
    #: Begins every case reference; letters only, so that a reference reads well on the telephone.
    short_code = models.CharField(max_length=5, unique=True)
    is_demonstration = models.BooleanField(default=False)
    reference_number = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "authorities"

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team of caseworkers within an authority."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(fields=("authority", "name"), name="team_once_in_authority")
        ]

    def __str__(self) -> str:
        return self.name


class Organisation(models.Model):
    """A service that gives advice, or a setting a child attends.

    `code` is short, lower case and stable, for it stands in the facts; the name may change.
    """

    class Kind(models.TextChoices):
        SERVICE = "service", "Service"
        SETTING = "setting", "School, college or early years setting"
        INDEPENDENT = "independent", "Independent professional, for one case"

    class Discipline(models.TextChoices):
        """Whose advice it is: reg 6(1) of the SEND Regulations 2014."""

        EDUCATION = "education", "Education"
        MEDICAL = "medical", "Health"
        PSYCHOLOGY = "psychology", "Educational psychology"
        SOCIAL_CARE = "social_care", "Social care"
        OTHER = "other", "Other"

    authority = models.ForeignKey(
        Authority,
        on_delete=models.PROTECT,
        related_name="organisations",
        null=True,
        blank=True,
        help_text="Empty for a body that serves several authorities.",
    )
    kind = models.CharField(max_length=11, choices=Kind.choices)
    discipline = models.CharField(
        max_length=12, choices=Discipline.choices, default=Discipline.OTHER
    )
    code = models.SlugField(max_length=50)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True, help_text="A shared mailbox for notices.")
    director_name = models.CharField(max_length=200, blank=True)
    director_email = models.EmailField(blank=True, help_text="For advice that stays away.")
    urn = models.CharField("URN", max_length=6, blank=True)
    ukprn = models.CharField("UKPRN", max_length=8, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=("authority", "code"), name="organisation_code_once", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=("urn",), name="organisation_urn", condition=~Q(urn=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def advice_label(self) -> str:
        """What the law’s facts call advice from here (`advice_requested:educational_psychology`).

        It tells a setting from a service, because only a setting’s closure is a ground.
        """
        return advice_label(self.kind, self.code)


def advice_label(kind: str, code: str) -> str:
    """What the law’s facts call advice from an organisation of that kind and code."""
    if kind != Organisation.Kind.SETTING or is_setting(code):
        return code
    return f"{SETTING_PREFIX}{code}"


class Closure(models.Model):
    """When a setting, or every setting of an authority, is closed.

    `closed_from` is the first closed day, `reopens_on` the first open day after it. They feed the
    school-closure ground of regs 5(4)(a) and 10(4)(a), which is worked out, never typed in.
    """

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="closures")
    setting = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="closures"
    )
    closed_from = models.DateField()
    reopens_on = models.DateField()

    class Meta:
        ordering = ("closed_from",)
        constraints = [
            models.CheckConstraint(
                condition=Q(reopens_on__gt=F("closed_from")), name="closure_ends_after_it_starts"
            )
        ]
