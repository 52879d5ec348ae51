"""Which services serve whom, with which form; and independent professionals by invitation."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from advice.models.request import AdviceRequest, Form, Head
from ehc.models import Organisation


class ServiceProfile(models.Model):
    """How a service gives advice: under which head, with which form, and who directs it."""

    organisation = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="profile"
    )
    head = models.CharField(max_length=8, choices=Head.choices)
    form = models.CharField(max_length=13, choices=Form.choices)
    #: True for a service that is proposed for every child it serves.
    always_asked = models.BooleanField(default=True)


class ServiceArea(models.Model):
    """A setting or a place that a service serves; a service without any serves the whole area."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="areas")
    setting = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    postcode_begins = models.CharField(max_length=5, blank=True, help_text="For example S10.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(setting__isnull=False) ^ ~Q(postcode_begins=""),
                name="service_area_is_one_of_two",
            )
        ]


class Invitation(models.Model):
    """An independent professional is invited to one child’s case; the access ends by itself.

    The person gets an organisation of their own (kind `independent`) and a membership in it until
    `ends_on`, so that everything else treats them as any adviser. `digest` is of the secret in the
    link; the link works once, for the address it was sent to.
    """

    request = models.OneToOneField(
        AdviceRequest, on_delete=models.PROTECT, related_name="invitation"
    )
    email = models.EmailField()
    full_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    proposed_by_family = models.BooleanField(default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_on = models.DateField()
    #: The last day of the access.
    ends_on = models.DateField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("invited_on")), name="invitation_ends_after_it_starts"
            )
        ]
