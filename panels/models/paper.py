"""Papers: the exact documents and versions that a sitting saw, and who opened them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from ehc.models import DocumentVersion
from panels.models.item import Item


class Paper(models.Model):
    """One document, in one version, put before one item.

    `late` marks what came after papers had gone out. A paper is withdrawn, never deleted: that it
    was sent, and who had opened it, is part of the record.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="papers")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    #: Where it comes from, in words: which advice and whether it was accepted.
    about = models.CharField(max_length=300, blank=True)
    #: What it is in its source (`advice:12`), so that it is not put before the item twice.
    source = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField()
    late = models.BooleanField(default=False)
    #: Whom else it may be about, as far as its words tell; empty when it seems right.
    doubts = models.JSONField(default=list, blank=True)
    #: Whoever looked at the doubts and says it is this child’s.
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("item", "version"),
                name="paper_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_because=""),
                name="paper_withdrawn_for_a_reason",
            ),
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="opening_as_it_was", operation=pgtrigger.Update | pgtrigger.Delete)
)
class PaperOpening(models.Model):
    """Somebody opened a paper; a recall names them."""

    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=("paper", "user"), name="openings_of_paper")]
