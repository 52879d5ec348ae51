"""Two hundred commands from eight connections: no event is lost and none is doubled."""

import uuid
from collections.abc import Callable
from datetime import date

from ehc import commands, truth
from ehc.models import Assessment, CaseEvent
from notifications.models import OutboxMessage
from tests.factories import Council
from tests.races.at_once import together

CONNECTIONS, EACH = 8, 25
TODAY = date(2025, 3, 3)


def worker(
    council: Council, assessments: list[Assessment], number: int, sent: list[uuid.UUID]
) -> Callable[[], int]:
    """A person’s morning: on each case in turn a note, an exemption, a changed caseworker."""

    def work() -> int:
        for turn in range(EACH):
            assessment = assessments[(number + turn) % len(assessments)]
            token = sent[number * EACH + turn]
            if turn % 3 == 0:
                commands.claim_exemption(
                    assessment,
                    on=TODAY,
                    by=council.manager,
                    today=TODAY,
                    token=token,
                    ground="exceptional_circumstances",
                    starts_on=date(2025, 1, 10),
                    until=date(2025, 2, 1 + turn),
                    limits=["final_plan"],
                    reason=f"{number}-{turn}",
                )
            elif turn % 3 == 1:
                commands.assign_case(
                    assessment.case,
                    on=TODAY,
                    by=council.manager,
                    today=TODAY,
                    token=token,
                    owner=(council.caseworker, council.colleague)[turn % 2],
                )
            else:
                commands.record_contact(
                    assessment.case,
                    on=TODAY,
                    by=council.colleague,
                    today=TODAY,
                    token=token,
                    with_whom="Mother",
                    how="telephone",
                    note=f"{number}-{turn}",
                )
        return EACH

    return work


def test_nothing_is_lost_or_doubled(council: Council) -> None:
    assessments = [council.register(date(2025, 1, 8)) for _ in range(5)]
    before = set(CaseEvent.objects.values_list("pk", flat=True))
    tokens = [uuid.uuid4() for _ in range(CONNECTIONS * EACH)]
    answers = together(
        *(worker(council, assessments, number, tokens) for number in range(CONNECTIONS))
    )
    assert answers == [EACH] * CONNECTIONS
    written = CaseEvent.objects.exclude(pk__in=before)
    assert sorted(written.values_list("token", flat=True)) == sorted(tokens)
    # One notice for each time a case was given to somebody, no more and no fewer.
    given = written.filter(kind="assigned")
    assert OutboxMessage.objects.filter(kind="assigned").count() == given.count()
    assert list(truth.check()) == []
