"""The summary sheet of an item, from what is on record: nothing in it is typed for the sheet."""

from datetime import date
from typing import Any

from ehc import moments, registry
from ehc.commands.registration import SOURCES
from ehc.dates import in_words, school_year, weeks_in_words, years_old
from ehc.models import CaseEvent
from ehc.models.process import Kind
from ehc.wording import STAGES
from panels import completeness, papers
from panels.models import Decision, Item
from panels.questions import Outcome, Question


def sheet(item: Item, today: date) -> dict[str, Any]:
    """The sheet as it stands today; fit for JSON, for that is how it is frozen.

    `facts` are pairs of what and value; `papers` each paper’s title and where it comes from;
    `missing` what the panel does not have; `earlier` what was decided before.
    """
    case = item.case
    offers = papers.offered(case, today)
    chosen = papers.standing_of(item)
    keys = {paper.source for paper in chosen}
    return {
        "made_on": today.isoformat(),
        "question": Question(item.question).label,
        "facts": [*_child(item, today), *_clock(item, today), *_of_apps(item)],
        "introduction": item.introduction,
        "papers": [[paper.title, paper.about] for paper in chosen],
        "missing": completeness.missing(item.question, offers, keys),
        "incomplete_because": item.incomplete_because,
        "earlier": _earlier(item),
    }


def _child(item: Item, today: date) -> list[list[str]]:
    case, person = item.case, item.case.person
    return [
        ["Name", person.full_name],
        ["Reference", case.reference],
        [
            "Born",
            f"{in_words(person.date_of_birth)}, {years_old(person.date_of_birth, today)} years old",
        ],
        ["Year group", school_year(person.date_of_birth, today)],
        ["Setting", case.setting.name if case.setting else "None, or not known"],
        ["Stage", STAGES[item.process.status]],
    ]


def _clock(item: Item, today: date) -> list[list[str]]:
    found = []
    started = CaseEvent.objects.filter(process=item.process_id, kind="request_registered").first()
    received = item.case.received_on
    if received is not None:
        asked = in_words(received)
        source = SOURCES.get(str(started.data.get("source"))) if started is not None else None
        found.append(["Asked for", f"{asked} ({source.lower()})" if source else asked])
        if item.process.kind == Kind.ASSESSMENT:
            found.append(["Time since then", weeks_in_words(received, today)])
    due = item.legal_due_on
    if due is not None:
        told = _beside_sitting((due - item.sitting.on).days)
        found.append(["Last lawful day for this decision", f"{in_words(due)}, {told}"])
    if item.case.final_due_on is not None:
        found.append(["Last lawful day for the final plan", in_words(item.case.final_due_on)])
    return found


def _beside_sitting(days: int) -> str:
    """How many calendar days after the sitting, or before it where `days` is below 0."""
    if days == 0:
        return "the day of the sitting"
    much = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    return f"{much} {'after' if days > 0 else 'before'} the sitting"


def _of_apps(item: Item) -> list[list[str]]:
    return [[what, value] for what, value in registry.summary_from_apps(item.case)]


def _earlier(item: Item) -> list[list[str]]:
    rows = Decision.objects.filter(case=item.case_id).order_by("on", "pk")
    return [
        [in_words(row.on), f"{Question(row.question).label} {Outcome(row.outcome).label}."]
        for row in rows
    ]


def summary_of(item: Item) -> dict[str, Any]:
    """The sheet that the panel sees: as frozen when papers went out, until then as it stands."""
    frozen: dict[str, Any] = item.summary
    return frozen or sheet(item, moments.today())
