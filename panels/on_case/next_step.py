"""What comes next on a case before a decision of law: a sitting first, then a decision without one.

Only where a panel answers the question, or a scheme of delegation says who decides it; otherwise
the steps of the core lead as they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from ehc.dates import in_words
from ehc.law import awaited_advice
from ehc.models import LegalProcess
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action
from ehc.queries.shown import ShownCase
from ehc.registry import Way, Ways, on_ways
from ehc.templating import count
from panels.commands.referring import Fit, legal_date, sittings_for
from panels.models import Delegation, Item, Panel, Sitting
from panels.permissions import officers_for
from panels.queries.on_case import before_panels, kept_on, shut_out_of
from panels.queries.papers import prepared
from panels.queries.sitting_in_time import none_in_time, terms_in_force
from panels.questions import LIMIT_OF, Question, is_asked
from panels.scheme import QUESTION_OF

#: The core’s own step to a panel; those of the decisions are in `QUESTION_OF`.
_REFER = "refer_to_panel"
#: Who has something to do next; others read.
_CARRY_ON = frozenset({Action.REFER_TO_PANEL, Action.DECIDE_TO_ASSESS, Action.DECIDE_TO_ISSUE})
_SHUT_OUT = "An interest of yours in this is recorded. A colleague takes it from here."


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of law that stands on a case now, and what there is to answer it."""

    shown: ShownCase
    process: LegalProcess
    question: Question
    due: date | None
    #: By which it is before a sitting now.
    item: Item | None
    #: The sittings ahead that answer it, and the panels, where it is before none.
    fits: Sequence[Fit]
    panels: Sequence[Panel]
    officers: Sequence[Delegation]

    def held(self, *, outside: bool = False) -> bool:
        """True for an officer whom the scheme lets decide it, also without a sitting."""
        return any(each.officer_id == self.shown.user.pk for each in self._who(outside=outside))

    def names(self, *, outside: bool = False) -> str:
        """The officers whom the scheme lets decide it, as words."""
        names = dict.fromkeys(each.officer.full_name for each in self._who(outside=outside))
        return " or ".join(names) or "the authority"

    def _who(self, *, outside: bool) -> list[Delegation]:
        return [each for each in self.officers if each.outside_sittings or not outside]

    @property
    def next_fit(self) -> Fit | None:
        """The next sitting that has a place, in time or not."""
        return next((fit for fit in self.fits if fit.has_place), None)

    @property
    def in_time(self) -> list[Fit]:
        """The sittings that can still hear it in time."""
        return [fit for fit in self.fits if fit.in_time]

    @property
    def is_late(self) -> bool:
        """True when no sitting hears it in time: neither that of its item nor another."""
        if self.due is None:
            return False
        if self.item is not None:
            listed = self.item.status == Item.Status.LISTED
            return listed and self.item.sitting.on > self.due
        fit = self.next_fit
        on = fit.sitting.on if fit else None
        return bool(self.panels) and none_in_time(self.due, on, self.shown.today)

    def page(self, name: str) -> str:
        """The address of a page on which this question is dealt with."""
        return f"{reverse(name, args=[self.shown.case.reference])}?question={self.question.value}"


def asked_on(shown: ShownCase) -> Asked | None:
    """The question of law that stands on a case, for staff; None where none does."""
    process = shown.views[0].process
    process.case = shown.case
    standing = [q for q in Question if q in LIMIT_OF and is_asked(q, process, shown.case)]
    if not standing or not shown.roles:
        return None
    has_panels = "panels" in shown.once(kept_on)
    question = standing[0]
    waiting = (item for item in shown.once(before_panels) if item.status in Item.OPEN)
    item = next((i for i in waiting if (i.process_id, i.question) == (process.pk, question)), None)
    fits: list[Fit] = []
    panels: list[Panel] = []
    if has_panels and item is None:
        fits = sittings_for(process, question, shown.today)
        panels = _panels(shown, question, fits)
    return Asked(
        shown,
        process,
        question,
        legal_date(process, question),
        item,
        fits,
        panels,
        _officers(shown, question) if "scheme" in shown.once(kept_on) else [],
    )


def _officers(shown: ShownCase, question: str) -> list[Delegation]:
    rows = officers_for(shown.case.authority_id, question, shown.today)
    return list(rows.select_related("officer").order_by("officer__full_name", "pk"))


def _panels(shown: ShownCase, question: str, fits: Sequence[Fit]) -> list[Panel]:
    if fits:
        return [fits[0].sitting.panel]
    rows = terms_in_force([shown.case.authority_id], shown.today)
    return [terms.panel for terms in rows if question in terms.questions]


@on_ways
def ways(shown: ShownCase) -> Ways | None:
    """A sitting leads, deciding without one stands beside it; both where the case is."""
    asked = shown.once(asked_on)
    if asked is None or not (asked.panels or asked.officers or asked.item):
        return None
    instead = frozenset({_REFER} if asked.fits or asked.item else ())
    if asked.officers:
        instead |= {step for step, question in QUESTION_OF.items() if question == asked.question}
    if asked.process.pk in shown.once(shut_out_of):
        return Ways(instead, told=(_SHUT_OUT,))
    if asked.item is None:
        return _before_none(asked, instead)
    if asked.item.status == Item.Status.RECOMMENDED:
        return _recommended(asked, asked.item, instead)
    return _listed(asked, asked.item, instead)


