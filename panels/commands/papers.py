"""The papers of an item: chosen until they go out, then added late or taken back, never changed."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction

from ehc.commands import Overtaken
from ehc.commands.base import Entry
from ehc.models import User
from ehc.permissions import Action, can
from ehc.registry import Notice
from panels.commands.base import Deed, item_command, refuse
from panels.completeness import missing
from panels.models import Item, Paper, Sitting
from panels.notices import to_members
from panels.pack import forget
from panels.papers import in_doubt, names_other_child, offered, put, standing_of
from panels.permissions import has_interest, may_manage, shut_out
from panels.summary import sheet
from panels.tasks import wake_comparing


def may_prepare(user: User, item: Item, today: date) -> bool:
    """True for who may refer the case, and so prepare it; nobody with an interest in it."""
    allowed = can(user, Action.REFER_TO_PANEL, item.case, today)
    return allowed and not has_interest(user, item.process_id)


def may_recall(user: User, item: Item, today: date) -> bool:
    """True for who prepares the item, and for the administrator of the panel: haste is needed."""
    if may_prepare(user, item, today):
        return True
    manages = may_manage(user, item.sitting.panel, today)
    return manages and not has_interest(user, item.process_id)


@item_command(allowed=may_prepare, title="Choose the papers")
def choose_papers(
    item: Item,
    deed: Deed,
    *,
    papers: Collection[str],
    introduction: str,
    incomplete_because: str = "",
) -> Entry:
    """What is put before the panel, until papers go out."""
    if item.sitting.status != Sitting.Status.PLANNED or item.status not in Item.OPEN:
        refuse("Papers are out. Add a late paper, or take one back.")
    offers = offered(item.case, deed.today)
    chosen = {offer.key: offer for offer in offers if offer.is_here and offer.key in papers}
    for paper in standing_of(item):
        if paper.source not in chosen:
            paper.delete()
    put(item, chosen.values(), by=deed.by, now=deed.now)
    keys = {paper.source for paper in standing_of(item)}
    lacking = missing(item.question, offers, keys)
    if lacking and not incomplete_because.strip():
        refuse(
            "Something is missing. Say why the panel should hear the case all the same.",
            "incomplete_because",
        )
    number = item.pk
    transaction.on_commit(lambda: wake_comparing(number))
    item.introduction = introduction.strip()
    item.incomplete_because = incomplete_because.strip() if lacking else ""
    return Entry("panel_papers_chosen", deed.today, data={"item": item.pk, "papers": len(keys)})


@item_command(allowed=may_prepare, title="Add a late paper")
def add_late_papers(item: Item, deed: Deed, *, papers: Collection[str]) -> Entry:
    """Papers that came after the others had gone out; the members are told, and see that.

    One that is in doubt is shown to them once it was compared, or somebody said whose it is.
    """
    if item.sitting.status not in {Sitting.Status.PAPERS_OUT, Sitting.Status.SITTING}:
        refuse("A late paper is added once papers are out, and before the sitting ends.")
    if item.status not in Item.OPEN:
        refuse(f"This item stands at “{item.get_status_display()}”; nothing is added to it.")
    chosen = [offer for offer in offered(item.case, deed.today) if offer.key in papers]
    made = put(item, chosen, by=deed.by, now=deed.now, late=True)
    if not made:
        refuse("Choose a paper that is not before the panel yet.", "papers")
    number = item.pk
    transaction.on_commit(lambda: wake_comparing(number))
    out = shut_out(item)
    deed.notices += [
        notice
        for notice in to_members("panel_paper_late", item.sitting)
        if notice.user is not None and notice.user.pk not in out
    ]
    data = {"item": item.pk, "papers": [paper.pk for paper in made]}
    return Entry("panel_paper_added", deed.today, data=data)


@item_command(allowed=may_recall, title="Clear a doubt about a paper")
def clear_paper(
    item: Item, deed: Deed, *, paper: Paper, doubts: Collection[str] | None = None
) -> Entry:
    """Somebody has looked at it and says that it is this child’s; their name stands by it.

    `doubts` are those that the page showed: what was found in the paper since is not cleared.
    """
    held = _of(item, paper)
    if not held.doubts or held.cleared_by_id is not None:
        refuse("There is no doubt about this paper.")
    if doubts is not None and set(held.doubts) != set(doubts):
        raise Overtaken(
            f"“{held.title}” has been compared since you opened the page. Read what was found, "
            "then look at it again."
        )
    held.cleared_by = deed.by
    deed.rows.append(held)
    return Entry("panel_paper_cleared", deed.today, data={"item": item.pk, "paper": held.pk})


@item_command(allowed=may_recall, title="Take a paper back")
def recall_paper(item: Item, deed: Deed, *, paper: Paper, because: str) -> Entry:
    """Nobody is shown it any more, in the pack or by itself; who had opened it is told.

    Before papers went out nobody had it, and the row says so all the same.
    """
    held = _of(item, paper)
    if not because.strip():
        refuse("Say why the paper is taken back. Name no other child.", "because")
    if names_other_child(because, item):
        refuse(
            "This names another child whose case is before this panel or with the same caseworker. "
            "Whoever reads this case reads it too: write “another child” instead.",
            "because",
        )
    held.withdrawn_by, held.withdrawn_at = deed.by, deed.now
    held.withdrawn_because = because.strip()
    deed.rows.append(held)
    opened = User.objects.filter(pk__in=held.openings.values("user"))
    sitting = item.sitting_id
    transaction.on_commit(lambda: forget(sitting))
    deed.notices += [Notice("panel_paper_recalled", user=user) for user in opened.order_by("pk")]
    return Entry(
        "panel_paper_withdrawn",
        deed.today,
        data={"item": item.pk, "paper": held.pk, "reason": because.strip()},
    )


def _of(item: Item, paper: Paper) -> Paper:
    held = Paper.objects.select_for_update().filter(pk=paper.pk, item=item).first()
    if held is None or held.withdrawn_at is not None:
        refuse("This paper is not before the panel any more.")
    return held


def freeze(item: Item, deed: Deed) -> dict[str, Any]:
    """Fix what the panel sees of an item; the sitting and its case are locked. What its event says.

    Refuses while somebody must still look at one of its papers.
    """
    papers = standing_of(item)
    doubtful = in_doubt(papers)
    if doubtful:
        refuse(
            f"Item {item.position}: “{doubtful[0].title}” may be about somebody else, or has not "
            "been compared. Look at it and say whose it is, or leave it out."
        )
    stands = {offer.key: offer.about[:300] for offer in offered(item.case, deed.today)}
    for paper in papers:
        about = stands.get(paper.source, paper.about)
        if about != paper.about:
            paper.about = about
            paper.save(update_fields=["about"])
    item.summary = sheet(item, deed.today)
    item.frozen_at = deed.now
    item.version += 1
    deed.rows.append(item)
    return {
        "item": item.pk,
        "papers": [paper.pk for paper in papers],
        "sitting_on": item.sitting.on.isoformat(),
    }
