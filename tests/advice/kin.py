"""Families for tests: a child whose parent has an account. Every name here is invented."""

from datetime import date

from advice.commands.family import open_family_account
from ehc.models import Case, Representative, User
from tests.advice.asked import ASKED, Asked
from tests.factories import again


def parent(case: Case, name: str = "Dana Example", **extra: object) -> Representative:
    """Somebody with parental responsibility for the child of a case."""
    details = {
        "relationship": "mother",
        "has_parental_responsibility": True,
        "email": f"{name.split(maxsplit=1)[0].lower()}@example.org",
        "starts_on": date(2025, 1, 6),
    } | extra
    return Representative.objects.create(person_id=case.person_id, full_name=name, **details)


def account_for(
    who: Representative, case: Case, by: User, *, today: date = ASKED, **extra: object
) -> User:
    """Open an account for them; the user as their next request knows them."""
    open_family_account(case, representative=who, email=who.email, by=by, today=today, **extra)
    return again(Representative.objects.get(pk=who.pk).user)


def family_account(asked: Asked, name: str = "Dana Example") -> User:
    """A parent’s account on the case of `asked`."""
    case = asked.assessment.case
    return account_for(parent(case, name), case, asked.council.caseworker)
