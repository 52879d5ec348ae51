"""Checking the truth of panels: decisions, statuses, quorums, reasons and signed minutes.

Sittings and items are read in batches, each with a fixed number of queries, so that memory stays
flat. A difference names a case by its reference and a sitting by its panel and day, never a child.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ehc.dates import in_words
from ehc.moments import local
from ehc.registry import on_check_truth
from ehc.truth import batches
from panels.minutes.draft import is_intact
from panels.models import (
    Booking,
    Conflict,
    Decision,
    Delegation,
    Item,
    Minutes,
    Presence,
    QuorumSeat,
    ReasonSentence,
    Recommendation,
    Sitting,
    SittingEvent,
)
from panels.questions import OUTCOMES, Outcome, Question, is_asked
from panels.quorum import missing_for_quorum

#: The event of the case that a decision is.
_EVENT_OF: Mapping[str, str] = {
    Outcome.ASSESS: "assessment_agreed",
    Outcome.REFUSE_TO_ASSESS: "assessment_refused",
    Outcome.ISSUE: "plan_agreed",
    Outcome.REFUSE_TO_ISSUE: "plan_refused",
    Outcome.MORE_ADVICE: "sent_back_for_advice",
    Outcome.AGREE: "panel_decided",
    Outcome.DECLINE: "panel_decided",
}
#: The event by which the authority takes back a refusal of its own.
_REVERSED_BY: Mapping[str, str] = {
    Question.ASSESS: "refusal_to_assess_overturned",
    Question.ISSUE: "refusal_to_issue_overturned",
}


@on_check_truth
def check_panels() -> Iterator[str]:
    """Every difference between what panels and the authority recorded and what follows from it."""
    for sittings in batches(Sitting.objects.select_related("panel", "terms").order_by("pk")):
        yield from _check_sittings(sittings)
    rows = Item.objects.select_related(
        "case", "process", "sitting", "recommendation", "deferral", "decision", "next_item"
    )
    for items in batches(rows.order_by("pk")):
        for item in items:
            for words in _check_item(item):
                yield f"{item.case.reference}: {words}"
    decided = Decision.objects.select_related(
        "case", "event", "delegation", "item__recommendation", "ratification"
    )
    for decisions in batches(decided.order_by("pk")):
        for decision in decisions:
            for words in _check_decision(decision):
                yield f"{decision.case.reference}: {words}"
    loose = ReasonSentence.objects.filter(recommendation__stands_for__isnull=True)
    for reference in loose.values_list("case__reference", flat=True).distinct().order_by("case"):
        yield f"{reference}: reasons are kept of a recommendation that was corrected."
    signed = Minutes.objects.filter(signed_at__isnull=False).select_related("sitting__panel")
    for several in batches(signed.order_by("pk")):
        for minutes in several:
            if not is_intact(minutes):
                yield f"{_name_of(minutes.sitting)}: its minutes are not what was signed."


def _name_of(sitting: Sitting) -> str:
    return f"{sitting.panel.name} of {in_words(sitting.on)}"


def _check_sittings(sittings: list[Sitting]) -> Iterator[str]:
    """Records numbered, and every quorum what presences and interests make it; six queries."""
    numbers: dict[int, list[int]] = defaultdict(list)
    told = SittingEvent.objects.filter(sitting__in=sittings).order_by("sequence")
    for key, sequence in told.values_list("sitting", "sequence"):
        numbers[key].append(sequence)
    rooms = _Rooms(sittings)
    for sitting in sittings:
        name = _name_of(sitting)
        if numbers[sitting.pk] != list(range(1, sitting.version + 1)):
            yield f"{name}: what was done with it is not numbered 1 to {sitting.version}."
        yield from rooms.check(sitting, name)


class _Rooms:
    """Who was in the room of some sittings, and what they recommended."""

    def __init__(self, sittings: list[Sitting]) -> None:
        self.bookings: dict[int, list[Booking]] = defaultdict(list)
        for booking in Booking.objects.filter(sitting__in=sittings).select_related("member"):
            self.bookings[booking.sitting_id].append(booking)
        self.times: dict[int, list[Presence]] = defaultdict(list)
        for presence in Presence.objects.filter(booking__sitting__in=sittings):
            self.times[presence.booking_id].append(presence)
        self.out: dict[int, list[Conflict]] = defaultdict(list)
        for conflict in Conflict.objects.filter(item__sitting__in=sittings):
            self.out[conflict.item_id].append(conflict)
        self.least: dict[int, dict[str, int]] = defaultdict(dict)
        terms = {sitting.terms_id for sitting in sittings}
        for seat in QuorumSeat.objects.filter(terms__in=terms):
            self.least[seat.terms_id][seat.seat] = seat.least
        self.said: dict[int, list[Recommendation]] = defaultdict(list)
        made = Recommendation.objects.filter(item__sitting__in=sittings)
        rows = made.select_related("item__case", "corrects")
        for row in rows.defer("reasons", "evidence_for", "evidence_against", "options"):
            self.said[row.item.sitting_id].append(row)

    def check(self, sitting: Sitting, name: str) -> Iterator[str]:
        """What is recorded of the room against what was."""
        still = [
            presence
            for booking in self.bookings[sitting.pk]
            for presence in self.times[booking.pk]
            if presence.left_at is None
        ]
        if still and sitting.status != Sitting.Status.SITTING:
            yield f"{name}: somebody is still in the room."
        for made in self.said[sitting.pk]:
            if not self._is_true(sitting, made):
                yield (
                    f"{made.item.case.reference}: who was present at the recommendation, or "
                    "whether they were quorate, is not what the room’s record makes it."
                )

    def _is_true(self, sitting: Sitting, made: Recommendation) -> bool:
        if made.corrects is not None:
            old = made.corrects
            return (made.present, made.quorate) == (old.present, old.quorate)
        out = {c.user_id for c in self.out[made.item_id] if c.at <= made.at}
        there = [
            booking
            for booking in self.bookings[sitting.pk]
            if booking.member.user_id not in out and _was_there(self.times[booking.pk], made.at)
        ]
        if {b.member.user_id for b in there} != {each["user"] for each in made.present}:
            return False
        seats = [booking.seat for booking in there if not booking.member.observer]
        least = self.least[sitting.terms_id]
        missing = missing_for_quorum(least, sitting.terms.least_present, seats)
        return made.quorate == (not missing)


def _was_there(times: Iterable[Presence], at: datetime) -> bool:
    return any(t.came_at <= at and (t.left_at is None or t.left_at >= at) for t in times)


def _check_item(item: Item) -> Iterator[str]:
    status = Item.Status(item.status)
    decided, deferred = hasattr(item, "decision"), hasattr(item, "deferral")
    recommended = item.recommendation is not None
    fits = {
        Item.Status.LISTED: not (decided or deferred or recommended),
        Item.Status.RECOMMENDED: recommended and not (decided or deferred),
        Item.Status.DECIDED: recommended and decided and not deferred,
        Item.Status.DEFERRED: deferred and not decided,
        Item.Status.WITHDRAWN: not (decided or deferred) and bool(item.ended_because),
        Item.Status.MOVED: not (decided or deferred) and item.next_item is not None,
        Item.Status.LAPSED: recommended and not (decided or deferred) and bool(item.ended_because),
    }
    if not fits[status]:
        yield f"an item stands at “{status.label}”, which does not fit what is recorded of it."
    if item.recommendation is not None and item.recommendation.item_id != item.pk:
        yield "an item holds the recommendation of another."
    if item.process.case_id != item.case_id:
        yield "an item asks about a process of another case."
    following = item.next_item
    if following is not None and (following.process_id, following.question) != (
        item.process_id,
        item.question,
    ):
        yield "an item goes on as another question."
    if status == Item.Status.LISTED and item.sitting.status in {
        Sitting.Status.ENDED,
        Sitting.Status.CANCELLED,
    }:
        yield f"an item is open at a sitting that stands at “{item.sitting.get_status_display()}”."
    if status in Item.OPEN and _was_decided(item):
        yield "an item is open though the question has been decided."
    elif status == Item.Status.RECOMMENDED and not is_asked(item.question, item.process, item.case):
        yield "an item waits for a decision though its question is not asked any more."


def _was_decided(item: Item) -> bool:
    """True when the authority has decided the question since it was put before the panel.

    A family may withdraw while an item is listed: then the chair takes it off, and until then it
    stands.
    """
    if is_asked(item.question, item.process, item.case):
        return False
    later = item.process.decisions.filter(question=item.question, at__gt=item.referred_at)
    return later.exclude(outcome=Outcome.MORE_ADVICE).exists()


def _check_decision(decision: Decision) -> Iterator[str]:
    event = decision.event
    told = (event.case_id, event.process_id, event.kind, event.on, event.actor_id)
    kind = _event_of(decision)
    if told != (decision.case_id, decision.process_id, kind, decision.on, decision.by_id):
        yield f"the decision of {in_words(decision.on)} is not what its event tells."
    elif decision.delegation_id and event.data.get("reason", "") != decision.reasons:
        yield f"the decision of {in_words(decision.on)} has other reasons than its event."
    if decision.outcome not in OUTCOMES[decision.question]:
        yield f"the decision of {in_words(decision.on)} answers another question."
    held = decision.delegation
    if held is not None and not _covers(held, decision):
        yield f"the decision of {in_words(decision.on)} is not covered by its delegation."
    item = decision.item
    if item is None:
        return
    if (item.process_id, item.question) != (decision.process_id, decision.question):
        yield "a decision answers another item than its own."
    advised = item.recommendation
    departs = advised is not None and advised.outcome != decision.outcome
    if departs != bool(decision.departs_because):
        yield "a decision does not say rightly whether it leaves the recommendation."
    if hasattr(decision, "ratification"):
        yield "a sitting noted a decision that was taken after a panel."


def _event_of(decision: Decision) -> str:
    if decision.outside == Decision.Outside.REVERSAL or decision.delegation_id is None:
        return _REVERSED_BY[decision.question]
    return _EVENT_OF[decision.outcome]


def _covers(held: Delegation, decision: Decision) -> bool:
    whose = held.officer_id == decision.by_id and held.authority_id == decision.case.authority_id
    far_enough = held.outside_sittings or not decision.outside or decision.outside == "tribunal"
    return whose and far_enough and held.holds_on(local(decision.at).date(), decision.question)