def _before_none(asked: Asked, instead: frozenset[str]) -> Ways:
    """It is before no sitting: refer it first, or decide it without one where none is in time."""
    decide = _deciding(asked)
    refer: tuple[Way, ...] = ()
    if asked.fits and Action.REFER_TO_PANEL in asked.shown.may:
        refer = (Way("Refer to a panel", asked.page("panels_refer")),)
    if asked.is_late:
        warning = ("No sitting in time", _none_in_time(asked))
        lawful = (_lawful_ways(asked), *_with_late_papers(asked))
        return Ways(instead, (*decide, *refer), _extra(asked), lawful, warning=warning)
    told = _next_sitting(asked)
    by_role = not asked.officers and asked.process.status != AssessmentStatus.ADVICE
    if by_role or _waits_for_advice(asked):
        # A place at a sitting can be had already, and does not come next.
        return Ways(instead, (), (*refer, *decide), told)
    return Ways(instead, (*refer, *decide), (), told)


def _recommended(asked: Asked, item: Item, instead: frozenset[str]) -> Ways:
    """A panel has spoken: the authority decides."""
    told = (
        f"The {item.sitting.panel.name} made its recommendation on {in_words(item.sitting.on)}. It "
        f"waits for the decision of {asked.names()}."
    )
    if asked.held():
        decide = Way("Decide on the recommendation", reverse("panels_decide", args=[item.pk]))
        return Ways(instead, (decide,), (), (told,))
    return Ways(instead, _deciding(asked), (), (told,))


def _listed(asked: Asked, item: Item, instead: frozenset[str]) -> Ways:
    """It is listed: for which sitting, when, and what is missing in its papers."""
    sitting = item.sitting
    when = f"It is listed for the {sitting.panel.name} on {in_words(sitting.on)}."
    if sitting.status in Sitting.AHEAD and sitting.on < asked.shown.today:
        when += " That day has passed and it was not opened: ask for another sitting."
    elif sitting.status == Sitting.Status.PLANNED:
        when += f" Papers go out by {in_words(sitting.papers_due_on)}."
    papers: tuple[Way, ...] = ()
    lacks: tuple[str, ...] = ()
    told = [when]
    if Action.REFER_TO_PANEL in asked.shown.may:
        papers = (Way("Papers for the panel", reverse("panels_item", args=[item.pk])),)
        item.case, item.process = asked.shown.case, asked.process
        lacks = tuple(prepared(item, asked.shown.today).missing)
        told.append("Missing in its papers:" if lacks else "Nothing is missing in its papers.")
    decide = _deciding(asked)
    if not asked.is_late or asked.due is None:
        return Ways(instead, (*papers, *decide), (), tuple(told), lacks)
    verb = "was" if asked.due < asked.shown.today else "is"
    said = (
        f"The last lawful day for this decision {verb} {in_words(asked.due)}, before the sitting."
    )
    told.insert(0, _lawful_ways(asked))
    warning = ("Listed too late", said)
    return Ways(instead, (*decide, *papers), (), tuple(told), lacks, warning)


def _deciding(asked: Asked) -> tuple[Way, ...]:
    """Deciding without a sitting, for who may; for others who carry it on, who does."""
    if not asked.officers or not asked.shown.may & _CARRY_ON:
        return ()
    address = asked.page("panels_decide_outside")
    held = asked.held(outside=True)
    return (Way("Decide without a sitting" if held else "See who decides", address),)


def _next_sitting(asked: Asked) -> tuple[str, ...]:
    if not asked.in_time:
        return ("No sitting that answers this question and has a place is arranged.",)
    sitting = asked.in_time[0].sitting
    told = (
        f"The next sitting that can hear it is the {sitting.panel.name} on "
        f"{in_words(sitting.on)}; papers go out by {in_words(sitting.papers_due_on)}."
    )
    if asked.due is not None and len(asked.in_time) == 1:
        told += " No other is arranged in time."
    return (told,)


def _waits_for_advice(asked: Asked) -> bool:
    """True while advice is awaited, and a later sitting than the next is in time as well."""
    if asked.process.status != AssessmentStatus.ADVICE:
        return False
    facts = asked.shown.views[0].facts
    has_time = asked.due is None or len(asked.in_time) != 1
    return has_time and ("advice_requested" not in facts or bool(awaited_advice(facts)))


def _none_in_time(asked: Asked) -> str:
    if asked.due is None:
        raise AssertionError("Where no limit runs nothing is late.")
    if asked.due < asked.shown.today:
        ago = count((asked.shown.today - asked.due).days, "day")
        return f"The last lawful day for this decision was {in_words(asked.due)}, {ago} ago."
    then = "and no sitting is arranged that has room and time for papers"
    if fit := asked.next_fit:
        panel = fit.sitting.panel.name
        then = (
            f"before the next sitting that has a place, the {panel} on {in_words(fit.sitting.on)}"
        )
    return f"The last lawful day for this decision is {in_words(asked.due)}, {then}."


def _lawful_ways(asked: Asked) -> str:
    """Both ways that the law leaves, or the soonest when it is too late for either."""
    due, who = asked.due, asked.names(outside=True)
    if due is None or due < asked.shown.today:
        other = "this sitting, an extra one before it" if asked.item else "an extra sitting"
        return f"Take the soonest way: {other}, or {who} decides without a sitting."
    by = in_words(due)
    return f"Two ways are lawful: an extra sitting by {by}, or {who} decides without one by then."


def _with_late_papers(asked: Asked) -> tuple[str, ...]:
    """The sitting that is in time and has room, and whose papers would be late."""
    fit = next((each for each in asked.fits if each.lawful and each.places), None)
    if fit is None:
        return ()
    day = in_words(fit.sitting.on)
    return (f"The {fit.sitting.panel.name} on {day} is in time; its papers would be late.",)


def _extra(asked: Asked) -> tuple[Way, ...]:
    """An extra sitting, for who arranges those of the panel that answers it."""
    if Action.MANAGE_PANELS not in asked.shown.may or not asked.panels:
        return ()
    address = reverse("panels_arrange", args=[asked.panels[0].pk])
    return (Way("Arrange an extra sitting", address),)
