"""Documents: the rows. The bytes live outside the database, under names that say nothing."""

import uuid

from django.conf import settings
from django.db import models

from ehc.models.case import Case


class Document(models.Model):
    """One document of a case, in one or more versions."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    #: False for a copy that was made for a panel from what the case has already: it is kept and
    #: served, and stands in no list of the case’s documents.
    listed = models.BooleanField(default=True, db_default=True)


class DocumentVersion(models.Model):
    """The bytes as they were given, once; a new version is a new row."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("document", "number"), name="document_version_once")
        ]
