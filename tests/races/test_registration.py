"""The same child registered twice at the same moment becomes one case."""

import uuid
from datetime import date
from typing import Any

from ehc import commands, truth
from ehc.models import Case, CaseEvent, Person
from tests.factories import Council, PersonFactory
from tests.races.at_once import at_once

RECEIVED = date(2025, 1, 8)
UPN = "A123456789012"


def registered(council: Council, token: uuid.UUID | None = None, **person: Any) -> Any:
    details = commands.RequestDetails(
        person=PersonFactory.build(authority=council.authority, **person),
        received_on=RECEIVED,
        source="1",
        owner=council.caseworker,
    )
    return lambda: commands.register_request(
        details, by=council.caseworker, today=RECEIVED, token=token
    )


def test_the_same_upn_twice_at_once(council: Council) -> None:
    answers = at_once(
        council.authority,
        registered(council, upn=UPN, forename="Ada"),
        registered(council, upn=UPN, forename="Adah"),
    )
    (event,) = (a for a in answers if isinstance(a, CaseEvent))
    (refusal,) = (a for a in answers if isinstance(a, Exception))
    assert isinstance(refusal, commands.Refused)
    assert refusal.field == "upn"
    assert Person.objects.get(upn=UPN).cases.get() == event.case
    assert Case.objects.count() == 1
    assert list(truth.check()) == []


def test_a_double_press_registers_one_child(council: Council) -> None:
    token = uuid.uuid4()
    first, second = at_once(
        council.authority, registered(council, token), registered(council, token)
    )
    assert first == second
    assert (Case.objects.count(), Person.objects.count()) == (1, 1)


def test_every_case_has_a_reference_of_its_own(council: Council) -> None:
    events = at_once(council.authority, *(registered(council) for _ in range(6)))
    references = {event.case.reference for event in events}
    assert len(references) == 6
    assert list(truth.check()) == []


def test_a_second_request_for_one_child_at_once(council: Council) -> None:
    """After a refusal two people register the family’s new request: one assessment is opened."""
    assessment = council.register(RECEIVED)
    commands.refuse_to_assess(
        assessment, on=RECEIVED, by=council.caseworker, today=RECEIVED, reason="Met at school."
    )
    case = assessment.case
    details = commands.RequestDetails(person=case.person, received_on=date(2025, 6, 2), source="1")

    def again() -> CaseEvent:
        return commands.register_request(
            details, by=council.caseworker, case=case, today=date(2025, 6, 2)
        )

    answers = at_once(council.authority, again, again)
    assert len([a for a in answers if isinstance(a, CaseEvent)]) == 1
    (refusal,) = (a for a in answers if isinstance(a, Exception))
    assert isinstance(refusal, commands.Refused)
    assert "already under way" in str(refusal)
    assert case.processes.count() == 2
    assert list(truth.check()) == []
