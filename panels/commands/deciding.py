"""Decisions: one officer, one delegation, one event that moves the law."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ehc import moments
from ehc.commands import COMMANDS, Overtaken
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.commands.guards import not_before
from ehc.dates import in_words
from ehc.models import LegalProcess, User
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, NotAllowed, can
from ehc.registry import CasePaper, Notice
from ehc.wording import STAGES
from panels.commands.base import Deed, fresh_item, lock_sitting, refuse
from panels.commands.outside_reasons import check_reason, check_reversal_day
from panels.letters.content import write_letter
from panels.models import Decision, DecisionPaper, Delegation, Item, Sitting
from panels.papers import version_of
from panels.permissions import delegations_of, has_interest
from panels.questions import (
    OUTCOMES,
    REVERSALS,
    REVERSED,
    STEP_OF,
    Outcome,
    Question,
    can_be_reversed,
    is_asked,
)

#: What a role must let somebody do for the scheme to name them.
DECIDES = (Action.DECIDE_TO_ASSESS, Action.DECIDE_TO_ISSUE)


@dataclass(frozen=True, slots=True)
class Said:
    """What the officer decides on a question: the answer, the reasons, and the day of it.

    `on` is the day of the decision; the family is told by the letter, on the day on which it goes.
    `delegation` is the one they chose where they hold several.
    """

    question: str
    outcome: str
    reasons: str
    on: date
    delegation: Delegation | None = None


def decide(
    item: Item,
    *,
    outcome: str,
    reasons: str,
    on: date,
    departs_because: str = "",
    delegation: Delegation | None = None,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
    seen: int | None = None,
) -> Decision:
    """The authority decides what a panel has advised on.

    It is the officer’s decision, under their delegation: they may depart from the recommendation,
    and then say why. The step of the law, and with it status, clock and letters, is taken in the
    same transaction. `seen` is the version of the item that the page showed.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        deed = Deed(by, today, now, lock(LegalProcess(pk=item.process_id, case_id=item.case_id)))
        if token is not None and (done := done_before(token, by=by, case=deed.case)):
            return Decision.objects.get(event=done)
        fresh = fresh_item(item, lock_sitting(item.sitting), deed.case)
        said = Said(fresh.question, outcome, reasons.strip(), on, delegation)
        under = _under(deed, said, outside=False)
        if seen is not None and seen != fresh.version:
            raise Overtaken(
                f"Somebody recorded something on this item since you opened the page: it stands at "
                f"“{fresh.get_status_display()}”. What you typed is still here; look, then send it "
                "again."
            )
        recommended = fresh.recommendation
        if fresh.status == Item.Status.LAPSED:
            refuse(f"This question is not asked any more. {fresh.ended_because}")
        if recommended is None or fresh.status != Item.Status.RECOMMENDED:
            refuse(
                f"This item stands at “{fresh.get_status_display()}”. The authority decides once "
                "the panel has made its recommendation."
            )
        if has_interest(by, fresh.process_id):
            refuse("You declared an interest in this item. Another officer must decide it.")
        _check(deed.process, said)
        if on < fresh.sitting.on:
            refuse(
                f"The panel sat on {in_words(fresh.sitting.on)}. What it recommended cannot be "
                "decided on before.",
                "on",
            )
        departs = recommended.outcome != outcome
        if departs and not departs_because.strip():
            refuse(
                f"The panel recommended “{Outcome(recommended.outcome).label}”. Say why the "
                "authority decides otherwise.",
                "departs_because",
            )
        fresh.decide()
        return _take(
            deed,
            said,
            under,
            token,
            item=fresh,
            evidence_for=recommended.evidence_for,
            evidence_against=recommended.evidence_against,
            departs_because=departs_because.strip() if departs else "",
        )


