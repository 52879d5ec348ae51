"""The law's time limits as pure code: facts in, timetable out.

Nothing here knows of a database, a framework or today's date. A rule of law stands once, in
`ehc.law.rulebook`, with its citation; everything else asks `timetable` and `explain`.
"""

from ehc.law.age import ceases_to_be_of_compulsory_school_age, is_young_person
from ehc.law.asking import (
    advice_due_on,
    awaited_advice,
    may_finalise_from,
    next_deadline,
    next_legal_date,
    weeks_since,
)
from ehc.law.calendar import CALENDAR, Calendar
from ehc.law.clock import timetable
from ehc.law.deadline import Deadline, Standing
from ehc.law.explain import explain
from ehc.law.facts import Fact, FactError, Facts, kind_called, parse_day, parse_fact
from ehc.law.grounds import (
    SETTING_SERVICES,
    AvailableGround,
    available_grounds,
    is_setting,
)
from ehc.law.kinds import FACT_KINDS, SETTING_PREFIX, FactKind
from ehc.law.limits import Confidence, Edition, Ground, Limit, Rulebook, Start
from ehc.law.rulebook import RULEBOOK

__all__ = [
    "CALENDAR",
    "FACT_KINDS",
    "RULEBOOK",
    "SETTING_PREFIX",
    "SETTING_SERVICES",
    "AvailableGround",
    "Calendar",
    "Confidence",
    "Deadline",
    "Edition",
    "Fact",
    "FactError",
    "FactKind",
    "Facts",
    "Ground",
    "Limit",
    "Rulebook",
    "Standing",
    "Start",
    "advice_due_on",
    "available_grounds",
    "awaited_advice",
    "ceases_to_be_of_compulsory_school_age",
    "explain",
    "is_setting",
    "is_young_person",
    "kind_called",
    "may_finalise_from",
    "next_deadline",
    "next_legal_date",
    "parse_day",
    "parse_fact",
    "timetable",
    "weeks_since",
]
