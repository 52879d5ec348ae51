"""Who opened which paper: a row for each opening, and one in the access log of the child."""

from collections.abc import Sequence

from django.db import connection, transaction

from ehc import moments
from ehc.models import AccessLog, User
from panels.models import Paper, PaperOpening


def note_opening(user: User, *papers: Paper) -> bool:
    """Record that the user opens papers: a recall names them, and so does the child’s access log.

    False, and nothing is recorded, where one of them was taken back meanwhile: it is not handed
    over then. Whoever takes a paper back waits for this and so tells everybody who has it. Each
    paper comes with its item. Papers that are opened together, as in one file of a whole sitting,
    cost the same few statements as one.
    """
    now = moments.now()
    with transaction.atomic():
        cases: Sequence[int] = sorted({each.item.case_id for each in papers})
        _hold(cases)
        AccessLog.objects.bulk_create(
            AccessLog(user=user, case_id=case, at=now, what="panel paper") for case in cases
        )
        rows = Paper.objects.select_for_update(no_key=True).order_by("pk")
        standing = rows.filter(pk__in={p.pk for p in papers}, withdrawn_at__isnull=True)
        if len(standing.values_list("pk")) != len(papers):
            transaction.set_rollback(True)
            return False
        PaperOpening.objects.bulk_create(
            PaperOpening(paper=each, user=user, at=now) for each in papers
        )
    return True


def _hold(cases: Sequence[int]) -> None:
    """Hold the cases before the papers, as commands do: neither waits for the other in turn.

    The rows that are written refer to them, and that is checked no sooner than at the end: it would
    ask for the cases when the papers are held already. Readers do not wait for one another.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM ehc_case WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [list(cases)]
        )
