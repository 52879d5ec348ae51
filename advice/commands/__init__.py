"""The only writers of advice."""

from advice.commands.access import (
    accept_invitation,
    end_due_invitations,
    end_invitation,
    extend_invitation,
)
from advice.commands.asking import Ask, ask_for_advice, invite_own_advice
from advice.commands.base import REQUEST_COMMANDS, RequestCommand
from advice.commands.chasing import chase_advice
from advice.commands.checking import (
    accept_advice,
    consider_late_advice,
    override_sign_off,
    return_advice,
)
from advice.commands.cover import end_cover, give_cover
from advice.commands.existing import (
    add_existing_document,
    judge_existing,
    note_existing_advice,
)
from advice.commands.giving import (
    assign_request,
    decline_request,
    expect_late,
    give_advice,
)
from advice.commands.invitations import invite_adviser, resend_invitation
from advice.commands.recording import enter_received
from advice.commands.service import (
    ask_elsewhere,
    assign_requests,
    change_service,
    join_service,
    leave_service,
)

__all__ = [
    "REQUEST_COMMANDS",
    "Ask",
    "RequestCommand",
    "accept_advice",
    "accept_invitation",
    "add_existing_document",
    "ask_elsewhere",
    "ask_for_advice",
    "assign_request",
    "assign_requests",
    "change_service",
    "chase_advice",
    "consider_late_advice",
    "decline_request",
    "end_cover",
    "end_due_invitations",
    "end_invitation",
    "enter_received",
    "expect_late",
    "extend_invitation",
    "give_advice",
    "give_cover",
    "invite_adviser",
    "invite_own_advice",
    "join_service",
    "judge_existing",
    "leave_service",
    "note_existing_advice",
    "override_sign_off",
    "resend_invitation",
    "return_advice",
]
