"""The officer’s pages over HTTP: list, decision and its check, without a sitting, actions."""

import uuid
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ehc import commands
from ehc.models import AccessLog, Assessment, Membership, Role, User
from panels.commands import deciding, hearing
from panels.commands.actions import record_action
from panels.models import Decision, Item, PanelAction, Ratification, Sitting
from panels.questions import Outcome, Question
from tests.factories import Council, UserFactory, again, member, signed_in
from tests.panels.board import Board
from tests.panels.deciding import LAWFUL, RECEIVED, SAID, SITS, Deciding, on, text_of

pytestmark = pytest.mark.django_db

DAY = {"on-day": "4", "on-month": "2", "on-year": "2026"}


@pytest.fixture(autouse=True)
def _day() -> Any:
    with on(SITS, 12):
        yield


def form(scene: Deciding, **changes: Any) -> dict[str, Any]:
    """What the page of the item sends."""
    sent = {"outcome": "assess", "reasons": SAID["reasons"], **DAY}
    sent |= {"token": str(uuid.uuid4()), "seen": scene.item.version}
    return {**sent, **changes}


def address(scene: Deciding) -> str:
    return reverse("panels_decide", args=[scene.item.pk])


def test_the_list_shows_what_waits_nearest_legal_date_first() -> None:
    scene = Deciding(heard=False)
    board, sitting = scene.board, scene.board.sitting(SITS)
    requests = [
        board.council.register(RECEIVED - timedelta(days=days), today=RECEIVED)
        for days in (0, 14, 7)
    ]
    items = [board.refer(each, sitting, Question.ASSESS, RECEIVED) for each in requests]
    board.convene(sitting)
    for item in items:
        hearing.recommend(item, by=board.chair, outcome=Outcome.ASSESS, **SAID)
    page = text_of(scene.client().get("/panels/decisions/"))
    names = [requests[n].case.person.full_name for n in (1, 2, 0)]
    assert [page.index(name) for name in names] == sorted(page.index(name) for name in names)
    assert "5 days left" in page
    assert "Scheme of delegation 2026, paragraph 4.3" in page


def waiting(board: Board, sitting: Sitting, number: int) -> None:
    for _ in range(number):
        request = board.council.register(RECEIVED, today=RECEIVED)
        board.refer(request, sitting, Question.ASSESS, RECEIVED)


def test_the_list_costs_the_same_for_5_and_for_50() -> None:
    counted = []
    for number in (5, 50):
        scene = Deciding(heard=False)
        sitting = scene.board.sitting(SITS)
        Sitting.objects.filter(pk=sitting.pk).update(room_for=100)
        waiting(scene.board, sitting, number)
        scene.board.convene(sitting)
        for item in Item.objects.filter(sitting=sitting):
            hearing.recommend(item, by=scene.board.chair, outcome=Outcome.ASSESS, **SAID)
        client = scene.client()
        client.get("/panels/decisions/")
        with CaptureQueriesContext(connection) as seen:
            page = client.get("/panels/decisions/")
        assert page.content.decode().count("items/") == number
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_the_page_shows_the_whole_record_and_that_it_was_looked_at() -> None:
    scene = Deciding(heard=False)
    scene.hear(Outcome.REFUSE_TO_ASSESS, dissent="The school sees it otherwise.")
    page = text_of(scene.client().get(address(scene)))
    for words in (
        "What the panel recommended",
        "Refuse to assess",
        "The school sees it otherwise.",
        "may be necessary for special educational provision",
        "educational psychology",
        "19 days left",
        SAID["evidence_for"],
    ):
        assert words in page
    assert AccessLog.objects.filter(user=scene.officer, case=scene.assessment.case).count() == 1


def test_what_it_does_to_the_clock_is_shown_before_it_is_done() -> None:
    scene = Deciding()
    client, sent = scene.client(), form(scene)
    check = text_of(client.post(address(scene), sent))
    assert "What this decision will do" in check
    assert "must go by 23 February 2026" in check
    assert not Decision.objects.exists()
    for _ in range(2):
        done = client.post(address(scene), sent | {"page": "confirm"}, follow=True)
        assert done.status_code == HTTPStatus.OK
    assert Decision.objects.count() == 1
    assert scene.process.status == "advice"
    assert "The decision of 4 February 2026" in text_of(done)


