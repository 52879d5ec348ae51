"""Annual review, amendment and phase transfer (section 44; SEND Regulations, regs 18 to 28)."""

from ehc.law.counting import (
    before_day_of_that_year,
    months_before,
    months_starting_with,
    weeks_before,
    within_weeks,
)
from ehc.law.limits import AUTHORITY, Confidence, Limit, MetFrom, Start
from ehc.law.rulebook.assessment import AMENDMENT_REPRESENTATIONS
from ehc.law.rulebook.common import CFA, CORONAVIRUS, SEND

PLAN_OVER = ("plan_ceased",)
ARRANGER = "the person who arranges the review meeting"
_PHASE_NOTE = "Practice often says “by” that day; the Regulations say “before” it."

REVIEW = (
    Limit(
        code="annual_review",
        label="Complete the annual review",
        duty="complete the review of the plan, which means to decide and not only to meet,",
        owed_by=AUTHORITY,
        citation=f"{CFA}, section 44(1)",
        starts=(
            Start("plan_made", months_starting_with(12)),
            Start("plan_last_reviewed", months_starting_with(12)),
        ),
        met_by=("review_decided",),
        met_from=MetFrom.AFTER_START,
        ended_by=("plan_ceased", "plan_transferred"),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.QUOTED,
        note="To decide in time, hold the meeting at least 4 weeks before that date.",
    ),
    Limit(
        code="review_meeting_notice",
        label="Give notice of the review meeting",
        duty="give notice of the review meeting",
        owed_by=ARRANGER,
        citation=f"{SEND}, regulations 20(3) and 21(3)",
        starts=(Start("review_meeting_planned", weeks_before(2)),),
        met_by=("review_meeting_notified",),
        met_from=MetFrom.YEAR_BEFORE,
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        confidence=Confidence.READ,
    ),
    Limit(
        code="review_papers",
        label="Circulate the advice for the review meeting",
        duty="obtain advice and circulate it to everyone invited",
        owed_by=ARRANGER,
        citation=f"{SEND}, regulations 20(4) and 21(4)",
        starts=(Start("review_meeting_planned", weeks_before(2)),),
        met_by=("review_papers_circulated",),
        met_from=MetFrom.YEAR_BEFORE,
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        confidence=Confidence.READ,
    ),
    Limit(
        code="review_report",
        label="Send the report of the review meeting",
        duty="send the report of the review meeting to everyone invited",
        owed_by="the head teacher or principal (the local authority where it holds the meeting)",
        citation=f"{SEND}, regulations 20(7), 20(8) and 21(7)",
        starts=(Start("review_meeting", within_weeks(2)),),
        met_by=("review_report_sent",),
        ended_by=PLAN_OVER,
        awaited_until=("review_decided",),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.SECONDARY,
        note="The text of regulation 21(7) was read, that of regulation 20 was not.",
    ),
    Limit(
        code="review_decision",
        label="Decide to keep, amend or cease the plan",
        duty="tell the family whether it will keep, amend or cease the plan",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulations 20(10) and 21(8)",
        starts=(Start("review_meeting", within_weeks(4)),),
        met_by=("review_decided",),
        ended_by=PLAN_OVER,
        grounds=(CORONAVIRUS,),
        confidence=Confidence.SECONDARY,
        note="It runs from the meeting, not from the report of it.",
    ),
    Limit(
        code="amendment_notice",
        label="Send the amendment notice with the proposed changes, if the plan is to be amended",
        duty="send the amendment notice with the proposed changes, if it decides to amend,",
        owed_by=AUTHORITY,
        citation=(
            f"{SEND}, regulation 22(2)(a) with regulation 20(10); R (L, M and P) v Devon "
            "[2022] EWHC 493 (Admin)"
        ),
        starts=(Start("review_meeting", within_weeks(4)),),
        met_by=("amendment_notice_sent", "amendment_notice_served"),
        ended_by=("plan_kept_unchanged", *PLAN_OVER),
        # Until the authority has decided, what is awaited is the decision, due on the same day.
        awaited_after=("review_decided",),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.SECONDARY,
        note="There is this duty only if the authority decides to amend the plan.",
    ),
    AMENDMENT_REPRESENTATIONS,
    Limit(
        code="amended_plan",
        label="Send the amended plan",
        duty="send the amended plan to the family, the named setting and the integrated care board",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 22(3) (regulation 28 where there was no review)",
        starts=(Start("amendment_notice_sent", within_weeks(8)),),
        met_by=("amended_plan_sent",),
        ended_by=("amendment_dropped", *PLAN_OVER),
        grounds=(CORONAVIRUS,),
        expected_after=("review_meeting",),
        not_expected_after=("plan_kept_unchanged", "amended_plan_sent", *PLAN_OVER),
        confidence=Confidence.READ,
        note="It runs from the day the notice was sent, not from the decision.",
    ),
    Limit(
        code="amendment_dropped_notice",
        label="Tell the family that the plan will not be amended after all",
        duty="tell the family, with reasons, that it will not amend the plan after all,",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 22(4)",
        starts=(Start("amendment_notice_sent", within_weeks(8)),),
        requires=("amendment_dropped",),
        met_by=("amendment_dropped",),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.UNCONFIRMED,
        note="The 8 weeks of regulation 22(4) are not confirmed against its text.",
    ),
)

PHASE_TRANSFER = (
    *(
        Limit(
            code="phase_transfer",
            label=label,
            duty="review the plan and, where necessary, amend it for the move,",
            owed_by=AUTHORITY,
            citation=f"{SEND}, regulation {paragraph}",
            starts=(Start(fact, counting),),
            met_by=("amended_plan_sent", "plan_kept_unchanged", "amendment_dropped"),
            met_from=MetFrom.YEAR_BEFORE,
            ended_by=PLAN_OVER,
            grounds=(CORONAVIRUS,),
            confidence=Confidence.READ,
            note=note,
        )
        for fact, paragraph, label, counting, note in (
            (
                "phase_transfer",
                "18(1)",
                "Review and amend the plan before a phase transfer",
                before_day_of_that_year(15, 2, "15 February"),
                _PHASE_NOTE,
            ),
            (
                "phase_transfer_to_post16",
                "18(1)",
                "Review and amend the plan before the move to a post-16 institution",
                before_day_of_that_year(31, 3, "31 March"),
                _PHASE_NOTE,
            ),
            (
                "post16_transfer",
                "18(2)",
                "Review and amend the plan before a move between post-16 institutions",
                months_before(5),
                "",
            ),
        )
    ),
)
