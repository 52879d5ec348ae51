"""What the page of a case says while a family, or somebody else, has still to be told."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.urls import reverse

from ehc.dates import in_words
from ehc.models import Case
from ehc.permissions import Action
from ehc.queries.shown import ShownCase
from ehc.registry import Alert, Elsewhere, Way, Ways, on_case_page, on_step, on_ways
from ehc.templating import count
from panels.letters.content import tell_by
from panels.models import Letter
from panels.queries.letters import Waiting, waiting, with_standing
from panels.queries.on_case import kept_on
from panels.questions import Outcome


def letters_of(shown: ShownCase) -> Sequence[Waiting]:
    """The letters of the case that wait, for those who may send them; to be asked by `once`."""
    if Action.REFER_TO_PANEL not in shown.may or "letters" not in shown.once(kept_on):
        return ()
    rows = with_standing(Letter.objects.filter(decision__case=shown.case)).order_by("pk")
    return [waiting(letter) for letter in rows]


@on_case_page
def still_to_tell(shown: ShownCase) -> Iterator[Alert]:
    """Each letter of the case that waits."""
    for each in shown.once(letters_of):
        yield Alert(_sentence(each, shown.today), reverse("panels_letter", args=[each.letter.pk]))


def _sentence(each: Waiting, today: date) -> str:
    decision = each.letter.decision
    what = f"the decision of {in_words(decision.on)} ({decision.get_outcome_display().lower()})"
    if each.tell_by is None:
        return f"Of {what} there is still to be told: {each.untold}."
    return f"The family has not been told of {what}. {_must_go(each.tell_by, today)}"


def _must_go(last: date, today: date) -> str:
    late = (today - last).days
    if late > 0:
        return f"The letter had to go by {in_words(last)}: it is {count(late, 'day')} late."
    return f"The letter has not gone; it must by {in_words(last)}."


@on_ways
def letter_first(shown: ShownCase) -> Ways | None:
    """What comes next is the letter, while the law’s days for telling the family run."""
    urgent = [each for each in shown.once(letters_of) if each.tell_by is not None]
    if not urgent:
        return None
    addresses = [reverse("panels_letter", args=[each.letter.pk]) for each in urgent]
    return Ways(
        frozenset({"tell_family_will_assess"}),
        lead=tuple(Way("Send the letter to the family", address) for address in addresses),
    )


def tell_at(case: Case, _today: date, _details: object) -> Elsewhere | None:
    """Where a letter tells the family that there will be an assessment, telling them is sending it.

    The core’s own step is for what is told without one.
    """
    rows = Letter.objects.filter(
        decision__case=case, decision__outcome=Outcome.ASSESS, finished_on__isnull=True
    ).select_related("decision__process", "decision__event")
    if not any(tell_by(letter.decision) for letter in rows):
        return None
    return Elsewhere(
        "panels_letter_of",
        "The letter of the decision tells the family. Send it from its own page: the day on which "
        "it goes is recorded with it.",
    )


on_step("tell_family_will_assess", tell_at)
