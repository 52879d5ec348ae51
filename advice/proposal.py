"""Whom to ask for advice on one child: the list that reg 6(1) of the SEND Regulations 2014 makes.

For each head the service that serves this child is filled in, with the reason in words; where none
fits, the list says so, and what to do. The caseworker decides.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from advice.existing import covers, sufficient_in
from advice.models import AdviceRequest, ExistingAdvice, Form, Head
from advice.models.request import OWN_FORMS, Closed, Status
from advice.services import form_and_head
from advice.serving import Fit, best, open_services, serving
from ehc.dates import in_words, school_year, year_number
from ehc.law import Facts
from ehc.law.age import ceases_to_be_of_compulsory_school_age, is_young_person
from ehc.models import Case, LegalProcess, Organisation

#: In or beyond this year group, preparation for adulthood is asked about.
ADULTHOOD_FROM_YEAR = 9
#: A request that ended so leaves its head open.
_LEFT_OPEN = frozenset({Closed.WRONG_BODY, Closed.SERVICE_CLOSED, Closed.INVITATION_ENDED})

ADULTHOOD_QUESTION = (
    "Please cover preparation for adulthood and independent living too (regulation 6(1)(g)): "
    "higher education or employment, independent living, friends and the community, health."
)
#: Why each head is asked about.
WHY: dict[str, str] = {
    Head.EDUCATION: (
        "Educational advice comes from the head teacher or principal of the school or other "
        "setting, or from whoever else is responsible for the child’s education."
    ),
    Head.MEDICAL: "Medical advice and information from a health care professional is always asked "
    "for.",
    Head.PSYCHOLOGY: "Psychological advice from an educational psychologist is always asked for.",
    Head.SOCIAL_CARE: "Advice and information on social care is always asked for, also for a child "
    "who is not known to social care.",
    Head.OTHER: "The authority thinks this advice appropriate for every child that the service "
    "serves.",
    Head.ADULTHOOD: "From year 9, advice is asked for on preparation for adulthood and independent "
    "living.",
    Head.SENSORY: "For a child with impaired hearing, vision or both, educational advice is given "
    "after consulting a teacher who is qualified to teach such children. Tick it if that is so.",
}
_NOBODY: dict[str, str] = {
    Head.EDUCATION: "No setting is recorded for this child, and no service gives educational "
    "advice here. Record the setting, or add whoever is responsible for the child’s education "
    "below as “Educational advice”.",
}


class Stands(StrEnum):
    """What becomes of a line of the list."""

    ALWAYS = "always"
    PROPOSED = "proposed"
    ONLY_IF = "only_if"
    NOT_TO_BE_ASKED = "not_to_be_asked"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line of the list: who, under which head of reg 6, with which form, and why."""

    head: Head
    stands: Stands
    whose: str
    why: str
    form: Form
    #: Empty for the family itself, and where nobody fits.
    organisation: Organisation | None = None
    ticked: bool = True
    question: str = ""

    @property
    def key(self) -> str:
        """Names the line in a form."""
        if self.organisation is not None:
            return str(self.organisation.pk)
        return self.form if self.form in OWN_FORMS else self.head

    @property
    def citation(self) -> str:
        """Where the law says so."""
        if self.form == Form.CHILD and self.stands != Stands.ALWAYS:
            return "Children and Families Act 2014, section 19(a)"
        return f"regulation {self.head}"


@dataclass(frozen=True, slots=True)
class Known:
    """What a proposal rests on, read once: at most five statements."""

    case: Case
    today: date
    requests: Sequence[AdviceRequest]
    #: What the facts call those who were asked.
    asked: frozenset[str]
    services: Sequence[Organisation]
    reports: Sequence[ExistingAdvice]

    @property
    def is_second_round(self) -> bool:
        """True when some body was asked before."""
        return bool(self.asked)

    @property
    def unasked(self) -> list[Organisation]:
        """Every service that was not asked yet, whomever it serves, by name."""
        return [s for s in self.services if s.advice_label not in self.asked]

    @property
    def addable(self) -> list[Organisation]:
        """Whoever can be asked beside the list: the services, and the child’s setting."""
        setting = self.case.setting
        if setting is None or setting.closed_on or setting.advice_label in self.asked:
            return self.unasked
        return [setting, *self.unasked]

    def is_asked(self, head: Head) -> bool:
        """True when somebody was asked under this head, and was the right one to ask."""
        return any(
            r.head == head and not (r.status == Status.CLOSED and r.closed_because in _LEFT_OPEN)
            for r in self.requests
        )

    def report_for(self, organisation: Organisation | None, head: Head) -> ExistingAdvice | None:
        """The existing report that stands for asking this body (or anybody) under this head."""
        if organisation is None:
            whole = (r for r in self.reports if r.organisation_id is None and r.head == head)
            return next(whole, None)
        standing = (r for r in self.reports if covers(r, organisation=organisation.pk, head=head))
        return next(standing, None)


