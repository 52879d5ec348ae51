"""A report on its way in: piece by piece, then quarantined until it is found clean."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from advice.models.request import AdviceRequest
from ehc.models import DocumentVersion


class Upload(models.Model):
    """One file that somebody adds to their answer.

    The bytes lie outside the database under `key`; `received` of `size` bytes are there, so a
    broken connection goes on where it stopped. Nothing is shown to anybody before it is clean.
    """

    class State(models.TextChoices):
        RECEIVING = "receiving", "Being sent"
        CHECKING = "checking", "Being checked"
        CLEAN = "clean", "Ready"
        REFUSED = "refused", "Refused"

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    request = models.ForeignKey(AdviceRequest, on_delete=models.PROTECT, related_name="uploads")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    #: True for what the authority adds of what came on paper: the body’s own files are its own.
    by_authority = models.BooleanField(default=False)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="Bytes in all.")
    received = models.PositiveBigIntegerField(default=0, help_text="Bytes so far.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.RECEIVING)
    #: Why it was refused: one of the codes that `advice.uploads` has words for.
    refusal = models.CharField(max_length=30, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    #: What the reader should look at again: codes of `advice.identity`, never a name.
    warnings = models.JSONField(default=list)
    #: True when the giver has seen the warnings and says that it is the right child’s.
    warnings_answered = models.BooleanField(default=False)
    #: What the browser tells one choice of a file from another by: a file that is chosen again
    #: goes on where it stopped, one that was changed meanwhile begins anew.
    mark = models.CharField(max_length=64, blank=True)
    begun_at = models.DateTimeField()
    #: When somebody looks at it next: at once, after a scanner was away, or after a worker died.
    next_check_at = models.DateTimeField(null=True, blank=True)
    #: How often a check was begun without coming to an end.
    attempts = models.PositiveSmallIntegerField(default=0)
    #: True while it waits because the virus scanner does not answer.
    scanner_away = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    #: Where it went when the advice was given.
    version = models.OneToOneField(
        DocumentVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received__lte=F("size")), name="upload_no_more_than_its_size"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(refusal=""), name="upload_refused_for_a_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=("begun_at",),
                name="upload_unfinished",
                condition=Q(state__in=("receiving", "checking")),
            ),
            models.Index(
                fields=("next_check_at",),
                name="upload_to_check",
                condition=Q(state="checking", removed_at__isnull=True),
            ),
        ]
