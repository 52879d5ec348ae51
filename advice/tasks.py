"""The background work of advice. Tasks take nothing or the key of a row, and may run twice."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from advice import chasing, quarantine
from advice.commands import end_due_invitations
from ehc import moments

log = logging.getLogger(__name__)


def wake_check(number: int) -> None:
    """Ask a worker to check an upload. A lost wake-up costs a minute: the sweep looks too."""
    try:
        check_upload.apply_async((number,), retry=False)
    except OperationalError:
        log.warning("The broker did not answer; the next sweep has the upload checked.")


@shared_task(name="advice.tasks.check_upload", time_limit=270, soft_time_limit=260)
def check_upload(number: int) -> None:
    """Check one upload that waits in quarantine; nothing when that was done, or is being done."""
    quarantine.check(number, now=moments.now())


@shared_task(name="advice.tasks.sweep_uploads")
def sweep_uploads() -> int:
    """Have every upload checked that waits and that nobody is checking; how many."""
    waiting = quarantine.due(moments.now())
    for number in waiting:
        wake_check(number)
    return len(waiting)


@shared_task(name="advice.tasks.clear_uploads")
def clear_uploads() -> int:
    """Remove uploads that were never finished, or that nobody will give; how many."""
    return quarantine.clear(moments.now())


@shared_task(name="advice.tasks.chase")
def chase() -> int:
    """Make the chases that are due and were not made yet; how many."""
    return chasing.chase_due(moments.today(), moments.now())


@shared_task(name="advice.tasks.end_invitations")
def end_invitations() -> int:
    """Close what is awaited of invitations that have ended; how many."""
    return end_due_invitations(moments.today(), moments.now())