def decide_outside(
    process: LegalProcess,
    *,
    question: str,
    outcome: str,
    reasons: str,
    evidence_for: str,
    evidence_against: str = "",
    papers: Sequence[CasePaper] = (),
    outside: str,
    outside_because: str,
    on: date,
    delegation: Delegation | None = None,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
    seen: int | None = None,
) -> Decision:
    """The authority decides without a sitting, with the same record; a later one takes note of it.

    `papers` are what was considered, each kept in its exact version. An item that waits for this
    question is taken off its agenda in the same transaction; one on which the panel has spoken is
    decided there, unless the Tribunal ordered the decision. Why there was no sitting must be true
    of the case (`outside_reasons`); taking back a refusal is such a decision too. `seen` is the
    version of the process.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        deed = Deed(by, today, now, lock(process))
        if token is not None and (done := done_before(token, by=by, case=deed.case)):
            return Decision.objects.get(event=done)
        said = Said(question, outcome, reasons.strip(), on, delegation)
        if outside not in Decision.Outside.values:
            refuse("Say why this is decided without a sitting.", "outside")
        under = _under(deed, said, outside=outside != Decision.Outside.TRIBUNAL)
        if seen is not None and seen < deed.process.version:
            raise Overtaken(
                "Somebody recorded something on this case since you opened the page. What you "
                "typed is still here; look at the case, then send it again."
            )
        if has_interest(by, deed.process.pk):
            refuse("You declared an interest in this before a panel. Another officer decides it.")
        if not outside_because.strip():
            refuse("Say in a few words why it is decided without a sitting.", "outside_because")
        if not evidence_for.strip():
            refuse("Say which evidence the decision relies on.", "evidence_for")
        considered = [(each, version_of(each, deed.case, by=by, now=now)) for each in papers]
        if any(version.document.case_id != deed.case.pk for _, version in considered):
            refuse("A paper belongs to another case. Choose among the papers of this one.")
        _check(deed.process, said, reverses=outside == Decision.Outside.REVERSAL)
        check_reason(deed, question, outcome, outside, on)
        _take_off_agenda(deed, said, outside)
        _pass_the_panel(deed, said)
        made = _take(
            deed,
            said,
            under,
            token,
            outside=outside,
            outside_because=outside_because.strip(),
            evidence_for=evidence_for.strip(),
            evidence_against=evidence_against.strip(),
        )
        DecisionPaper.objects.bulk_create(
            DecisionPaper(decision=made, version=version, title=paper.title[:200])
            for paper, version in considered
        )
        return made


def _under(deed: Deed, said: Said, *, outside: bool) -> Delegation:
    """The delegation under which it is decided: the one that was chosen, if it is held."""
    held = delegations_of(deed.by, deed.case, said.question, deed.today, outside=outside)
    if said.delegation is not None:
        held = [each for each in held if each.pk == said.delegation.pk]
    if not held:
        where = " outside a sitting" if outside else ""
        raise NotAllowed(
            f"The scheme of delegation does not let you decide this{where}. Ask an officer whom it "
            "names."
        )
    then = [each for each in held if each.starts_on <= said.on]
    if not then:
        first = min(each.starts_on for each in held)
        refuse(
            f"You may decide this from {in_words(first)} on. What was decided before that day was "
            "not yours to decide.",
            "on",
        )
    return then[0]


def _check(process: LegalProcess, said: Said, *, reverses: bool = False) -> None:
    known = said.question in Question.values
    if reverses and known and can_be_reversed(said.question, process):
        offered: tuple[Outcome, ...] = (REVERSALS[said.question].outcome,)
    elif known and is_asked(said.question, process, process.case):
        offered = OUTCOMES[said.question]
    else:
        stage = STAGES[process.status].lower()
        refuse(f"This question is not asked any more: the case stands at “{stage}”.")
    if said.outcome not in offered:
        refuse("Choose what is decided.", "outcome")
    if not said.reasons:
        refuse("Give the reasons, in words the family can read.", "reasons")


def _take(
    deed: Deed, said: Said, under: Delegation, token: uuid.UUID | None, **record: Any
) -> Decision:
    """The event of the decision, which moves the law, and the row that says whose it is."""
    entry = _entry(deed, said)
    if deed.locked is None:
        raise AssertionError("A decision is about a case.")
    # Before the event: what still waits when it is written lapses (`panels.lapsing`).
    if (item := record.get("item")) is not None:
        item.version += 1
        item.save()
    event = perform(deed.locked, entry, by=deed.by, now=deed.now, token=token)
    made = Decision.objects.create(
        case=deed.case,
        process=deed.process,
        question=said.question,
        outcome=said.outcome,
        on=said.on,
        reasons=said.reasons,
        delegation=under,
        by=deed.by,
        at=deed.now,
        event=event,
        **record,
    )
    write_letter(made, deed)
    deed.write()
    return made


def _entry(deed: Deed, said: Said) -> Entry:
    """What the core’s own step leaves behind; where the law moves nothing, a record only."""
    name = STEP_OF.get(said.outcome)
    if name is not None:
        step = COMMANDS[name]
        if not can(deed.by, step.action, deed.case, deed.today):
            raise NotAllowed(f"You do not have permission to do this: {step.title.lower()}.")
        if can_be_reversed(said.question, deed.process):
            return _take_back(deed, said)
        return step.decide(
            deed.process,
            today=deed.today,
            by=deed.by,
            on=said.on,
            reason=said.reasons,
            told=False,
        )
    if not any(can(deed.by, action, deed.case, deed.today) for action in DECIDES):
        raise NotAllowed("You have no role any more in which decisions are taken here.")
    if said.on > deed.today:
        refuse("The date is in the future. Enter the date on which it was decided.", "on")
    not_before(deed.process, said.on, "request_received", "became_responsible")
    if deed.case.owner_id != deed.by.pk:
        deed.notices.append(Notice("panel_decided", case=deed.case))
    data = {
        "outcome": Outcome(said.outcome).label,
        "reason": said.reasons,
        "question": said.question,
    }
    return Entry("panel_decided", said.on, data=data)


def _take_back(deed: Deed, said: Said) -> Entry:
    """The refusal falls by the authority’s own decision; the family hears of it by the letter."""
    reversal = REVERSALS[said.question]
    check_reversal_day(deed, reversal, said.on)
    return COMMANDS[reversal.step].decide(
        deed.process,
        today=deed.today,
        by=deed.by,
        on=said.on,
        route=REVERSED,
        reason=said.reasons,
    )


def _take_off_agenda(deed: Deed, said: Said, outside: str) -> None:
    """No sitting hears what is decided; what a panel has advised is not passed over."""
    waiting = Item.objects.filter(
        process=deed.process, question=said.question, status__in=Item.OPEN
    )
    for item in waiting.select_related("sitting"):
        if item.status == Item.Status.RECOMMENDED and outside != Decision.Outside.TRIBUNAL:
            refuse(
                "A panel has made its recommendation on this. Decide there, so that the decision "
                "says whether it follows it."
            )
        item.sitting = lock_sitting(Sitting(pk=item.sitting_id))
        item.take_off()
        item.heard_at = deed.now
        item.ended_because = "Decided outside the sitting."
        item.version += 1
        item.save()


def _pass_the_panel(deed: Deed, said: Said) -> None:
    """Whether to issue is decided from the stage of the panel: a case at advice passes it now."""
    if said.question != Question.ISSUE or deed.process.status != AssessmentStatus.ADVICE:
        return
    if deed.locked is None:
        raise AssertionError("A decision is about a case.")
    if said.outcome == Outcome.MORE_ADVICE:
        refuse("This case is still at advice: ask for more advice there.", "outcome")
    entry = COMMANDS["refer_to_panel"].decide(deed.process, today=deed.today, on=said.on)
    entry.data["note"] = "Decided without a sitting."
    perform(deed.locked, entry, by=deed.by, now=deed.now)
