"""Who opened which paper: a row for each opening, and one in the access log of the child."""

from collections.abc import Sequence

from ehc import moments
from ehc.models import AccessLog, User
from panels.models import Paper, PaperOpening


def note_opening(user: User, *papers: Paper) -> None:
    """Record that the user opened papers: a recall names them, and so does the child’s access log.

    Each paper comes with its item. Papers that are opened together, as in one file of a whole
    sitting, cost the same two statements as one.
    """
    now = moments.now()
    PaperOpening.objects.bulk_create(PaperOpening(paper=each, user=user, at=now) for each in papers)
    cases: Sequence[int] = sorted({each.item.case_id for each in papers})
    AccessLog.objects.bulk_create(
        AccessLog(user=user, case_id=case, at=now, what="panel paper") for case in cases
    )
