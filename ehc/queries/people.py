"""What the pages about staff show."""

from collections.abc import Iterable
from datetime import date

from ehc.models import Membership, User


def roles_of(user: User) -> list[Membership]:
    """Every role the user holds, held or will hold, the latest first."""
    return list(
        Membership.objects.filter(user=user)
        .select_related("authority", "team", "organisation")
        .order_by("-starts_on", "pk")
    )


def posts_of(people: Iterable[User], authority: int, *, today: date) -> dict[int, str]:
    """What each of these people is in the authority today, to tell two of one name apart."""
    found: dict[int, list[str]] = {}
    held = Membership.objects.filter(user__in=list(people), authority=authority)
    for post in held.select_related("team").order_by("starts_on", "pk"):
        if post.holds_on(today):
            words = post.get_role_display() + (f", {post.team.name}" if post.team else "")
            found.setdefault(post.user_id, []).append(words)
    return {user: "; ".join(dict.fromkeys(words)) for user, words in found.items()}
