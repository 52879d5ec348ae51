"""The ladder as data: who changes it, what is refused, and who did it."""

import pytest

from advice.chasing import DEFAULT
from advice.commands.chasing import add_rung, ladder_of, remove_rung, restore_ladder
from advice.models import LadderStep
from advice.queries.chasing import changes_of
from ehc.commands import Refused
from ehc.permissions import NotAllowed
from tests.advice.asked import ASKED, DUE, Asked
from tests.advice.chasing.sweeping import days, sweep
from tests.factories import Council, signed_in

pytestmark = pytest.mark.django_db


def test_an_authority_begins_with_the_default_ladder() -> None:
    council = Council()
    found = [(s.after_return, s.days, s.recipient) for s in ladder_of(council.authority)]
    assert found == sorted(tuple(rung) for rung in DEFAULT)


def test_a_manager_changes_the_ladder_and_restores_it(asked: Asked) -> None:
    council = asked.council
    authority, by = council.authority, council.manager
    for step in ladder_of(authority):
        remove_rung(step, None, by=by, today=ASKED)
        remove_rung(step, None, by=by, today=ASKED)
    assert ladder_of(authority) == []
    assert sweep(DUE + days(3)) == 0
    for _ in range(2):
        add_rung(authority, None, after_return=False, days=2, recipient="lead", by=by, today=ASKED)
    assert [step.days for step in ladder_of(authority)] == [2]
    assert sweep(DUE + days(3)) == 1
    restore_ladder(authority, None, by=by, today=ASKED)
    assert len(ladder_of(authority)) == len(DEFAULT)


def test_a_service_s_own_ladder_counts_for_it_alone(asked: Asked) -> None:
    council = asked.council
    authority, own, by = council.authority, council.psychology, council.manager
    add_rung(authority, own, after_return=False, days=21, recipient="director", by=by, today=ASKED)
    assert len(ladder_of(authority, own)) == 6
    remove_rung(ladder_of(authority, own)[0], own, by=by, today=ASKED)
    assert len(ladder_of(authority, own)) == 5
    assert len(ladder_of(authority)) == len(DEFAULT)
    assert sweep(DUE - days(14)) == 0
    restore_ladder(authority, own, by=by, today=ASKED)
    assert ladder_of(authority, own) == []
    assert sweep(DUE - days(13)) == 1


def test_the_last_rung_of_a_service_stays(asked: Asked) -> None:
    council = asked.council
    authority, own, by = council.authority, council.psychology, council.manager
    first, *others = [s for s in ladder_of(authority) if not s.after_return]
    for step in others:
        remove_rung(step, own, by=by, today=ASKED)
    with pytest.raises(Refused, match="last rung"):
        remove_rung(first, own, by=by, today=ASKED)


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"days": 400, "recipient": "lead"}, "a year"),
        ({"days": 1, "recipient": "nobody"}, "Choose who"),
        ({"days": -1, "recipient": "lead", "after_return": True}, "beforehand"),
    ],
)
def test_an_impossible_rung_is_refused(details: dict[str, object], words: str) -> None:
    council = Council()
    values = {"after_return": False, **details}
    with pytest.raises(Refused, match=words):
        add_rung(council.authority, None, by=council.manager, today=ASKED, **values)  # type: ignore[arg-type]


def test_nobody_else_changes_a_ladder() -> None:
    council, other = Council(), Council()
    step = ladder_of(council.authority)[0]
    for by in (council.caseworker, other.manager, council.psychologist):
        with pytest.raises(NotAllowed):
            remove_rung(step, None, by=by, today=ASKED)
    with pytest.raises(NotAllowed):
        remove_rung(step, other.health, by=council.manager, today=ASKED)
    assert not LadderStep.objects.filter(removed=True).exists()


def test_who_changed_a_ladder_stands_on_its_page() -> None:
    council = Council()
    authority, by, other = council.authority, council.manager, council.psychology
    (first, *_) = ladder_of(authority)
    for _ in range(2):
        remove_rung(first, None, by=by, today=ASKED)
        add_rung(authority, None, after_return=True, days=3, recipient="lead", by=by, today=ASKED)
    add_rung(authority, other, after_return=False, days=2, recipient="adviser", by=by, today=ASKED)
    restore_ladder(authority, other, by=by, today=ASKED)
    restore_ladder(authority, other, by=by, today=ASKED)
    told = [what for _, what in changes_of(authority, None)]
    assert told == [
        "Added: 3 days after it was sent back, the service’s leads.",
        "Taken out: 14 days before it is due, whoever writes it, or the service’s mailbox.",
    ]
    own = [what for _, what in changes_of(authority, other)]
    assert own == [
        "The authority’s ladder counts again.",
        "Added: 2 days after it is due, whoever writes it, or the service’s mailbox.",
    ]
    page = signed_in(by).get(f"/advice/ladders/{authority.pk}/").content.decode()
    assert "Added: 3 days after it was sent back" in page
    assert f"3 February 2025 at 9:00am, {by.full_name}" in page
