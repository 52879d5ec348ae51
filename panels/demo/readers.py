"""Who opened which papers in a demonstration: members before their sitting, as pages record it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from random import Random

from ehc.models import AccessLog
from panels.demo.board import Meeting
from panels.models import Conflict, Paper, PaperOpening

#: How readers go about it, of a hundred: the pack at once, item by item, not at all.
_PACK, _EACH = 55, 90
_WHAT = "panel paper"


def open_papers(meetings: Iterable[Meeting], until: datetime) -> None:
    """Write the openings of those who came, or who are asked; a few statements for all sittings."""
    held = {m.sitting.pk: m for m in meetings}
    papers: dict[int, list[Paper]] = defaultdict(list)
    rows = Paper.objects.filter(item__sitting__in=held, withdrawn_at__isnull=True)
    for paper in rows.select_related("item").order_by("item__position", "position"):
        papers[paper.item.sitting_id].append(paper)
    shut = set(Conflict.objects.filter(item__sitting__in=held).values_list("item", "user"))
    openings: list[PaperOpening] = []
    seen: list[AccessLog] = []
    for key, own in papers.items():
        meeting = held[key]
        lot = Random(f"readers of {meeting.sitting.panel.name} {meeting.sitting.on}")  # noqa: S311
        for member in meeting.came or meeting.booked:
            read = [p for p in own if (p.item_id, member.user_id) not in shut]
            for at, several in _reads(meeting, read, lot, until):
                openings += [PaperOpening(paper=p, user=member.user, at=at) for p in several]
                seen += [
                    AccessLog(user=member.user, case_id=case, at=at, what=_WHAT)
                    for case in sorted({p.item.case_id for p in several})
                ]
    PaperOpening.objects.bulk_create(openings, batch_size=2000)
    AccessLog.objects.bulk_create(seen, batch_size=2000)


def _reads(
    meeting: Meeting, papers: list[Paper], lot: Random, until: datetime
) -> Iterator[tuple[datetime, list[Paper]]]:
    """The moments at which one member opens papers, and which; those that are there by then."""
    sitting = meeting.sitting
    sent, way = sitting.papers_sent_at, lot.randrange(100)
    end = min(sitting.opened_at or until, until)
    if sent is None or sent >= end or not papers:
        return
    at = sent + (end - sent) * lot.uniform(0.1, 0.9)
    if way < _PACK:
        if there := [p for p in papers if p.added_at < at]:
            yield at, there
    elif way < _EACH:
        for paper in papers:
            at += timedelta(seconds=lot.randint(60, 400))
            if paper.added_at < at < end:
                yield at, [paper]