def test_to_decide_otherwise_needs_a_why_and_keeps_what_was_typed() -> None:
    scene = Deciding()
    sent = form(scene, outcome="refuse_assess", reasons="School can meet this from its own means.")
    wrong = scene.client().post(address(scene), sent)
    assert wrong.status_code == 422
    assert "Say why the authority decides otherwise" in text_of(wrong)
    assert "School can meet this from its own means." in text_of(wrong)
    sent |= {"departs_because": "New evidence came.", "page": "confirm"}
    scene.client().post(address(scene), sent)
    made = Decision.objects.get()
    assert (made.outcome, made.departs_because) == ("refuse_assess", "New evidence came.")


def test_a_correction_in_between_is_told_and_nothing_typed_is_lost() -> None:
    scene = Deciding()
    sent = form(scene, reasons="My own words about this child.", page="confirm")
    hearing.correct_recommendation(
        scene.item,
        by=scene.board.chair,
        because="The wrong button.",
        outcome=Outcome.REFUSE_TO_ASSESS,
        **SAID,
    )
    late = scene.client().post(address(scene), sent | {"departs_because": "x"})
    assert late.status_code == HTTPStatus.CONFLICT
    assert "My own words about this child." in text_of(late)
    assert "Refuse to assess" in text_of(late)
    assert not Decision.objects.exists()


def test_two_officers_the_second_is_told_who_was_first() -> None:
    scene = Deciding()
    other = member(Role.MANAGER, scene.board.authority)
    scene.board.delegate(other)
    sent = form(scene, reasons="The words of the second officer.", page="confirm")
    deciding.decide(scene.item, by=other, outcome=Outcome.ASSESS, reasons="Yes, because.", on=SITS)
    late = scene.client().post(address(scene), sent)
    assert late.status_code == HTTPStatus.CONFLICT
    assert other.full_name in text_of(late)
    assert "The words of the second officer." in text_of(late)
    # Only looked at, it leads to the decision.
    assert scene.client().get(address(scene)).status_code == HTTPStatus.FOUND


def test_who_may_not_decide_does_not_find_the_page() -> None:
    scene = Deciding()
    board = scene.board
    for who in (
        board.chair,
        board.administrator,
        board.council.caseworker,
        board.council.psychologist,
        Council().manager,
        *board.members.values(),
    ):
        client = scene.client(who)
        for answer in (client.get(address(scene)), client.post(address(scene), form(scene))):
            assert answer.status_code == HTTPStatus.NOT_FOUND, who
    scene.item.conflicts.create(
        user=scene.officer, interest="My niece.", by=board.chair, at=scene.item.heard_at
    )
    assert scene.client().get(address(scene)).status_code == HTTPStatus.NOT_FOUND
    assert scene.assessment.case.person.full_name not in text_of(
        scene.client().get("/panels/decisions/")
    )
    assert not Decision.objects.exists()


def test_the_steps_of_the_case_lead_to_where_it_is_decided() -> None:
    scene = Deciding()
    step = reverse("step", args=[scene.reference, "agree_to_assess"])
    outside = reverse("panels_decide_outside", args=[scene.reference])
    for who in (scene.officer, scene.board.council.caseworker):
        assert scene.client(who).get(step)["Location"] == outside
    assert scene.client().get(outside)["Location"] == address(scene)
    told = text_of(scene.client(scene.board.council.caseworker).get(outside))
    assert "Recommended by the EHC panel" in told
    assert scene.officer.full_name in told


def test_an_authority_without_a_scheme_keeps_the_pages_of_the_core() -> None:
    council = Council()
    assessment: Assessment = council.register(RECEIVED, today=RECEIVED)
    step = reverse("step", args=[assessment.case.reference, "agree_to_assess"])
    page = signed_in(again(council.caseworker)).get(step)
    assert page.status_code == HTTPStatus.OK
    assert "When was the family told?" in text_of(page)


def outside_form(scene: Deciding, **changes: Any) -> dict[str, Any]:
    return {
        "question": "assess",
        "outside": "no_sitting",
        "outside_because": "The next sitting is on 4 March.",
        "evidence_for": "The school’s report.",
        "outcome": "assess",
        "reasons": SAID["reasons"],
        "token": str(uuid.uuid4()),
        "seen": scene.process.version,
        **DAY,
        **changes,
    }


