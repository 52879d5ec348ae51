"""The only writers of advice."""

from advice.commands.asking import Ask, ask_for_advice, invite_own_advice
from advice.commands.base import REQUEST_COMMANDS, RequestCommand
from advice.commands.checking import accept_advice, return_advice
from advice.commands.existing import judge_existing, note_existing_advice
from advice.commands.giving import (
    assign_request,
    decline_request,
    expect_late,
    give_advice,
)

__all__ = [
    "REQUEST_COMMANDS",
    "Ask",
    "RequestCommand",
    "accept_advice",
    "ask_for_advice",
    "assign_request",
    "decline_request",
    "expect_late",
    "give_advice",
    "invite_own_advice",
    "judge_existing",
    "note_existing_advice",
    "return_advice",
]
