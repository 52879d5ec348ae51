"""An item goes on to a later sitting: at the end of its agenda, with what was put before it."""

from datetime import date

from django.db.models import Max

from panels.commands.base import Deed, record, refuse
from panels.commands.conflicts import carry_interests
from panels.commands.notes import carry_notes
from panels.models import Item, Paper, Sitting
from panels.summary import sheet


def relist(item: Item, to: Sitting, deed: Deed, due: date | None) -> Item:
    """List the question of an item again before `to`, which is under lock, with its papers.

    `item` stands at deferred or moved in memory; it is saved here, because a question is before one
    sitting at a time.
    """
    if to.pk == item.sitting_id or to.panel.authority_id != item.case.authority_id:
        refuse("Choose another sitting of this authority.", "to")
    if to.status not in Sitting.AHEAD:
        refuse("This sitting is not ahead any more. Choose another.", "to")
    if item.question not in to.terms.questions:
        refuse("By its terms of reference that panel does not answer this question.", "to")
    if to.items.exclude(status__in=Item.GONE).count() >= to.room_for:
        refuse("That sitting is full. Choose another, or ask its administrator.", "to")
    item.save()
    made = Item.objects.create(
        sitting=to,
        case=item.case,
        process_id=item.process_id,
        question=item.question,
        position=next_position(to),
        referred_by=deed.by,
        referred_at=deed.now,
        legal_due_on=due,
        introduction=item.introduction,
        incomplete_because=item.incomplete_because,
    )
    made.sitting = to
    _carry_papers(item, made, deed)
    carry_interests(made)
    carry_notes(item, made)
    fix_sheet_of_late(made, deed)
    record(to, "item_listed", deed, {"item": made.pk})
    return made


def fix_sheet_of_late(made: Item, deed: Deed) -> None:
    """Fix the sheet of an item that is listed when papers are out: with them it was not."""
    if made.sitting.status == Sitting.Status.PAPERS_OUT:
        made.summary, made.frozen_at = sheet(made, deed.today), deed.now
        made.save(update_fields=["summary", "frozen_at"])


def next_position(sitting: Sitting) -> int:
    """The place after the last item of an agenda; the sitting is locked."""
    last: int | None = sitting.items.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def _carry_papers(item: Item, made: Item, deed: Deed) -> None:
    """What was before the panel is before it again; late where the others’ papers are out."""
    late = made.sitting.status == Sitting.Status.PAPERS_OUT
    Paper.objects.bulk_create(
        Paper(
            item=made,
            version_id=paper.version_id,
            title=paper.title,
            about=paper.about,
            source=paper.source,
            position=paper.position,
            late=late,
            doubts=paper.doubts,
            cleared_by_id=paper.cleared_by_id,
            added_by=deed.by,
            added_at=deed.now,
        )
        for paper in item.papers.filter(withdrawn_at__isnull=True)
    )
