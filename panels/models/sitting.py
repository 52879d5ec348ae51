"""Sittings: one meeting of a panel, who is booked for it, and who was in the room when."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from panels.models.panel import Member, Panel, Seat, Terms


class Sitting(models.Model):
    """One meeting of a panel, on one day, by one version of its terms.

    `version` counts what was done with it; a page sends back the one it showed, so that whoever
    looked before is told instead of overwriting.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        PAPERS_OUT = "papers_out", "Papers sent"
        SITTING = "sitting", "Sitting now"
        ENDED = "ended", "Ended"
        CANCELLED = "cancelled", "Cancelled"

    #: It is still to come; members can be booked, and items moved to it.
    AHEAD = ("planned", "papers_out")

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="sittings")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="sittings")
    on = models.DateField()
    starts_at = models.TimeField()
    #: A room, or that it is held by video; no link with a secret in it.
    place = models.CharField(max_length=200, blank=True)
    #: The last day on which papers go out in time, by the terms.
    papers_due_on = models.DateField()
    #: Of how many items a sitting is full.
    room_for = models.PositiveSmallIntegerField(default=20)
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = FSMField(max_length=10, choices=Status.choices, default=Status.PLANNED, protected=True)
    papers_sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    cancelled_because = models.TextField(blank=True)
    #: When those who must act on it were told that its day passed without anybody opening it.
    not_held_told_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("on", "starts_at")
        constraints = [
            models.UniqueConstraint(
                fields=("panel", "on", "starts_at"),
                name="sitting_once",
                condition=~Q(status="cancelled"),
            ),
            models.CheckConstraint(
                condition=Q(status__in=["planned", "papers_out", "sitting", "ended", "cancelled"]),
                name="sitting_status_known",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | ~Q(cancelled_because=""),
                name="cancelled_for_a_reason",
            ),
            models.CheckConstraint(condition=Q(papers_due_on__lte=F("on")), name="papers_first"),
        ]
        indexes = [models.Index(fields=("panel", "on"), name="sittings_by_day")]

    def not_held(self, today: date) -> bool:
        """True once its day has passed without anybody opening it: nobody can any more."""
        return self.status in self.AHEAD and self.on < today

    @transition(field=status, source=Status.PLANNED, target=Status.PAPERS_OUT)
    def send_papers(self) -> None:
        """The members get their papers: what they will see is fixed from now on."""

    @transition(field=status, source=Status.PAPERS_OUT, target=Status.SITTING)
    def open(self) -> None:
        """The chair opens the sitting."""

    @transition(field=status, source=Status.SITTING, target=Status.ENDED)
    def end(self) -> None:
        """The chair ends it; nothing is heard any more."""

    @transition(field=status, source=[Status.PLANNED, Status.PAPERS_OUT], target=Status.CANCELLED)
    def cancel(self) -> None:
        """It will not be held; its items go elsewhere in the same step."""


class Booking(models.Model):
    """A member asked to come to one sitting, and what they answered."""

    class Answer(models.TextChoices):
        ASKED = "asked", "Not answered yet"
        ACCEPTED = "accepted", "Will come"
        DECLINED = "declined", "Cannot come"

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="bookings")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="bookings")
    #: The seat as it was when the member was booked; a quorum is counted by it.
    seat = models.CharField(max_length=11, choices=Seat.choices)
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.ASKED)
    answered_at = models.DateTimeField(null=True, blank=True)
    #: Set when the booking was taken back; the row stays, for the record.
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("sitting", "member"), name="booked_once"),
            models.CheckConstraint(
                condition=Q(answer__in=["asked", "accepted", "declined"]),
                name="booking_answer_known",
            ),
        ]


class Presence(models.Model):
    """From when until when a booked member was in the room; the end is open while they are."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="presences")
    came_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("came_at",)
        constraints = [
            models.UniqueConstraint(
                fields=("booking",), name="in_the_room_once", condition=Q(left_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")),
                name="left_after_coming",
            ),
        ]


@pgtrigger.register(
    pgtrigger.Protect(name="sitting_record", operation=pgtrigger.Update | pgtrigger.Delete)
)
class SittingEvent(models.Model):
    """What was done with a sitting, in order: arranged, booked, papers, opened, who came and left.

    What concerns one child stands in the events of its case.
    """

    sitting = models.ForeignKey(Sitting, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    token = models.UUIDField(unique=True)

    class Meta:
        ordering = ("sequence",)
        constraints = [
            models.UniqueConstraint(fields=("sitting", "sequence"), name="sitting_event_once")
        ]
