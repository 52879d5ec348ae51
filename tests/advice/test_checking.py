"""The queue, sign-off by the right person, cover, elements, going on without, late advice."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.forms_of_advice import FORMS
from advice.hints import dates_in, hints_on
from advice.models import Advice, AdviceRequest, Check, Form, StaffChange
from advice.queries.checking import late_count, late_page, next_to_check, queue_page
from advice.queries.elements import State, element_state, elements_on
from ehc import commands
from ehc.commands import Overtaken, Refused
from ehc.models import Case, CaseEvent, CaseParty, Membership, Organisation, Role, User
from ehc.permissions import NotAllowed
from ehc.queries.shown import ShownCase
from ehc.registry import alerts_for
from tests.advice.asked import ASKED, RECEIVED, ROW, WRITTEN, Asked, ask, give
from tests.factories import Council, again, member

pytestmark = pytest.mark.django_db

GIVEN = date(2025, 3, 3)
TODAY = date(2025, 3, 5)


class Scene:
    """Paediatricians and psychologists of one council, and whoever signs off for them."""

    def __init__(self) -> None:
        self.council = Council()
        self.health, self.psychology = self.council.health, self.council.psychology
        self.health.discipline = Organisation.Discipline.MEDICAL
        self.psychology.discipline = Organisation.Discipline.PSYCHOLOGY
        self.health.save()
        self.psychology.save()
        self.doctor = member(Role.ADVISER, organisation=self.health)
        self.dco = member(Role.HEALTH_SIGN_OFF, self.council.authority)
        self.principal = member(Role.PSYCHOLOGY_SIGN_OFF, self.council.authority)

    def asked(self, **extra: object) -> Asked:
        return Asked(self.council, **extra)  # type: ignore[arg-type]

    def given(self, on: date = GIVEN) -> AdviceRequest:
        """Health advice on a new case, given on that day."""
        asked = self.asked()
        give(asked.of(self.health), by=self.doctor, on=on)
        return asked.of(self.health)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def waiting(user: User, today: date = TODAY) -> list[int]:
    return [row.pk for row in queue_page(again(user), today=today).rows]


def test_each_sees_what_awaits_their_own_sign_off(scene: Scene) -> None:
    asked = scene.asked(own=(Form.PARENT,))
    give(asked.of(scene.health), by=scene.doctor, on=GIVEN)
    give(asked.of(scene.psychology), by=scene.council.psychologist, on=GIVEN)
    parents = asked.own(Form.PARENT)
    advice.give_advice(
        parents,
        on=GIVEN,
        content={"about": "She sings."},
        on_behalf_of="Her mother",
        by=scene.council.caseworker,
        today=GIVEN,
    )
    assert waiting(scene.dco) == [asked.of(scene.health).pk]
    assert waiting(scene.principal) == [asked.of(scene.psychology).pk]
    assert waiting(scene.council.caseworker) == [parents.pk]
    assert waiting(scene.council.colleague) == []
    assert waiting(member(Role.HEALTH_SIGN_OFF, Council().authority)) == []
    assert waiting(scene.doctor) == []


def test_one_who_signs_off_for_two_authorities_has_one_queue(scene: Scene) -> None:
    other = Scene()
    Membership.objects.create(
        user=scene.dco,
        role=Role.HEALTH_SIGN_OFF,
        authority=other.council.authority,
        starts_on=RECEIVED,
    )
    later, earlier = scene.given(GIVEN), other.given(GIVEN - timedelta(days=3))
    assert waiting(scene.dco) == [earlier.pk, later.pk]


def test_a_restricted_case_waits_for_those_who_are_named(scene: Scene) -> None:
    request = scene.given()
    Case.objects.filter(pk=request.case_id).update(restricted=True)
    assert waiting(scene.dco) == []
    CaseParty.objects.create(
        case=request.case,
        user=scene.dco,
        capacity=CaseParty.Capacity.NAMED,
        starts_on=RECEIVED,
    )
    assert waiting(scene.dco) == [request.pk]


def test_nobody_is_shown_the_case_of_their_own_family(scene: Scene) -> None:
    request = scene.given()
    CaseParty.objects.create(
        case=request.case,
        user=scene.dco,
        capacity=CaseParty.Capacity.FAMILY,
        starts_on=RECEIVED,
    )
    assert waiting(scene.dco) == []


def test_the_longest_waiting_first_then_the_nearest_date_of_the_case(scene: Scene) -> None:
    new, old, near = scene.given(TODAY), scene.given(GIVEN), scene.given(GIVEN)
    Case.objects.filter(pk=near.case_id).update(next_due_on=TODAY)
    assert waiting(scene.dco) == [near.pk, old.pk, new.pk]


def test_pages_hold_everything_once(scene: Scene) -> None:
    made = {scene.given(GIVEN - timedelta(days=n % 3)).pk for n in range(7)}
    Case.objects.filter(advice_requests__in=sorted(made)[:2]).update(next_due_on=None)
    seen: list[int] = []
    after = ""
    while True:
        page = queue_page(again(scene.dco), today=TODAY, after=after, size=2)
        seen += [row.pk for row in page.rows]
        assert page.counts.waiting == 7
        if not (after := page.next_after):
            break
    assert len(seen) == 7
    assert set(seen) == made
    assert queue_page(scene.dco, today=TODAY, after="rubbish~~").rows


def test_a_page_is_as_many_statements_for_one_as_for_many(scene: Scene) -> None:
    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            queue_page(again(scene.dco), today=TODAY)
        return len(caught)

    scene.given()
    few = statements()
    for _ in range(6):
        scene.given()
    assert statements() == few <= 4


def test_after_one_piece_comes_the_next(scene: Scene) -> None:
    first, second, third = (scene.given(GIVEN - timedelta(days=3 - n)) for n in range(3))
    assert next_to_check(again(scene.dco), second, today=TODAY) == third.pk
    assert next_to_check(again(scene.dco), third, today=TODAY) == first.pk
    advice.accept_advice(first, by=scene.dco, today=TODAY)
    advice.accept_advice(second, by=scene.dco, today=TODAY)
    assert next_to_check(again(scene.dco), third, today=TODAY) is None


@pytest.mark.parametrize(
    ("second", "details"),
    [(advice.accept_advice, {}), (advice.return_advice, {"reasons": ["stale"]})],
)
def test_of_two_at_once_one_wins_and_the_other_is_told_who(
    scene: Scene, second: Any, details: dict[str, Any]
) -> None:
    request = scene.given()
    advice.accept_advice(request, by=scene.dco, today=TODAY, seen=1)
    other = member(Role.HEALTH_SIGN_OFF, scene.council.authority)
    with pytest.raises(Overtaken, match=f"{scene.dco.full_name} accepted this advice"):
        second(request, by=other, today=TODAY, seen=1, **details)
    assert Check.objects.get().by == scene.dco


def test_nobody_decides_on_an_answer_they_have_not_read(scene: Scene) -> None:
    request = scene.given()
    advice.return_advice(request, reasons=["no_voice"], by=scene.dco, today=GIVEN, seen=1)
    give(request, by=scene.doctor, on=TODAY)
    with pytest.raises(Overtaken, match="gave this advice again"):
        advice.accept_advice(request, by=scene.dco, today=TODAY, seen=1)
    advice.accept_advice(request, by=scene.dco, today=TODAY, seen=2)


def test_nobody_signs_off_what_they_gave_themselves(scene: Scene) -> None:
    Membership.objects.create(
        user=scene.doctor,
        role=Role.HEALTH_SIGN_OFF,
        authority=scene.council.authority,
        starts_on=RECEIVED,
    )
    request = scene.given()
    with pytest.raises(Refused, match="Somebody else must check it"):
        advice.accept_advice(request, by=again(scene.doctor), today=TODAY)


# Cover


def role_of(user: User) -> Membership:
    return Membership.objects.get(user=user, standing_in_for=None)


def test_a_delegate_signs_off_on_the_days_of_the_cover_only(scene: Scene) -> None:
    request = scene.given()
    nurse = member(Role.ADVISER, organisation=scene.health)
    until = TODAY + timedelta(days=6)
    advice.give_cover(
        role_of(scene.dco), to=nurse, starts_on=TODAY, ends_on=until, by=scene.dco, today=GIVEN
    )
    assert waiting(nurse, GIVEN) == []
    assert waiting(nurse, until) == [request.pk]
    assert waiting(nurse, until + timedelta(days=1)) == []
    advice.accept_advice(request, by=again(nurse), today=TODAY)
    check = Check.objects.get()
    assert (check.by, check.for_absent) == (nurse, scene.dco)
    assert StaffChange.objects.get().standing_in_for == scene.dco


def test_cover_is_taken_back_at_once(scene: Scene) -> None:
    request = scene.given()
    nurse = member(Role.ADVISER, organisation=scene.health)
    until = TODAY + timedelta(days=6)
    for begins in (TODAY, GIVEN):
        cover = advice.give_cover(
            role_of(scene.dco),
            to=nurse,
            starts_on=begins,
            ends_on=until,
            by=scene.dco,
            today=begins,
        )
        advice.end_cover(cover, by=scene.dco, today=TODAY)
        advice.end_cover(cover, by=scene.dco, today=TODAY)
        with pytest.raises(NotAllowed):
            advice.accept_advice(request, by=again(nurse), today=TODAY)
    kinds = StaffChange.objects.values_list("kind", flat=True)
    assert list(kinds) == ["cover", "cover_ended"] * 2


def test_the_same_cover_twice_is_one(scene: Scene) -> None:
    nurse = member(Role.ADVISER, organisation=scene.health)
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=3)}
    for _ in range(2):
        advice.give_cover(role_of(scene.dco), to=nurse, by=scene.dco, today=TODAY, **days)
    assert Membership.objects.filter(standing_in_for=scene.dco).count() == 1
    with pytest.raises(Refused, match=r"covers .* already"):
        advice.give_cover(
            role_of(scene.dco),
            to=nurse,
            starts_on=TODAY + timedelta(days=2),
            ends_on=TODAY + timedelta(days=9),
            by=scene.dco,
            today=TODAY,
        )


def test_cover_stays_in_the_authority_and_is_not_handed_on(scene: Scene) -> None:
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=3)}
    stranger = Scene().doctor
    with pytest.raises(Refused, match="no account in the same"):
        advice.give_cover(role_of(scene.dco), to=stranger, by=scene.dco, today=TODAY, **days)
    nurse = member(Role.ADVISER, organisation=scene.health)
    cover = advice.give_cover(role_of(scene.dco), to=nurse, by=scene.dco, today=TODAY, **days)
    with pytest.raises(NotAllowed):
        advice.give_cover(cover, to=scene.doctor, by=again(nurse), today=TODAY, **days)
    for other in (scene.council.manager, scene.principal):
        with pytest.raises(NotAllowed):
            advice.give_cover(role_of(scene.dco), to=other, by=other, today=TODAY, **days)
        with pytest.raises(NotAllowed):
            advice.end_cover(cover, by=other, today=TODAY)


@pytest.mark.parametrize(
    ("starts", "ends", "says"),
    [(-1, 3, "before today"), (3, 2, "before its first"), (0, 400, "a year at most")],
)
def test_cover_has_sensible_days(scene: Scene, starts: int, ends: int, says: str) -> None:
    with pytest.raises(Refused, match=says):
        advice.give_cover(
            role_of(scene.dco),
            to=scene.doctor,
            starts_on=TODAY + timedelta(days=starts),
            ends_on=TODAY + timedelta(days=ends),
            by=scene.dco,
            today=TODAY,
        )


# Elements


def test_an_element_goes_from_nothing_asked_to_signed_off(scene: Scene) -> None:
    asked = scene.asked()
    process = asked.assessment
    assert element_state(process, "social_care") == State.NOTHING_ASKED
    assert element_state(process, "health") == State.AWAITED
    give(asked.of(scene.health), by=scene.doctor, on=GIVEN)
    assert element_state(process, "health") == State.TO_CHECK
    advice.return_advice(asked.of(scene.health), reasons=["no_voice"], by=scene.dco, today=GIVEN)
    assert element_state(process, "health") == State.AWAITED
    give(asked.of(scene.health), by=scene.doctor, on=TODAY)
    advice.accept_advice(asked.of(scene.health), note="Good.", by=scene.dco, today=TODAY)
    assert element_state(process, "health") == State.SIGNED_OFF
    case = ShownCase(process.case, scene.dco, TODAY)
    standing = next(s for s in elements_on(case) if s.element == "health")
    assert [(check.by, check.note) for _, check in standing.signed] == [
        (scene.dco.full_name, "Good.")
    ]
    assert element_state(process, "psychology") == State.AWAITED


def test_two_services_of_one_element_are_both_needed(scene: Scene) -> None:
    asked = scene.asked()
    therapy = Organisation.objects.create(
        authority=scene.council.authority,
        kind="service",
        discipline="medical",
        code="therapy",
        name="Speech and language therapy",
    )
    advice.ask_for_advice(
        asked.assessment, on=ASKED, asks=[ask(therapy)], by=scene.council.caseworker, today=ASKED
    )
    give(asked.of(scene.health), by=scene.doctor, on=GIVEN)
    advice.accept_advice(asked.of(scene.health), by=scene.dco, today=GIVEN)
    assert element_state(asked.assessment, "health") == State.AWAITED


def test_a_manager_goes_on_without_a_sign_off_with_a_reason(scene: Scene) -> None:
    asked = scene.asked()
    process = asked.assessment
    manager = scene.council.manager
    for nobody in (scene.council.caseworker, scene.dco):
        with pytest.raises(NotAllowed):
            advice.override_sign_off(process, element="health", reason="x", by=nobody, today=TODAY)
    with pytest.raises(Refused, match="Say why"):
        advice.override_sign_off(process, element="health", reason=" ", by=manager, today=TODAY)
    event = advice.override_sign_off(
        process, element="health", reason="Asked four times.", by=manager, today=TODAY
    )
    assert event.kind == "sign_off_overridden"
    assert element_state(process, "health") == State.OVERRIDDEN
    assert element_state(process, "psychology") == State.AWAITED
    with pytest.raises(Refused, match="already"):
        advice.override_sign_off(process, element="health", reason="x", by=manager, today=TODAY)
    give(asked.of(scene.health), by=scene.doctor, on=TODAY)
    advice.accept_advice(asked.of(scene.health), by=scene.dco, today=TODAY)
    assert element_state(process, "health") == State.SIGNED_OFF


# Advice after the final plan


def final(scene: Scene) -> tuple[Asked, date]:
    """A case whose final plan was sent while health advice was awaited."""
    asked, council = scene.asked(), scene.council
    give(asked.of(scene.psychology), by=council.psychologist, on=GIVEN)
    day = GIVEN
    by = council.caseworker
    commands.refer_to_panel(asked.assessment, on=day, by=by, today=day)
    commands.agree_to_issue(
        asked.assessment, on=day, reason="Provision needs a plan.", by=council.manager, today=day
    )
    commands.serve_draft(asked.assessment, on=day, by=by, today=day)
    day += timedelta(days=16)
    commands.send_final_plan(asked.assessment, on=day, setting=council.school, by=by, today=day)
    return asked, day


def test_advice_after_the_plan_stays_on_the_list_until_somebody_says_what_follows(
    scene: Scene,
) -> None:
    asked, day = final(scene)
    late = day + timedelta(days=5)
    worker = scene.council.caseworker
    assert not late_page(again(worker), late).rows
    give(asked.of(scene.health), by=scene.doctor, on=late)
    request = asked.of(scene.health)
    assert [row.request.pk for row in late_page(again(worker), late).rows] == [request.pk]
    assert late_page(again(scene.dco), late).rows == []
    assert late_count(again(Council().caseworker), late) == 0
    (alert,) = alerts_for(ShownCase(request.case, worker, late))
    assert "came after the final plan" in alert.words
    with pytest.raises(Refused, match="Give the reason"):
        advice.consider_late_advice(request, follows="amend", reason="", by=worker, today=late)
    with pytest.raises(NotAllowed):
        advice.consider_late_advice(request, follows="amend", reason="x", by=scene.dco, today=late)
    advice.consider_late_advice(
        request, follows="early_review", reason="New provision.", by=worker, today=late
    )
    assert late_page(again(worker), late).rows == []
    assert alerts_for(ShownCase(request.case, worker, late)) == []
    event = CaseEvent.objects.get(kind="late_advice_considered")
    assert event.data["reason"] == "New provision."
    with pytest.raises(Refused, match="recorded already"):
        advice.consider_late_advice(request, follows="amend", reason="x", by=worker, today=late)


# Hints

FORM = FORMS[Form.THERAPY]


def said(content: dict[str, str], **row: str) -> list[str]:
    found = hints_on(FORM, content, [ROW | row], given_on=GIVEN, with_report=False)
    return [f"{hint.where}: {hint.words}" for hint in found]


def test_good_advice_is_left_alone() -> None:
    assert said(WRITTEN) == []


def test_what_is_missing_in_a_row_is_named() -> None:
    (words,) = said(WRITTEN, how_often="", by_whom="")
    assert "how often" in words
    assert "by whom" in words
    assert "how much" not in words


@pytest.mark.parametrize(
    "words", ["Regular support", "access to a quiet room", "Up to 3 hours", "e.g. a mentor"]
)
def test_words_that_promise_nothing_are_shown(words: str) -> None:
    assert any("can mean much or nothing" in hint for hint in said(WRITTEN, provision=words))


@pytest.mark.parametrize("words", ["Irregular verbs", "Give accessible texts", "cup to mouth"])
def test_other_words_are_not(words: str) -> None:
    assert said(WRITTEN, provision=words) == []


@pytest.mark.parametrize("voice", ["", "N/A", "Not obtained.", "non-verbal"])
def test_a_child_who_is_not_heard(voice: str) -> None:
    assert any(hint.startswith("Child’s voice") for hint in said(WRITTEN | {"voice": voice}))


def test_an_old_picture() -> None:
    (words,) = said(WRITTEN | {"contact": "Seen on 12 January 2024, and in March 2023."})
    assert "12 January 2024" in words
    assert said(WRITTEN | {"contact": "Seen 12/01/2024 and 3.2.25."}) == []


def test_days_as_people_write_them() -> None:
    text = "1st Sept 2024, 31/12/23, Feb 2024, 30 February 2024, 2024"
    assert dates_in(text) == [date(2024, 9, 1), date(2023, 12, 31), date(2024, 2, 29)]


def test_a_familys_own_words_are_not_measured() -> None:
    assert hints_on(FORMS[Form.PARENT], {}, [], given_on=GIVEN, with_report=False) == []


def test_the_list_of_late_advice_goes_on_page_by_page(scene: Scene) -> None:
    made = [scene.given(GIVEN + timedelta(days=n // 2)) for n in range(5)]
    found = Advice.objects.filter(request__in=made).order_by("pk")
    # What makes advice late is tried elsewhere: here only that no row is lost between two pages.
    copies = [
        Advice(
            **{
                f.attname: getattr(a, f.attname)
                for f in Advice._meta.concrete_fields
                if not f.primary_key
            }
            | {"number": 2, "after_plan": True, "receipt": f"LATE-{a.pk}"}
        )
        for a in found
    ]
    Advice.objects.bulk_create(copies)
    worker, seen, after = scene.council.caseworker, [], ""
    while True:
        page = late_page(again(worker), TODAY, after=after, size=2)
        seen += [row.request.pk for row in page.rows]
        if not (after := page.next_after):
            break
    assert seen == [request.pk for request in made]
    assert late_count(again(worker), TODAY) == 5
    assert len(late_page(again(worker), TODAY, after="x~1", size=2).rows) == 2
