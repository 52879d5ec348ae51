"""Every model of the core, by the room it lives in."""

from ehc.models.case import Case, CaseParty
from ehc.models.deadline import Deadline, DeadlineNotice
from ehc.models.document import Document, DocumentVersion
from ehc.models.kept import KeptForm
from ehc.models.organisation import Authority, Closure, Organisation, Team
from ehc.models.person import FormerUPN, Person, Representative
from ehc.models.plan import NamedSetting, Need, Placement, PlanRecord
from ehc.models.process import Assessment, LegalProcess, Plan
from ehc.models.record import AccessLog, AccountChange, CaseEvent
from ehc.models.source import SourceRecord
from ehc.models.user import Membership, Role, User
from ehc.models.work import WorkItem, WorkProcess

__all__ = [
    "AccessLog",
    "AccountChange",
    "Assessment",
    "Authority",
    "Case",
    "CaseEvent",
    "CaseParty",
    "Closure",
    "Deadline",
    "DeadlineNotice",
    "Document",
    "DocumentVersion",
    "FormerUPN",
    "KeptForm",
    "LegalProcess",
    "Membership",
    "NamedSetting",
    "Need",
    "Organisation",
    "Person",
    "Placement",
    "Plan",
    "PlanRecord",
    "Representative",
    "Role",
    "SourceRecord",
    "Team",
    "User",
    "WorkItem",
    "WorkProcess",
]
