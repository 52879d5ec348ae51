"""What panels add to the page of a case before they are heard, and where the core’s step leads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ehc.models import Case
from ehc.permissions import Action
from ehc.queries.cases import processes_of
from ehc.queries.shown import ShownCase
from ehc.registry import CaseSection, Elsewhere, on_case_sections, on_step
from panels.commands.referring import sittings_for
from panels.models import Item
from panels.queries.on_case import kept_on
from panels.queries.refer import items_on
from panels.questions import Question, is_asked


def refer_at(case: Case, today: date, _details: Mapping[str, Any]) -> Elsewhere | None:
    """An authority whose panels have sittings ahead refers on their page.

    Without any, and for whom a sitting already has the question, the core’s own step stands: it
    records that the case went to a panel which is not kept here.
    """
    process = processes_of(case)[0].process
    process.case = case
    if not sittings_for(process, Question.ISSUE, today):
        return None
    return Elsewhere("panels_refer")


on_step("refer_to_panel", refer_at)


@on_case_sections
def heard_by(shown: ShownCase) -> CaseSection | None:
    """Where the case is and was before a panel, for staff; nothing where no panel asks anything."""
    if not shown.roles:
        return None
    items = items_on(shown.case) if "items" in shown.once(kept_on) else []
    process = shown.views[0].process
    may_refer = Action.REFER_TO_PANEL in shown.may
    before = {item.question for item in items if item.status in Item.OPEN}
    asked = [q for q in Question if is_asked(q, process, shown.case) and q not in before]
    if not items and not (may_refer and asked):
        return None
    values = {"items": items, "asked": asked if may_refer else [], "may_prepare": may_refer}
    return CaseSection("panel", "Panel", "panels/refer_on_case.html", values)
