"""The rows of the panels app."""

from panels.models.decision import Decision, DecisionPaper, Minutes, PanelAction, Ratification
from panels.models.item import (
    ChairDraft,
    Conflict,
    Deferral,
    Item,
    PrivateNote,
    ReasonSentence,
    Recommendation,
)
from panels.models.letter import Letter, LetterCopy, LetterDetails
from panels.models.panel import Delegation, Member, Panel, QuorumSeat, Seat, Terms
from panels.models.paper import Paper, PaperOpening
from panels.models.sitting import Booking, Presence, Sitting, SittingEvent

__all__ = [
    "Booking",
    "ChairDraft",
    "Conflict",
    "Decision",
    "DecisionPaper",
    "Deferral",
    "Delegation",
    "Item",
    "Letter",
    "LetterCopy",
    "LetterDetails",
    "Member",
    "Minutes",
    "Panel",
    "PanelAction",
    "Paper",
    "PaperOpening",
    "Presence",
    "PrivateNote",
    "QuorumSeat",
    "Ratification",
    "ReasonSentence",
    "Recommendation",
    "Seat",
    "Sitting",
    "SittingEvent",
    "Terms",
]
