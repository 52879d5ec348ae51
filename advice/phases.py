"""The way to a limit in phases, each with the time that the law and the guidance give it."""

from datetime import date, timedelta
from enum import StrEnum


class Phase(StrEnum):
    """A stretch of the way to a limit; `ask` is the part of the advice phase lost by asking."""

    DECIDE = "decide"
    ASK = "ask"
    ADVICE = "advice"
    ISSUE = "issue"
    DRAFT = "draft"
    SEND = "send"


#: When each phase should be over, in days from the start, by the length of the whole in weeks.
_ROUTES: dict[int, tuple[tuple[Phase, int], ...]] = {
    20: (
        (Phase.DECIDE, 6 * 7),
        (Phase.ADVICE, 12 * 7),
        (Phase.ISSUE, 16 * 7),
        (Phase.DRAFT, 20 * 7 - 15),
        (Phase.SEND, 20 * 7),
    ),
    # After an order or an agreement to assess: 2, 10 and 14 weeks.
    14: (
        (Phase.DECIDE, 2 * 7),
        (Phase.ADVICE, 8 * 7),
        (Phase.ISSUE, 10 * 7),
        (Phase.DRAFT, 14 * 7 - 15),
        (Phase.SEND, 14 * 7),
    ),
    # After an order or an agreement to make a plan: 5 and 11 weeks.
    11: ((Phase.DRAFT, 5 * 7), (Phase.SEND, 11 * 7)),
}
#: The route and the last phase of each limit whose lateness is attributed, by its length in weeks.
_LIMITS: dict[tuple[str, int], tuple[int, Phase]] = {
    ("final_plan", 20): (20, Phase.SEND),
    ("final_plan", 14): (14, Phase.SEND),
    ("final_plan", 11): (11, Phase.SEND),
    ("decide_to_issue", 16): (20, Phase.ISSUE),
    ("decide_to_issue", 10): (14, Phase.ISSUE),
    ("decide_to_assess", 6): (20, Phase.DECIDE),
    ("notify_will_assess", 2): (14, Phase.DECIDE),
    ("draft_plan", 5): (11, Phase.DRAFT),
}
#: The limits whose lateness is attributed, the one that matters most first.
CODES = ("final_plan", "draft_plan", "decide_to_issue", "decide_to_assess", "notify_will_assess")
#: The facts that end a phase; advice ends with the last that came, sending with the limit.
ENDED_BY = {
    Phase.DECIDE: ("assessment_agreed", "assessment_refused"),
    Phase.ISSUE: ("plan_agreed", "plan_refused"),
    Phase.DRAFT: ("draft_served",),
}


def phases_of(code: str, start: date, due: date) -> list[tuple[Phase, date]]:
    """The phases up to a limit, each with the last day on which it should be over.

    A limit of another length than these (a longer time that the Tribunal gave) has one phase only.
    """
    weeks, days = divmod((due - start).days, 7)
    route, last = _LIMITS.get((code, 0 if days else weeks), (0, Phase.SEND))
    found = []
    for phase, length in _ROUTES.get(route, ()):
        found.append((phase, start + timedelta(length)))
        if phase == last:
            return found
    return [(Phase.SEND, due)]
