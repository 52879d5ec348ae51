"""Advice: the inbox of a large service, the panel of a case, giving advice, the chasing sweep."""

from collections.abc import Callable, Iterable
from functools import partial
from statistics import median

from advice import commands as advice
from advice.forms_of_advice import FORMS
from advice.models import AdviceRequest, Form
from advice.queries.on_case import gathered_in
from bench import chasing, inbox
from bench.rounds import Timed, TooMany, at_most_statements, compare, on_each, timed
from bench.stories import TODAY
from bench.subjects import Workshop, workshop
from bench.table import Result, in_ms
from ehc import commands
from ehc.models import Assessment, Case, User

_PANEL_STATEMENTS = 4
_EACH, _ROUNDS = 4, 15


def run() -> Iterable[Result]:
    """All figures about advice."""
    with workshop() as place:
        yield from inbox.figures(place)
        yield _panel(place)
        yield _giving(place)
        yield from chasing.figures()


def _panel(place: Workshop) -> Result:
    """The advice of a case: as many statements for nine bodies as for one, and how long."""
    (many,) = place.assessments(1, stage="advice")
    few = AdviceRequest.objects.exclude(case=many.case_id).order_by("pk")[0].case
    counts = set()
    for case in (Case.objects.get(pk=many.case_id), few):
        with at_most_statements(_PANEL_STATEMENTS, "the advice of a case") as seen:
            gathered_in(case, TODAY)
        counts.add(len(seen.captured_queries))
    if len(counts) != 1:
        raise TooMany(f"the advice of a case takes {counts} statements")
    case = Case.objects.get(pk=many.case_id)
    took = median(timed(lambda: gathered_in(case, TODAY)) for _ in range(25))
    return Result(
        "the advice panel of a case with nine bodies",
        counts.pop(),
        "statements",
        _PANEL_STATEMENTS,
        note=f"as many with six; {took * 1e3:.1f} ms",
    )


def _giving(place: Workshop) -> Result:
    """The whole of giving advice, beside the core’s own command that records the bare date."""
    service = place.services[1]
    answers = {q.name: "As seen at school." for q in FORMS[Form.EDUCATIONAL].questions}
    row = {"need": "Words", "outcome": "By July", "provision": "Pictures", "how_much": "1 hour"}

    def give(subject: Assessment, by: User) -> None:
        request = AdviceRequest.objects.get(process=subject.pk, organisation=service)
        advice.give_advice(request, on=TODAY, content=answers, rows=[row] * 3, by=by, today=TODAY)

    def record(subject: Assessment, by: User) -> None:
        commands.record_advice_received(subject, on=TODAY, service=service, by=by, today=TODAY)

    def each(act: Callable[[Assessment, User], None]) -> Timed:
        pool = place.assessments(_EACH * (_ROUNDS + 1), stage="advice")
        return on_each(pool, partial(place.giving, service), act, _EACH)

    found = compare(each(give), each(record), rounds=_ROUNDS)
    return in_ms(
        "giving advice, the whole command",
        found,
        2,
        note="limit: the core’s command that records the date alone",
    )
