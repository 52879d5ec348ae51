"""One command: its law part, the whole of it, and whether a long history slows it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.db import transaction
from viewflow.workflow.status import STATUS

from bench.raw import ByHand
from bench.rounds import Timed, TooMany, at_most_statements, compare, on_each
from bench.stories import TODAY, noon
from bench.subjects import Workshop, workshop
from bench.table import Result, in_ms
from ehc import commands, truth, work
from ehc.flows import DecideToIssue, PreparePlan
from ehc.models import Assessment, Deadline, User, WorkItem

#: Commands in one round of one side.
_EACH = 8
_ROUNDS = 25
_LAW_STATEMENTS = 10
_NOTES = 594


def run() -> Iterable[Result]:
    """All figures about one command at a time."""
    with workshop() as place:
        _check_statements(place)
        yield _law_part(place)
        yield _whole(place)
        yield _long_history(place)
        wrong = next(truth.check_timetables(), None)
        if wrong is not None:
            raise AssertionError(wrong)


def agree(subject: Assessment, by: User) -> None:
    """The command that is measured: it moves the status, meets a limit and tells two people."""
    commands.agree_to_issue(subject, on=TODAY, reason="A plan is necessary.", by=by, today=TODAY)


@contextmanager
def _without_work() -> Iterator[None]:
    with patch.object(work, "settle"):
        yield


def _check_statements(place: Workshop) -> None:
    """At most ten for the law part, BEGIN and COMMIT among them, for twelve deadlines."""
    (subject,) = place.assessments(1)
    by = place.deciding()
    with _without_work(), at_most_statements(_LAW_STATEMENTS, "the law part of a command"):
        agree(subject, by)
    rows = Deadline.objects.filter(process=subject).count()
    if rows != 12:
        raise TooMany(f"the measured command should have 12 deadlines, it has {rows}")


def _each(
    place: Workshop, act: Callable[[Assessment, User], None], notes: int = 0, each: int = _EACH
) -> Timed:
    """Times `act` on so many assessments, all of them made beforehand."""
    pool = place.assessments(each * (_ROUNDS + 1), notes=notes)
    return on_each(pool, place.deciding, act, each)


def _law_part(place: Workshop) -> Result:
    by_hand = ByHand()

    def law_only(subject: Assessment, by: User) -> None:
        with _without_work():
            agree(subject, by)

    def raw(subject: Assessment, by: User) -> None:
        by_hand.agree_to_issue(subject, on=TODAY, actor=by.pk, now=noon(TODAY))

    found = compare(_each(place, law_only), _each(place, raw), rounds=_ROUNDS)
    by_hand.close()
    return in_ms(
        "law part of one command",
        found,
        9,
        note="limit: the same rows by raw psycopg in one round trip",
    )


def _whole(place: Workshop) -> Result:
    found = compare(_each(place, agree), _each(place, by_viewflow), rounds=_ROUNDS)
    return in_ms(
        "whole command", found, 1.5, note="limit: viewflow finishing one task and starting one flow"
    )


def by_viewflow(subject: Assessment, _by: User) -> None:
    """What viewflow itself does to finish the task of one status and start that of the next."""
    with transaction.atomic():
        task = WorkItem.objects.select_related("process").get(
            process__subject=subject, status=STATUS.ASSIGNED
        )
        with DecideToIssue.lock(task.process_id):
            task.refresh_from_db()
            activation = task.flow_task.activation_class(task)
            activation.start(None)
            activation.execute()
        node = PreparePlan.instance.node("start")
        first = node.activation_class.create(node, None, None)
        first.process.case = subject.case
        first.process.subject = subject
        first.execute()


def _long_history(place: Workshop) -> Result:
    long = _each(place, agree, notes=_NOTES, each=4)
    found = compare(long, _each(place, agree, each=4), rounds=_ROUNDS)
    return in_ms(
        "the same command on a case with 600 events",
        found,
        1.1,
        note="limit: on a case with its own few events",
    )
