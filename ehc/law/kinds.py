"""The kinds of fact that the law's clocks know, with words a person can read."""

from dataclasses import dataclass
from typing import Literal

SETTING_PREFIX = "setting_"
"""Begins the label of advice from one setting among several, told apart by what follows."""

Shape = Literal["day", "period", "day each", "ground day", "ground day each", "ground period"]


@dataclass(frozen=True, slots=True)
class FactKind:
    """A kind of fact.

    `label` is a clause that can begin or end a sentence; `{label}` in it stands for the service or
    body the fact is about.
    """

    name: str
    label: str
    shape: Shape = "day"

    @property
    def is_period(self) -> bool:
        """Whether the fact has a first day after it."""
        return self.shape == "ground period"

    @property
    def is_labelled(self) -> bool:
        """Whether there are several, told apart by a label."""
        return self.shape.endswith("each")

    @property
    def is_ground(self) -> bool:
        """Whether the fact may excuse a missed limit."""
        return self.shape.startswith("ground")

    def sentence(self, label: str = "") -> str:
        """The clause about one service or body; the same clause where there is only one."""
        return self.label.format(label=label.removeprefix(SETTING_PREFIX).replace("_", " "))


_ASSESSMENT = (
    FactKind("request_received", "the authority received the request for an assessment"),
    FactKind(
        "became_responsible", "the authority became responsible for the child or young person"
    ),
    FactKind("assessment_agreed", "the authority told the family that it will assess"),
    FactKind("assessment_refused", "the authority told the family that it will not assess"),
    FactKind("advice_requested", "advice was requested from {label}", "day each"),
    FactKind("advice_received", "the advice of {label} was received", "day each"),
    FactKind("advice_no_longer_sought", "advice was no longer sought from {label}", "day each"),
    FactKind("plan_agreed", "the authority decided to issue a plan"),
    FactKind("plan_refused", "the authority told the family that it will not issue a plan"),
    FactKind("draft_served", "the draft plan was served on the family"),
    FactKind("setting_consulted", "{label} was consulted about being named", "day each"),
    FactKind("consultation_reply_received", "{label} replied to the consultation", "day each"),
    FactKind("early_finalisation_agreed", "the family agreed that the plan may be finalised early"),
    FactKind("final_plan_sent", "the final plan was sent"),
    FactKind("request_withdrawn", "the request was withdrawn"),
    FactKind("responsibility_ended", "the authority stopped being responsible"),
)

_OVERTURNED = (
    FactKind("tribunal_ordered_assessment", "the Tribunal ordered an assessment"),
    FactKind(
        "tribunal_told_assessment_unopposed",
        "the authority told the Tribunal that it will not oppose the appeal for an assessment",
    ),
    FactKind("mediation_agreed_assessment", "mediation ended in agreement to assess"),
    FactKind("authority_reversed_refusal", "the authority changed its mind about its refusal"),
    FactKind("tribunal_ordered_plan", "the Tribunal ordered a plan to be made"),
    FactKind(
        "tribunal_told_plan_unopposed",
        "the authority told the Tribunal that it will not oppose the appeal for a plan",
    ),
    FactKind("mediation_agreed_plan", "mediation ended in agreement to make a plan"),
    FactKind("tribunal_ordered_amendment", "the Tribunal ordered the plan to be amended"),
    FactKind(
        "tribunal_told_amendment_unopposed",
        "the authority told the Tribunal that it will not oppose the appeal about content",
    ),
    FactKind("mediation_agreed_amendment", "mediation ended in agreement to amend the plan"),
    FactKind("tribunal_ordered_placement", "the Tribunal ordered a setting to be named"),
    FactKind(
        "tribunal_told_placement_unopposed",
        "the authority told the Tribunal that it will not oppose the appeal about the setting",
    ),
    FactKind("mediation_agreed_placement", "mediation ended in agreement about the setting"),
    FactKind("tribunal_ordered_reassessment", "the Tribunal ordered a re-assessment"),
    FactKind(
        "tribunal_told_reassessment_unopposed",
        "the authority told the Tribunal that it will not oppose the appeal for a re-assessment",
    ),
    FactKind("mediation_agreed_reassessment", "mediation ended in agreement to re-assess"),
    FactKind(
        "tribunal_ordered_reconsideration", "the Tribunal ordered the authority to reconsider"
    ),
    FactKind("reconsidered", "the authority reconsidered"),
    FactKind("tribunal_ordered_plan_kept", "the Tribunal ordered the plan to be kept"),
    FactKind(
        "tribunal_ordered_plan_kept_and_amended",
        "the Tribunal ordered the plan to be kept and amended",
    ),
    FactKind("plan_continued", "the authority carried on with the plan"),
    FactKind(
        "tribunal_upheld_ceasing", "the Tribunal dismissed the appeal against ceasing the plan"
    ),
    FactKind("plan_ceased", "the plan ceased"),
    FactKind(
        "tribunal_recommendation", "the Tribunal made a recommendation to {label}", "day each"
    ),
    FactKind("recommendation_reply", "{label} replied to the recommendation", "day each"),
)

