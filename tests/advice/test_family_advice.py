"""What a family gives of its own: its advice and views, and whom it wants to be asked."""

from datetime import date

import pytest

from advice import commands as advice
from advice.commands.existing import parties_judged_by
from advice.commands.family_views import (
    add_to_own_advice,
    answer_wish,
    give_on_behalf,
    record_wish,
)
from advice.models import AdviceRequest, ExistingAdvice, Form
from advice.permissions import may_see
from advice.queries.wishes import wishes_of
from advice.truth import check_advice
from ehc import commands
from ehc.commands import Refused
from ehc.models import Case
from ehc.permissions import (
    NotAllowed,
)
from notifications.models import OutboxMessage
from tests.advice.asked import ASKED, Asked
from tests.advice.kin import family_account
from tests.advice.own_words import ABOUT, BOTH, LATER, send, write
from tests.factories import fresh_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked() -> Asked:
    return Asked(own=BOTH)


@pytest.fixture
def case(asked: Asked) -> Case:
    return asked.assessment.case


class TestOwnAdvice:
    def test_a_parent_writes_and_gives_it_as_professionals_do(self, asked: Asked) -> None:
        user = family_account(asked)
        request = asked.own(Form.PARENT)
        assert request.assigned_to == user
        write(request, user)
        send(request, user)
        given = asked.own(Form.PARENT).given.get()
        assert (given.given_by, given.on_behalf_of, given.content) == (user, "", ABOUT)
        told = OutboxMessage.objects.filter(kind="family_wrote")
        assert [m.audience for m in told] == [OutboxMessage.Audience.HOLDER]

    def test_two_parents_have_forms_of_their_own(self, asked: Asked, case: Case) -> None:
        first = family_account(asked)
        second = family_account(asked, "Kit Example")
        mine = AdviceRequest.objects.get(assigned_to=first, form=Form.PARENT)
        theirs = AdviceRequest.objects.get(assigned_to=second, form=Form.PARENT)
        write(mine, first, "What only I know.")
        assert not may_see(second, mine, ASKED)
        with pytest.raises(NotAllowed):
            write(mine, second)
        write(theirs, second)
        send(theirs, second)
        assert AdviceRequest.objects.get(pk=mine.pk).is_awaited
        assert AdviceRequest.objects.filter(case=case, form=Form.PARENT).count() == 2
        assert list(check_advice()) == []

    def test_who_comes_before_the_family_is_asked_gets_the_form_then(self) -> None:
        asked = Asked()
        user = family_account(asked)
        assert not AdviceRequest.objects.filter(assigned_to=user).exists()
        advice.invite_own_advice(
            asked.assessment, on=ASKED, forms=BOTH, by=asked.council.caseworker, today=ASKED
        )
        assert set(
            AdviceRequest.objects.filter(assigned_to=user).values_list("form", flat=True)
        ) == set(BOTH)

    def test_staff_write_it_down_with_whose_words_and_how(self, asked: Asked) -> None:
        by = asked.council.caseworker
        request = asked.own(Form.PARENT)
        details = {"on": ASKED, "content": ABOUT, "by": by, "today": ASKED}
        with pytest.raises(Refused):
            give_on_behalf(request, person="", how="telephone", **details)
        with pytest.raises(Refused):
            give_on_behalf(request, person="Dana Example", how="pigeon", **details)
        give_on_behalf(request, person="Dana Example", how="telephone", **details)
        given = request.given.get()
        assert given.on_behalf_of == "Dana Example, told by telephone"
        assert given.given_by == by

    def test_staff_never_give_it_as_their_own(self, asked: Asked) -> None:
        with pytest.raises(Refused, match="whose words"):
            advice.give_advice(
                asked.own(Form.PARENT),
                on=ASKED,
                content=ABOUT,
                by=asked.council.caseworker,
                today=ASKED,
            )

    def test_saying_nothing_is_an_answer(self, asked: Asked) -> None:
        give_on_behalf(
            asked.own(Form.PARENT),
            person="Dana Example",
            how="meeting",
            on=ASKED,
            content={},
            declined=True,
            by=asked.council.caseworker,
            today=ASKED,
        )
        assert asked.own(Form.PARENT).given.get().nothing_to_report

    def test_who_told_it_before_they_had_an_account_adds_to_that(self, asked: Asked) -> None:
        give_on_behalf(
            asked.own(Form.PARENT),
            person="Dana Example",
            how="telephone",
            on=ASKED,
            content=ABOUT,
            by=asked.council.caseworker,
            today=ASKED,
        )
        user = family_account(asked)
        assert asked.own(Form.PARENT).assigned_to == user

    def test_they_add_to_it_and_it_is_looked_at_again(self, asked: Asked) -> None:
        user = family_account(asked)
        request = asked.own(Form.PARENT)
        with pytest.raises(Refused):
            add_to_own_advice(request, text="Too soon", by=user, today=ASKED)
        write(request, user)
        send(request, user)
        advice.accept_advice(request, by=asked.council.caseworker, today=LATER)
        add_to_own_advice(request, text="He has a new friend.", by=user, today=LATER)
        now = asked.own(Form.PARENT)
        assert now.status == "given"
        assert now.accepted_on is None
        assert now.given_on == ASKED
        assert [a.content for a in now.given.order_by("number")] == [
            ABOUT,
            {"more": "He has a new friend."},
        ]
        assert list(check_advice()) == []

    def test_they_answer_for_a_report_that_is_there(self, asked: Asked, case: Case) -> None:
        user = family_account(asked)
        advice.note_existing_advice(
            asked.assessment,
            head="6(1)(c)",
            title="Clinic letter",
            author="Clinic",
            dated_on=date(2024, 12, 1),
            by=asked.council.caseworker,
            today=ASKED,
        )
        report = ExistingAdvice.objects.get()
        assert parties_judged_by(user, report, case, ASKED) == {"family"}
        advice.judge_existing(report, party="family", satisfied=True, by=user, today=ASKED)
        assert report.satisfactions.get().person == user.full_name


