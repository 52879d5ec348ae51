"""Days and moments: the one place that asks the clock."""

from datetime import date, datetime

from django.utils import timezone


def now() -> datetime:
    """This moment, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """Today’s date in England: the day that the law counts."""
    return timezone.localdate()


def local(moment: datetime) -> datetime:
    """A moment as clocks in England show it."""
    return timezone.localtime(moment)
