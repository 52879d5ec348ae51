"""The only writers: one file per legal process, and one for what is done to a case as a whole."""

from ehc.commands.assessment import (
    agree_to_assess,
    agree_to_issue,
    record_advice_received,
    record_representations,
    refer_to_panel,
    refuse_to_assess,
    refuse_to_issue,
    request_advice,
    send_back_for_advice,
    send_final_plan,
    serve_draft,
)
from ehc.commands.base import COMMANDS, Command, Overtaken, Preview, Refused
from ehc.commands.casework import (
    add_document,
    assign_case,
    hand_over,
    lift_restriction,
    name_person,
    record_contact,
    restrict_case,
    unname_person,
)
from ehc.commands.disputes import (
    overturn_refusal_to_assess,
    overturn_refusal_to_issue,
    record_dispute_step,
    tell_family_will_assess,
)
from ehc.commands.exits import move_away, withdraw
from ehc.commands.facts import claim_exemption, correct_fact
from ehc.commands.people import record_representative
from ehc.commands.plan import cease_plan, record_review_step
from ehc.commands.registration import RequestDetails, possible_duplicates, register_request
from ehc.commands.takeover import take_over

__all__ = [
    "COMMANDS",
    "Command",
    "Overtaken",
    "Preview",
    "Refused",
    "RequestDetails",
    "add_document",
    "agree_to_assess",
    "agree_to_issue",
    "assign_case",
    "cease_plan",
    "claim_exemption",
    "correct_fact",
    "hand_over",
    "lift_restriction",
    "move_away",
    "name_person",
    "overturn_refusal_to_assess",
    "overturn_refusal_to_issue",
    "possible_duplicates",
    "record_advice_received",
    "record_contact",
    "record_dispute_step",
    "record_representations",
    "record_representative",
    "record_review_step",
    "refer_to_panel",
    "refuse_to_assess",
    "refuse_to_issue",
    "register_request",
    "request_advice",
    "restrict_case",
    "send_back_for_advice",
    "send_final_plan",
    "serve_draft",
    "take_over",
    "tell_family_will_assess",
    "unname_person",
    "withdraw",
]
