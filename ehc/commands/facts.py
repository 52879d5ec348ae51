"""Facts that are not steps: claiming an exemption, correcting a date."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ehc.commands.base import Entry, command
from ehc.commands.guards import need_reason, refuse
from ehc.dates import in_words
from ehc.law import FACT_KINDS, RULEBOOK, Fact, Facts
from ehc.models import LegalProcess
from ehc.permissions import Action

#: What a process begins with.
BEGINNINGS = ("request_received", "became_responsible", "plan_made")
#: What cannot come before what; of the same service where both have one.
IN_ORDER = (
    ("advice_requested", "advice_received"),
    ("advice_requested", "advice_no_longer_sought"),
    ("assessment_agreed", "plan_agreed"),
    ("assessment_agreed", "plan_refused"),
    ("draft_served", "final_plan_sent"),
)


@command(action=Action.CLAIM_EXEMPTION, title="Claim an exemption")
def claim_exemption(
    process: LegalProcess,
    *,
    on: date,
    today: date,
    ground: str,
    limits: Sequence[str],
    reason: str,
    starts_on: date,
    until: date | None = None,
    label: str = "",
    **_: Any,
) -> Entry:
    """The authority claims that a ground made a limit impractical to meet, and says why.

    `starts_on` is the first day of the ground and `until` the first day after it. An exemption
    excuses a missed limit; it never moves the date. It excuses only the limits named here, and
    only where the law’s own conditions for the ground are met.
    """
    kind = FACT_KINDS.get(ground)
    if kind is None or not kind.is_ground:
        refuse("Choose one of the grounds that the Regulations allow.", "ground")
    if kind.is_period and (until is None or until <= starts_on):
        refuse(
            "Enter the first day after the period; it must be later than the day it starts.",
            "until",
        )
    if kind.is_labelled and not label:
        refuse("Choose whose appointment was missed.", "label")
    if not limits:
        refuse("Choose at least one limit that could not be met.", "limits")
    for code in limits:
        _need_ground(code, ground)
    fact = Fact(
        ground,
        starts_on,
        until if kind.is_period else None,
        label if kind.is_labelled else "",
        frozenset(limits),
    )
    return Entry(
        "exemption_claimed",
        on,
        [fact],
        {
            "ground": kind.sentence(label),
            "limits": sorted(limits),
            "reason": need_reason(reason, "the claim: why it made the limit impractical to meet"),
        },
    )


def _need_ground(code: str, ground: str) -> None:
    """Refuse a ground the law does not know for a limit: regs 5(4), 8(2), 10(4), 13(3) differ."""
    laws = RULEBOOK.with_code(code)
    if any(known.fact == ground for limit in laws for known in limit.grounds):
        return
    known = {
        g.fact: FACT_KINDS[g.fact].sentence("a service") for limit in laws for g in limit.grounds
    }
    name = laws[0].label if laws else code
    may = f" The law knows these for it: {'; '.join(known.values())}." if known else ""
    refuse(
        f"“{FACT_KINDS[ground].sentence('a service')}” is no exemption from “{name}”, so claiming "
        f"it would excuse nothing.{may} Choose another ground, or leave this limit out.",
        "limits",
    )


@command(action=Action.CORRECT_FACT, title="Correct a date")
def correct_fact(
    process: LegalProcess,
    *,
    on: date,
    today: date,
    sequence: int,
    name: str,
    label: str = "",
    right_date: date,
    reason: str,
    **_: Any,
) -> Entry:
    """A recorded date was wrong: a new event names the old one and holds the right date.

    Nothing is edited: the history shows both, and every clock is worked out again. `on` is the day
    of the correction, `sequence` the event that holds the wrong date.
    """
    held = _counting(process, sequence)
    wrong = next((f for f in held if f.name == name and f.label == label), None)
    if wrong is None:
        refuse(
            "That date is no longer the one that counts: it has been corrected, or the same "
            "happened again, since. Open the case again."
        )
    if wrong.on == right_date:
        refuse(f"The recorded date is already {in_words(right_date)}.", "right_date")
    if right_date > today:
        refuse("The right date cannot be in the future.", "right_date")
    if wrong.until is not None and right_date >= wrong.until:
        refuse("The period would end before it starts.", "right_date")
    if not FACT_KINDS[name].is_ground:
        _check_beginning(process, wrong, right_date)
    right = Fact(name, right_date, wrong.until, label, wrong.claimed_for)
    # What the same act recorded on the same day (the decision and its notice) moves with it.
    facts = [
        right
        if f is wrong
        else Fact(f.name, right_date, f.until, f.label, f.claimed_for)
        if f.on == wrong.on and not f.label and not label
        else f
        for f in held
    ]
    for moved in facts:
        if moved not in held:
            _check_order(process, moved, facts)
    return Entry(
        "fact_corrected",
        on,
        facts,
        {
            "fact": FACT_KINDS[name].sentence(label),
            "from": wrong.on.isoformat(),
            "to": right_date.isoformat(),
            "reason": need_reason(reason, "the correction"),
        },
        corrects=sequence,
    )


def _check_beginning(process: LegalProcess, wrong: Fact, right_date: date) -> None:
    """Nothing of an assessment comes before its request, nor of a plan before it was made."""
    facts = [f for f in Facts.from_rows(process.fact_rows()) if not FACT_KINDS[f.name].is_ground]
    if wrong.name in BEGINNINGS:
        rest = [f for f in facts if f.name not in BEGINNINGS and f.on < right_date]
        other = min(rest, key=lambda f: f.on, default=None)
    else:
        firsts = [f for f in facts if f.name in BEGINNINGS and f.on > right_date]
        other = max(firsts, key=lambda f: f.on, default=None)
    if other is not None:
        side = "after" if wrong.name in BEGINNINGS else "before"
        refuse(
            f"{in_words(right_date)} is {side} {FACT_KINDS[other.name].sentence(other.label)} "
            f"({in_words(other.on)}). Check both dates; if the other one is wrong, correct it "
            "first.",
            "right_date",
        )


def _check_order(process: LegalProcess, moved: Fact, together: Sequence[Fact]) -> None:
    """An answer does not come before what it answers."""
    found = {(f.name, f.label): f for f in Facts.from_rows(process.fact_rows())}
    found |= {(f.name, f.label): f for f in together}
    for first, second in IN_ORDER:
        if moved.name not in {first, second}:
            continue
        before, after = found.get((first, moved.label)), found.get((second, moved.label))
        if before is not None and after is not None and after.on < before.on:
            other, side = (after, "after") if moved.name == first else (before, "before")
            refuse(
                f"{in_words(moved.on)} is {side} {FACT_KINDS[other.name].sentence(other.label)} "
                f"({in_words(other.on)}). Check both dates; if the other one is wrong, correct it "
                "first.",
                "right_date",
            )


def _counting(process: LegalProcess, sequence: int) -> list[Fact]:
    """The facts of an event that still count: a later one of its kind takes a fact’s place.

    What no longer counts is left out of the correction, which would otherwise bring it back.
    """
    later = {
        (fact.name, fact.label)
        for held_by, rows in process.facts.items()
        if int(held_by) > sequence
        for fact in Facts.from_rows(rows)
        if not FACT_KINDS[fact.name].is_ground
    }
    held = Facts.from_rows(process.facts.get(str(sequence), []))
    return [fact for fact in held if (fact.name, fact.label) not in later]
