"""What is done to a case as a whole: notes, hand-overs, who holds it, who may see it."""

from datetime import date
from typing import Any

from ehc.commands.base import Entry, command
from ehc.commands.guards import need_reason, refuse
from ehc.models import Case, CaseParty, Team, User
from ehc.permissions import Action


@command(action=Action.RECORD_CONTACT, title="Record a contact", on_case=True)
def record_contact(
    case: Case, *, on: date, today: date, with_whom: str, how: str, note: str, **_: Any
) -> Entry:
    """A conversation, letter or message, with what was said and promised."""
    if not note.strip():
        refuse("Write what was said.", "note")
    return Entry(
        "contact_recorded",
        on,
        data={"with_whom": with_whom.strip(), "how": how, "note": note.strip()},
    )


@command(action=Action.ADD_DOCUMENT, title="Add a document", on_case=True)
def add_document(
    case: Case, *, on: date, today: date, title: str, document: int, **_: Any
) -> Entry:
    """A document was added; its bytes and rows are stored by `ehc.documents` beforehand."""
    return Entry("document_added", on, data={"title": title, "document": document})


@command(action=Action.ASSIGN_CASE, title="Change the caseworker", on_case=True)
def assign_case(
    case: Case, *, on: date, today: date, owner: User, team: Team | None = None, **_: Any
) -> Entry:
    """A manager gives the case to a caseworker, and to their team."""
    before = case.owner.full_name if case.owner else ""
    _give(case, owner, team)
    return Entry(
        "assigned",
        on,
        data={"from": before, "to": owner.full_name},
        moves_work=True,
    )


@command(action=Action.CLAIM_WORK, title="Hand over the case", on_case=True)
def hand_over(case: Case, *, on: date, today: date, owner: User, note: str, **_: Any) -> Entry:
    """A caseworker gives the case to a colleague with a note: what is promised, what is next."""
    if not note.strip():
        refuse("Write a hand-over note: what has been promised, and what is next.", "note")
    if case.owner_id == owner.pk:
        refuse("They hold this case already.", "owner")
    before = case.owner.full_name if case.owner else ""
    _give(case, owner, None)
    return Entry(
        "handed_over",
        on,
        data={"from": before, "to": owner.full_name, "note": note.strip()},
        moves_work=True,
    )


def _give(case: Case, owner: User, team: Team | None) -> None:
    case.owner = owner
    if team is not None:
        case.team = team


@command(action=Action.RESTRICT_CASE, title="Restrict the case", on_case=True)
def restrict_case(case: Case, *, on: date, today: date, by: User, reason: str, **_: Any) -> Entry:
    """Only its caseworker and those named see the case from now on; the manager who says so is."""
    if case.restricted:
        refuse("This case is restricted already.")
    case.restricted = True
    return Entry(
        "restricted",
        on,
        data={"reason": need_reason(reason, "restricting the case")},
        names=[
            CaseParty(
                user=by, capacity=CaseParty.Capacity.NAMED, starts_on=on, reason="Restriction"
            )
        ],
    )


@command(action=Action.RESTRICT_CASE, title="Lift the restriction", on_case=True)
def lift_restriction(case: Case, *, on: date, today: date, reason: str, **_: Any) -> Entry:
    """Everyone in the authority with a right to cases sees this one again."""
    if not case.restricted:
        refuse("This case is not restricted.")
    case.restricted = False
    return Entry(
        "restriction_lifted", on, data={"reason": need_reason(reason, "lifting the restriction")}
    )


@command(action=Action.RESTRICT_CASE, title="Give a person access", on_case=True)
def name_person(case: Case, *, on: date, today: date, person: User, reason: str, **_: Any) -> Entry:
    """Name somebody on a restricted case."""
    return Entry(
        "party_named",
        on,
        data={"to": person.full_name, "reason": need_reason(reason, "giving access")},
        names=[
            CaseParty(
                user=person,
                capacity=CaseParty.Capacity.NAMED,
                starts_on=on,
                reason=reason.strip()[:300],
            )
        ],
    )


@command(action=Action.RESTRICT_CASE, title="End a person’s access", on_case=True)
def unname_person(
    case: Case, *, on: date, today: date, by: User, person: User, reason: str, **_: Any
) -> Entry:
    """Take somebody off a restricted case: from this moment they do not see it.

    Nobody takes themselves off: whoever is left could be nobody, and the case lost to all.
    """
    if person.pk == by.pk:
        refuse("You cannot end your own access. Ask another manager who is named here.", "person")
    if case.owner_id == person.pk:
        refuse(
            f"{person.full_name} carries this case, and so sees it. Change the caseworker first.",
            "person",
        )
    return Entry(
        "party_removed",
        on,
        data={"from": person.full_name, "reason": need_reason(reason, "ending access")},
        unnames=[person],
    )
