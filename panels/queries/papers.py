"""The papers of items as their pages show them: complete, in doubt, late, taken back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import Count, Max, Min

from ehc.models import User
from ehc.registry import CasePaper
from panels.commands.referring import legal_date
from panels.completeness import missing
from panels.models import Item, Paper, PaperOpening, Sitting
from panels.papers import in_words, offered
from panels.permissions import seen_among


@dataclass(frozen=True, slots=True)
class Opened:
    """Who opened a paper: first, last, and how often."""

    user: User
    first: datetime
    last: datetime
    times: int


@dataclass(slots=True)
class Held:
    """One paper of an item, with what must be known of it."""

    paper: Paper
    opened: list[Opened] = field(default_factory=list)

    @property
    def doubts(self) -> list[str]:
        """The doubts that nobody has cleared, in sentences."""
        return in_words(self.paper) if self.paper.cleared_by_id is None else []


@dataclass(frozen=True, slots=True)
class Prepared:
    """One item as whoever prepares it sees it."""

    item: Item
    papers: Sequence[Held]
    withdrawn: Sequence[Held]
    offers: Sequence[CasePaper]
    missing: Sequence[str]

    @property
    def doubtful(self) -> list[Held]:
        """The papers that somebody must look at before they go out."""
        return [held for held in self.papers if held.doubts]

    @property
    def keys(self) -> list[str]:
        """What each paper is in its source."""
        return [held.paper.source for held in self.papers]

    @property
    def gone(self) -> list[tuple[str, str]]:
        """Papers whose source offers them no more, say because a newer answer came."""
        here = {offer.key for offer in self.offers if offer.is_here}
        return [
            (held.paper.source, f"{held.paper.title} (no longer the newest)")
            for held in self.papers
            if held.paper.source not in here
        ]

    @property
    def to_add(self) -> list[CasePaper]:
        """What is here and not before the panel."""
        keys = set(self.keys)
        taken = {held.paper.source for held in self.withdrawn}
        found = [offer for offer in self.offers if offer.is_here and offer.key not in keys]
        return [
            replace(offer, about=f"{offer.about}; it was taken back from this item")
            if offer.key in taken
            else offer
            for offer in found
        ]


def prepared(item: Item, today: date) -> Prepared:
    """Everything about the papers of one item."""
    rows = item.papers.select_related("version__document", "cleared_by", "withdrawn_by")
    held = [Held(paper) for paper in rows]
    _add_openings(held)
    offers = offered(item.case, today)
    standing = [each for each in held if each.paper.withdrawn_at is None]
    return Prepared(
        item,
        standing,
        [each for each in held if each.paper.withdrawn_at is not None],
        offers,
        missing(item.question, offers, {each.paper.source for each in standing}),
    )


def _add_openings(held: Iterable[Held]) -> None:
    by_paper = {each.paper.pk: each for each in held}
    rows = (
        PaperOpening.objects.filter(paper__in=by_paper)
        .values("paper", "user")
        .annotate(first=Min("at"), last=Max("at"), times=Count("pk"))
        .order_by("first")
    )
    users = User.objects.in_bulk({row["user"] for row in rows})
    for row in rows:
        opened = Opened(users[row["user"]], row["first"], row["last"], row["times"])
        by_paper[row["paper"]].opened.append(opened)


@dataclass(frozen=True, slots=True)
class Checked:
    """One item on the list that is gone through before papers go out."""

    item: Item
    #: False for a case that the person may not see, or has an interest in: its number is shown.
    shown: bool
    #: The last lawful day as the facts are now; None where no limit runs.
    due: date | None
    papers: int
    doubtful: int
    late: int
    withdrawn: int

    @property
    def ready(self) -> bool:
        """True when nothing keeps its papers back."""
        return self.doubtful == 0


def checked_items(sitting: Sitting, user: User, today: date) -> list[Checked]:
    """The items of a sitting with how their papers stand; three statements for any number."""
    items = list(
        sitting.items.exclude(status__in=Item.GONE)
        .select_related("case__person", "process")
        .order_by("position", "pk")
    )
    seen = seen_among(user, items, today)
    papers: dict[int, list[Paper]] = defaultdict(list)
    for paper in Paper.objects.filter(item__in=items).defer("about", "withdrawn_because"):
        papers[paper.item_id].append(paper)
    return [_checked(item, item.pk in seen, papers[item.pk]) for item in items]


def _checked(item: Item, shown: bool, papers: Sequence[Paper]) -> Checked:
    standing = [paper for paper in papers if paper.withdrawn_at is None]
    return Checked(
        item,
        shown,
        legal_date(item.process, item.question),
        len(standing),
        sum(bool(paper.doubts) and paper.cleared_by_id is None for paper in standing),
        sum(paper.late for paper in standing),
        len(papers) - len(standing),
    )
