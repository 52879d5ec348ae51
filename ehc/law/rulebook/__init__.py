"""The rulebook: every statutory time limit of the EHC process, each once.

Some steps have no limit in days and so are not here: sending out the requests for advice
(regulation 6), issuing the draft, the notice that goes with the final plan (regulation 14(2)) and
ceasing a plan (regulation 31), which stays in force until an appeal is over (section 45(4)). The
12 weeks from review meeting to amended plan are two limits, 4 and 8 weeks, each of which can be
broken by itself.
"""

from ehc.law.limits import Rulebook
from ehc.law.rulebook.assessment import ASSESSMENT
from ehc.law.rulebook.editions import EDITIONS
from ehc.law.rulebook.moves import MOVES, REASSESSMENT
from ehc.law.rulebook.overturned import OVERTURNED, REASSESSMENT_OVERTURNED
from ehc.law.rulebook.redress import MEDIATION, TRIBUNAL
from ehc.law.rulebook.review import PHASE_TRANSFER, REVIEW

RULEBOOK = Rulebook(
    (
        *ASSESSMENT,
        *OVERTURNED,
        *REVIEW,
        *PHASE_TRANSFER,
        *REASSESSMENT,
        *REASSESSMENT_OVERTURNED,
        *MOVES,
        *MEDIATION,
        *TRIBUNAL,
    ),
    EDITIONS,
)

__all__ = ["EDITIONS", "RULEBOOK"]
