"""Writing together: fields with revisions, rows, what is frozen, what is given."""

import uuid
from datetime import date

import pytest

from advice import commands as advice
from advice.commands.writing import Frozen, give_draft, save_draft
from advice.hints import hints_for_giver
from advice.models import Advice, AdviceRequest, DraftField
from advice.queries.writing import GONE, draft_of, missing_in
from ehc.commands import Overtaken, Refused
from ehc.models import CaseEvent, Role, User
from ehc.permissions import NotAllowed
from tests.advice.asked import ASKED, ROW, WRITTEN, Asked, give
from tests.factories import Council, member

pytestmark = pytest.mark.django_db

ON = date(2025, 3, 3)


@pytest.fixture
def asked() -> Asked:
    return Asked(Council())


@pytest.fixture
def request_(asked: Asked) -> AdviceRequest:
    return asked.of(asked.council.psychology)


@pytest.fixture
def writer(asked: Asked) -> User:
    return asked.council.psychologist


@pytest.fixture
def colleague(asked: Asked) -> User:
    return member(Role.ADVISER, organisation=asked.council.psychology)


def whole(**changed: str) -> dict[str, tuple[str, int]]:
    """Everything that the form asks, with one row."""
    texts = {**WRITTEN, **changed}
    known = {n: t for n, t in texts.items() if n not in {"assessment", "education_effect"}}
    known.pop("involvement")
    row = {f"row.a1.{column}": text for column, text in ROW.items()}
    return {name: (text, 0) for name, text in {**known, **row}.items()}


def test_each_field_is_saved_by_itself_with_a_revision(
    request_: AdviceRequest, writer: User
) -> None:
    saved = save_draft(request_, {"voice": ("I like cats.", 0)}, by=writer)
    assert saved.revisions == {"voice": 1}
    saved = save_draft(request_, {"voice": ("I like dogs.", 1)}, by=writer)
    assert saved.revisions == {"voice": 2}
    field = DraftField.objects.get()
    assert (field.text, field.revision, field.saved_by) == ("I like dogs.", 2, writer)


def test_who_comes_second_gets_the_others_text_and_loses_nothing(
    request_: AdviceRequest, writer: User, colleague: User
) -> None:
    save_draft(request_, {"voice": ("Hers", 0)}, by=writer)
    saved = save_draft(request_, {"voice": ("His", 0), "needs": ("Also his", 0)}, by=colleague)
    (conflict,) = saved.conflicts
    assert (conflict.text, conflict.by, conflict.revision) == ("Hers", writer.full_name, 1)
    assert saved.revisions == {"needs": 1}
    assert draft_of(request_).text("voice") == "Hers"
    saved = save_draft(request_, {"voice": ("His", conflict.revision)}, by=colleague)
    assert not saved.conflicts
    assert draft_of(request_).text("voice") == "His"


def test_the_same_text_twice_is_no_conflict(
    request_: AdviceRequest, writer: User, colleague: User
) -> None:
    save_draft(request_, {"voice": ("The same", 0)}, by=writer)
    saved = save_draft(request_, {"voice": ("The same", 0)}, by=colleague)
    assert (saved.conflicts, saved.revisions) == ([], {"voice": 1})


@pytest.mark.parametrize(
    "name", ["nonsense", "row.a1.nonsense", "row..need", "row.A B.need", "assessment", "row.a1"]
)
def test_a_field_that_the_form_does_not_have_is_refused(
    request_: AdviceRequest, writer: User, name: str
) -> None:
    with pytest.raises(Refused, match="no field"):
        save_draft(request_, {name: ("x", 0)}, by=writer)


def test_a_text_too_long_is_refused_and_the_others_are_saved(
    request_: AdviceRequest, writer: User
) -> None:
    changes = {
        "voice": ("x" * 50_001, 0),
        "needs": ("y" * 50_000, 0),
        "row.a1.how_much": ("z" * 301, 0),
        "row.a1.part": ("the garden", 0),
    }
    saved = save_draft(request_, changes, by=writer)
    assert set(saved.refused) == {"voice", "row.a1.how_much", "row.a1.part"}
    assert "50,001 characters" in saved.refused["voice"]
    assert draft_of(request_).text("needs") == "y" * 50_000


def test_sixty_rows_fit_and_no_more(request_: AdviceRequest, writer: User) -> None:
    many = {f"row.r{n}.need": (f"Need {n}", 0) for n in range(61)}
    saved = save_draft(request_, many, by=writer)
    assert len(draft_of(request_).rows) == 60
    assert len(saved.refused) == 1


def test_rows_keep_their_order_and_one_that_was_taken_out_can_come_back(
    request_: AdviceRequest, writer: User
) -> None:
    for key in "abc":
        save_draft(request_, {f"row.{key}.need": (key, 0)}, by=writer)
    assert draft_of(request_).rows == ["a", "b", "c"]
    save_draft(request_, {"row.a.place": ("2", 0), "row.b.place": ("1", 0)}, by=writer)
    assert draft_of(request_).rows == ["b", "a", "c"]
    save_draft(request_, {"row.b.place": (GONE, 0)}, by=writer)
    assert draft_of(request_).rows == ["a", "c"]
    assert [row["need"] for row in draft_of(request_).given_rows()] == ["a", "c"]
    save_draft(request_, {"row.b.place": ("9", 0)}, by=writer)
    assert draft_of(request_).rows == ["a", "c", "b"]
    assert draft_of(request_).text("row.b.need") == "b"


