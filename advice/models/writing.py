"""The working copy of a piece of advice, shared by the people of one service until it is given."""

from django.conf import settings
from django.db import models

from advice.models.request import AdviceRequest


class DraftField(models.Model):
    """One answer of a form as it stands: saved by itself, so that two can write at once.

    `name` is a field of the form, or `row.<id>.<column>` for one cell of a row of need, outcome and
    provision. `revision` grows by one with each change: a save that saw an older one is told so,
    and loses nothing.
    """

    request = models.ForeignKey(AdviceRequest, on_delete=models.PROTECT, related_name="draft")
    name = models.CharField(max_length=60)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=("request", "name"), name="draft_field_once")]
