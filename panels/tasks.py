"""The background work of panels. Tasks take nothing or the key of a row, and may run twice."""

import logging

from celery import shared_task
from django.db import transaction
from kombu.exceptions import OperationalError

from ehc import moments
from ehc.registry import Notice, queue_notices
from panels import not_held, pack
from panels.models import Paper, Sitting
from panels.papers import NOT_COMPARED, compare

log = logging.getLogger(__name__)

#: What is put before a sitting that stands so is before its members.
_OUT = (Sitting.Status.PAPERS_OUT, Sitting.Status.SITTING)


def wake_comparing(item: int) -> None:
    """Have the files of an item read. A lost wake-up costs a press on the page of papers."""
    try:
        compare_papers.apply_async((item,), retry=False)
    except OperationalError:
        log.warning("The broker did not answer; the papers of an item wait to be compared.")


@shared_task(name="panels.tasks.compare_papers", time_limit=840, soft_time_limit=820)
def compare_papers(item: int) -> int:
    """Read the papers of an item that nobody has compared yet; how many are compared now."""
    rows = Paper.objects.filter(
        item=item, withdrawn_at__isnull=True, doubts__contains=[NOT_COMPARED]
    )
    return sum(
        compare_one(row)
        for row in rows.select_related("version", "item__case__person", "item__sitting")
    )


def compare_one(paper: Paper) -> bool:
    """Read one paper and keep what is doubtful; False when it could not be read now.

    Whoever cleared it before it was compared had not seen what is found now: they are asked again.
    Where papers are out it is hidden from the members until then, and whoever holds the case is
    told.
    """
    doubts = list(compare(paper))
    if NOT_COMPARED in doubts:
        return False
    found: dict[str, object] = {"doubts": doubts}
    if doubts:
        found["cleared_by"] = None
    with transaction.atomic():
        still = Paper.objects.filter(pk=paper.pk, doubts__contains=[NOT_COMPARED])
        kept = bool(still.update(**found))
        if kept and doubts and paper.item.sitting.status in _OUT:
            queue_notices([Notice("panel_paper_doubt", case=paper.item.case)], at=moments.now())
    return kept


def wake_packing(sitting: int) -> None:
    """Have the pack of a whole sitting made before the first member asks; without, it waits."""
    try:
        make_pack.apply_async((sitting,), retry=False)
    except OperationalError:
        log.warning("The broker did not answer; the pack is made when somebody asks for it.")


@shared_task(name="panels.tasks.make_pack", time_limit=600, soft_time_limit=580)
def make_pack(sitting: int) -> bool:
    """Make the pack that whoever is shut out of nothing gets; False when it could not be made."""
    found = Sitting.objects.select_related("panel", "terms", "chair").get(pk=sitting)
    try:
        pack.pack_of(found, pack.whole(found), moments.today())
    except pack.CannotPack:
        return False
    return True


@shared_task(name="panels.tasks.tell_not_held")
def tell_not_held() -> int:
    """Tell whoever must act of sittings that nobody opened on their day, once each; how many."""
    return not_held.tell_all(moments.today(), moments.now())


@shared_task(name="panels.tasks.clear_packs")
def clear_packs() -> int:
    """Remove packs that were made a while ago; how many."""
    return pack.clear()