def test_without_a_sitting_over_http() -> None:
    scene = Deciding(heard=False)
    scene.board.sitting(LAWFUL + timedelta(days=2))
    place = reverse("panels_decide_outside", args=[scene.reference])
    client = scene.client()
    page = text_of(client.get(place))
    assert "Decide without a sitting" in page
    assert "2 days too late" in page
    sent = outside_form(scene)
    assert "must go by 23 February 2026" in text_of(client.post(place, sent))
    for _ in range(2):
        client.post(place, sent | {"page": "confirm"})
    made = Decision.objects.get()
    assert (made.outside, made.delegation) == ("no_sitting", scene.delegation)
    assert scene.process.status == "advice"
    case_page = text_of(client.get(reverse("case", args=[scene.reference])))
    assert "Decisions and actions" in case_page
    assert "still to be noted by a sitting" in case_page


def test_what_is_missing_is_said_where_it_is_and_what_was_typed_stays() -> None:
    scene = Deciding(heard=False)
    place = reverse("panels_decide_outside", args=[scene.reference])
    wrong = scene.client().post(
        place, outside_form(scene, outside="", evidence_for="", reasons="My words.")
    )
    assert wrong.status_code == 422
    for words in ("Choose why it is decided without a sitting", "Say which evidence", "My words."):
        assert words in text_of(wrong)


def test_a_delegation_for_sittings_only_is_told_who_may_decide() -> None:
    scene = Deciding(heard=False, outside=False)
    page = text_of(scene.client().get(reverse("panels_decide_outside", args=[scene.reference])))
    assert "Your delegation reaches to what a panel has heard" in page
    assert "It could not wait for a sitting" not in page


def test_no_reason_is_offered_that_cannot_be_true() -> None:
    """No order is on the case, nothing was refused; once it was listed, a panel was asked."""
    scene = Deciding(heard=False)
    place = reverse("panels_decide_outside", args=[scene.reference])
    clear = "does not ask for a panel"
    page = text_of(scene.client().get(place))
    assert clear in page
    assert "Ordered by the First-tier Tribunal" not in page
    assert "takes back its own refusal" not in page
    assert "record that on the page of the case" in page
    scene.board.refer(scene.process, scene.board.sitting(SITS), Question.ASSESS, RECEIVED)
    assert clear not in text_of(scene.client().get(place))


def test_a_case_with_nothing_to_decide_says_so() -> None:
    scene = Deciding()
    commands.withdraw(scene.process, by=scene.officer, on=SITS, today=SITS, reason="They moved.")
    place = reverse("panels_decide_outside", args=[scene.reference])
    assert "nothing that a panel or an officer would decide" in text_of(scene.client().get(place))


def test_a_decision_is_read_by_staff_who_see_the_case_and_nobody_else() -> None:
    scene = Deciding()
    made = deciding.decide(
        scene.item, by=scene.officer, outcome="assess", reasons="Because of this.", on=SITS
    )
    page = reverse("panels_decision", args=[made.pk])
    for who in (scene.officer, scene.board.council.auditor, scene.board.council.caseworker):
        assert "Because of this." in text_of(scene.client(who).get(page))
    for who in (Council().manager, scene.board.council.psychologist, UserFactory.create()):
        assert scene.client(who).get(page).status_code in {403, 404}


def test_a_decision_leads_to_its_letter_for_whoever_may_send_it() -> None:
    scene = Deciding()
    made = deciding.decide(
        scene.item, by=scene.officer, outcome="assess", reasons="Because of this.", on=SITS
    )
    page = reverse("panels_decision", args=[made.pk])
    letter = reverse("panels_letter", args=[made.letter.pk])
    assert letter in text_of(scene.client(scene.board.council.caseworker).get(page))
    read = text_of(scene.client(scene.board.council.auditor).get(page))
    assert "The family has not been told." in read
    assert "must go by 23 February 2026" in read
    assert letter not in read


def test_who_decides_and_may_refer_is_led_to_the_referral() -> None:
    scene = Deciding()
    other = scene.board.council.register(RECEIVED, today=RECEIVED)
    outside = reverse("panels_decide_outside", args=[other.case.reference])
    refer = reverse("panels_refer", args=[other.case.reference])
    assert refer in text_of(scene.client(scene.board.council.caseworker).get(outside))
    assert refer not in text_of(scene.client(scene.board.chair).get(outside))


