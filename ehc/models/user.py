"""People who sign in, and the dated roles in which they act."""

from datetime import date
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from ehc.models.organisation import Authority, Organisation, Team


class Role(models.TextChoices):
    """What a membership lets a person do; `ehc.permissions` says what each may."""

    CASEWORKER = "caseworker", "Caseworker"
    MANAGER = "manager", "Manager"
    PANEL_CHAIR = "panel_chair", "Panel chair"
    PANEL_ADMINISTRATOR = "panel_administrator", "Panel administrator"
    PANEL_MEMBER = "panel_member", "Panel member"
    ADVISER = "adviser", "Adviser"
    SERVICE_LEAD = "service_lead", "Service lead"
    HEALTH_SIGN_OFF = "health_sign_off", "Health sign-off (DCO/DMO)"
    SOCIAL_CARE_SIGN_OFF = "social_care_sign_off", "Social care sign-off (DSCO)"
    PSYCHOLOGY_SIGN_OFF = "psychology_sign_off", "Principal educational psychologist"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is the sign-in name."""

    def create_user(
        self, email: str, full_name: str, password: str | None = None, **extra: Any
    ) -> "User":
        """Make a user; without a password only an identity provider can sign them in."""
        user = self.model(email=self.normalize_email(email).lower(), full_name=full_name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, full_name: str, password: str | None = None, **extra: Any
    ) -> "User":
        """Make a user who may do everything technical; case access still needs a membership."""
        return self.create_user(
            email, full_name, password, is_staff=True, is_superuser=True, **extra
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may see and do comes from memberships only."""

    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)
    #: How often this person has ended all their sessions; none that began before still holds.
    sessions_ended = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        ordering = ("full_name", "pk")

    def __str__(self) -> str:
        return self.full_name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must agree with: it ends with the password, and on demand."""
        known = f"{self.password} {self.sessions_ended}"
        return salted_hmac("ehc.session", known, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        """The whole name, as the person writes it."""
        return self.full_name

    def get_short_name(self) -> str:
        """The whole name: given names are not guessed from it."""
        return self.full_name


class Membership(models.Model):
    """One role of one user, from `starts_on` to `ends_on` (both inclusive; no end = open).

    Staff of an authority have a team or none; advisers and service leads belong to an
    organisation. A person may hold several, in several authorities.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=24, choices=Role.choices)
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    #: Whose absence this role covers; such a role always has an end.
    standing_in_for = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(standing_in_for__isnull=True) | Q(ends_on__isnull=False),
                name="cover_ends",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(role__in=("adviser", "service_lead"), organisation__isnull=False)
                | (~Q(role__in=("adviser", "service_lead")) & Q(authority__isnull=False)),
                name="membership_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[r.value for r in Role]), name="membership_role_known"
            ),
        ]

    def holds_on(self, day: date) -> bool:
        """True when the role is held on that day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)
