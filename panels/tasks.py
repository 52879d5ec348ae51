"""The background work of panels. Tasks take nothing or the key of a row, and may run twice."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from panels.models import Paper
from panels.papers import NOT_COMPARED, compare

log = logging.getLogger(__name__)


def wake_comparing(item: int) -> None:
    """Have the files of an item read. A lost wake-up costs a press on the page of papers."""
    try:
        compare_papers.apply_async((item,), retry=False)
    except OperationalError:
        log.warning("The broker did not answer; the papers of an item wait to be compared.")


@shared_task(name="panels.tasks.compare_papers", time_limit=900, soft_time_limit=880)
def compare_papers(item: int) -> int:
    """Read the papers of an item that nobody has compared yet; how many are compared now."""
    rows = Paper.objects.filter(
        item=item, withdrawn_at__isnull=True, doubts__contains=[NOT_COMPARED]
    )
    return sum(compare_one(row) for row in rows.select_related("version", "item__case__person"))


def compare_one(paper: Paper) -> bool:
    """Read one paper and keep what is doubtful; False when it could not be read now."""
    doubts = list(compare(paper))
    if NOT_COMPARED in doubts:
        return False
    still = Paper.objects.filter(pk=paper.pk, doubts__contains=[NOT_COMPARED])
    return bool(still.update(doubts=doubts))
