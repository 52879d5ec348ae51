"""Reasons that repeat across cases: found by what sentences are made of, never by reading texts.

A family is owed reasons about its own child. A sentence that stands in the reasons of other cases
too is pointed out to the chair before it is recorded; it may be right, so it is never refused.

Each sentence is reduced to its words, without names, pronouns and figures, and each word to a
hash. Two sentences are nearly the same when at least three quarters of all their words are in
both. To find those without comparing with everything, each has a few marks (a min-hash in bands):
sentences that share most words share a mark almost surely, and an index leads from mark to
sentence.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import blake2b

from ehc.models import Case, Person
from panels.models import ReasonSentence, Recommendation

#: How far back is looked.
LOOKS_BACK = timedelta(days=365)
#: Shorter sentences say too little to be told apart (“We agree.”).
_LEAST_WORDS = 6
#: The share of all words that stand in both sentences, from which they are nearly the same.
_NEARLY = 0.75
_BANDS, _ROWS = 8, 2
_MOST_SENTENCES = 60
_MOST_LIKE = 2000

_PUT_ASIDE = frozenset(
    word
    for words in (
        "he him his himself she her hers herself they them their theirs themself themselves it its",
        "child young person pupil son daughter boy girl a an the",
    )
    for word in words.split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_END = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Repeat:
    """A sentence, and in how many other cases of the authority it stands, nearly the same."""

    sentence: str
    cases: int


@dataclass(frozen=True, slots=True)
class _Made:
    sentence: str
    words: frozenset[int]
    marks: tuple[int, ...]


def repeats(reasons: str, case: Case, today: date) -> list[Repeat]:
    """The sentences of these reasons that other cases were given in the last twelve months.

    In the order in which they stand; one statement, whatever the length and whatever is on record.
    """
    made = list(_sentences(reasons, case.person))
    if not made:
        return []
    marks = sorted({mark for each in made for mark in each.marks})
    found = (
        ReasonSentence.objects.filter(
            marks__overlap=marks, authority=case.authority_id, on__gt=today - LOOKS_BACK
        )
        .exclude(case=case)
        .values_list("case", "words")[:_MOST_LIKE]
    )
    others = [(other, frozenset(words)) for other, words in found]
    counted = [
        Repeat(each.sentence, len({c for c, words in others if _alike(each.words, words)}))
        for each in made
    ]
    return [repeat for repeat in counted if repeat.cases]


def remember(made: Recommendation, case: Case, on: date) -> None:
    """Keep what a recommendation’s reasons are made of; of a corrected one only the new stays."""
    if made.corrects_id is not None:
        ReasonSentence.objects.filter(recommendation=made.corrects_id).delete()
    ReasonSentence.objects.bulk_create(rows_of(made, case, on))


def rows_of(made: Recommendation, case: Case, on: date) -> list[ReasonSentence]:
    """What a recommendation’s reasons are made of, unsaved."""
    return [
        ReasonSentence(
            recommendation=made,
            authority_id=case.authority_id,
            case=case,
            on=on,
            words=sorted(each.words),
            marks=list(each.marks),
        )
        for each in _sentences(made.reasons, case.person)
    ]


def sentence_of(reasons: str, person: Person, words: Collection[int]) -> str:
    """The sentence of these reasons that is made of exactly these words, without the child’s name.

    Empty when there is none.
    """
    wanted = frozenset(words)
    found = next((e.sentence for e in _sentences(reasons, person) if e.words == wanted), "")
    names = _names_of(person)
    return _WORD.sub(lambda word: _unnamed(word[0], names), found)


def _unnamed(word: str, names: frozenset[str]) -> str:
    if not names & set(_words(word)):
        return word
    ending = word[-2:]
    return f"[name]{ending}" if ending.casefold() in {"'s", "’s"} else "[name]"


def fingerprint(reasons: str) -> str:
    """A short sign of exactly these reasons, by which a page knows that they were pointed out."""
    return blake2b(reasons.strip().encode(), digest_size=8).hexdigest()


def _sentences(reasons: str, person: Person) -> Iterable[_Made]:
    aside = _PUT_ASIDE | _names_of(person)
    for sentence in _END.split(reasons.strip())[:_MOST_SENTENCES]:
        words = [w for w in _words(sentence) if w not in aside]
        if len(words) >= _LEAST_WORDS:
            hashes = frozenset(_hash(word) for word in words)
            yield _Made(sentence.strip(), hashes, _marks(hashes))


def _names_of(person: Person) -> frozenset[str]:
    said = f"{person.forename} {person.surname} {person.preferred_name}"
    return frozenset(_words(said))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return [word.split("'")[0].split("’")[0] for word in _WORD.findall(plain)]


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) >= _NEARLY * len(one | other)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)


def _marks(words: frozenset[int]) -> tuple[int, ...]:
    least = [min(_turned(word, turn) for word in words) for turn in range(_BANDS * _ROWS)]
    bands: Sequence[Sequence[int]] = [
        least[at : at + _ROWS] for at in range(0, _BANDS * _ROWS, _ROWS)
    ]
    return tuple(_hash(f"{at}:{band}") for at, band in enumerate(bands))


def _turned(word: int, turn: int) -> int:
    """The word’s place in one of several fixed shuffles of all words."""
    mixed = (word ^ _SHUFFLES[turn]) * 0x9E3779B97F4A7C15
    return (mixed ^ (mixed >> 29)) & 0xFFFFFFFFFFFFFFFF


_SHUFFLES = [_hash(f"shuffle {turn}") & 0xFFFFFFFFFFFFFFFF for turn in range(_BANDS * _ROWS)]
