"""Print the statutory timetable that follows from given facts. It needs no database."""

import json
import sys
from argparse import ArgumentParser
from datetime import UTC, date, datetime
from textwrap import fill
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from ehc.law import FACT_KINDS, Deadline, FactError, Facts, explain, parse_day, timetable
from ehc.law.words import day_words

STANDINGS = {
    "running": "running",
    "overdue": "OVERDUE",
    "met": "met",
    "met_late": "met late",
    "excused": "excused",
    "replaced": "replaced",
    "not_started": "not started",
}


class Command(BaseCommand):
    """`timetable request_received=2025-05-21 [--json] [--today DATE]`."""

    help = (
        "Print every statutory time limit that follows from the facts, with the reasons. Facts "
        "are written name=DATE, name=START/END (END being the first day after the period) or "
        "name:label=DATE."
    )
    needs_database = False
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The facts and how to show what follows from them."""
        parser.add_argument("facts", nargs="*", metavar="FACT", help="name=DATE and the like")
        parser.add_argument("--json", action="store_true", help="print a JSON list")
        parser.add_argument("--today", metavar="DATE", help="the day to judge by (default: today)")
        parser.add_argument("--known", action="store_true", help="list every fact and its form")

    def handle(self, *_: Any, **options: Any) -> None:
        """Print the timetable; exit with status 2 and one sentence when a fact cannot be."""
        if options["known"]:
            self.stdout.write(_known_facts())
            return
        try:
            deadlines = _in_order(Facts.parse(options["facts"]))
            given = options["today"]
            today = _today() if given is None else parse_day(given, "--today")
        except FactError as error:
            _refuse(str(error))
        if options["json"]:
            rows = [_as_json(deadline, today) for deadline in deadlines]
            self.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False))
        elif deadlines:
            self.stdout.write("\n\n".join(_as_text(deadline, today) for deadline in deadlines))
        else:
            self.stdout.write("No time limit follows from these facts.")


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(2)


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _in_order(facts: Facts) -> list[Deadline]:
    """By due date, those that have not started last."""
    return sorted(timetable(facts), key=lambda d: (d.due_on or date.max, d.code, d.label))


def _as_json(deadline: Deadline, today: date) -> dict[str, str | None]:
    days = {
        name: day.isoformat() if day else None
        for name, day in (
            ("started_on", deadline.started_on),
            ("due_on", deadline.due_on),
            ("earliest_on", deadline.earliest_on),
            ("met_on", deadline.kept_on(today)),
        )
    }
    return {
        "code": deadline.code,
        "label": deadline.title,
        "duty": deadline.duty,
        "owed_by": deadline.limit.owed_by,
        "citation": deadline.limit.citation,
        "started_by": deadline.started_by or None,
        **days,
        "standing": deadline.standing(today),
        "excused_by": deadline.excused_by or None,
        "replaced_by": deadline.replaced_by or None,
        "explanation": " ".join(explain(deadline)),
    }


def _as_text(deadline: Deadline, today: date) -> str:
    due = day_words(deadline.due_on) if deadline.due_on else "no date yet"
    standing = STANDINGS[deadline.standing(today)]
    title = deadline.limit.label
    if deadline.label:
        title = f"{title}: {deadline.label.replace('_', ' ')}"
    reasons = (
        fill(reason, width=88, initial_indent="    ", subsequent_indent="    ")
        for reason in explain(deadline)
    )
    return "\n".join([f"{due:<19} {standing:<12} {title}", *reasons])


def _known_facts() -> str:
    forms = {"day": "DATE", "day each": "DATE", "ground period": "START/END"}
    lines = [
        f"{name + (':LABEL' if kind.is_labelled else '')}={forms.get(kind.shape, 'DATE')}\n"
        f"    {kind.sentence('LABEL')}"
        for name, kind in FACT_KINDS.items()
    ]
    return "\n".join(lines)
