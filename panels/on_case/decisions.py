"""What panels add to the page of a case: what was decided, and what is to be done."""

from ehc.queries.shown import ShownCase
from ehc.registry import CaseSection, on_case_sections
from panels.commands.actions import may_finish
from panels.queries.actions import actions_on
from panels.queries.decisions import decisions_on
from panels.queries.on_case import kept_on, shut_out_of


@on_case_sections
def decided(shown: ShownCase) -> CaseSection | None:
    """The decisions of the authority and the actions, for staff; nothing where there are none.

    Nothing of a matter in which the person has an interest.
    """
    if not shown.roles:
        return None
    kept = shown.once(kept_on)
    if not kept & {"decisions", "actions"}:
        return None
    shut_out = shown.once(shut_out_of)
    decisions = decisions_on(shown.case) if "decisions" in kept else []
    decisions = [each for each in decisions if each.process_id not in shut_out]
    actions = actions_on(shown.case) if "actions" in kept else []
    if shut_out:
        actions = [a for a in actions if a.item is None or a.item.process_id not in shut_out]
    if not decisions and not actions:
        return None
    open_ones = [each for each in actions if each.done_on is None]
    values = {
        "decisions": decisions,
        "actions": actions,
        "mine": {each.pk for each in open_ones if may_finish(shown.user, each, shown.today)},
    }
    return CaseSection(
        "decisions", "Decisions and actions", "panels/decisions_on_case.html", values
    )
