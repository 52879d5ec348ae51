"""Mediation and the Tribunal (SEND Regulations 2014, regs 32 to 42; HESC Rules 2008)."""

from datetime import date

from ehc.law.counting import (
    Counting,
    months_after,
    tribunal_months,
    tribunal_months_not_counting_breaks,
    tribunal_working_days,
    within_days,
    within_weeks,
    working_days_after,
)
from ehc.law.limits import (
    AUTHORITY,
    FAMILY,
    REGULATIONS_BEGAN,
    Confidence,
    Limit,
    MetFrom,
    Start,
)
from ehc.law.rulebook.common import (
    AGREED_OTHERWISE,
    CFA,
    CORONAVIRUS,
    HESC,
    SEND,
    SI_2017_1306,
    TRIBUNAL_RULES_2020,
)

_NUMBER_NOTE = "The number of the regulation is not confirmed."
MEDIATED = (
    "mediation_held",
    "mediation_agreed_assessment",
    "mediation_agreed_plan",
    "mediation_agreed_amendment",
    "mediation_agreed_placement",
    "mediation_agreed_reassessment",
    "mediation_agreed_other",
)

MEDIATION = (
    Limit(
        code="contact_mediation",
        label="Contact the mediation adviser",
        duty="contact the mediation adviser",
        owed_by=FAMILY,
        citation=f"{SEND}, regulation 33; {CFA}, section 55",
        starts=(Start("decision_notice_sent", months_after(2)),),
        met_by=(
            "mediation_adviser_contacted",
            "mediation_declined",
            "mediation_requested",
            "health_mediation_requested",
            "mediation_certificate_issued",
        ),
        confidence=Confidence.READ,
        note="It is not needed for an appeal about the named setting alone.",
    ),
    Limit(
        code="mediation_certificate",
        label="Issue the mediation certificate",
        duty="issue the mediation certificate",
        owed_by="the mediation adviser",
        citation=f"{SEND}, regulations 34, 36 and 39; {CFA}, section 55(5)",
        starts=(
            Start("mediation_declined", working_days_after(3)),
            Start("mediation_not_arranged", working_days_after(3)),
            Start("mediation_held", working_days_after(3)),
        ),
        met_by=("mediation_certificate_issued",),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.UNCONFIRMED,
        note="The 3 working days are not confirmed against the text.",
    ),
    Limit(
        code="tell_icb_of_mediation",
        label="Tell the integrated care board of the mediation",
        duty="tell the integrated care board what the family wants to mediate about health",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 35",
        starts=(Start("health_mediation_requested", working_days_after(3)),),
        met_by=("icb_told_of_mediation", "icb_told_of_health_only_mediation"),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.SECONDARY,
        note=_NUMBER_NOTE,
    ),
    Limit(
        code="arrange_mediation",
        label="Arrange mediation",
        duty="arrange mediation and take part in it",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 36",
        starts=(Start("mediation_requested", within_days(30)),),
        met_by=MEDIATED,
        ended_by=("mediation_not_arranged",),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.SECONDARY,
        note=_NUMBER_NOTE,
    ),
    Limit(
        code="arrange_health_mediation",
        label="Arrange mediation about health",
        duty="arrange mediation and take part in it, where it is about health only,",
        owed_by="the integrated care board",
        citation=f"{SEND}, regulation 35",
        starts=(Start("icb_told_of_health_only_mediation", within_days(30)),),
        met_by=("health_mediation_held", "health_mediation_agreed"),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.SECONDARY,
        note=_NUMBER_NOTE,
    ),
    Limit(
        code="carry_out_agreement",
        label="Do what was agreed in mediation",
        duty="do what was agreed on a matter that cannot be appealed",
        owed_by=AUTHORITY,
        citation=f"{SEND}, regulation 42(3)",
        starts=(Start("mediation_agreed_other", within_weeks(2)),),
        met_by=("agreement_carried_out",),
        grounds=(AGREED_OTHERWISE, CORONAVIRUS),
        confidence=Confidence.READ,
    ),
    Limit(
        code="tell_authority_of_agreement",
        label="Tell the authority what was agreed",
        duty="tell the local authority what was agreed, if the authority took no part,",
        owed_by="the integrated care board",
        citation=f"{SEND}, regulation 42(4)",
        starts=(Start("health_mediation_agreed", within_weeks(1)),),
        met_by=("authority_told_of_agreement",),
        grounds=(CORONAVIRUS,),
        confidence=Confidence.READ,
    ),
)


def _appeal(
    notice: Counting, certificate: Counting, confidence: Confidence, note: str = ""
) -> Limit:
    return Limit(
        code="appeal",
        label="Appeal to the Tribunal",
        duty="see to it that the Tribunal receives the appeal",
        owed_by=FAMILY,
        citation=f"{HESC}, rules 20(1)(c) and 12",
        starts=(
            Start("decision_notice_sent", notice),
            Start("mediation_certificate_issued", certificate),
        ),
        met_by=("appeal_received",),
        met_from=MetFrom.FIRST_START,
        in_force_from=(
            TRIBUNAL_RULES_2020 if notice.name == "tribunal_months" else REGULATIONS_BEGAN
        ),
        in_force_until=date.max if notice.name == "tribunal_months" else TRIBUNAL_RULES_2020,
        confidence=confidence,
        note=note,
    )


TRIBUNAL = (
    _appeal(tribunal_months(2), tribunal_months(1), Confidence.READ),
    _appeal(
        tribunal_months_not_counting_breaks(2),
        tribunal_months_not_counting_breaks(1),
        Confidence.UNCONFIRMED,
        "How the rule counted before 21 July 2020 is not confirmed.",
    ),
    Limit(
        code="tribunal_response",
        label="Respond to the appeal",
        duty="send its response to the Tribunal",
        owed_by=AUTHORITY,
        citation=f"{HESC}, rules 21 and 12",
        starts=(Start("appeal_sent_to_authority", tribunal_working_days(30)),),
        met_by=("tribunal_response_sent",),
        confidence=Confidence.SECONDARY,
        note="The number of the rule is not confirmed.",
    ),
    Limit(
        code="recommendation_reply",
        label="Reply to the Tribunal's recommendation",
        duty="reply in writing with the steps it will take, or its reasons for taking none,",
        owed_by="the integrated care board or the authority's social care service",
        citation="Special Educational Needs and Disability (First-tier Tribunal Recommendations "
        "Power) Regulations 2017 (SI 2017/1306)",
        starts=(Start("tribunal_recommendation", within_weeks(5)),),
        met_by=("recommendation_reply",),
        per_label=True,
        in_force_from=SI_2017_1306,
        confidence=Confidence.SECONDARY,
        note="The number of the regulation is not confirmed.",
    ),
)
