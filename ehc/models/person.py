"""The child or young person, and those who speak for them."""

import pghistory
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower
from stdnum.exceptions import ValidationError as NumberError
from stdnum.gb import nhs

from ehc.identifiers import is_upn
from ehc.models.organisation import Authority


def validate_upn(value: str) -> None:
    """A Unique Pupil Number must have its form and its check letter (DfE UPN guide)."""
    if not is_upn(value):
        raise ValidationError(
            "This is not a valid UPN. A UPN has a letter and 12 digits; the first letter is worked "
            "out from the rest, so check for a mistyped digit."
        )


def validate_nhs_number(value: str) -> None:
    """An NHS number must have ten digits and the right check digit."""
    try:
        nhs.validate(value)
    except NumberError:
        raise ValidationError(
            "This is not a valid NHS number. It has ten digits, and the last is worked out from "
            "the others, so check for a mistyped digit."
        ) from None


class UPNUnknown(models.TextChoices):
    """Why a UPN is not known: the reasons of the SEN2 return, item 1.7c."""

    UN1 = "UN1", "Under 6 and no UPN given yet"
    UN2 = "UN2", "Never in a state-funded school in England"
    UN3 = "UN3", "Educated outside England"
    UN5 = "UN5", "Sources disagree, no reliable match"
    UN8 = "UN8", "New to the authority, number not known yet"
    UN9 = "UN9", "Young person never in a state-funded school or college in England"
    UN10 = "UN10", "Request ended before the number was known"


@pghistory.track()
class Person(models.Model):
    """A child or young person as one authority knows them."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="people")
    forename = models.CharField(max_length=300)
    surname = models.CharField(max_length=300)
    preferred_name = models.CharField(max_length=300, blank=True)
    date_of_birth = models.DateField()
    sex = models.CharField(max_length=1, blank=True, choices=[("F", "Female"), ("M", "Male")])
    ethnicity = models.CharField(max_length=4, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    upn = models.CharField("UPN", max_length=13, blank=True, validators=[validate_upn])
    uln = models.CharField("ULN", max_length=10, blank=True)
    upn_unknown = models.CharField(max_length=4, blank=True, choices=UPNUnknown.choices)
    nhs_number = models.CharField(
        "NHS number", max_length=10, blank=True, validators=[validate_nhs_number]
    )

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            models.UniqueConstraint(
                fields=("authority", "upn"), name="upn_once_in_authority", condition=~Q(upn="")
            ),
        ]
        indexes = [
            models.Index(fields=("authority", "date_of_birth"), name="person_birth"),
            GinIndex(
                OpClass(Lower(Concat(F("forename"), Value(" "), F("surname"))), "gin_trgm_ops"),
                name="person_name_trigrams",
            ),
        ]

    @property
    def full_name(self) -> str:
        """The name to show: the preferred forename where there is one."""
        return f"{self.preferred_name or self.forename} {self.surname}"


class FormerUPN(models.Model):
    """A UPN a person once had; kept so that an old record can be found."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="former_upns")
    upn = models.CharField("UPN", max_length=13)

    class Meta:
        constraints = [models.UniqueConstraint(fields=("person", "upn"), name="former_upn_once")]


@pghistory.track()
class Representative(models.Model):
    """A parent, carer or supporter, and from when to when (inclusive) they act.

    “Parent” in the law includes whoever has parental responsibility for the child, and whoever has
    care of the child: Education Act 1996 s.576, as CFA 2014 Part 3 has it.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="representatives")
    full_name = models.CharField(max_length=300)
    relationship = models.CharField(max_length=60)
    has_parental_responsibility = models.BooleanField(default=False)
    #: The child lives with them, at least part of the time, and they look after the child.
    has_care = models.BooleanField(default=False)
    email = models.EmailField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    #: The account with which they follow the case and give their own advice, if they have one.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="represents",
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    @property
    def is_parent(self) -> bool:
        """True for whoever the law calls a parent of the child; not in time: see the dates."""
        return self.has_parental_responsibility or self.has_care