def test_the_chair_records_that_the_panel_took_note() -> None:
    scene = Deciding(heard=False)
    made = deciding.decide_outside(
        scene.process,
        question=Question.ASSESS,
        outcome=Outcome.ASSESS,
        outside="urgent",
        outside_because="The child is out of school.",
        on=SITS,
        by=scene.officer,
        **SAID,
    )
    sitting = scene.board.convene(scene.board.sitting(SITS))
    client = scene.client(scene.board.chair)
    listed = reverse("panels_outside", args=[sitting.pk])
    assert "Decided without a sitting" in text_of(
        client.get(reverse("panels_chair", args=[sitting.pk]))
    )
    assert scene.assessment.case.person.full_name in text_of(client.get(listed))
    place = reverse("panels_note", args=[sitting.pk, made.pk])
    assert "The child is out of school." in text_of(client.get(place))
    sent = {"remark": "Noted.", "token": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(place, sent)["Location"] == listed
    assert Ratification.objects.get().remark == "Noted."
    for who in (scene.officer, scene.board.administrator, *scene.board.members.values()):
        assert scene.client(who).get(listed).status_code == HTTPStatus.NOT_FOUND
        assert scene.client(who).get(place).status_code == HTTPStatus.NOT_FOUND


def action(scene: Deciding, **changes: Any) -> PanelAction:
    said = {"kind": "other", "what": "Write to the school", "due_on": date(2026, 3, 2)}
    said |= {"by": scene.board.chair} | changes
    record_action(scene.item, **said)  # type: ignore[arg-type]
    return PanelAction.objects.latest("pk")


def test_actions_are_found_by_their_owners_and_done_once() -> None:
    scene = Deciding()
    council = scene.board.council
    mine = action(scene, owner=council.caseworker)
    theirs = action(scene, kind="commission", what="Assess her speech", owner=None,
                    organisation=council.psychology)  # fmt: skip
    child = scene.assessment.case.person.full_name
    page = text_of(scene.client(council.caseworker).get("/panels/actions/"))
    assert "Write to the school" in page
    assert "Assess her speech" not in page
    psychologist = scene.client(council.psychologist)
    service = text_of(psychologist.get("/panels/actions/?tab=service"))
    assert "Assess her speech" in service
    # The service is not named on the case: it sees the reference and no name.
    assert child not in service
    assert scene.reference in service
    done = reverse("panels_action_done", args=[theirs.pk])
    assert child not in text_of(psychologist.get(done))
    assert psychologist.post(done, {"outcome": " "}).status_code == 422
    sent = {"outcome": "Report sent on 1 March.", "token": str(uuid.uuid4())}
    for _ in range(2):
        assert psychologist.post(done, sent).status_code == HTTPStatus.FOUND
    theirs.refresh_from_db()
    assert (theirs.done_by, theirs.outcome) == (council.psychologist, "Report sent on 1 March.")
    mine_done = reverse("panels_action_done", args=[mine.pk])
    assert psychologist.get(mine_done).status_code == HTTPStatus.NOT_FOUND
    assert "Report sent" in text_of(psychologist.get("/panels/actions/?tab=done"))


def test_a_leaver_and_a_member_of_the_family_finish_nothing() -> None:
    scene = Deciding()
    owner: User = member(Role.CASEWORKER, scene.board.authority)
    owned = action(scene, owner=owner)
    scene.assessment.case.parties.create(user=owner, capacity="family", starts_on=RECEIVED)
    place = reverse("panels_action_done", args=[owned.pk])
    assert scene.client(owner).get(place).status_code == HTTPStatus.NOT_FOUND
    assert "Write to the school" not in text_of(scene.client(owner).get("/panels/actions/"))
    Membership.objects.filter(user=owner).update(ends_on=SITS - timedelta(days=1))
    assert scene.client(owner).get("/panels/actions/").status_code in {403, 404}


def test_the_list_of_actions_costs_the_same_for_5_and_for_50() -> None:
    counted = []
    scene = Deciding()
    for more in (5, 45):
        for number in range(more):
            action(scene, owner=scene.officer, what=f"Thing {number}")
        client = scene.client()
        client.get("/panels/actions/")
        with CaptureQueriesContext(connection) as seen:
            client.get("/panels/actions/")
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_officers_are_told_once_when_a_sitting_has_ended() -> None:
    from notifications.models import OutboxMessage

    scene = Deciding()
    hearing.end_sitting(scene.item.sitting, by=scene.board.chair)
    told = OutboxMessage.objects.filter(kind="panel_to_decide")
    assert [message.user for message in told] == [scene.officer]
