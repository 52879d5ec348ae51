"""What other apps know of a case: its papers, lines of its summary, who is its party."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ehc.registry.once import added

if TYPE_CHECKING:
    from ehc.models import Case, DocumentVersion


@dataclass(frozen=True, slots=True)
class CasePaper:
    """Something of a case that can be put before a panel, or that is wanted and is not here yet.

    A file has its `version`; what is no file (the answers of a form) is typeset by `render` when it
    is chosen, and `text` are its words. With neither it is missing, and `wants` says what is.
    """

    #: What it is in its source, for good: `advice:12`.
    key: str
    title: str
    #: Where it comes from and how it stands: “given on 3 May 2026, accepted on 9 May 2026”.
    about: str = ""
    version: "DocumentVersion | None" = None
    render: Callable[[], bytes] | None = None
    text: str = ""
    #: What is still to come or to be done with it, as a sentence; empty when nothing is.
    wants: str = ""
    #: For papers of the assessment; the question whether to assess is asked before there are any.
    of_assessment: bool = True

    @property
    def is_here(self) -> bool:
        """True when it can be read, and so be put before a panel."""
        return self.version is not None or self.render is not None


@dataclass(frozen=True, slots=True)
class YoungParty:
    """Who uses the rights of a young person, as it was recorded.

    `own` is the young person’s own row among the representatives, None when others act for them;
    `acting` are the representatives who act with or for them.
    """

    own: "int | None"
    acting: frozenset[int]
    lacks_capacity: bool


PaperSource = Callable[["Case", date], "Iterable[CasePaper]"]
SummarySource = Callable[["Case"], "Iterable[tuple[str, str]]"]
PartySource = Callable[["Case"], "YoungParty | None"]

_paper_sources: list[PaperSource] = []
_summary_sources: list[SummarySource] = []
_party_sources: list[PartySource] = []


def on_papers(source: PaperSource) -> PaperSource:
    """Ask `source(case, today)` for what can be put before a panel, and for what is missing."""
    return added(_paper_sources, source)


def papers_from_apps(case: "Case", today: date) -> "list[CasePaper]":
    """What the apps offer of a case, in the order in which they were registered."""
    return [paper for source in _paper_sources for paper in source(case, today)]


def on_summary(source: SummarySource) -> SummarySource:
    """Ask `source(case)` for lines of the summary of a case: what, and what stands on record."""
    return added(_summary_sources, source)


def summary_from_apps(case: "Case") -> list[tuple[str, str]]:
    """What the apps add to the summary of a case."""
    return [line for source in _summary_sources for line in source(case)]


def on_young_party(source: PartySource) -> PartySource:
    """Ask `source(case)` who uses a young person’s rights; None while nothing is recorded."""
    return added(_party_sources, source)


def young_party(case: "Case") -> YoungParty | None:
    """Who uses the rights of the young person of a case; None while nobody recorded it."""
    found = (source(case) for source in _party_sources)
    return next((party for party in found if party is not None), None)
