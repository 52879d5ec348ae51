"""A case on which advice was asked for, for tests."""

from datetime import date

from advice import commands as advice
from advice.models import AdviceRequest, Form
from advice.services import form_and_head
from ehc import commands
from ehc.models import Assessment, Organisation, Role, User
from tests.factories import Council, fresh, member

RECEIVED = date(2025, 1, 6)
ASKED = date(2025, 2, 3)
DUE = date(2025, 3, 17)
WRITTEN = {
    "contact": "Seen at school on 4 February.",
    "voice": "“I like numbers. I do not like the hall.”",
    "voice_how": "Talking while drawing.",
    "strengths": "Numbers, kindness.",
    "needs": "Following spoken instructions in a group.",
    "tried": "Picture cards since autumn; they help.",
    "assessment": "Observation and two standard tests.",
    "attainment": "Reading at age 6.",
    "support": "Five hours a week in a pair.",
    "education_effect": "Tires by noon.",
    "involvement": "Not known before.",
}
ROW = {
    "part": "education",
    "need": "Following spoken instructions",
    "effect": "Misses the start of tasks",
    "outcome": "By July 2026 begins three tasks of four without help",
    "provision": "Instructions given again with pictures",
    "how_much": "10 minutes",
    "how_often": "Each lesson",
    "by_whom": "Teaching assistant",
    "skill": "Trained in visual support",
}


def ask(organisation: Organisation, question: str = "") -> advice.Ask:
    """What is asked of a body, with the form and the head that go with it."""
    form, head = form_and_head(organisation)
    return advice.Ask(organisation, head, form, question)


class Asked:
    """Advice asked of the council’s psychologists, paediatricians and school, and of the family."""

    def __init__(self, council: Council | None = None, *, own: tuple[Form, ...] = ()) -> None:
        self.council = council or Council()
        assessment = self.council.register(RECEIVED)
        by = self.council.caseworker
        commands.agree_to_assess(assessment, on=ASKED, by=by, today=ASKED)
        advice.ask_for_advice(
            assessment,
            on=ASKED,
            asks=[ask(o) for o in (self.council.psychology, self.council.health)],
            own=own,
            by=by,
            today=ASKED,
        )
        self.pk = assessment.pk

    @property
    def assessment(self) -> Assessment:
        """The process as it is now."""
        return fresh(Assessment(pk=self.pk))

    def of(self, organisation: Organisation) -> AdviceRequest:
        """The request to a body as it is now."""
        return AdviceRequest.objects.select_related("case", "organisation").get(
            process=self.pk, organisation=organisation
        )

    def own(self, form: Form) -> AdviceRequest:
        """What the family is asked for, as it is now."""
        return AdviceRequest.objects.select_related("case").get(process=self.pk, form=form)


def give(request: AdviceRequest, *, by: User, on: date, **details: object) -> None:
    """Give the advice with everything answered."""
    advice.give_advice(request, on=on, content=WRITTEN, rows=[ROW], by=by, today=on, **details)


def lead_of(organisation: Organisation) -> User:
    """Somebody who leads that service."""
    return member(Role.SERVICE_LEAD, organisation=organisation)
