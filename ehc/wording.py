"""What limits are called on a screen: the law’s words without their footnotes, services by name."""

from collections.abc import Mapping, Sequence

from ehc.law import RULEBOOK
from ehc.models.process import AssessmentStatus, PlanStatus

#: Where a case stands, by the status of its process.
STAGES: dict[str, str] = dict(AssessmentStatus.choices) | {
    PlanStatus.MAINTAINED: "Plan maintained",
    PlanStatus.CEASED: "Plan ceased",
}


def short_label(label: str) -> str:
    """The name of a limit without its brackets; “Why this date?” says that at length."""
    return label.partition(" (")[0]


#: Each code’s first limit gives the name by which a list calls all of them.
_BY_CODE = {limit.code: short_label(limit.label) for limit in reversed(RULEBOOK.limits)}
#: Limits of a duty that there is only if the authority decides so.
CONDITIONAL = frozenset(limit.code for limit in RULEBOOK.limits if limit.awaited_after)
#: Where the service’s name follows, less is more.
_BEFORE_A_NAME = {"advice": "Advice", "consultation_reply": "Reply to the consultation"}


def service_name(label: str, names: Mapping[str, str]) -> str:
    """The name of the service that the facts call `label`."""
    return names.get(label) or label.replace("_", " ")


def _is_to_tell(code: str, stage: str) -> bool:
    """True where it is decided, and the limit runs until the family has been told."""
    if code == "decide_to_assess":
        return stage not in {"", AssessmentStatus.REQUEST}
    return code == "decide_to_issue" and stage == AssessmentStatus.NOT_ISSUED


def limit_title(
    code: str, label: str, limit_label: str, names: Mapping[str, str], stage: str = ""
) -> str:
    """What one deadline is called: the limit, and for advice the service by its name.

    `stage` is where the process stands, for a limit that waits.
    """
    if _is_to_tell(code, stage):
        return "Tell the family of the decision"
    if not label:
        return short_label(limit_label)
    what = _BEFORE_A_NAME.get(code) or short_label(limit_label)
    return f"{what}: {service_name(label, names)}"


def due_title(code: str, label: str, names: Mapping[str, str], stage: str) -> str:
    """What is due, where only the code and the label are at hand: in a list."""
    return limit_title(code, label, _BY_CODE.get(code, code), names, stage)


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """Words in a row, as a sentence names them: “a, b and c”; at least one."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
