"""Letters to families: what an authority says of itself in them, and each as it went out."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from ehc.models import Authority, DocumentVersion, Organisation
from panels.models.decision import Decision


@pgtrigger.register(
    pgtrigger.Protect(name="details_as_said", operation=pgtrigger.Update | pgtrigger.Delete)
)
class LetterDetails(models.Model):
    """What letters of an authority say of itself and of those who help families.

    The newest row counts; a letter names the row from which it was made. A refusal must name the
    mediation adviser, disagreement resolution, and information and advice: regs 5(3), 10(3), 32.
    """

    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="letter_details"
    )
    #: What the authority calls itself to families.
    name = models.CharField(max_length=200)
    address = models.TextField(blank=True)
    telephone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    website = models.CharField(max_length=200, blank=True)
    advice_name = models.CharField(max_length=200, blank=True)
    advice_telephone = models.CharField(max_length=40, blank=True)
    advice_email = models.EmailField(blank=True)
    advice_website = models.CharField(max_length=200, blank=True)
    mediation_name = models.CharField(max_length=200, blank=True)
    mediation_telephone = models.CharField(max_length=40, blank=True)
    mediation_email = models.EmailField(blank=True)
    mediation_website = models.CharField(max_length=200, blank=True)
    resolution_name = models.CharField(max_length=200, blank=True)
    resolution_telephone = models.CharField(max_length=40, blank=True)
    resolution_email = models.EmailField(blank=True)
    resolution_website = models.CharField(max_length=200, blank=True)
    #: Who is told of decisions beside the family: reg 4(2)(a) and (b).
    icb_name = models.CharField(max_length=200, blank=True)
    icb_address = models.TextField(blank=True)
    icb_email = models.EmailField(blank=True)
    social_care_name = models.CharField(max_length=200, blank=True)
    social_care_address = models.TextField(blank=True)
    social_care_email = models.EmailField(blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("-pk",)
        indexes = [models.Index(fields=("authority", "-id"), name="letter_details_newest")]


class Letter(models.Model):
    """That a family, and others, are to be told of a decision; `finished_on` once all were told.

    `otherwise` says how the family was told in another way; `others_otherwise` that the others were
    told without a notice from here.
    """

    #: What a letter is made from: read with it in one statement.
    MADE_FROM = (
        "decision__case__person",
        "decision__case__authority",
        "decision__case__owner",
        "decision__case__setting",
        "decision__process",
        "decision__event",
        "decision__delegation",
        "decision__by",
        "decision__item__sitting",
    )

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="letter")
    made_at = models.DateTimeField()
    finished_on = models.DateField(null=True, blank=True)
    otherwise = models.TextField(blank=True)
    others_otherwise = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                fields=("made_at",), name="letters_waiting", condition=Q(finished_on__isnull=True)
            )
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="copy_as_sent", operation=pgtrigger.Update | pgtrigger.Delete)
)
class LetterCopy(models.Model):
    """One copy of a letter, or one notice to a body, as it went to one address, for good.

    Two parents who live apart have one each, and neither holds the other’s address. `content` is
    what the document was made from, `words` the version of our words in it, `version` the bytes. A
    copy that was wrong is followed by another, which says what was wrong.
    """

    class How(models.TextChoices):
        POST = "post", "By post"
        HAND = "hand", "Handed over"
        EMAIL = "email", "By secure email"

    class Body(models.TextChoices):
        """Who is told beside the family, by a notice of its own: reg 4(2)."""

        ICB = "icb", "Integrated care board"
        SOCIAL_CARE = "social_care", "Officers for social care"
        SETTING = "setting", "Head or principal, or early years provider"

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="copies")
    #: The keys of the representatives to whom it went; empty for a young person without a row.
    representatives = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    #: Empty for the family. `setting` is whose head was told.
    body = models.CharField(max_length=11, choices=Body.choices, blank=True)
    setting = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    names = models.TextField()
    address = models.TextField(blank=True)
    how = models.CharField(max_length=5, choices=How.choices)
    #: The day of the letter, which is the day on which it goes: times to appeal run from it.
    on = models.DateField()
    content = models.JSONField()
    words = models.CharField(max_length=20)
    details = models.ForeignKey(LetterDetails, on_delete=models.PROTECT, related_name="+")
    version = models.OneToOneField(DocumentVersion, on_delete=models.PROTECT, related_name="+")
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    because = models.TextField(blank=True)
    #: True where the copy before it was no notice in law, so that the time runs from this one.
    anew = models.BooleanField(default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.CheckConstraint(
                condition=Q(body__in=["", "icb", "social_care"], setting__isnull=True)
                | Q(body="setting", setting__isnull=False),
                name="letter_body_known",
            ),
            models.CheckConstraint(
                condition=Q(anew=False) | Q(replaces__isnull=False), name="letter_anew_after_one"
            ),
            models.CheckConstraint(
                condition=Q(how__in=["post", "hand", "email"]), name="letter_way_known"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, because="")
                | Q(replaces__isnull=False) & ~Q(because=""),
                name="letter_replaced_for_a_reason",
            ),
        ]

    @property
    def notice_on(self) -> date:
        """The day from which the family’s time runs: of the first copy that was notice in law."""
        if self.replaces is None or self.anew:
            return self.on
        return self.replaces.notice_on