class TestWishes:
    def test_the_family_asks_and_the_authority_answers(self, asked: Asked, case: Case) -> None:
        user = family_account(asked)
        record_wish(
            case,
            process=asked.assessment,
            whom="The play therapist",
            why="She knows him best.",
            by=user,
            today=ASKED,
        )
        (wish,) = wishes_of(case)
        assert not wish.is_answered
        assert wish.is_from_family
        by = asked.council.caseworker
        with pytest.raises(Refused) as refused:
            answer_wish(case, wish=wish.number, agreed=False, by=by, today=LATER)
        assert refused.value.field == "reason"
        answer_wish(
            case, wish=wish.number, agreed=False, reason="She has left.", by=by, today=LATER
        )
        answer_wish(case, wish=wish.number, agreed=True, by=by, today=LATER)
        (wish,) = wishes_of(case)
        assert (wish.agreed, wish.answered_on) == (True, LATER)
        assert {m.user for m in OutboxMessage.objects.filter(kind="family_wish_answered")} == {user}

    def test_staff_record_whose_wish_it_is(self, asked: Asked, case: Case) -> None:
        details = {
            "process": asked.assessment,
            "whom": "Dr Example",
            "why": "A report of their own.",
            "independent": True,
            "by": asked.council.caseworker,
            "today": ASKED,
        }
        with pytest.raises(Refused):
            record_wish(case, **details)
        record_wish(case, person="Dana Example", how="letter", **details)
        (wish,) = wishes_of(case)
        assert wish.said == "Dana Example, told by letter or email"

    def test_not_by_strangers_nor_after_the_decision(self, asked: Asked, case: Case) -> None:
        user = family_account(asked)
        details = {"process": asked.assessment, "whom": "A", "why": "B", "today": LATER}
        with pytest.raises(NotAllowed):
            record_wish(case, by=asked.council.psychologist, **details)
        with pytest.raises(NotAllowed):
            answer_wish(case, wish=1, agreed=True, by=user, today=LATER)
        commands.withdraw(
            asked.assessment,
            on=LATER,
            reason="The family has asked us to stop",
            by=asked.council.caseworker,
            today=LATER,
        )
        with pytest.raises(Refused):
            record_wish(fresh_case(case), by=user, **details | {"process": asked.assessment})
