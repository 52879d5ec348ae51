"""A council that has decided, and a family that waits for its letter."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from ehc import commands
from ehc.models import Assessment, Case, Person, Representative
from panels.commands import deciding
from panels.commands.letters import Going, make_letter, record_details
from panels.letters.content import content, details_of
from panels.letters.recipients import recipients_of
from panels.models import Decision, Letter, LetterCopy, LetterDetails
from panels.questions import Outcome, Question
from tests.factories import fresh
from tests.panels.board import Board, moment

RECEIVED = date(2026, 1, 12)
DECIDED = date(2026, 2, 4)
REASONS = "Amina reads well for her age.\n\nHer school gives her all the help that she needs."
POST = LetterCopy.How.POST
DETAILS = {
    "name": "Testshire Council",
    "address": "1 High Street\nTestford\nTE1 1AA",
    "telephone": "01632 960001",
    "email": "send@testshire.example",
    "website": "www.testshire.example",
    "advice_name": "Testshire SENDIASS",
    "advice_telephone": "01632 960002",
    "mediation_name": "Fair Talk",
    "mediation_telephone": "01632 960003",
    "resolution_name": "Common Ground",
    "resolution_email": "help@ground.example",
    "icb_name": "NHS Testshire Integrated Care Board",
    "icb_address": "9 Hospital Way\nTestford",
    "social_care_name": "Children’s social care, Testshire Council",
    "social_care_email": "social.care@testshire.example",
}


class Scene:
    """A council that has decided, and a family that waits to hear."""

    def __init__(self, born: date = date(2016, 5, 4)) -> None:
        self.board = Board()
        self.board.delegate()
        self.council = self.board.council
        self.assessment: Assessment = self.council.register(RECEIVED, today=RECEIVED)
        Person.objects.filter(pk=self.case.person_id).update(
            forename="Amina", surname="Example", date_of_birth=born
        )

    @property
    def case(self) -> Case:
        return Case.objects.select_related("person").get(pk=self.assessment.case_id)

    def details(self, **changes: str) -> LetterDetails:
        return record_details(
            self.council.authority,
            DETAILS | changes,
            by=self.board.administrator,
            today=DECIDED,
            now=moment(DECIDED),
        )

    def parent(self, name: str = "Dana Example", **extra: Any) -> Representative:
        said = {
            "relationship": "mother",
            "has_parental_responsibility": True,
            "address": "2 Low Road\nTestford",
            "starts_on": RECEIVED,
        }
        return Representative.objects.create(
            person=self.case.person, full_name=name, **(said | extra)
        )

    def decide(
        self,
        outcome: str = Outcome.REFUSE_TO_ASSESS,
        on: date = DECIDED,
        question: str = Question.ASSESS,
    ) -> Letter:
        decision = deciding.decide_outside(
            fresh(self.assessment),
            question=question,
            outcome=outcome,
            reasons=REASONS,
            evidence_for="The school’s report.",
            outside=Decision.Outside.NO_SITTING,
            outside_because="No sitting in time.",
            on=on,
            by=self.board.officer,
            today=on,
            now=moment(on),
        )
        return Letter.objects.get(decision=decision)

    def issue(self, outcome: str, on: date) -> Letter:
        """Decide whether to issue: the case is assessed, advised on and referred first."""
        worker = self.council.caseworker
        said = {"by": worker, "today": on}
        agreed = RECEIVED + timedelta(days=20)
        self.decide(Outcome.ASSESS, agreed)
        services = [self.council.psychology]
        commands.request_advice(fresh(self.assessment), on=agreed, services=services, **said)
        commands.refer_to_panel(fresh(self.assessment), on=on, **said)
        return self.decide(outcome, on, Question.ISSUE)

    def make(self, letter: Letter, on: date = DECIDED, how: str = POST, **more: Any) -> LetterCopy:
        key = more.pop("key", None)
        if key is None:
            key = recipients_of(self.case, self.case.person, on)[0].key
        because = more.pop("because", "")
        today = more.pop("today", on)
        return make_letter(
            letter,
            key,
            Going(on, how, because, more.pop("anew", False)),
            by=more.pop("by", self.council.caseworker),
            today=today,
            now=moment(today),
            **more,
        )

    def read(self, letter: Letter, on: date = DECIDED, which: int = 0) -> str:
        """The letter as one string, as its reader has it."""
        letter = Letter.objects.get(pk=letter.pk)
        recipient = recipients_of(self.case, self.case.person, on)[which]
        details = details_of(self.council.authority.pk)
        return words_of(content(letter, recipient, details, on))


def words_of(made: dict[str, Any]) -> str:
    return "\n".join(
        [*made["to"], *made["to_lines"], f"Dear {made['dear']}", made["subject"], made["date"]]
        + [sentence for block in made["blocks"] for sentence in block_words(block)]
    )


def block_words(block: dict[str, Any]) -> Iterable[str]:
    yield from block.get("items", ())
    yield block.get("text", "")
    yield block.get("name", "")
    for what, how in block.get("ways", ()):
        yield f"{what}: {how}"


YOUNG = date(2009, 3, 1)
