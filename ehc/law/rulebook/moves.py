"""Re-assessment, and moves between authorities and care boards (regs 15, 16, 23 to 27)."""

from ehc.law.counting import (
    months_starting_with,
    same_day,
    within_days,
    within_weeks,
    working_days_beginning_with,
)
from ehc.law.limits import AUTHORITY, Confidence, Limit, MetFrom, Start
from ehc.law.rulebook.common import CFA, CORONAVIRUS, SEND, reg_10_4

NEW_AUTHORITY = "the new local authority"
PLAN_OVER = ("plan_ceased",)

REASSESSMENT = (
    Limit(
        code="reassessment_decision",
        label="Decide whether to re-assess",
        duty="tell the family whether it will re-assess",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulations 24 and 25(1)",
        starts=(Start("reassessment_requested", within_days(15)),),
        met_by=("reassessment_notified", "reassessment_refused"),
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        confidence=Confidence.SECONDARY,
        note="It may refuse if it assessed in the last 6 months.",
    ),
    Limit(
        code="reassessed_plan",
        label="Send the plan finalised after re-assessment",
        duty="send the final plan to the family, the named setting and the integrated care board",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 27(2); {CFA}, section 44(3)",
        starts=(
            Start("reassessment_notified", within_weeks(14)),
            Start("reassessment_decided", within_weeks(14)),
        ),
        met_by=("final_plan_sent", "amended_plan_sent"),
        ended_by=("reassessment_refused", *PLAN_OVER),
        grounds=reg_10_4("27(3)"),
        expected_after=("reassessment_requested",),
        not_expected_after=("reassessment_refused", *PLAN_OVER),
        confidence=Confidence.READ,
        note="It runs from the authority's notice that it will re-assess, not from the request.",
    ),
)

MOVES = (
    Limit(
        code="transfer_plan",
        label="Transfer the plan to the new authority",
        duty="transfer the plan to the new authority",
        owed_by="the old local authority",
        citation=f"{SEND}, regulation 15(2)",
        starts=(
            Start("moved", same_day()),
            Start("old_authority_aware_of_move", working_days_beginning_with(15)),
        ),
        met_by=("plan_transferred",),
        met_from=MetFrom.FIRST_START,
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        confidence=Confidence.READ,
        note=(
            "The plan goes over on the day of the move if the old authority knew of it at least "
            "15 working days before, and otherwise within 15 working days beginning with the day "
            "it became aware. What the new authority knew does not count."
        ),
    ),
    Limit(
        code="tell_family_of_transfer",
        label="Tell the family of the transfer",
        duty=(
            "tell the family that the plan was transferred, whether it will assess, and when it "
            "will review the plan"
        ),
        owed_by=NEW_AUTHORITY,
        citation=f"{SEND}, regulation 15(4)",
        starts=(Start("plan_transferred", within_weeks(6)),),
        met_by=("family_told_of_transfer",),
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        expected_after=("moved", "old_authority_aware_of_move"),
        not_expected_after=PLAN_OVER,
        confidence=Confidence.READ,
    ),
    Limit(
        code="first_review_after_transfer",
        label="Review the transferred plan",
        duty="review the plan",
        owed_by=NEW_AUTHORITY,
        citation=f"{SEND}, regulation 15(5)",
        starts=(
            Start("plan_made", months_starting_with(12)),
            Start("plan_last_reviewed", months_starting_with(12)),
            Start("plan_transferred", months_starting_with(3)),
        ),
        requires=("plan_transferred",),
        met_by=("review_decided",),
        met_from=MetFrom.AFTER_START,
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        expected_after=("moved", "old_authority_aware_of_move"),
        not_expected_after=PLAN_OVER,
        confidence=Confidence.UNCONFIRMED,
        note="The text was read for the 12 months; the 3 months from the transfer are unconfirmed.",
    ),
    Limit(
        code="tell_new_icb",
        label="Tell the new integrated care board",
        duty="tell the new board that it became responsible",
        owed_by="the old integrated care board",
        citation=f"{SEND}, regulation 16",
        starts=(
            Start("icb_changed", same_day()),
            Start("old_icb_aware_of_change", working_days_beginning_with(15)),
        ),
        met_by=("new_icb_told",),
        met_from=MetFrom.FIRST_START,
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        confidence=Confidence.UNCONFIRMED,
        note="Known from a publication only; the number of the regulation is unconfirmed.",
    ),
    Limit(
        code="icb_review_request",
        label="Ask the authority to assess or review",
        duty="ask the local authority to assess again or to review the plan",
        owed_by="the new integrated care board",
        citation=f"{SEND}, regulation 16",
        starts=(Start("new_icb_cannot_provide", working_days_beginning_with(15)),),
        met_by=("icb_asked_for_review",),
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        confidence=Confidence.UNCONFIRMED,
        note="Known from a publication only; the number of the regulation is unconfirmed.",
    ),
)
