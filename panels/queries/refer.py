"""What the page of a referral shows: the question, the sittings that fit, the papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ehc.models import Case, LegalProcess
from ehc.queries.cases import processes_of
from ehc.registry import CasePaper
from panels.commands.referring import Fit, legal_date, sittings_for
from panels.models import Item
from panels.papers import offered
from panels.questions import TESTS, Question, Test, is_asked


@dataclass(frozen=True, slots=True)
class Asking:
    """One question that can be asked about a case now."""

    process: LegalProcess
    question: Question
    due: date | None
    fits: Sequence[Fit]
    #: It is before a panel already.
    item: Item | None
    offers: Sequence[CasePaper]

    @property
    def test(self) -> Test:
        """The test of the question, in the law’s words."""
        return TESTS[self.question]

    @property
    def with_room(self) -> list[Fit]:
        """The sittings that can be chosen: those in time first, papers in time before others.

        Among those that are too late each day counts more than whether its papers are in time.
        """
        free = [fit for fit in self.fits if fit.places]
        return sorted(
            free, key=lambda f: (not f.lawful, f.lawful and not f.papers_in_time, f.sitting.on)
        )

    @property
    def proposed(self) -> Fit | None:
        """The sitting that is proposed: the first that is in time and has room."""
        return next((fit for fit in self.with_room if fit.lawful), None)

    @property
    def full(self) -> list[Fit]:
        """The sittings in time that have no room left."""
        return [fit for fit in self.fits if fit.lawful and not fit.places]

    @property
    def here(self) -> list[CasePaper]:
        """What can be put before the panel."""
        return [paper for paper in self.offers if paper.is_here]

    @property
    def wanted(self) -> list[str]:
        """What is missing or still to be done, in sentences."""
        if self.question == Question.ASSESS:
            return []
        return [paper.wants for paper in self.offers if paper.wants]


def askable(case: Case) -> list[tuple[LegalProcess, Question]]:
    """The questions that the stage of a case lets a panel be asked, the one of law first."""
    process = processes_of(case)[0].process
    return [(process, question) for question in Question if is_asked(question, process, case)]


def asking(case: Case, process: LegalProcess, question: Question, today: date) -> Asking:
    """Everything that the page shows of one question."""
    process.case = case
    return Asking(
        process,
        question,
        legal_date(process, question),
        sittings_for(process, question, today),
        Item.objects.filter(process=process, question=question, status__in=Item.OPEN)
        .select_related("sitting__panel")
        .first(),
        offered(case, today),
    )


def items_on(case: Case) -> list[Item]:
    """Where a case is or was before a panel, the newest first; one statement."""
    rows = Item.objects.filter(case=case).select_related(
        "sitting__panel", "next_item__sitting", "recommendation", "deferral", "decision"
    )
    return list(rows.order_by("-sitting__on", "-pk"))
