"""What a panel would miss: said before a case is listed, and again before papers go out."""

from collections.abc import Collection, Iterable

from ehc.registry import CasePaper
from panels.questions import Question


def missing(question: str, papers: Iterable[CasePaper], chosen: Collection[str]) -> list[str]:
    """What is missing for a question, one sentence each; empty for a complete case.

    `chosen` are the keys of the papers that are put before the panel. Whether to assess is asked
    before there is an assessment: then nothing of one is missing.
    """
    every = [p for p in papers if p.of_assessment] if question != Question.ASSESS else []
    found = [paper.wants for paper in every if paper.wants]
    found += [
        f"{paper.title}: it is here and is left out."
        for paper in every
        if paper.is_here and not paper.wants and paper.key not in chosen
    ]
    if not chosen:
        found.append("No paper is put before the panel.")
    return found
