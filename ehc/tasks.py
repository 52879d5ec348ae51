"""The core’s background work: nightly checks and sweeps. Tasks take nothing and may run twice."""

import logging

from celery import shared_task
from django.core.management import call_command
from django.db import transaction

from ehc import kept, moments, registry, sweep, truth

log = logging.getLogger(__name__)


@shared_task(name="ehc.tasks.sweep_deadlines")
def sweep_deadlines() -> int:
    """Notice every limit that falls due within a week, once; the number of notices."""
    noticed_at = moments.now()
    with transaction.atomic():
        count = sweep.notice_limits_due(moments.today(), noticed_at)
        if count:
            registry.handle_limits_due(noticed_at)
    return count


@shared_task(name="ehc.tasks.check_truth")
def check_truth() -> int:
    """Rebuild everything that is derived and compare; the number of differences found."""
    differences = truth.check()
    count = 0
    for difference in differences:
        count += 1
        log.error("Difference: %s", difference)
    return count


@shared_task(name="ehc.tasks.clear_sessions")
def clear_sessions() -> None:
    """Remove the sessions that have ended, and old forms: both may hold a child’s name."""
    call_command("clearsessions")
    kept.clear()
