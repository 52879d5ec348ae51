"""Putting papers before an item: exact versions, compared with the child they should be about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Max, Q

from ehc import identity, registry
from ehc.documents import keep_copy, path_of
from ehc.models import Case, DocumentVersion, Person, User
from ehc.queries.papers import papers_of
from ehc.registry import CasePaper
from panels.models import Item, Paper

#: Why somebody must look at a paper before it goes out; “it” is the paper.
DOUBTS: Mapping[str, str] = {
    **identity.WARNINGS,
    "other_child": (
        "It has the full name of another child whose case is before this panel, or with the same "
        "caseworker."
    ),
    "not_compared": "It has not been compared with the child’s name and date of birth yet.",
}
NOT_COMPARED = "not_compared"
_MOST_OTHERS = 500


def offered(case: Case, today: date) -> list[CasePaper]:
    """What can be put before a panel, and what is missing."""
    return papers_of(case, today)


def standing_of(item: Item) -> list[Paper]:
    """The papers of an item that were not taken back, in their order."""
    rows = item.papers.filter(withdrawn_at__isnull=True)
    return list(rows.select_related("version__document", "cleared_by"))


def put(
    item: Item, papers: Iterable[CasePaper], *, by: User, now: datetime, late: bool = False
) -> list[Paper]:
    """Put papers before an item, those that are there already left out.

    What is no file is typeset and kept as one. The text of a form is compared at once; a file from
    outside is read later, by `compare`, and stands in doubt until then.
    """
    there = standing_of(item)
    known = {paper.source for paper in there} - {""} | {paper.version_id for paper in there}
    last: int = item.papers.aggregate(last=Max("position"))["last"] or 0
    made = []
    for paper in papers:
        if not paper.is_here or paper.key in known:
            continue
        version = version_of(paper, item.case, by=by, now=now)
        if version.pk in known:
            continue
        last += 1
        made.append(
            Paper.objects.create(
                item=item,
                version=version,
                title=paper.title[:200],
                about=paper.about[:300],
                source=paper.key,
                position=last,
                late=late,
                doubts=[NOT_COMPARED]
                if paper.version is not None
                else doubts_in(paper.text, item, is_report=False),
                added_by=by,
                added_at=now,
            )
        )
        known |= {paper.key, version.pk}
    return made


def version_of(paper: CasePaper, case: Case, *, by: User, now: datetime) -> DocumentVersion:
    """The exact version of a paper. The PDF of what is no file is made once: it does not change."""
    if paper.version is not None:
        return paper.version
    before = Paper.objects.filter(item__case=case, source=paper.key)
    if (known := before.select_related("version__document").first()) is not None:
        return known.version
    if paper.render is None:
        raise AssertionError("A paper that is here is a file, or can be typeset.")
    return keep_copy(case, paper.render(), title=paper.title, by=by, now=now)


def compare(paper: Paper) -> Sequence[str]:
    """What is doubtful about a file: its words are read and compared. No answer: not compared."""
    version = paper.version
    text = registry.text_of_file(path_of(version), version.media_type)
    if text is None:
        return [NOT_COMPARED]
    return doubts_in(text, paper.item, is_report=True)


def doubts_in(text: str, item: Item, *, is_report: bool) -> list[str]:
    """The codes of `DOUBTS` for a text that is put before an item; two statements."""
    person = item.case.person
    found = identity.signs_in(text, person, is_report=is_report)
    if names_other_child(text, item):
        found.append("other_child")
    return found


def names_other_child(text: str, item: Item) -> bool:
    """True when a text has the full name of a child who is likely to be mixed up with this one."""
    words = identity.words_of(text)
    return bool(words) and identity.names_one_of(words, item.case.person, _others(item, words))


def _others(item: Item, words: Collection[str]) -> list[Person]:
    """The children whose papers are likeliest to be mixed up with this child’s.

    Those before the same sitting, and those of the same caseworker; by name only if it can be in
    the text.
    """
    near = Q(cases__panel_items__sitting=item.sitting_id)
    if item.case.owner_id is not None:
        near |= Q(cases__owner=item.case.owner_id, cases__is_open=True)
    found = Person.objects.filter(near).exclude(pk=item.case.person_id).distinct()
    rows = found.order_by("-pk")[:_MOST_OTHERS]
    there = set(words) | identity.runs_of(list(words))
    return [person for person in rows if identity.plain(person.surname).partition(" ")[0] in there]


def in_doubt(papers: Iterable[Paper]) -> list[Paper]:
    """The papers that somebody must look at before they go out."""
    return [paper for paper in papers if paper.doubts and paper.cleared_by_id is None]


def in_words(paper: Paper) -> list[str]:
    """The doubts about a paper as sentences."""
    return [DOUBTS.get(code, code) for code in paper.doubts]
