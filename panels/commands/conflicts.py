"""Who has an interest in an item stays shut out when its question comes again."""

from panels.models import Conflict, Item


def carry_interests(made: Item) -> None:
    """Shut those out of a new item who are shut out of an earlier one of the same process."""
    before = Conflict.objects.filter(item__process=made.process_id).exclude(item=made)
    latest = {each.user_id: each for each in before.order_by("at", "pk")}
    Conflict.objects.bulk_create(
        Conflict(item=made, user_id=user, interest=each.interest, by_id=each.by_id, at=each.at)
        for user, each in latest.items()
    )
