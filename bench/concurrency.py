"""Two hundred commands from eight connections at once: nothing lost, nothing doubled."""

import threading
import time
from collections.abc import Callable, Iterable

from django.db import connection, transaction

from bench.rounds import compare
from bench.stories import TODAY, noon
from bench.subjects import Workshop, workshop
from bench.table import Result
from ehc import commands, truth
from ehc.models import Assessment, Case, CaseEvent
from notifications.models import OutboxMessage

_CONNECTIONS, _CASES, _ON_EACH = 8, 50, 4
_ROUNDS = 7
Act = Callable[[], object]


def run() -> Iterable[Result]:
    """Four connections meet on every case: three bring advice, one refers it to panel."""
    with workshop() as place:
        found = compare(lambda: _by_commands(place), lambda: _by_orm(place), rounds=_ROUNDS)
        wrong = next(truth.check_timetables(), None)
        if wrong is not None:
            raise AssertionError(wrong)
    yield Result(
        f"{_CASES * _ON_EACH} commands from {_CONNECTIONS} connections, a second",
        1 / found.ours,
        "/s",
        0.5,
        limit=1 / found.limit,
        ratio=1 / found.ratio,
        at_most=False,
        note="limit: ORM, one locked update and two inserts; 0 events lost or doubled",
    )


def _by_commands(place: Workshop) -> float:
    acts: list[Act] = []
    subjects = place.assessments(_CASES, stage="advice")
    for subject in subjects:
        acts += [_hear(place, subject, number) for number in range(_ON_EACH - 1)]
        acts.append(_refer(place, subject))
    return _counted(subjects, acts)


def _hear(place: Workshop, subject: Assessment, number: int) -> Act:
    by, service = place.someone(), place.services[number]
    return lambda: commands.record_advice_received(
        subject, on=TODAY, service=service, by=by, today=TODAY
    )


def _refer(place: Workshop, subject: Assessment) -> Act:
    by = place.someone()
    return lambda: commands.refer_to_panel(subject, on=TODAY, by=by, today=TODAY)


def _by_orm(place: Workshop) -> float:
    subjects = place.assessments(_CASES, stage="advice")
    acts = [_orm_act(place, subject) for subject in subjects for _ in range(_ON_EACH)]
    return _counted(subjects, acts)


def _orm_act(place: Workshop, subject: Assessment) -> Act:
    """One locked update and two inserts."""

    def act() -> None:
        with transaction.atomic():
            case = Case.objects.select_for_update().get(pk=subject.case_id)
            case.event_count += 1
            case.save(update_fields=("event_count",))
            event = CaseEvent.objects.create(
                case=case,
                process_id=subject.pk,
                sequence=case.event_count,
                kind="advice_received",
                on=TODAY,
                recorded_at=noon(TODAY),
                actor=place.worker,
                status="advice",
            )
            OutboxMessage.objects.create(
                audience=OutboxMessage.Audience.HOLDER,
                kind=event.kind,
                case=case,
                event=event,
                queued_at=noon(TODAY),
                next_attempt_at=noon(TODAY),
            )

    return act


def _counted(subjects: list[Assessment], acts: list[Act]) -> float:
    """Seconds for each act; every case must have gained one event for each act on it."""
    keys = [subject.case_id for subject in subjects]
    before = dict(Case.objects.filter(pk__in=keys).values_list("pk", "event_count"))
    seconds = _at_once(acts)
    for case in Case.objects.filter(pk__in=keys):
        wanted = before[case.pk] + _ON_EACH
        sequences = list(
            CaseEvent.objects.filter(case=case)
            .order_by("sequence")
            .values_list("sequence", flat=True)
        )
        if case.event_count != wanted or sequences != list(range(1, wanted + 1)):
            raise AssertionError(
                f"{case.reference} should have {wanted} events, it has {len(sequences)}."
            )
    return seconds


def _at_once(acts: list[Act]) -> float:
    """Seconds for each act, with every connection open before the first begins."""
    ready = threading.Barrier(_CONNECTIONS + 1)
    failures: list[BaseException] = []

    def work(share: list[Act]) -> None:
        try:
            connection.ensure_connection()
            ready.wait()
            for act in share:
                act()
        except BaseException as error:
            failures.append(error)
            ready.abort()
        finally:
            connection.close()

    threads = [
        threading.Thread(target=work, args=(acts[number::_CONNECTIONS],))
        for number in range(_CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    begin = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    if failures:
        raise AssertionError(f"{len(failures)} acts failed: {failures[0]!r}")
    return seconds / len(acts)