def known_for(case: Case, process: LegalProcess, today: date) -> Known:
    """Read what a proposal rests on; `case` has its person and setting with it."""
    facts = Facts.from_rows(process.fact_rows())
    return Known(
        case,
        today,
        list(AdviceRequest.objects.filter(process=process)),
        frozenset(facts.labelled.get("advice_requested", {})),
        open_services(case),
        sufficient_in(process.pk),
    )


def propose(
    case: Case, process: LegalProcess, today: date, known: Known | None = None
) -> list[Proposal]:
    """The list for this child, in the order of reg 6(1); those who were asked already are left out.

    Nobody under reg 6(4) is offered: an existing report that adviser, authority and family find
    sufficient is shown in their place.
    """
    known = known or known_for(case, process, today)
    return [
        *_family(known),
        *_education(known),
        *_head(Head.MEDICAL, Form.MEDICAL, known),
        *_head(Head.PSYCHOLOGY, Form.PSYCHOLOGICAL, known),
        *_head(Head.SOCIAL_CARE, Form.SOCIAL_CARE, known),
        *_others(known),
        *_adulthood(known),
        *_sensory(known),
    ]


def _family(known: Known) -> Iterator[Proposal]:
    """Reg 6(1)(a): the child’s parent, or the young person. Never skipped."""
    born = known.case.person.date_of_birth
    last_day = in_words(ceases_to_be_of_compulsory_school_age(born))
    asked = {r.form for r in known.requests if r.is_own}
    if is_young_person(born, known.today):
        if Form.CHILD not in asked:
            yield Proposal(
                Head.FAMILY,
                Stands.ALWAYS,
                "The young person’s own advice and views",
                f"They were over compulsory school age from the end of {last_day}: they are the "
                "party themselves, no longer a parent. Always asked; no limit of time runs on it. "
                "Where they lack capacity, regulation 64 lets somebody act in their place.",
                Form.CHILD,
            )
        return
    if Form.PARENT not in asked:
        yield Proposal(
            Head.FAMILY,
            Stands.ALWAYS,
            "The parent’s advice and views",
            "The child’s parent is always asked; no report can stand for it, and no limit of time "
            "runs on it.",
            Form.PARENT,
        )
    if Form.CHILD not in asked:
        yield Proposal(
            Head.FAMILY,
            Stands.PROPOSED,
            "The child’s own views",
            "The authority must have regard to the views, wishes and feelings of the child.",
            Form.CHILD,
            ticked=not known.is_second_round,
        )


def _education(known: Known) -> Iterator[Proposal]:
    """Reg 6(1)(b): the setting; without one, early years or the service with that head."""
    if known.is_asked(Head.EDUCATION):
        return
    setting, born = known.case.setting, known.case.person.date_of_birth
    below = year_number(born, known.today) < 0
    if setting is None or setting.closed_on is not None:
        closed = f"{setting.name} has closed. " if setting is not None else ""
        form = Form.EARLY_YEARS if below else Form.EDUCATIONAL
        yield from _head(Head.EDUCATION, form, known, first=closed)
    elif setting.advice_label not in known.asked:
        form, _ = form_and_head(setting)
        if below and form == Form.EDUCATIONAL:
            form = Form.EARLY_YEARS
        why = f"{WHY[Head.EDUCATION]} It is the setting recorded for this child."
        question = "" if _somebody_for_adulthood(known) else ADULTHOOD_QUESTION
        yield _line(Head.EDUCATION, form, setting, why, known, question=question)


def _head(head: Head, form: Form, known: Known, *, first: str = "") -> Iterator[Proposal]:
    """One head: the service of each form that serves the child best, or what to do without."""
    if known.is_asked(head):
        return
    found = best(_always_asked(known, head))
    for fit in found:
        body = fit.service
        alike = [f.service.name for f in found if f is not fit and f.is_like(fit)]
        twin = (
            f" {', '.join(alike)} serves them too: untick what you need not ask." if alike else ""
        )
        why = f"{first}{WHY[head]} {_serves(fit, known)}{twin}"
        yield _line(head, form_and_head(body)[0], body, why, known)
    if not found:
        yield _without(head, form, known, first)


