"""The kinds of event, and the words in which a history tells them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event: its code, and the words a history shows."""

    code: str
    title: str
    #: True when the event is about the law’s process; False for a note, a document, a hand-over.
    legal: bool = True


_KINDS = (
    EventKind("request_registered", "Request for an assessment received"),
    EventKind("assessment_agreed", "Agreed to assess"),
    EventKind("assessment_refused", "Refused to assess"),
    EventKind("told_will_assess", "Family told that we will assess"),
    EventKind("family_told", "Family told of the decision"),
    EventKind("advice_requested", "Advice requested"),
    EventKind("advice_received", "Advice received"),
    EventKind("referred_to_panel", "Referred to panel"),
    EventKind("sent_back_for_advice", "Panel asked for more advice"),
    EventKind("plan_agreed", "Agreed to issue a plan"),
    EventKind("plan_refused", "Decided not to issue a plan"),
    EventKind("draft_served", "Draft plan served"),
    EventKind("representations_received", "Representations received"),
    EventKind("final_plan_sent", "Final plan sent"),
    EventKind("refusal_to_assess_overturned", "Refusal to assess overturned"),
    EventKind("refusal_to_issue_overturned", "Decision not to issue overturned"),
    EventKind("dispute_step_recorded", "Mediation or appeal step recorded"),
    EventKind("withdrawn", "Request withdrawn"),
    EventKind("moved_away", "Moved to another authority"),
    EventKind("exemption_claimed", "Exemption claimed"),
    EventKind("fact_corrected", "Date corrected"),
    EventKind("review_step_recorded", "Review step recorded"),
    EventKind("plan_ceased", "Plan ceased"),
    EventKind("history_taken_over", "History taken over from the SEN2 return"),
    EventKind("contact_recorded", "Contact recorded", legal=False),
    EventKind("representative_recorded", "Parent, carer or supporter recorded", legal=False),
    EventKind("document_added", "Document added", legal=False),
    EventKind("handed_over", "Handed over", legal=False),
    EventKind("assigned", "Caseworker changed", legal=False),
    EventKind("restricted", "Case restricted", legal=False),
    EventKind("restriction_lifted", "Restriction lifted", legal=False),
    EventKind("party_named", "Person given access", legal=False),
    EventKind("party_removed", "Person’s access ended", legal=False),
)

EVENT_KINDS: dict[str, EventKind] = {kind.code: kind for kind in _KINDS}


def register(*kinds: EventKind) -> None:
    """Add the kinds of another app; each app does so once, when it starts."""
    EVENT_KINDS.update({kind.code: kind for kind in kinds})
