"""Why each share of a delay is whose it is, in sentences a parent could read."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import NamedTuple

from advice.attribution import Asked, Attribution, Stretch
from advice.attribution_shares import Owner, Part, Share
from advice.phases import Phase
from ehc.law.words import count_words, day_words
from ehc.wording import listed

#: What the owners are called where no body is named.
OWNER_WORDS: Mapping[str, str] = {
    Owner.AUTHORITY: "The authority",
    Owner.SERVICE: "A service",
    Owner.SETTING: "The school, college or other setting",
    Owner.FAMILY: "The family",
    Owner.EXEMPTION: "An exemption that was claimed",
}
PHASE_WORDS: Mapping[str, str] = {
    Phase.DECIDE: "Decide whether to assess",
    Phase.ASK: "Ask for advice",
    Phase.ADVICE: "Ask for advice and receive it",
    Phase.ISSUE: "Decide whether to issue a plan",
    Phase.DRAFT: "Draft the plan and serve it",
    Phase.SEND: "Send the final plan",
}
_DONE = {
    Phase.DECIDE: ("the authority told the family whether it will assess", "has not yet decided"),
    Phase.ISSUE: ("the authority decided whether to issue a plan", "has not yet decided"),
    Phase.DRAFT: ("the draft plan was served", "has not served it yet"),
    Phase.SEND: ("the final plan was sent", "has not sent it yet"),
}


class Told(NamedTuple):
    """One share with its sentence."""

    share: Share
    sentence: str


def explain(attribution: Attribution) -> tuple[Told, ...]:
    """Each share with its reason, in the order of the phases."""
    return tuple(Told(share, _sentence(attribution, share)) for share in attribution.shares)


def owner_words(owner: str, label: str, names: Mapping[str, str]) -> str:
    """What an owner is called: a body by its name."""
    return names.get(label, label) if label else OWNER_WORDS[owner]


def _sentence(attribution: Attribution, share: Share) -> str:
    if share.label:
        why = _of_body(attribution, share)
    elif share.owner == Owner.FAMILY:
        why = _of_family(attribution)
    elif share.owner == Owner.EXEMPTION:
        why = _of_exemption(share)
    elif share.phase == Phase.ASK:
        why = _of_asking(attribution)
    else:
        why = _of_phase(attribution, share.phase)
    days = count_words(attribution.days, "day")
    if share.days == attribution.days:
        return f"{'The one day' if attribution.days == 1 else f'All {days}'}: {why}"
    return f"{share.days} of the {days}: {why}"


def _of_body(attribution: Attribution, share: Share) -> str:
    (body,) = (a for a in attribution.asked if a.label == share.label)
    late = ((body.given_on or body.closed_on or attribution.end) - body.due_on).days
    words = f"advice from {body.name} was due on {day_words(body.due_on)} and {_came(body)}."
    part = attribution.parts[share.label]
    if late == part.days and not part.shared:
        return words
    so_far = "was" if body.given_on or body.closed_on else "is"
    words += f" It {so_far} {count_words(late, 'day')} late."
    words += _without_delay(attribution, body, late, part)
    if part.shared:
        names = {a.label: a.name for a in attribution.asked}
        others = sorted(
            names[label] if label else OWNER_WORDS[owner].replace("The ", "the ", 1)
            for owner, label in part.others
        )
        words += (
            f" On {_days_of(part.shared)}, {listed(others)} held the case up as well: each bears "
            "an equal part of them."
        )
    return words


def _without_delay(attribution: Attribution, body: Asked, late: int, part: Part) -> str:
    """Why a body does not bear every day by which it was late."""
    words = ""
    if nothing := late - part.days - part.made_up:
        reasons = " or ".join(_reasons(attribution, body, late, nothing))
        words += f" On {_days_of(nothing)} it delayed nothing: {reasons}."
    if part.made_up:
        made = "made up" if attribution.is_met else "made up, or may still make up,"
        words += f" Later steps {made} {_days_of(part.made_up)}."
    return words


def _reasons(attribution: Attribution, body: Asked, late: int, nothing: int) -> Iterator[str]:
    """What may have been on the days of its lateness that cost nothing."""
    advice = next(s for s in attribution.stretches if s.phase == Phase.ADVICE)
    last = body.due_on + timedelta(late)
    in_hand = (min(advice.ended - timedelta(max(advice.change, 0)), last) - body.due_on).days
    beyond = (last - max(advice.ended, body.due_on)).days
    if in_hand > 0:
        yield "there was time in hand then"
    if beyond > 0:
        yield "the case went on without it"
    if nothing > max(in_hand, 0) + max(beyond, 0):
        yield "it could not help the wait"


def _days_of(number: int) -> str:
    """So many of the days by which a body was late."""
    return f"{number} of these days" if number > 1 else "one of these days"


def _came(body: Asked) -> str:
    if body.given_on is not None:
        return f"came on {day_words(body.given_on)}"
    if body.closed_on is not None:
        return f"never came; the request was closed on {day_words(body.closed_on)}"
    return "has not come"


def _of_family(attribution: Attribution) -> str:
    whose = [a.name for a in attribution.asked if _was_late(a, attribution)]
    return (
        f"{listed(whose) if whose else 'The services'} could not see the child in time, because "
        "an appointment was not kept or the child was away."
    )


def _of_exemption(share: Share) -> str:
    phase = PHASE_WORDS[share.phase].lower()
    return (
        f"the Regulations excuse them. The authority has claimed an exemption for a time that fell "
        f"into this step: {phase}."
    )


def _of_asking(attribution: Attribution) -> str:
    decided = next((s for s in attribution.stretches if s.phase == Phase.DECIDE), None)
    late = [
        f"{a.name} on {day_words(a.received_on)}"
        for a in attribution.asked
        if decided is not None and a.received_on > max(decided.ended, decided.should_end)
    ]
    after = f" The decision to assess was made on {day_words(decided.ended)}." if decided else ""
    if not late:
        return f"the authority has not asked for the advice that was needed.{after}"
    return f"the authority asked late for advice: {listed(late)}.{after}"


def _of_phase(attribution: Attribution, phase: Phase) -> str:
    stretch = next(s for s in attribution.stretches if s.phase == phase)
    done, not_yet = _DONE[phase]
    if not stretch.is_over:
        return (
            f"the authority {not_yet}. With the time that each step may take it was due by "
            f"{_before(stretch)}."
        )
    made = f"{done} on {day_words(stretch.ended)}"
    return f"{made}; with the time that each step may take it was due by {_before(stretch)}."


def _before(stretch: Stretch) -> str:
    """The day by which it should have been done, and what earlier steps had put back already."""
    earlier = stretch.slippage - stretch.change
    planned = day_words(stretch.should_end)
    if earlier <= 0:
        return planned
    return f"{planned}, and the steps before it were {count_words(earlier, 'day')} late already"


def _was_late(body: Asked, attribution: Attribution) -> bool:
    return (body.given_on or body.closed_on or attribution.end) > body.due_on