def _without(head: Head, form: Form, known: Known, first: str) -> Proposal:
    """Nobody fits a head: an existing report stands for it, or somebody must be found."""
    report = known.report_for(None, head)
    if report is not None:
        return Proposal(
            head, Stands.NOT_TO_BE_ASKED, head.label, _sufficient(report), form, ticked=False
        )
    asked = [r.whose for r in known.requests if r.head == head and r.organisation_id]
    why = _NOBODY.get(head) or (
        f"{WHY[head]} No service for this head serves {_where(known.case)}. Add the right one "
        f"below as “{head.label}”, or ask an administrator to record which service serves whom."
    )
    again = f"{', '.join(asked)} cannot answer. " if asked else ""
    return Proposal(head, Stands.NOBODY, head.label, f"{first}{again}{why}", form, ticked=False)


def _others(known: Known) -> Iterator[Proposal]:
    """Reg 6(1)(f): every service that the authority always asks, where it serves the child."""
    for fit in _always_asked(known, Head.OTHER):
        if getattr(fit.service, "profile", None) is not None:
            why = f"{WHY[Head.OTHER]} {_serves(fit, known)}"
            form, _ = form_and_head(fit.service)
            first_round = not known.is_second_round
            yield _line(Head.OTHER, form, fit.service, why, known, ticked=first_round)


def _adulthood(known: Known) -> Iterator[Proposal]:
    """Reg 6(1)(g); where no service has this head, the setting is asked to cover it."""
    born = known.case.person.date_of_birth
    if year_number(born, known.today) < ADULTHOOD_FROM_YEAR:
        return
    if _somebody_for_adulthood(known) or not _setting_covers_adulthood(known):
        year = school_year(born, known.today)
        words = f"They are in {year}. " if year.startswith("Year") else "They are past Year 13. "
        yield from _head(Head.ADULTHOOD, Form.ADULTHOOD, known, first=words)


def _setting_covers_adulthood(known: Known) -> bool:
    """True when the setting is, or was, asked to cover it in its own advice."""
    setting = known.case.setting
    if setting is None or setting.closed_on is not None:
        return False
    asked = [r.question for r in known.requests if r.label == setting.advice_label]
    return not asked or any(Head.ADULTHOOD in question for question in asked)


def _somebody_for_adulthood(known: Known) -> bool:
    """True when the setting need not cover it: too young, asked before, or a service has it."""
    young = year_number(known.case.person.date_of_birth, known.today) < ADULTHOOD_FROM_YEAR
    return (
        young
        or known.is_asked(Head.ADULTHOOD)
        or known.report_for(None, Head.ADULTHOOD) is not None
        or bool(_always_asked(known, Head.ADULTHOOD))
    )


def _sensory(known: Known) -> Iterator[Proposal]:
    """Reg 6(2): offered, and chosen by the caseworker who knows of the impairment."""
    if known.is_asked(Head.SENSORY):
        return
    for fit in best(serving(known.unasked, known.case, Head.SENSORY)):
        form, _ = form_and_head(fit.service)
        why = f"{WHY[Head.SENSORY]} {_serves(fit, known)}"
        line = _line(Head.SENSORY, form, fit.service, why, known, ticked=False)
        yield line if line.stands == Stands.NOT_TO_BE_ASKED else _only_if(line)


def _only_if(line: Proposal) -> Proposal:
    return Proposal(
        line.head, Stands.ONLY_IF, line.whose, line.why, line.form, line.organisation, ticked=False
    )


def _line(
    head: Head,
    form: Form,
    body: Organisation,
    why: str,
    known: Known,
    *,
    ticked: bool = True,
    question: str = "",
) -> Proposal:
    """A body to ask, unless an existing report stands for it."""
    report = known.report_for(body, head)
    if report is not None:
        why = _sufficient(report)
        stands = Stands.NOT_TO_BE_ASKED
        return Proposal(head, stands, body.name, why, form, body, ticked=False)
    return Proposal(head, Stands.PROPOSED, body.name, why, form, body, ticked, question)


def _always_asked(known: Known, head: Head) -> list[Fit]:
    """The services of a head that serve the child and are proposed for everybody they serve."""
    found = serving(known.unasked, known.case, head)
    return [f for f in found if getattr(getattr(f.service, "profile", None), "always_asked", True)]


def _serves(fit: Fit, known: Known) -> str:
    return f"{fit.service.name} serves {fit.what(known.case)}."


def _where(case: Case) -> str:
    """Where the child is, as services are recorded by it."""
    places = [case.setting.name] if case.setting else []
    places.append(case.person.postcode.upper() or "a child without a recorded postcode")
    return " or ".join(places)


def _sufficient(report: ExistingAdvice) -> str:
    since = in_words(report.sufficient_on) if report.sufficient_on else "now"
    return (
        f"Not to be asked: since {since} the adviser, the authority and the family are all "
        f"satisfied that “{report.title}” by {report.author} of {in_words(report.dated_on)} is "
        "sufficient (regulation 6(4))."
    )
