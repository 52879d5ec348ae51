"""The rows of the advice app."""

from advice.models.chasing import Chase, LadderChange, LadderStep
from advice.models.checking import Check, Consideration, ReturnReason, SignOffOverride
from advice.models.existing import ExistingAdvice, Satisfaction
from advice.models.given import Advice, AdviceDocument, AdviceRow
from advice.models.lateness import AttributionCorrection, ExpectedLate
from advice.models.people import Invitation, ServiceArea, ServiceProfile
from advice.models.request import AdviceRequest, Form, Head
from advice.models.service import StaffChange
from advice.models.upload import Upload
from advice.models.writing import DraftField

__all__ = [
    "Advice",
    "AdviceDocument",
    "AdviceRequest",
    "AdviceRow",
    "AttributionCorrection",
    "Chase",
    "Check",
    "Consideration",
    "DraftField",
    "ExistingAdvice",
    "ExpectedLate",
    "Form",
    "Head",
    "Invitation",
    "LadderChange",
    "LadderStep",
    "ReturnReason",
    "Satisfaction",
    "ServiceArea",
    "ServiceProfile",
    "SignOffOverride",
    "StaffChange",
    "Upload",
]
