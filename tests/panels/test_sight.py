"""What a member sees of a sitting, from when until when, and what ends it."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from ehc.documents import store
from ehc.models import CaseParty, Membership
from panels.commands import hearing, scheduling
from panels.commands.cancelling import cancel_sitting
from panels.models import Booking, Item, Member, Minutes, Paper, Seat, Sitting
from panels.pack import items_for, papers_in
from panels.permissions import may_chair, shown_items, sittings_of
from panels.questions import Question
from tests.factories import again
from tests.panels.board import moment
from tests.panels.chairing import RECEIVED, SITS, Chairing, booking_of

pytestmark = pytest.mark.django_db

SENT = date(2026, 1, 28)


@pytest.fixture
def chairing(settings: Any, tmp_path: Path) -> Chairing:
    settings.MEDIA_ROOT = str(tmp_path)
    return Chairing(2)


@pytest.fixture
def out(chairing: Chairing) -> Chairing:
    """Papers are out."""
    hearing.send_papers(
        chairing.sitting, by=chairing.board.administrator, today=SENT, now=moment(SENT)
    )
    return chairing


def shown(chairing: Chairing, seat: str = Seat.HEALTH, today: date = SENT) -> list[int]:
    """The places of the items that a member may open, as their next request finds them."""
    user = again(chairing.board.members[Seat(seat)])
    sitting = Sitting.objects.get(pk=chairing.sitting.pk)
    return [item.position for item in shown_items(user, sitting, today)]


def test_nothing_before_papers_go_out_and_nothing_once_minutes_are_signed(
    chairing: Chairing,
) -> None:
    assert shown(chairing) == []
    chairing.convene()
    assert shown(chairing, today=SITS) == [1, 2]
    Sitting.objects.filter(pk=chairing.sitting.pk).update(status=Sitting.Status.ENDED)
    minutes = Minutes.objects.create(sitting=chairing.sitting, changed_at=moment(SITS, 14))
    assert shown(chairing, today=SITS) == [1, 2]
    minutes.signed_by, minutes.signed_at = chairing.board.chair, moment(SITS, 16)
    minutes.sha256 = "0" * 64
    minutes.save()
    assert shown(chairing, today=SITS) == []


def test_a_colleague_who_cannot_come_shuts_nobody_else_out(out: Chairing) -> None:
    school = out.board.members[Seat.SCHOOL]
    scheduling.answer(out.sitting, comes=False, by=school, today=SENT, now=moment(SENT))
    assert shown(out) == [1, 2]
    assert shown(out, Seat.SCHOOL) == []
    scheduling.answer(out.sitting, comes=True, by=school, today=SENT, now=moment(SENT))
    assert shown(out, Seat.SCHOOL) == [1, 2]


def test_a_booking_taken_back_ends_it(out: Chairing) -> None:
    by = out.board.administrator
    scheduling.release(out.sitting, booking=booking_of(out.sitting), by=by, today=SENT)
    assert shown(out) == []
    assert shown(out, Seat.SCHOOL) == [1, 2]


def test_a_seat_or_a_role_that_has_ended_ends_it(out: Chairing) -> None:
    health, school = (out.board.members[seat] for seat in (Seat.HEALTH, Seat.SCHOOL))
    Member.objects.filter(user=health).update(ends_on=SENT)
    assert shown(out) == [1, 2]  # held until that day, inclusive
    assert shown(out, today=SENT + timedelta(days=1)) == []
    Membership.objects.filter(user=school).update(ends_on=SENT - timedelta(days=1))
    assert shown(out, Seat.SCHOOL) == []


def test_a_chair_who_has_no_seat_any_more_sees_nothing(out: Chairing) -> None:
    chair = out.board.chair
    assert out.sitting in sittings_of(again(chair), SENT)
    Member.objects.filter(user=chair).update(ends_on=SENT - timedelta(days=1))
    assert out.sitting not in sittings_of(again(chair), SENT)


def test_a_chair_whose_turn_it_is_not_sees_what_they_chair(out: Chairing) -> None:
    Booking.objects.filter(sitting=out.sitting, member__user=out.board.chair).delete()
    assert out.sitting in sittings_of(again(out.board.chair), SENT)


def test_a_restricted_case_shows_itself_to_members_who_are_named(out: Chairing) -> None:
    case = out.item.case
    case.restricted = True
    case.save()
    assert shown(out) == [2]
    CaseParty.objects.create(
        case=case,
        user=out.board.members[Seat.HEALTH],
        capacity=CaseParty.Capacity.NAMED,
        starts_on=RECEIVED,
    )
    assert shown(out) == [1, 2]
    assert shown(out, Seat.SCHOOL) == [2]


def test_never_their_own_family(out: Chairing) -> None:
    CaseParty.objects.create(
        case=out.item.case,
        user=out.board.members[Seat.HEALTH],
        capacity=CaseParty.Capacity.FAMILY,
        starts_on=RECEIVED,
        until=RECEIVED + timedelta(days=2),
    )
    assert shown(out) == [2]


def test_what_is_listed_when_papers_are_out_has_its_sheet_too() -> None:
    """Referred late, or deferred to a sitting whose papers have gone: its members read it."""
    chairing = Chairing().convene()
    board, later = chairing.board, chairing.next_sitting(1)
    hearing.send_papers(later, by=board.administrator, today=SITS, now=moment(SITS))
    later = Sitting.objects.get(pk=later.pk)
    late = board.refer(
        board.council.register(RECEIVED, today=RECEIVED), later, Question.ASSESS, SITS
    )
    hearing.defer(chairing.item, reason="The hearing test is missing.", to=later, **chairing.day)
    deferred = chairing.item.next_item
    assert deferred is not None
    for item in (late, deferred):
        fresh = Item.objects.get(pk=item.pk)
        assert fresh.frozen_at is not None
        facts = dict(fresh.summary["facts"])
        assert facts["Name"] == fresh.case.person.full_name
        assert facts["Stage"]


def test_what_is_taken_off_is_shown_no_more(out: Chairing) -> None:
    by = out.board.administrator
    hearing.take_off(out.item, reason="The family withdrew.", by=by, today=SENT)
    assert shown(out) == [2]


def test_who_has_an_interest_stays_shut_out_where_the_item_goes(out: Chairing) -> None:
    health = out.board.members[Seat.HEALTH]
    hearing.declare_conflict(out.item, by=again(health), interest="My niece.", today=SENT)
    later = out.board.sitting(SITS + timedelta(days=7))
    cancel_sitting(
        out.sitting,
        because="The chair is ill.",
        moves=dict.fromkeys((item.pk for item in out.items), later),
        by=out.board.administrator,
        today=SENT,
        now=moment(SENT),
    )
    hearing.send_papers(later, by=out.board.administrator, today=SENT, now=moment(SENT))
    later = Sitting.objects.get(pk=later.pk)
    other = Item.objects.exclude(case=out.item.case).get(sitting=later)
    assert list(shown_items(again(health), later, SENT)) == [other]


def test_who_has_an_interest_stays_shut_out_when_the_case_is_referred_again() -> None:
    chairing = Chairing().convene()
    health = chairing.board.members[Seat.HEALTH]
    hearing.declare_conflict(chairing.item, by=again(health), interest="My niece.", today=SITS)
    hearing.defer(chairing.item, reason="The hearing test is missing.", **chairing.day)
    later = chairing.next_sitting(1)
    made = chairing.board.refer(chairing.assessments[0], later, Question.ASSESS, SITS)
    hearing.send_papers(later, by=chairing.board.administrator, today=SITS, now=moment(SITS))
    later = Sitting.objects.get(pk=later.pk)
    assert list(shown_items(again(health), later, SITS)) == []
    school = chairing.board.members[Seat.SCHOOL]
    assert list(shown_items(again(school), later, SITS)) == [made]


def test_the_pack_of_an_administrator_with_an_interest_is_without_the_item(out: Chairing) -> None:
    administrator = out.board.administrator
    hearing.declare_conflict(out.item, by=administrator, interest="My pupil.", today=SENT)
    packed = items_for(again(administrator), out.sitting, SENT)
    assert [item.position for item in packed] == [2]


def test_a_late_paper_in_doubt_is_in_no_pack(out: Chairing) -> None:
    version = store(
        out.item.case,
        SimpleUploadedFile("letter.pdf", b"%PDF-1.7 a letter"),
        title="Letter",
        by=out.board.council.caseworker,
        today=SENT,
        now=moment(SENT),
    )
    paper = Paper.objects.create(
        item=out.item, version=version, title="Letter", position=1, late=True,
        doubts=["other_child"], added_by=out.board.council.caseworker, added_at=moment(SENT),
    )  # fmt: skip
    member = again(out.board.members[Seat.SCHOOL])
    sitting = Sitting.objects.get(pk=out.sitting.pk)
    assert papers_in(items_for(member, sitting, SENT)) == []
    Paper.objects.filter(pk=paper.pk).update(cleared_by=out.board.administrator)
    assert papers_in(items_for(member, sitting, SENT)) == [paper]


def test_a_chair_who_cannot_come_or_has_left_takes_no_chair(out: Chairing) -> None:
    chair, sitting = out.board.chair, out.sitting
    assert may_chair(again(chair), sitting, SENT)
    booking = Booking.objects.get(sitting=sitting, member__user=chair)
    Booking.objects.filter(pk=booking.pk).update(answer=Booking.Answer.DECLINED)
    assert not may_chair(again(chair), sitting, SENT)
    Booking.objects.filter(pk=booking.pk).update(answer=Booking.Answer.ACCEPTED)
    Member.objects.filter(user=chair).update(ends_on=SENT - timedelta(days=1))
    assert not may_chair(again(chair), sitting, SENT)
