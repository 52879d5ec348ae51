"""What a case has that can be put before a panel: what the apps offer, then its own documents."""

from datetime import date

from ehc.dates import in_words
from ehc.models import Case
from ehc.queries.cases import documents_of
from ehc.registry import CasePaper, papers_from_apps


def papers_of(case: Case, today: date) -> list[CasePaper]:
    """Everything that can be put before a panel, and what is wanted and is not here yet.

    A file that an app offers, with what it knows of it, is not offered again as a document.
    """
    found = papers_from_apps(case, today)
    known = {paper.version.document_id for paper in found if paper.version is not None}
    return found + [
        CasePaper(
            f"document:{stored.versions[0].pk}",
            stored.document.title,
            f"added on {in_words(stored.versions[0].added_at)}",
            stored.versions[0],
            of_assessment=False,
        )
        for stored in documents_of(case)
        if stored.document.pk not in known
    ]
