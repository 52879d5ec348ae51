"""The answers of a form and its rows, as a professional of the discipline would give them."""

from dataclasses import dataclass
from datetime import date
from random import Random

from advice.demo import texts
from advice.demo.needs import NEEDS
from advice.forms_of_advice import COLUMNS, FORMS, SPEAKS_FROM
from advice.models.checking import ReturnReason
from advice.models.request import Form
from ehc.dates import years_old
from ehc.models import Person

#: What some advice lacks, and how often of a hundred that is sent back.
POOR = {
    ReturnReason.NOT_QUANTIFIED: 60,
    ReturnReason.NO_VOICE: 22,
    ReturnReason.NOT_SMART: 12,
    ReturnReason.STALE: 6,
}
_PRONOUNS = {
    "F": ("she", "her", "her", "herself"),
    "M": ("he", "him", "his", "himself"),
}


@dataclass(frozen=True, slots=True)
class Child:
    """Whom the words are about, and what kind of need they tell of."""

    need: str
    words: dict[str, str]
    #: Too young to be asked in words: whoever watches the child tells its views.
    young: bool

    def about(self, text: str) -> str:
        """The text with the child in it."""
        return text.format_map(self.words)


def child_of(person: Person, asked_on: date, lot: Random) -> Child:
    """The child as the texts name them, when advice was asked for on that day."""
    he, him, his, himself = _PRONOUNS.get(person.sex, _PRONOUNS["M"])
    words = {
        "name": person.preferred_name or person.forename.split()[0],
        "he": he,
        "him": him,
        "his": his,
        "himself": himself,
        "He": he.capitalize(),
        "His": his.capitalize(),
        # One in which outcomes can be looked for.
        "year": str(asked_on.year + 1),
    }
    weights = [need.weight for need in NEEDS.values()]
    young = years_old(person.date_of_birth, asked_on) < SPEAKS_FROM
    return Child(lot.choices(list(NEEDS), weights)[0], words, young)


def content_of(form: str, child: Child, lot: Random) -> dict[str, str]:
    """Answers to the questions of that form, none of them empty that must be answered."""
    if form == Form.PARENT:
        return _told(child, lot.choice(texts.PARENT))
    if form == Form.CHILD:
        return _told(child, lot.choice(texts.YOUNG if child.young else texts.CHILD))
    need = NEEDS[child.need]
    known = {
        "contact": lot.choice(texts.CONTACT),
        "voice": need.voice,
        "voice_how": need.voice_how,
        "family": need.family,
        "strengths": need.strengths,
        "needs": need.needs,
        "tried": need.tried,
        "assessment": need.finding,
        "attainment": lot.choice(texts.ATTAINMENT),
        "support": lot.choice(texts.SUPPORT),
        "attendance": lot.choice(texts.ATTENDANCE),
        "diagnoses": need.health,
        "education_effect": need.needs,
        "involvement": lot.choice(texts.INVOLVEMENT),
        "home": need.family,
        "senses": need.health,
        "development": need.finding,
        "employment": "{He} wants paid work; one week of experience so far, in a garden centre.",
        "living": "Cooks three meals; needs help with money and with buses that do not come.",
    }
    asked = [question.name for question in FORMS[form].questions]
    return _told(child, {name: known[name] for name in asked if name in known})


def rows_of(form: str, child: Child) -> list[dict[str, str]]:
    """The needs with outcome and provision that this discipline would write."""
    every = NEEDS[child.need].rows
    fitting = [row for row in every if form in row.of] or list(every[:1])
    return [
        dict(zip(COLUMNS, (row.part, *(child.about(cell) for cell in row.cells)), strict=True))
        for row in fitting
    ]


def spoil(
    content: dict[str, str], rows: list[dict[str, str]], why: ReturnReason, lot: Random
) -> None:
    """Make advice as poor as that reason for sending it back says."""
    if why == ReturnReason.NO_VOICE:
        content["voice"] = "Not obtained at this time."
        content["voice_how"] = "Not applicable."
    elif why == ReturnReason.NOT_SMART and rows:
        rows[0]["outcome"] = "To make progress and to reach full potential."
    elif why == ReturnReason.STALE:
        content["contact"] = "Assessed two years ago; file review only."
    elif rows:
        rows[0]["provision"] = lot.choice(texts.ELASTIC)
        rows[0]["how_much"] = rows[0]["how_often"] = rows[0]["by_whom"] = ""


def _told(child: Child, answers: dict[str, str]) -> dict[str, str]:
    return {name: child.about(text) for name, text in answers.items()}
