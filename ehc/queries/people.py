"""What the pages about staff show."""

from ehc.models import Membership, User


def roles_of(user: User) -> list[Membership]:
    """Every role the user holds, held or will hold, the latest first."""
    return list(
        Membership.objects.filter(user=user)
        .select_related("authority", "team", "organisation")
        .order_by("-starts_on", "pk")
    )
