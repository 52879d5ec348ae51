"""What steps check in common, each as one sentence for the person at the screen."""

from datetime import date
from typing import NoReturn

from ehc.commands.base import Refused
from ehc.dates import in_words
from ehc.law import FACT_KINDS, Facts
from ehc.models import LegalProcess


def refuse(message: str, field: str | None = None) -> NoReturn:
    """Refuse the step."""
    raise Refused(message, field)


def facts_of(process: LegalProcess) -> Facts:
    """The facts that stand in a process."""
    return Facts.from_rows(process.fact_rows())


def need_reason(reason: str, what: str) -> str:
    """Reasons are required, in words: a decision without them does not stand up."""
    reason = reason.strip()
    if not reason:
        refuse(f"Give the reasons for {what}, in words the family can read.", "reason")
    return reason


def not_before(process: LegalProcess, on: date, *names: str) -> None:
    """Refuse a date earlier than what must have come first."""
    facts = facts_of(process)
    for name in names:
        first = facts.on(name)
        if first is not None and on < first:
            refuse(
                f"{in_words(on)} is before {FACT_KINDS[name].label} ({in_words(first)}). Check "
                "both dates; if the earlier one is wrong, correct it first.",
                "on",
            )