_GROUNDS = (
    FactKind("school_closed", "the school or other setting was closed", "ground period"),
    FactKind("absent", "the family was absent from the area", "ground period"),
    FactKind(
        "exceptional_circumstances",
        "exceptional circumstances affected the child, parent or young person",
        "ground period",
    ),
    FactKind(
        "appointment_missed", "an appointment made by {label} was not kept", "ground day each"
    ),
    FactKind(
        "coronavirus", "coronavirus made it impractical to keep the time limit", "ground period"
    ),
    FactKind(
        "mediation_timescale_agreed",
        "the parties to the mediation agreed another timescale in writing",
        "ground day",
    ),
    FactKind("tribunal_direction", "the Tribunal directed another timescale", "ground day"),
)

_REVIEW = (
    FactKind("plan_made", "the plan was first made"),
    FactKind("plan_last_reviewed", "the plan was last reviewed"),
    FactKind("review_meeting_planned", "the review meeting is to be held"),
    FactKind("review_meeting_notified", "everyone invited was given notice of the review meeting"),
    FactKind("review_papers_circulated", "the advice for the review meeting was circulated"),
    FactKind("review_meeting", "the review meeting took place"),
    FactKind("review_report_sent", "the report of the review meeting was sent"),
    FactKind("review_decided", "the authority told the family its decision on the review"),
    FactKind("plan_kept_unchanged", "the authority decided to leave the plan as it is"),
    FactKind("amendment_notice_served", "the amendment notice was served on the family"),
    FactKind("amendment_notice_sent", "the amendment notice and the proposed changes were sent"),
    FactKind("amendment_dropped", "the authority told the family that it will not amend after all"),
    FactKind("amended_plan_sent", "the amended plan was sent"),
    FactKind("phase_transfer", "the child is to move to the next phase of education"),
    FactKind(
        "phase_transfer_to_post16",
        "the young person is to move from secondary school to a post-16 institution",
    ),
    FactKind("post16_transfer", "the young person is to move between post-16 institutions"),
)

_OTHER = (
    FactKind("reassessment_requested", "the authority received the request for a re-assessment"),
    FactKind("reassessment_notified", "the authority told the family that it will re-assess"),
    FactKind("reassessment_refused", "the authority told the family that it will not re-assess"),
    FactKind("reassessment_decided", "the authority decided of its own motion to re-assess"),
    FactKind("decision_notice_sent", "the written notice of the decision was sent to the family"),
    FactKind("mediation_adviser_contacted", "the family contacted the mediation adviser"),
    FactKind("mediation_declined", "the family told the mediation adviser it will not mediate"),
    FactKind("mediation_certificate_issued", "the mediation certificate was issued"),
    FactKind("mediation_requested", "the family told the authority that it wants mediation"),
    FactKind(
        "health_mediation_requested",
        "the family told the authority that it wants mediation about health",
    ),
    FactKind(
        "icb_told_of_mediation", "the authority told the integrated care board of the mediation"
    ),
    FactKind(
        "icb_told_of_health_only_mediation",
        "the authority told the integrated care board that the mediation is about health only",
    ),
    FactKind("health_mediation_held", "the mediation about health took place"),
    FactKind("mediation_held", "the mediation took place"),
    FactKind(
        "mediation_not_arranged",
        "the authority told the mediation adviser that it cannot arrange the mediation in time",
    ),
    FactKind("mediation_agreed_other", "mediation ended in agreement on what cannot be appealed"),
    FactKind("agreement_carried_out", "what was agreed was done"),
    FactKind(
        "health_mediation_agreed",
        "mediation with the integrated care board alone ended in agreement",
    ),
    FactKind("authority_told_of_agreement", "the authority was told of the agreement"),
    FactKind("appeal_received", "the Tribunal received the appeal"),
    FactKind("appeal_sent_to_authority", "the Tribunal sent the appeal to the authority"),
    FactKind("tribunal_response_sent", "the authority sent its response to the Tribunal"),
    FactKind("moved", "the family moved to the area of another authority"),
    FactKind("old_authority_aware_of_move", "the old authority became aware of the move"),
    FactKind("plan_transferred", "the plan was transferred to the new authority"),
    FactKind("family_told_of_transfer", "the new authority told the family of the transfer"),
    FactKind("icb_changed", "another integrated care board became responsible"),
    FactKind("old_icb_aware_of_change", "the old integrated care board became aware of the change"),
    FactKind("new_icb_told", "the new integrated care board was told"),
    FactKind(
        "new_icb_cannot_provide",
        "the new integrated care board learned that it cannot provide what the plan says",
    ),
    FactKind("icb_asked_for_review", "the integrated care board asked for a new look at the plan"),
)

FACT_KINDS: dict[str, FactKind] = {
    kind.name: kind for kind in (*_ASSESSMENT, *_OVERTURNED, *_GROUNDS, *_REVIEW, *_OTHER)
}
