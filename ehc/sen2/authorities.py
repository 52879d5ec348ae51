"""Authorities by the DfE’s three-digit number, made when an import first meets them."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_uppercase

from ehc.models import Authority

_FILE = Path(__file__).parent.parent / "data" / "la_codes.csv"


@dataclass(frozen=True, slots=True)
class KnownAuthority:
    """An authority as the DfE lists it."""

    la_number: str
    ons_code: str
    name: str
    short_code: str


@cache
def known_authorities() -> dict[str, KnownAuthority]:
    """Every authority in England that made a return since 2023, by its number."""
    with _FILE.open(encoding="utf-8", newline="") as lines:
        return {
            row["la_number"]: KnownAuthority(
                row["la_number"], row["ons_code"], row["name"], row["short_code"]
            )
            for row in csv.DictReader(lines)
        }


def name_of(la_number: str) -> str:
    """The name of an authority for a sentence; its number when it is on no list."""
    known = known_authorities().get(la_number)
    if known is not None:
        return known.name
    return "not known, or outside England" if la_number == "XXX" else f"LA number {la_number}"


def locked_authority(la_number: str) -> Authority:
    """The authority, made if need be, with its row locked for the rest of the transaction.

    The lock keeps two imports for one authority, and case references, apart.
    """
    known = known_authorities()[la_number]
    if not Authority.objects.filter(la_number=la_number).exists():
        Authority.objects.bulk_create(
            [
                Authority(
                    la_number=la_number,
                    ons_code=known.ons_code,
                    name=known.name,
                    short_code=_free_code(known.short_code),
                )
            ],
            ignore_conflicts=True,
        )
    return Authority.objects.select_for_update().get(la_number=la_number)


def _free_code(wanted: str) -> str:
    """The short code, with a letter added when another authority here has it."""
    taken = set(Authority.objects.values_list("short_code", flat=True))
    return next(
        code for code in (wanted, *(wanted + x for x in ascii_uppercase)) if code not in taken
    )
