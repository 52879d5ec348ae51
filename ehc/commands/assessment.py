"""From the request to the final plan: CFA 2014 ss.36-40, SEND Regulations 2014 regs 3-14."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ehc.commands.base import Entry, Opening, command
from ehc.commands.guards import facts_of, need_reason, not_before, refuse
from ehc.dates import in_words
from ehc.law import Fact, awaited_advice, may_finalise_from
from ehc.models import Assessment, CaseParty, NamedSetting, Organisation, Plan, PlanRecord, User
from ehc.permissions import Action, NotAllowed, gives_advice_for


@command(action=Action.DECIDE_TO_ASSESS, title="Agree to assess")
def agree_to_assess(
    assessment: Assessment,
    *,
    on: date,
    today: date,
    reason: str = "",
    told: bool = True,
    **_: Any,
) -> Entry:
    """The authority decides to assess and tells the family; `on` is the day they were told.

    Reg 5(1) asks for notice within 6 weeks of the request, so the day of notice is what counts.
    With `told=False` `on` is the day of the decision only: the family has still to be told
    (`family_told`), and until then no fact says that it was.
    """
    assessment.agree_to_assess()
    not_before(assessment, on, "request_received", "became_responsible")
    facts = _notice(on, told, "assessment_agreed")
    return Entry("assessment_agreed", on, facts, _said(reason.strip(), told))


@command(action=Action.DECIDE_TO_ASSESS, title="Refuse to assess")
def refuse_to_assess(
    assessment: Assessment, *, on: date, today: date, reason: str, told: bool = True, **_: Any
) -> Entry:
    """The authority refuses and tells the family, with their rights (reg 5(3)), on that day.

    With `told=False` the family has still to be told, as for `agree_to_assess`.
    """
    assessment.refuse_to_assess()
    not_before(assessment, on, "request_received", "became_responsible")
    why = need_reason(reason, "refusing to assess")
    facts = _notice(on, told, "assessment_refused", "decision_notice_sent")
    return Entry("assessment_refused", on, facts, _said(why, told))


def _notice(on: date, told: bool, *names: str) -> list[Fact]:
    """The facts that are true once the family has been told of a decision."""
    return [Fact(name, on) for name in names] if told else []


def _said(reason: str, told: bool) -> dict[str, Any]:
    return {"reason": reason} if told else {"reason": reason, "told": False}


@command(action=Action.REQUEST_ADVICE, title="Ask for advice")
def request_advice(
    assessment: Assessment,
    *,
    on: date,
    today: date,
    services: Sequence[Organisation],
    particulars: Mapping[str, Mapping[str, str]] | None = None,
    **_: Any,
) -> Entry:
    """Advice is asked of one or more bodies; `on` is the day they received the request.

    Reg 8(1) runs six weeks from the body’s receipt. Each body is named on the case, which is what
    lets its people see it. `particulars` is what else was said to each, by its label in the facts.
    """
    if assessment.status != "advice":
        refuse(
            "Advice can be requested once the authority has agreed to assess, and until the case "
            "goes to panel."
        )
    not_before(assessment, on, "request_received", "became_responsible")
    if not services:
        refuse("Choose at least one service to ask.", "services")
    asked = facts_of(assessment)
    again = [s.name for s in services if asked.on("advice_requested", s.advice_label)]
    if again:
        refuse(
            f"Advice was already requested from {', '.join(again)}. To change that date, correct "
            "it in the history.",
            "services",
        )
    return Entry(
        "advice_requested",
        on,
        [Fact("advice_requested", on, label=s.advice_label) for s in services],
        {"services": [s.name for s in services]}
        | ({"particulars": dict(particulars)} if particulars else {}),
        names=[
            CaseParty(organisation=s, capacity=CaseParty.Capacity.ADVISER, starts_on=on)
            for s in services
        ],
    )


@command(action=Action.RECORD_ADVICE, title="Record advice received")
def record_advice_received(
    assessment: Assessment,
    *,
    on: date,
    today: date,
    service: Organisation,
    by: User | None,
    **_: Any,
) -> Entry:
    """A body’s advice reached the authority on that day; it lands whatever the status is."""
    if by is not None and not gives_advice_for(by, service, assessment.case, today):
        raise NotAllowed(f"Only {service.name} or the authority can record this advice.")
    facts = facts_of(assessment)
    asked = facts.on("advice_requested", service.advice_label)
    if asked is None:
        refuse(f"No advice was requested from {service.name} on this case.", "service")
    if facts.on("advice_received", service.advice_label):
        refuse(
            f"Advice from {service.name} is already recorded. To change its date, correct it in "
            "the history.",
            "service",
        )
    if on < asked:
        refuse(f"Advice was requested on {in_words(asked)}; it cannot arrive before.", "on")
    return Entry(
        "advice_received",
        on,
        [Fact("advice_received", on, label=service.advice_label)],
        {"services": [service.name]},
    )


@command(action=Action.REFER_TO_PANEL, title="Refer to panel")
def refer_to_panel(
    assessment: Assessment, *, on: date, today: date, sitting_on: date | None = None, **_: Any
) -> Entry:
    """The case goes before those who recommend; what advice is still awaited is recorded."""
    facts = facts_of(assessment)
    if "advice_requested" not in facts:
        refuse(
            "No advice has been requested yet. Reg 6(1) requires advice before a decision: request "
            "it first."
        )
    assessment.refer_to_panel()
    not_before(assessment, on, "assessment_agreed")
    return Entry(
        "referred_to_panel",
        on,
        data={
            "sitting_on": sitting_on.isoformat() if sitting_on else "",
            "awaited": sorted(awaited_advice(facts)),
        },
    )


@command(action=Action.DECIDE_TO_ISSUE, title="Ask for more advice")
def send_back_for_advice(
    assessment: Assessment, *, on: date, today: date, reason: str, **_: Any
) -> Entry:
    """The panel could not recommend; the clock does not stop (the Regulations have no pause)."""
    assessment.send_back_for_advice()
    return Entry(
        "sent_back_for_advice",
        on,
        data={"reason": need_reason(reason, "asking for more advice")},
    )


@command(action=Action.DECIDE_TO_ISSUE, title="Agree to issue a plan")
def agree_to_issue(
    assessment: Assessment, *, on: date, today: date, reason: str, told: bool = True, **_: Any
) -> Entry:
    """The authority decides that a plan is necessary (s.37(1)); the law dates no notice of it."""
    assessment.agree_to_issue()
    not_before(assessment, on, "assessment_agreed", "request_received")
    why = need_reason(reason, "agreeing to issue a plan")
    return Entry("plan_agreed", on, [Fact("plan_agreed", on)], _said(why, told))


@command(action=Action.DECIDE_TO_ISSUE, title="Decide not to issue a plan")
def refuse_to_issue(
    assessment: Assessment, *, on: date, today: date, reason: str, told: bool = True, **_: Any
) -> Entry:
    """The authority decides that no plan is necessary and tells the family that day (reg 10).

    With `told=False` the family has still to be told, as for `agree_to_assess`.
    """
    assessment.refuse_to_issue()
    not_before(assessment, on, "assessment_agreed", "request_received")
    why = need_reason(reason, "not issuing a plan")
    facts = _notice(on, told, "plan_refused", "decision_notice_sent")
    return Entry("plan_refused", on, facts, _said(why, told))


@command(action=Action.DRAFT_PLAN, title="Serve the draft plan")
def serve_draft(
    assessment: Assessment, *, on: date, today: date, section_i: str = "", **_: Any
) -> Entry:
    """The draft is served on the family; 15 days beginning with that day are theirs (reg 13(1)).

    A first draft names no setting and no type of setting in section I: the family says first which
    they ask for (s.38(2)(b), (5)).
    """
    if assessment.status != "draft":
        refuse("A draft can be served once the authority has decided to issue a plan.")
    not_before(assessment, on, "assessment_agreed", "request_received")
    first = facts_of(assessment).on("draft_served") is None
    if first and section_i.strip():
        refuse(
            "A first draft must not name a school, college or type of setting in section I "
            "(Children and Families Act 2014, s.38(5)). Leave section I empty: the family asks for "
            "a setting in answer to the draft.",
            "section_i",
        )
    return Entry("draft_served", on, [Fact("draft_served", on)], {"section_i": section_i.strip()})


@command(action=Action.DRAFT_PLAN, title="Record representations")
def record_representations(
    assessment: Assessment,
    *,
    on: date,
    today: date,
    summary: str,
    setting_requested: str = "",
    **_: Any,
) -> Entry:
    """What the family said about the draft, and the setting they ask for, if any."""
    served = facts_of(assessment).on("draft_served")
    if assessment.status != "draft" or served is None:
        refuse("Representations are made about a draft plan, and no draft has been served.")
    if on < served:
        refuse(f"The draft was served on {in_words(served)}; the answer cannot be earlier.", "on")
    if not summary.strip():
        refuse("Write what the family said, or that they had no comments.", "summary")
    return Entry(
        "representations_received",
        on,
        data={"summary": summary.strip(), "setting_requested": setting_requested.strip()},
    )


@command(action=Action.SEND_FINAL_PLAN, title="Send the final plan")
def send_final_plan(
    assessment: Assessment,
    *,
    on: date,
    today: date,
    setting: Organisation | None = None,
    setting_type: str = "",
    family_agrees: bool = False,
    agreement: str = "",
    **_: Any,
) -> Entry:
    """The final plan is sent to the family, the named setting and the ICB on that day (reg 13(2)).

    Within the representations window it may go only with the family’s agreement, which is recorded
    in words. The plan it makes is a process of its own, with its review clock.
    """
    opens_on = may_finalise_from(facts_of(assessment))
    if assessment.status == "draft" and opens_on is None:
        refuse("No draft has been served. The family must see a draft before the final plan.")
    if opens_on is not None and on < opens_on and not (family_agrees and agreement.strip()):
        refuse(
            f"The family has until {in_words(opens_on)} (the day before is the last of their 15 "
            "days) to answer the draft, reg 13(1)(a). Send the final plan on or after that day, or "
            "record how and when they agreed to have it sooner.",
            "family_agrees",
        )
    if setting is None and not setting_type.strip():
        refuse(
            "Section I of a final plan names a setting, or the type of setting. Choose one.",
            "setting",
        )
    assessment.finalise()
    plan = Plan(case=assessment.case, opened_on=on)
    children: list[Any] = [PlanRecord()]
    if setting is not None:
        children.append(NamedSetting(setting=setting))
    else:
        children.append(NamedSetting(setting_code="OTH", setting_other=setting_type.strip()))
    return Entry(
        "final_plan_sent",
        on,
        [
            Fact("final_plan_sent", on),
            Fact("decision_notice_sent", on),
            *([Fact("early_finalisation_agreed", on)] if family_agrees else []),
        ],
        {
            "setting": setting.name if setting else setting_type.strip(),
            "agreement": agreement.strip() if family_agrees else "",
        },
        opens=Opening(plan, [Fact("plan_made", on)], children),
    )
