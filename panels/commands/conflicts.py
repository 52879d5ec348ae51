"""Who has an interest in an item stays shut out when its question comes again."""

from django.db.models import QuerySet

from ehc.models import User
from panels.models import Conflict, Item


def carry_interests(made: Item) -> None:
    """Shut those out of a new item who are shut out of an earlier one of the same process."""
    before = Conflict.objects.filter(item__process=made.process_id).exclude(item=made)
    latest = {each.user_id: each for each in before.order_by("at", "pk")}
    Conflict.objects.bulk_create(
        Conflict(item=made, user_id=user, interest=each.interest, by_id=each.by_id, at=each.at)
        for user, each in latest.items()
    )


def also_open(item: Item, user: User) -> QuerySet[Item]:
    """The other items of the same matter that are still to be heard, and not shut to the user."""
    rows = Item.objects.filter(process=item.process_id, status__in=Item.OPEN)
    return rows.exclude(pk=item.pk).exclude(conflicts__user=user)
