"""Refusals overturned and orders of the Tribunal: which clock runs (regs 42, 44 and 45).

A route is the way in which a decision was overturned; each starts the same periods from an event
of its own. An unopposed appeal runs from the authority's notice to the Tribunal: an order made
afterwards starts nothing anew, which is what `yields_to` says.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ehc.law.counting import Counting, same_day, within_weeks
from ehc.law.limits import AUTHORITY, REGULATIONS_BEGAN, Confidence, Ground, Limit, Start
from ehc.law.rulebook.assessment import OVER
from ehc.law.rulebook.common import AGREED_OTHERWISE, CORONAVIRUS, SEND, SI_2015_359, reg_10_4
from ehc.law.words import capital

_KNOWN_SECOND_HAND = "The text of this exemption is known from a publication only."


def _reg_44_3(provision: str) -> tuple[Ground, ...]:
    """The list of regulation 44(3), which regulation 45 repeats: 2 weeks of absence are enough,
    and whatever excuses a late plan under regulation 13(3) counts too."""
    cited, note = f"{SEND}, regulation {provision}", _KNOWN_SECOND_HAND
    return (
        Ground("exceptional_circumstances", cited, note=note),
        Ground("absent", cited, least_days=14, note=note),
        Ground("school_closed", f"{cited} with 13(3) and 10(4)(a) and (b)", note=note),
        CORONAVIRUS,
    )


REG_44_3 = _reg_44_3("44(3)")
DIRECTION = Ground(
    "tribunal_direction",
    f"{SEND}, regulation 44(1)",
    effect="What the Tribunal directed counts instead.",
)
CHANGED_MIND_NOTE = (
    "The Regulations set no clock for an authority that changes its mind; this is the one the "
    "Local Government and Social Care Ombudsman applies. Counted from the request, as regulation "
    "13(2) literally says, the limit would be earlier."
)


@dataclass(frozen=True, slots=True)
class Route:
    """One way in which a decision is overturned, with the provision for one of its periods."""

    fact: str
    cite: Callable[[str], str]
    grounds: tuple[Ground, ...]
    confidence: Confidence
    yields_to: tuple[str, ...] = ()
    is_unopposed: bool = False
    note: str = ""


def _ordered(subject: str, confidence: Confidence = Confidence.QUOTED) -> Route:
    return Route(
        f"tribunal_ordered_{subject}",
        lambda paragraph: f"{SEND}, regulation 44(2){paragraph}",
        (*REG_44_3, DIRECTION),
        confidence,
        yields_to=(f"tribunal_told_{subject}_unopposed",),
    )


def _unopposed(subject: str, paragraph: str, confidence: Confidence) -> Route:
    return Route(
        f"tribunal_told_{subject}_unopposed",
        lambda _: f"{SEND}, regulation {paragraph} (as substituted by SI 2015/359)",
        _reg_44_3("45(7)"),
        confidence,
        is_unopposed=True,
    )


def _mediated(subject: str) -> Route:
    return Route(
        f"mediation_agreed_{subject}",
        lambda paragraph: f"{SEND}, regulation 42(2) with 44(2){paragraph}",
        (*REG_44_3, AGREED_OTHERWISE),
        Confidence.READ,
    )


ASSESS = (
    _ordered("assessment"),
    _unopposed("assessment", "45(3) and (3A)", Confidence.READ),
    _mediated("assessment"),
)
REASSESS = (
    _ordered("reassessment"),
    _unopposed("reassessment", "45(3) and (3A)", Confidence.READ),
    _mediated("reassessment"),
)
PLAN = (
    _ordered("plan"),
    _unopposed("plan", "45(6)", Confidence.SECONDARY),
    _mediated("plan"),
)
AMEND = (
    _ordered("amendment", Confidence.SECONDARY),
    _unopposed("amendment", "45(4)", Confidence.READ),
    _mediated("amendment"),
)
PLACE = (
    _ordered("placement", Confidence.SECONDARY),
    _unopposed("placement", "45(5)", Confidence.SECONDARY),
    _mediated("placement"),
)
CHANGED_MIND = Route(
    "authority_reversed_refusal",
    lambda _: "Ombudsman's practice: Essex County Council (25 007 473)",
    reg_10_4(),
    Confidence.UNSETTLED,
    note=CHANGED_MIND_NOTE,
)
CHANGED_MIND_ON_PLAN = Route(
    "authority_reversed_refusal",
    lambda _: f"No provision; by analogy with {SEND}, regulation 44(2)(c)",
    reg_10_4(),
    Confidence.UNSETTLED,
    note=(
        "The Regulations set no clock for an authority that changes its mind about refusing a "
        "plan; the periods are those of an order to make one. Counted from the request, as "
        "regulation 13(2) literally says, the limit would be earlier."
    ),
)


def _limits(
    routes: tuple[Route, ...],
    counting: Counting,
    paragraph: str,
    *,
    code: str,
    label: str,
    duty: str,
    met_by: tuple[str, ...],
    ended_by: tuple[str, ...] = (),
    same_day_as: str = "",
    only_after: str = "",
    not_after: str = "",
) -> tuple[Limit, ...]:
    return tuple(
        Limit(
            code=code,
            label=label,
            duty=duty,
            owed_by=AUTHORITY,
            citation=route.cite(paragraph),
            starts=(Start(route.fact, counting),),
            met_by=met_by,
            ended_by=ended_by,
            grounds=route.grounds,
            replaces=True,
            yields_to=route.yields_to,
            same_day_as=same_day_as,
            only_after=only_after,
            not_after=not_after,
            in_force_from=SI_2015_359 if route.is_unopposed else REGULATIONS_BEGAN,
            confidence=route.confidence,
            note=route.note,
        )
        for route in routes
    )


_SEND_FINAL = "send the final plan to the family, the named setting and the integrated care board"
_DECIDED = ("plan_refused", "plan_agreed", "draft_served", "final_plan_sent")


def _decide_to_issue(routes: tuple[Route, ...], not_after: str = "") -> tuple[Limit, ...]:
    return _limits(
        routes,
        within_weeks(10),
        "(b)",
        code="decide_to_issue",
        label=(
            "Decide whether to issue a plan (this limit is fixed only for a decision not to issue "
            "one)"
        ),
        duty="tell the family if it decides not to issue a plan",
        met_by=_DECIDED,
        ended_by=OVER,
        not_after=not_after,
    )


def _final_plan(
    routes: tuple[Route, ...],
    weeks: int,
    paragraph: str,
    *,
    ended_by: tuple[str, ...] = OVER,
    only_after: str = "",
    not_after: str = "",
) -> tuple[Limit, ...]:
    return _limits(
        routes,
        within_weeks(weeks),
        paragraph,
        code="final_plan",
        label="Send the final plan",
        duty=_SEND_FINAL,
        met_by=("final_plan_sent",),
        ended_by=ended_by,
        only_after=only_after,
        not_after=not_after,
    )


def _draft_plan(routes: tuple[Route, ...], only_after: str = "") -> tuple[Limit, ...]:
    return _limits(
        routes,
        within_weeks(5),
        "(c)",
        code="draft_plan",
        label="Send the draft plan",
        duty="send the draft plan",
        met_by=("draft_served", "final_plan_sent"),
        ended_by=OVER,
        only_after=only_after,
    )


_AFTER_ASSESSMENT = ("plan_refused", *OVER)

ASSESSMENT_OVERTURNED = (
    *_limits(
        ASSESS,
        within_weeks(2),
        "(b)",
        code="notify_will_assess",
        label="Tell the family that it will assess",
        duty="tell the family that it will carry out an assessment",
        met_by=("assessment_agreed",),
        ended_by=OVER,
    ),
    *_decide_to_issue(ASSESS),
    *_final_plan(ASSESS, 14, "(b)", ended_by=_AFTER_ASSESSMENT),
    *_decide_to_issue((CHANGED_MIND,), not_after="plan_refused"),
    *_final_plan((CHANGED_MIND,), 14, "", ended_by=_AFTER_ASSESSMENT, not_after="plan_refused"),
)

PLAN_REFUSAL_OVERTURNED = (
    *_draft_plan(PLAN),
    *_final_plan(PLAN, 11, "(c)"),
    *_draft_plan((CHANGED_MIND_ON_PLAN,), only_after="plan_refused"),
    *_final_plan((CHANGED_MIND_ON_PLAN,), 11, "", only_after="plan_refused"),
)

REASSESSMENT_OVERTURNED = (
    *_limits(
        REASSESS,
        within_weeks(2),
        "(b)",
        code="notify_will_reassess",
        label="Tell the family that it will re-assess",
        duty="tell the family that it will carry out a re-assessment",
        met_by=("reassessment_notified",),
        ended_by=("plan_ceased",),
    ),
    *_limits(
        REASSESS,
        within_weeks(14),
        "(b)",
        code="reassessed_plan",
        label="Send the plan finalised after re-assessment",
        duty=_SEND_FINAL,
        met_by=("final_plan_sent", "amended_plan_sent"),
        ended_by=("plan_ceased",),
    ),
)

CONTENT_OVERTURNED = (
    *_limits(
        AMEND,
        within_weeks(5),
        "(e)",
        code="amend_plan",
        label="Amend the plan",
        duty="amend the plan, with the changed provision in place,",
        met_by=("amended_plan_sent",),
        ended_by=("plan_ceased",),
    ),
    *_limits(
        PLACE,
        within_weeks(2),
        "(f)",
        code="name_placement",
        label="Name the setting in the plan",
        duty="name the setting or type of setting in the plan",
        met_by=("amended_plan_sent",),
        ended_by=("plan_ceased",),
    ),
    *(
        limit
        for placed, amended in zip(PLACE, AMEND, strict=True)
        for limit in _limits(
            (replace(placed, fact=amended.fact),),
            within_weeks(5),
            "(e) and (f)",
            code="name_placement",
            label="Name the setting in the plan, together with its other changes",
            duty="name the setting in the plan together with the other changes",
            met_by=("amended_plan_sent",),
            ended_by=("plan_ceased",),
            same_day_as=placed.fact,
        )
    ),
)


def _order(
    subject: str, counting: Counting, paragraph: str, code: str, duty: str, *met_by: str
) -> Limit:
    """A limit that only an order of the Tribunal sets; the sub-paragraph is unconfirmed."""
    return Limit(
        code=code,
        label=capital(duty),
        duty=duty,
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 44(2){paragraph}",
        starts=(Start(f"tribunal_{subject}", counting),),
        met_by=met_by,
        grounds=() if counting.name == "same_day" else (*REG_44_3, DIRECTION),
        confidence=Confidence.UNCONFIRMED,
        note="The sub-paragraph of regulation 44(2) is not confirmed.",
    )


OTHER_ORDERS = (
    _order(
        "upheld_ceasing",
        same_day(),
        "(a)",
        "cease_plan",
        "cease to maintain the plan",
        "plan_ceased",
    ),
    _order(
        "ordered_reconsideration",
        within_weeks(2),
        "(d)",
        "reconsider",
        "reconsider its decision",
        "reconsidered",
    ),
    _order(
        "ordered_plan_kept",
        same_day(),
        "(g)",
        "keep_plan",
        "continue to maintain the plan",
        "plan_continued",
    ),
    _order(
        "ordered_plan_kept_and_amended",
        same_day(),
        "(h)",
        "keep_plan",
        "continue to maintain the plan",
        "plan_continued",
        "amended_plan_sent",
    ),
    _order(
        "ordered_plan_kept_and_amended",
        within_weeks(5),
        "(h)",
        "amend_plan",
        "amend the plan",
        "amended_plan_sent",
    ),
)


def _before_2015(subject: str, paragraph: str, code: str, duty: str, met_by: str) -> Limit:
    """Regulation 45 as first made, with 4 weeks where SI 2015/359 put other periods."""
    return Limit(
        code=code,
        label=capital(duty),
        duty=duty,
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation {paragraph} as originally made",
        starts=(Start(f"tribunal_told_{subject}_unopposed", within_weeks(4)),),
        met_by=(met_by,),
        in_force_until=SI_2015_359,
        confidence=Confidence.UNCONFIRMED,
        note="SI 2015/359 changed this limit; its commencement on 1 April 2015 is not confirmed.",
    )


BEFORE_2015 = (
    _before_2015(
        "assessment", "45(3)", "notify_will_assess", "start the assessment", "assessment_agreed"
    ),
    _before_2015("amendment", "45(4)", "amend_plan", "amend the plan", "amended_plan_sent"),
)

OVERTURNED = (
    *ASSESSMENT_OVERTURNED,
    *PLAN_REFUSAL_OVERTURNED,
    *CONTENT_OVERTURNED,
    *OTHER_ORDERS,
    *BEFORE_2015,
)
