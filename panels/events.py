"""What panels add to the history of a case, in the words a history shows."""

from ehc.events import EventKind, register

register(
    EventKind("listed_for_panel", "Listed for a panel"),
    EventKind("panel_papers_sent", "Papers sent to the panel", legal=False),
    EventKind("panel_paper_added", "Late paper put before the panel", legal=False),
    EventKind("panel_papers_chosen", "Papers for the panel chosen", legal=False),
    EventKind("panel_paper_cleared", "Doubt about a paper for the panel cleared", legal=False),
    EventKind("panel_paper_withdrawn", "Paper taken back from the panel", legal=False),
    EventKind("panel_recommended", "Panel made its recommendation"),
    EventKind("panel_recommendation_corrected", "Recommendation of the panel corrected"),
    EventKind("panel_conflict_declared", "Interest in a panel item declared", legal=False),
    EventKind("panel_deferred", "Panel deferred"),
    EventKind("panel_item_moved", "Moved to another sitting of the panel"),
    EventKind("panel_item_withdrawn", "Taken off the panel’s agenda"),
    EventKind("panel_decided", "Authority decided after panel"),
    EventKind("panel_decision_ratified", "Decision noted by the panel", legal=False),
    EventKind("panel_letter_made", "Letter to the family made", legal=False),
    EventKind("panel_notice_made", "Notice of the decision to a body made", legal=False),
    EventKind("panel_letter_otherwise", "Family told otherwise than by letter", legal=False),
    EventKind("panel_action_recorded", "Action after panel recorded", legal=False),
    EventKind("panel_action_done", "Action after panel done", legal=False),
)