def test_what_is_typed_outlives_a_row_that_somebody_takes_out(
    request_: AdviceRequest, writer: User, colleague: User
) -> None:
    save_draft(request_, {"row.a.need": ("Old", 0)}, by=writer)
    save_draft(request_, {"row.a.place": (GONE, 0)}, by=colleague)
    save_draft(request_, {"row.a.need": ("New and long", 1)}, by=writer)
    assert draft_of(request_).rows == ["a"]


def test_only_the_body_that_is_asked_writes(asked: Asked, request_: AdviceRequest) -> None:
    council = asked.council
    strangers = [
        member(Role.ADVISER, organisation=council.health),
        council.caseworker,
        council.manager,
        Council().psychologist,
    ]
    for stranger in strangers:
        with pytest.raises(NotAllowed):
            save_draft(request_, {"voice": ("x", 0)}, by=stranger)
    assert not DraftField.objects.exists()


def test_what_stands_in_the_draft_is_given(request_: AdviceRequest, writer: User) -> None:
    save_draft(request_, whole(), by=writer)
    draft = draft_of(request_)
    event = give_draft(request_, by=writer, state=draft.state, today=ON)
    given = Advice.objects.get(request=request_)
    assert event.kind == "advice_received"
    assert given.content["voice"] == WRITTEN["voice"]
    assert given.rows.get().skill == ROW["skill"]


def test_a_double_press_gives_once(request_: AdviceRequest, writer: User) -> None:
    save_draft(request_, whole(), by=writer)
    state, token = draft_of(request_).state, uuid.uuid4()
    first = give_draft(request_, by=writer, state=state, token=token, today=ON)
    again = give_draft(request_, by=writer, state=state, token=token, today=ON)
    assert first == again
    assert Advice.objects.count() == 1


def test_nobody_gives_what_they_have_not_read(
    request_: AdviceRequest, writer: User, colleague: User
) -> None:
    save_draft(request_, whole(), by=writer)
    state = draft_of(request_).state
    save_draft(request_, {"needs": ("Something else", 1)}, by=colleague)
    with pytest.raises(Overtaken, match=f"{colleague.full_name} changed “Needs"):
        give_draft(request_, by=writer, state=state, today=ON)
    assert not Advice.objects.exists()


def test_after_giving_the_draft_is_frozen_and_says_by_whom(
    request_: AdviceRequest, writer: User, colleague: User
) -> None:
    save_draft(request_, whole(), by=writer)
    state = draft_of(request_).state
    give_draft(request_, by=writer, state=state, today=ON)
    receipt = Advice.objects.get().receipt
    with pytest.raises(Frozen, match=f"{writer.full_name} gave this advice on .* {receipt}"):
        save_draft(request_, {"voice": ("Late", 1)}, by=colleague)
    with pytest.raises(Overtaken, match="Nothing more was recorded"):
        give_draft(request_, by=colleague, state=state, today=ON)
    assert Advice.objects.count() == 1
    assert draft_of(request_).text("voice") == WRITTEN["voice"]


def send_back(asked: Asked) -> None:
    advice.return_advice(
        asked.of(asked.council.psychology),
        reasons=["not_smart"],
        by=asked.council.caseworker,
        today=ON,
    )


def test_sent_back_the_draft_begins_as_what_was_given(
    asked: Asked, request_: AdviceRequest, writer: User
) -> None:
    give(request_, by=writer, on=ON)
    assert draft_of(request_).is_empty
    send_back(asked)
    request_ = asked.of(asked.council.psychology)
    draft = draft_of(request_)
    assert draft.text("voice") == WRITTEN["voice"]
    assert draft.given_rows()[0]["provision"] == ROW["provision"]
    saved = save_draft(request_, {"voice": ("Mended", 1)}, by=writer)
    assert saved.revisions == {"voice": 2}
    assert draft_of(request_).text("needs") == WRITTEN["needs"]
    give_draft(request_, by=writer, state=draft_of(request_).state, today=ON)
    first, second = Advice.objects.order_by("number")
    assert (first.content["voice"], second.content["voice"]) == (WRITTEN["voice"], "Mended")


def test_the_check_names_what_is_missing_and_what_the_plan_will_ask(
    request_: AdviceRequest, writer: User
) -> None:
    changes = whole(strengths="  ")
    changes["row.a1.how_often"] = ("", 0)
    changes["row.a1.by_whom"] = (" ", 0)
    changes["row.b1.need"] = ("A need alone", 0)
    save_draft(request_, changes, by=writer)
    draft = draft_of(request_)
    assert [q.name for q in missing_in(draft)] == ["strengths"]
    hints = hints_for_giver(draft, today=ON, with_report=False)
    assert [(h.where, h.words) for h in hints] == [
        ("Row 1", "The provision does not say how often or by whom."),
        ("Row 2", "The need has no provision. Say what it calls for."),
        (
            "Row 2",
            "There is no outcome. Say what will be different, by when, and how we will know.",
        ),
    ]
    with pytest.raises(Refused, match="Strengths"):
        give_draft(request_, by=writer, state=draft.state, today=ON)


def test_the_giver_gets_a_notice(request_: AdviceRequest, writer: User) -> None:
    from notifications.models import OutboxMessage

    save_draft(request_, whole(), by=writer)
    give_draft(request_, by=writer, state=draft_of(request_).state, today=ON)
    message = OutboxMessage.objects.get(kind="advice_receipt")
    assert message.user == writer


def test_saving_is_no_event_of_the_case(request_: AdviceRequest, writer: User) -> None:
    before = CaseEvent.objects.count()
    save_draft(request_, whole(), by=writer, today=ASKED)
    assert CaseEvent.objects.count() == before
