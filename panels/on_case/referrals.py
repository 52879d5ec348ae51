"""What panels add to the page of a case before they are heard, and where the core’s step leads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from ehc.models import Case
from ehc.permissions import Action
from ehc.queries.cases import processes_of
from ehc.queries.shown import ShownCase
from ehc.registry import CaseSection, Elsewhere, on_case_sections, on_step
from panels.commands.referring import legal_date, sittings_for
from panels.models import Item
from panels.queries.on_case import before_panels, shut_out_of
from panels.questions import LIMIT_OF, Question, is_asked


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
    items = shown.once(before_panels)
    process = shown.views[0].process
    may_refer = Action.REFER_TO_PANEL in shown.may
    before = {item.question for item in items if item.status in Item.OPEN}
    asked = [q for q in Question if is_asked(q, process, shown.case) and q not in before]
    if not items and not (may_refer and asked):
        return None
    shut_out = shown.once(shut_out_of)
    items = [item for item in items if item.process_id not in shut_out]
    if process.pk in shut_out:
        asked = []
    values = {
        "items": items,
        "asked": asked if may_refer else [],
        "may_prepare": may_refer,
        "shut_out": bool(shut_out),
        "today": shown.today,
        "too_late": {item.pk for item in items if _is_too_late(item, shown)},
    }
    return CaseSection("panel", "Panel", "panels/refer_on_case.html", values)


def _is_too_late(item: Item, shown: ShownCase) -> bool:
    """True when the sitting of an open item is after the last lawful day, as the facts are now."""
    if item.status not in Item.OPEN or item.question not in LIMIT_OF:
        return False
    process = next(view.process for view in shown.views if view.process.pk == item.process_id)
    due = legal_date(process, item.question)
    return due is not None and due < item.sitting.on
