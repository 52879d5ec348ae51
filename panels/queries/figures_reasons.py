"""Reasons that repeat across cases in a period, told by what their sentences are made of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from django.db.models import Count, Max, Q, QuerySet

from ehc.models import User
from ehc.permissions import visible_to
from panels import boilerplate
from panels.models import ReasonSentence, Recommendation
from panels.queries.figures_base import Chosen

#: In fewer cases a sentence is not named.
LEAST_CASES = 3
_MOST = 20


@dataclass(frozen=True, slots=True)
class Repeated:
    """A sentence that the reasons of so many cases have, word for word but for names.

    `sentence` is empty when the person may see none of these cases.
    """

    sentence: str
    cases: int
    key: str
    words: tuple[int, ...]


def repeated(chosen: Chosen, user: User, today: date) -> list[Repeated]:
    """The sentences that most cases share, the commonest first; two statements.

    A sentence is shown as it stands in a case that the person may see, with the child’s name left
    out of it.
    """
    seen = Q(case__in=visible_to(user, today))
    rows = list(
        _sentences(chosen)
        .values_list("words")
        .annotate(cases=Count("case", distinct=True), one=Max("recommendation", filter=seen))
        .filter(cases__gte=LEAST_CASES)
        .order_by("-cases", "words")[:_MOST]
    )
    made = Recommendation.objects.select_related("item__case__person").in_bulk(
        [one for _, _, one in rows if one]
    )
    return [
        Repeated(_sentence(made.get(one), words), cases, _key(words), tuple(words))
        for words, cases, one in rows
    ]


def with_key(chosen: Chosen, key: str) -> QuerySet[ReasonSentence]:
    """The sentences that a line of `repeated` stands for; none for a key that names none."""
    rows = _sentences(chosen).values_list("words").annotate(cases=Count("case", distinct=True))
    found = [words for words, _ in rows.filter(cases__gte=LEAST_CASES) if _key(words) == key]
    return _sentences(chosen).filter(words__in=found)


def _sentences(chosen: Chosen) -> QuerySet[ReasonSentence]:
    rows = ReasonSentence.objects.filter(authority__in=chosen.authorities, on__range=chosen.days)
    if chosen.panel is not None:
        rows = rows.filter(recommendation__item__sitting__panel=chosen.panel)
    return rows


def _key(words: Collection[int]) -> str:
    return blake2b(",".join(map(str, words)).encode(), digest_size=8).hexdigest()


def _sentence(made: Recommendation | None, words: Collection[int]) -> str:
    if made is None:
        return ""
    return boilerplate.sentence_of(made.reasons, made.item.case.person, words)
