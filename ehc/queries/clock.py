"""What a step would do to the clock, in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ehc.commands import Preview
from ehc.dates import in_words
from ehc.law import FACT_KINDS, Deadline, Fact, Facts, explain, timetable
from ehc.law.grounds import find
from ehc.models import Organisation
from ehc.wording import limit_title

STANDINGS = {
    "running": "running",
    "overdue": "overdue",
    "met": "met in time",
    "met_late": "met late",
    "excused": "excused",
    "replaced": "replaced",
    "not_started": "not started",
}


@dataclass(frozen=True, slots=True)
class ClockChange:
    """One limit, before and after a step; empty where it is not there."""

    title: str
    before: str
    after: str


def title_of(deadline: Deadline, names: Mapping[str, str], stage: str = "") -> str:
    """What a deadline is called: the limit, and for advice the service by its name.

    `stage` is where the process stands; a limit that was met is called by what it was for.
    """
    stage = stage if deadline.met_on is None else ""
    return limit_title(deadline.code, deadline.label, deadline.limit.label, names, stage)


def reasons_of(deadline: Deadline, names: Mapping[str, str]) -> list[str]:
    """The reasons for a deadline, with the service by its name; the law knows only its label."""
    clauses = _clauses(deadline.label, names)
    return [_reworded(sentence, clauses) for sentence in explain(deadline)]


def _clauses(label: str, names: Mapping[str, str]) -> Mapping[str, str]:
    """From what the law says of this label to what is said of its service; empty without a name."""
    name = names.get(label)
    if name is None:
        return {}
    return {
        kind.sentence(label): kind.label.format(label=name)
        for kind in FACT_KINDS.values()
        if kind.is_labelled
    }


def _reworded(sentence: str, clauses: Mapping[str, str]) -> str:
    for clause, words in clauses.items():
        for old, new in ((clause, words), (_capital(clause), _capital(words))):
            sentence = sentence.replace(old, new)
    return sentence


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def service_names(services: Iterable[Organisation]) -> dict[str, str]:
    """From a service’s code, which the facts carry, to its name."""
    return {s.advice_label: s.name for s in services}


def clock_changes(preview: Preview, names: dict[str, str], *, today: date) -> list[ClockChange]:
    """The limits that a step starts, moves, meets, excuses or ends, in the order of their dates."""
    before = {_key(d): d for d in preview.before}
    opened = preview.entry.opens
    of_new_process = timetable(Facts(opened.facts)) if opened else ()
    after = {_key(d): d for d in (*preview.after, *of_new_process)}
    keys = sorted(
        before.keys() | after.keys(),
        key=lambda k: ((after.get(k) or before[k]).due_on or date.max, k),
    )
    changes = []
    for key in keys:
        old, new = before.get(key), after.get(key)
        old_words, new_words = _words(old, today), _words(new, today)
        if old_words != new_words:
            shown = new or old
            if shown is not None:
                changes.append(ClockChange(title_of(shown, names), old_words, new_words))
    return changes


@dataclass(frozen=True, slots=True)
class ClaimEffect:
    """What a claim of an exemption does to one limit that it names, and the law’s reason."""

    title: str
    excuses: bool
    why: str


def claim_effects(
    preview: Preview, names: Mapping[str, str], *, today: date
) -> Sequence[ClaimEffect]:
    """For each limit that a claim names, whether it will excuse it; none for any other step.

    A limit that was met in time needs no excuse; one whose conditions are not met gets none, and
    the reason is the law’s. The order is that of the timetable.
    """
    claims = [fact for fact in preview.entry.facts if FACT_KINDS[fact.name].is_ground]
    effects = []
    for deadline in preview.after:
        for fact in claims:
            if fact.is_claimed_for(deadline.code) and deadline.due_on is not None:
                effects.append(_effect(fact, deadline, names, today))
    return effects


def _effect(fact: Fact, deadline: Deadline, names: Mapping[str, str], today: date) -> ClaimEffect:
    title, due = title_of(deadline, names), deadline.due_on or date.max
    finding = find(fact, deadline, deadline.facts)
    if finding is None:
        return ClaimEffect(title, excuses=False, why="The law knows no such ground for this limit.")
    why = _reworded(finding.why, _clauses(fact.label, names))
    if deadline.met_on is not None and deadline.met_on <= due:
        why = f"It was met in time, on {in_words(deadline.met_on)}: there is nothing to excuse."
        return ClaimEffect(title, excuses=False, why=why)
    if finding.applies and deadline.met_on is None and today <= due:
        why = f"{why} It is due on {in_words(due)} still; if it is missed, that is excused."
    return ClaimEffect(title, excuses=finding.applies, why=why)


def _key(deadline: Deadline) -> tuple[str, str, str]:
    return (deadline.code, deadline.label, deadline.started_by)


def _words(deadline: Deadline | None, today: date) -> str:
    if deadline is None or deadline.due_on is None:
        return ""
    standing = deadline.standing(today)
    until = f"until {in_words(deadline.due_on)}"
    if not deadline.is_owed_to_family and standing in {"running", "overdue"}:
        return until if standing == "running" else f"{until}, time is over"
    if deadline.earliest_on is not None and standing == "running":
        return until
    return f"due {in_words(deadline.due_on)}, {STANDINGS[standing]}"
