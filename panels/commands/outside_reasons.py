"""Why a question is decided without a sitting: the reason must be true of the case.

A reason lifts a restriction, so none is taken on trust where the case can tell: that no sitting is
in time, that the scheme asks for no panel, that the Tribunal has ordered the answer.
"""

from datetime import date
from typing import Final

from ehc.dates import in_words
from ehc.law.facts import Facts
from ehc.models import CaseEvent, LegalProcess
from panels.commands.base import Deed, refuse
from panels.commands.referring import sittings_for
from panels.models import Decision, Item
from panels.questions import ORDERED_BY, OUTCOMES, Question, Reversal, can_be_reversed

Outside = Decision.Outside

#: What to record first where no order of the Tribunal is on the case.
_NO_ORDER: Final[dict[str, str]] = {
    Question.ASSESS: (
        "No order of the Tribunal is on this case. It can order an assessment only after a "
        "refusal: then record the order on the page of the case, by “Record that the refusal to "
        "assess was overturned”. The case goes on by the order, and nothing is left to decide."
    ),
    Question.ISSUE: (
        "No order of the Tribunal is on this case. It can order a plan only after a decision not "
        "to issue one: then record the order on the page of the case, by “Record that the decision "
        "not to issue was overturned”. The case goes on by the order, and nothing is left to "
        "decide."
    ),
    Question.PLACEMENT: (
        "No order of the Tribunal about the setting is on this case. Choose the reason that is "
        "true of this decision, and name the order in a few words if there is one."
    ),
}
_ORDERS_NOTHING: Final = (
    "The Tribunal does not order this; about health and social care it makes recommendations. "
    "Choose the reason that is true."
)


def check_reason(deed: Deed, question: str, outcome: str, outside: str, on: date) -> None:
    """Refuse a reason that is not true of the case, in words that say what to do."""
    if (outside == Outside.REVERSAL) != can_be_reversed(question, deed.process):
        refuse(_not_a_reversal(outside), "outside")
    if outside == Outside.NO_SITTING:
        _none_in_time(deed, question)
    if outside == Outside.CLEAR and (item := asked_of_panel(deed.process, question)):
        refuse(
            f"A panel was asked: this was listed for the {item.sitting.panel.name} on "
            f"{in_words(item.sitting.on)}. Choose the reason that is true; the next sitting takes "
            "note of the decision.",
            "outside",
        )
    if outside == Outside.TRIBUNAL:
        _ordered(deed, question, outcome, on)


def reasons_for(process: LegalProcess, question: str, *, alone: bool) -> list[Decision.Outside]:
    """The reasons that can be true now, for an officer who may decide `alone` or only on orders."""
    if can_be_reversed(question, process):
        return [Outside.REVERSAL] if alone else []
    found = []
    if alone:
        found = [Outside.NO_SITTING, Outside.URGENT]
        found += [] if asked_of_panel(process, question) else [Outside.CLEAR]
    return found + ([Outside.TRIBUNAL] if ordered_on(process, question) else [])


def _not_a_reversal(outside: str) -> str:
    if outside == Outside.REVERSAL:
        return "There is no refusal on this case that could be taken back. Choose another reason."
    return (
        "The authority has refused this. It can only take its refusal back now: open the page "
        "again."
    )


def ordered_on(process: LegalProcess, question: str) -> date | None:
    """The day on which the Tribunal ordered the answer, as recorded on the case; None without.

    Orders about what a plan says stand with the plan, which is a process of its own.
    """
    days = []
    for each in LegalProcess.objects.filter(case=process.case_id):
        facts = Facts.from_rows(each.fact_rows())
        days += [day for name in ORDERED_BY.get(question, ()) if (day := facts.on(name))]
    return max(days, default=None)


def asked_of_panel(process: LegalProcess, question: str) -> Item | None:
    """The item by which a panel was asked last, while it is listed or was deferred."""
    rows = Item.objects.filter(process=process, question=question).select_related("sitting__panel")
    last = rows.order_by("-pk").first()
    waits = last is not None and last.status in (Item.Status.LISTED, Item.Status.DEFERRED)
    return last if waits else None


def _ordered(deed: Deed, question: str, outcome: str, on: date) -> None:
    day = ordered_on(deed.process, question)
    if day is None:
        refuse(_NO_ORDER.get(question, _ORDERS_NOTHING), "outside")
    if on < day:
        refuse(
            f"The Tribunal’s order is of {in_words(day)}. What carries it out cannot be decided "
            "before.",
            "on",
        )
    carries_out = OUTCOMES[question][0]
    if outcome != carries_out:
        refuse(
            f"The Tribunal’s order is carried out by “{carries_out.label}”. Choose that, or "
            "another reason why there is no sitting.",
            "outcome",
        )


def _none_in_time(deed: Deed, question: str) -> None:
    """Refuse to record that no sitting was in time where one is, with room and time for papers."""
    for fit in sittings_for(deed.process, question, deed.today):
        if fit.in_time:
            refuse(
                f"The {fit.sitting.panel.name} sits on {in_words(fit.sitting.on)}, in time for "
                "this decision. Refer the case to it, or choose the reason that is true.",
                "outside",
            )


def check_reversal_day(deed: Deed, reversal: Reversal, on: date) -> None:
    """Refuse a day before the refusal that is taken back, whether the family was told or not."""
    refused = CaseEvent.objects.filter(process=deed.process, kind=reversal.refused_by)
    first = refused.order_by("-sequence").values_list("on", flat=True).first()
    if first is not None and on < first:
        refuse(
            f"It was refused on {in_words(first)}. The refusal cannot be taken back before.", "on"
        )
