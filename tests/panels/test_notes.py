"""A member’s private note: theirs alone, kept as it is written, and gone when it has served."""

from datetime import timedelta

import pytest

from ehc.commands import Overtaken, Refused
from ehc.models import User
from ehc.permissions import NotAllowed
from panels.commands import hearing, notes
from panels.commands.cancelling import cancel_sitting
from panels.models import Item, PrivateNote, Seat
from tests.factories import again
from tests.panels.board import moment
from tests.panels.chairing import SITS, Chairing

pytestmark = pytest.mark.django_db


@pytest.fixture
def chairing() -> Chairing:
    return Chairing().convene()


def health(chairing: Chairing) -> User:
    return again(chairing.board.members[Seat.HEALTH])


def write(
    chairing: Chairing, text: str, *, seen: str = "", hour: int = 10, item: Item | None = None
) -> PrivateNote:
    by, now = health(chairing), moment(SITS, hour)
    return notes.write_note(item or chairing.item, text, seen=seen, by=by, today=SITS, now=now)


def test_it_is_kept_in_place_of_what_was_kept(chairing: Chairing) -> None:
    first = write(chairing, "Ask about\r\nsleep.")
    write(chairing, "Ask about hearing.", seen=notes.note_version(first), hour=11)
    assert PrivateNote.objects.get().text == "Ask about hearing."


def test_another_device_is_not_overwritten(chairing: Chairing) -> None:
    write(chairing, "From the train.")
    with pytest.raises(Overtaken, match="another device"):
        write(chairing, "From the desk.")
    assert PrivateNote.objects.get().text == "From the train."


def test_it_has_an_end(chairing: Chairing) -> None:
    with pytest.raises(Refused, match="20,000"):
        write(chairing, "a" * 20_001)


def test_who_declares_an_interest_writes_no_more_and_what_they_wrote_is_gone(
    chairing: Chairing,
) -> None:
    note = write(chairing, "I know her mother.")
    hearing.declare_conflict(
        chairing.item, by=health(chairing), interest="My niece.", today=SITS, now=moment(SITS)
    )
    assert not PrivateNote.objects.exists()
    with pytest.raises(NotAllowed):
        write(chairing, "More.", seen=notes.note_version(note))


def test_it_goes_with_an_item_that_moves_and_a_deferred_one_leaves_it_in_both_places() -> None:
    held = Chairing().convene()
    write(held, "Ask about sleep.")
    later = held.next_sitting(1)
    hearing.defer(held.item, reason="The hearing test is missing.", to=later, **held.day)
    copy = Item.objects.get(sitting=later)
    assert set(PrivateNote.objects.values_list("item", "text")) == {
        (held.item.pk, "Ask about sleep."),
        (copy.pk, "Ask about sleep."),
    }
    last = held.next_sitting(2)
    cancel_sitting(
        later,
        because="The chair is ill.",
        moves={copy.pk: last},
        by=held.board.administrator,
        today=SITS + timedelta(days=1),
        now=moment(SITS + timedelta(days=1)),
    )
    assert {note.item.sitting_id for note in PrivateNote.objects.all()} == {
        held.sitting.pk,
        last.pk,
    }


def test_notes_of_a_sitting_are_forgotten(chairing: Chairing) -> None:
    write(chairing, "Ask about sleep.")
    notes.forget_notes(chairing.sitting)
    assert not PrivateNote.objects.exists()
