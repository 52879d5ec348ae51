"""Is this report about the right child? Signs that it may not be; they warn and never block.

What is found is kept as codes. The name of another child is nowhere written down, neither in a row
nor in a log. What can be told from the text alone `ehc.identity` tells.
"""

from collections.abc import Mapping

from django.db import connection

from advice.models import AdviceRequest
from ehc import identity
from ehc.identity import ONE_FOR_ONE, TWO_FOR_ONE, names_one_of, runs_of, signs_in, words_of
from ehc.models import Person

#: What the giver, and later whoever checks, is told of a file; “it” is the file or the text.
WARNINGS: Mapping[str, str] = {
    **identity.WARNINGS,
    "other_child": (
        "It has the full name of another child about whom the same service is or was asked."
    ),
}


def warnings_in(text: str, request: AdviceRequest, *, is_report: bool = False) -> list[str]:
    """The codes of `WARNINGS` for a text that somebody gives as advice on this request.

    A report (`is_report`) is expected to name the child; the answers of our own form are not, for
    its page does. One statement reads the child, one the others.
    """
    person = request.case.person
    found = signs_in(text, person, is_report=is_report)
    words = words_of(text)
    if words and request.organisation_id is not None and _names_another(words, person, request):
        found.append("other_child")
    return found


_WITHOUT_ACCENTS = (
    "lower(normalize(regexp_replace(normalize("
    "translate({column}, '''’‘ʼ`´', ''), NFKD), '[\u0300-\u036f]', '', 'g'), NFC))"
)


def _plain_in_sql(column: str) -> str:
    """`ehc.identity.plain`, for a column; most names need no more than the first branch."""
    letters = f"translate({_WITHOUT_ACCENTS}, '{ONE_FOR_ONE[0]}', '{ONE_FOR_ONE[1]}')"
    for one, two in TWO_FOR_ONE.items():
        letters = f"replace({letters}, '{one}', '{two}')"
    letters = letters.format(column=column)
    return (
        f"CASE WHEN {column} ~ '^[A-Za-z]+$' THEN lower({column}) ELSE "
        rf"btrim(regexp_replace({letters}, '[\s.‐‑–—-]+', ' ', 'g')) END"
    )


#: Those of whom a surname and a forename, or their beginnings, both stand somewhere in the text.
_CANDIDATES = f"""
WITH word AS (SELECT unnest(%s::text[]) AS w),
asked AS (
    SELECT DISTINCT c.person_id FROM advice_advicerequest r JOIN ehc_case c ON c.id = r.case_id
    WHERE r.organisation_id = %s
),
named AS (
    SELECT p.id, p.forename, p.preferred_name, p.surname
    FROM ehc_person p JOIN asked ON asked.person_id = p.id
    WHERE p.id <> %s
    AND split_part({_plain_in_sql("p.surname")}, ' ', 1) IN (SELECT w FROM word)
)
SELECT DISTINCT n.forename, n.preferred_name, n.surname FROM named n
WHERE split_part({_plain_in_sql("n.forename")}, ' ', 1) IN (SELECT w FROM word)
   OR split_part({_plain_in_sql("n.preferred_name")}, ' ', 1) IN (SELECT w FROM word)
"""  # noqa: S608  (columns of ours)


def _names_another(words: list[str], person: Person, request: AdviceRequest) -> bool:
    """True when the full name of another child of the same body’s requests is in the text."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [sorted(runs_of(words)), request.organisation_id, person.pk])
        candidates = cursor.fetchall()
    others = [
        Person(forename=forename, preferred_name=preferred, surname=surname)
        for forename, preferred, surname in candidates
    ]
    return names_one_of(words, person, others)
