"""From the request to the final plan (SEND Regulations 2014, regs 5 to 13)."""

from ehc.law.counting import days_beginning_with, within_days, within_weeks
from ehc.law.limits import AUTHORITY, Confidence, Limit, Start
from ehc.law.rulebook.common import CFA, REG_5_4, REG_8_2, SEND, reg_10_4

UNDER_WAY = ("request_received", "became_responsible")
OVER = ("request_withdrawn", "responsibility_ended")


_TWO_WAYS_IN = (
    "The Regulations do not say which of the two counts when both have happened, so whoever wants "
    "to be safe keeps to the earlier end."
)


def _from_request(weeks: int) -> tuple[Start, ...]:
    """Both ways in. Where both are recorded the later counts: an authority that got a request
    before it was responsible could not decide on it, and one that was responsible long before
    owes a decision on the new request."""
    return tuple(Start(name, within_weeks(weeks)) for name in UNDER_WAY)


ASSESSMENT = (
    Limit(
        code="decide_to_assess",
        label="Decide whether to assess",
        duty="tell the family whether it will carry out an assessment",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 5(1); {CFA}, section 36",
        starts=_from_request(6),
        starts_note=_TWO_WAYS_IN,
        met_by=("assessment_agreed", "assessment_refused"),
        ended_by=OVER,
        grounds=REG_5_4,
        confidence=Confidence.READ,
    ),
    Limit(
        code="advice",
        label="Give advice for the assessment",
        duty="give its advice for the assessment",
        owed_by="the service or body asked for advice",
        citation=f"{SEND}, regulation 8(1)",
        starts=(Start("advice_requested", within_weeks(6)),),
        met_by=("advice_received",),
        # Regulation 6(4) forbids to seek what an existing report gives. That a body wrongly asked,
        # or one that has closed, owes nothing more is practice: the duty to obtain the advice is
        # the authority's under regulation 6(1), and remains until somebody is asked.
        ended_by=(*OVER, "advice_no_longer_sought"),
        grounds=REG_8_2,
        per_label=True,
        awaited_until=("final_plan_sent", "plan_refused"),
        expected_after=UNDER_WAY,
        not_expected_after=("assessment_refused", "plan_refused", "final_plan_sent", *OVER),
        confidence=Confidence.QUOTED,
        note="A school holiday does not excuse late advice: regulation 8(2) does not list it.",
    ),
    Limit(
        code="decide_to_issue",
        label=(
            "Decide whether to issue a plan (the Regulations fix this limit only for a decision "
            "not to issue one)"
        ),
        duty="tell the family if it decides not to issue a plan",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 10(1); {CFA}, section 36(9)",
        starts=_from_request(16),
        starts_note=_TWO_WAYS_IN,
        met_by=("plan_refused", "plan_agreed", "draft_served", "final_plan_sent"),
        ended_by=("assessment_refused", *OVER),
        grounds=reg_10_4(),
        confidence=Confidence.READ,
        note=(
            "No regulation dates a decision to issue or the draft; the courts and the Ombudsman "
            "treat 16 weeks as the point of decision (R (JSC) v Cambridgeshire [2026] EWHC 68)."
        ),
    ),
    Limit(
        code="consultation_reply",
        label="Reply to the consultation about naming a setting",
        duty="reply to the consultation about being named in the plan",
        owed_by="the school, college or other setting consulted",
        citation=f"SEND Code of Practice 2015, paragraph 9.83; {CFA}, sections 39 and 40",
        starts=(Start("setting_consulted", within_days(15)),),
        met_by=("consultation_reply_received",),
        ended_by=OVER,
        per_label=True,
        awaited_until=("final_plan_sent", "amended_plan_sent"),
        confidence=Confidence.SECONDARY,
        note="This is guidance: the authority must decide even without a reply.",
    ),
    Limit(
        code="representations",
        label="Time for the family's comments on the draft plan",
        duty="give the family time to comment on the draft plan",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 13(1)(a); {CFA}, section 38(2)(b)",
        starts=(Start("draft_served", days_beginning_with(15)),),
        met_by=("final_plan_sent",),
        ended_by=OVER,
        floor=True,
        consent="early_finalisation_agreed",
        expected_after=UNDER_WAY,
        not_expected_after=("assessment_refused", "plan_refused", "final_plan_sent", *OVER),
        confidence=Confidence.READ,
    ),
    Limit(
        code="final_plan",
        label="Send the final plan",
        duty="send the final plan to the family, the named setting and the integrated care board",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 13(2)",
        starts=_from_request(20),
        starts_note=_TWO_WAYS_IN,
        met_by=("final_plan_sent",),
        ended_by=("assessment_refused", "plan_refused", *OVER),
        grounds=reg_10_4("13(3)"),
        confidence=Confidence.READ,
        note="A missed appointment does not excuse a late plan: regulation 13(3) does not list it.",
    ),
)

AMENDMENT_REPRESENTATIONS = Limit(
    code="representations",
    label="Time for the family's comments on the proposed changes",
    duty="give the family time to comment on the proposed changes",
    owed_by=AUTHORITY,
    citation=f"{SEND}, regulation 22(2)(c)",
    starts=(Start("amendment_notice_served", days_beginning_with(15)),),
    met_by=("amended_plan_sent",),
    ended_by=("amendment_dropped", "plan_ceased"),
    floor=True,
    consent="early_finalisation_agreed",
    expected_after=("review_meeting",),
    not_expected_after=("plan_kept_unchanged", "amended_plan_sent", "plan_ceased"),
    confidence=Confidence.READ,
)
