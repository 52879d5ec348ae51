"""The chair’s screen over HTTP: what it shows, what it costs, and what goes wrong on bad days."""

import uuid
from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ehc import commands
from ehc.models import AccessLog, CaseEvent, Role, User
from panels.commands import deciding, hearing, papers
from panels.models import ChairDraft, Item, Member, Paper, Recommendation, Seat, Sitting
from panels.questions import Outcome, Question
from panels.tasks import compare_papers
from tests.factories import Council, UserFactory, member, signed_in
from tests.panels.chairing import RECEIVED, SAID, SITS, Chairing, booking_of, on_the_day
from tests.panels.test_member import add_paper, stored

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day() -> Any:
    with on_the_day():
        yield


def record(chairing: Chairing, **changes: Any) -> dict[str, Any]:
    """What the page sends when the chair records."""
    seen = {"token": str(uuid.uuid4()), "seen": chairing.item.version, "page": "record"}
    return {**SAID, **seen, **changes}


@pytest.mark.parametrize("size", [5, 50])
def test_the_screen_costs_the_same_for_any_sitting(size: int) -> None:
    chairing = Chairing(size, decides=[Question.ASSESS])
    chairing.board.delegate(chairing.board.chair)
    for number in range(15):
        user = UserFactory.create(full_name=f"Member {number}")
        Member.objects.create(
            panel=chairing.board.panel, user=user, seat=Seat.OTHER, starts_on=RECEIVED
        )
    for each in Member.objects.filter(panel=chairing.board.panel, seat=Seat.OTHER):
        chairing.sitting.bookings.create(member=each, seat=each.seat)
    chairing.convene()
    client = chairing.client()
    client.get(chairing.address())
    with CaptureQueriesContext(connection) as seen:
        response = client.get(chairing.address(chairing.items[2]))
    assert response.status_code == HTTPStatus.OK
    assert "20 of 4" in response.content.decode()
    listed = "\n".join(f"{n}. {q['sql'][:130]}" for n, q in enumerate(seen.captured_queries, 1))
    assert len(seen.captured_queries) <= 12, listed


def test_it_shows_the_child_the_test_and_the_days() -> None:
    chairing = Chairing().convene()
    page = chairing.client().get(chairing.address()).content.decode()
    assert chairing.assessments[0].case.person.full_name in page
    assert "may be necessary for special educational provision" in page
    assert "23 February 2026" in page
    assert "19 days left" in page
    assert "No later sitting is planned" in page
    look = AccessLog.objects.get(user=chairing.board.chair)
    assert look.case == chairing.assessments[0].case


def test_an_item_whose_papers_never_went_out_has_a_screen_too() -> None:
    chairing = Chairing().convene()
    Sitting.objects.filter(pk=chairing.sitting.pk).update(papers_sent_at=None)
    response = chairing.client().get(chairing.address())
    assert response.status_code == HTTPStatus.OK
    assert chairing.assessments[0].case.person.full_name in response.content.decode()


def test_the_sheet_of_the_item_stands_on_the_screen_itself() -> None:
    """What the advice comes to, what is missing and what was decided before: no other page."""
    chairing = Chairing(2).convene()
    facts = [["Name", "Amina"], ["Signed off: Health care", "Accepted"], ["Needs", "4 needs"]]
    summary = {"facts": facts, "missing": ["Health care: not here."], "earlier": [["1 May", "No."]]}
    Item.objects.filter(pk=chairing.items[1].pk).update(summary=summary)
    client = chairing.client()
    page = client.get(chairing.address(chairing.items[1])).content.decode()
    for words in ("Signed off: Health care", "4 needs", "Health care: not here.", "1 May: No."):
        assert words in page
    assert "The school sends its report by post." in page  # why it is heard although incomplete
    other = client.get(chairing.address(chairing.items[0])).content.decode()
    assert "4 needs" not in other


def test_it_says_when_waiting_would_be_too_late() -> None:
    chairing = Chairing().convene()
    chairing.next_sitting(4)
    page = chairing.client().get(chairing.address()).content.decode()
    assert "Next sitting 9 days too late" in page
    assert "Late if it waits" in page


def test_only_a_chair_of_this_sitting_opens_it() -> None:
    chairing = Chairing().convene()
    board = chairing.board
    strangers = [
        board.members[Seat.HEALTH],
        board.administrator,
        board.council.caseworker,
        Council().chair,
        member(Role.PANEL_CHAIR, board.authority),
    ]
    for user in strangers:
        for more in ("", f"{chairing.item.pk}/", f"{chairing.item.pk}/defer/"):
            answer = signed_in(user).get(chairing.address() + more)
            assert answer.status_code == HTTPStatus.NOT_FOUND
    assert signed_in(board.chair).get(chairing.address(chairing.item)).status_code == HTTPStatus.OK


def test_an_item_in_which_the_chair_has_an_interest_says_nothing() -> None:
    chairing = Chairing(2).convene()
    chair = chairing.board.chair
    hearing.declare_conflict(chairing.item, interest="My nephew.", **chairing.day)
    page = chairing.client().get(chairing.address()).content.decode()
    assert chairing.assessments[0].case.person.full_name not in page
    assert "An item that is not shown to you" in page
    for more in ("", "defer/", "take-off/", "draft/"):
        answer = signed_in(chair).post(chairing.address(chairing.item, more))
        assert answer.status_code == HTTPStatus.NOT_FOUND


def test_a_restricted_case_is_shown_only_to_a_chair_named_on_it() -> None:
    chairing = Chairing(2)
    case = chairing.assessments[0].case
    commands.restrict_case(
        case, on=RECEIVED, reason="A colleague’s child.", by=chairing.board.council.manager
    )
    chairing.convene()
    assert chairing.client().get(chairing.address(chairing.item)).status_code == 404


def test_recording_goes_on_to_the_next_item() -> None:
    chairing = Chairing(2).convene()
    sent = record(chairing)
    client = chairing.client()
    answer = client.post(chairing.address(chairing.item), sent)
    assert answer["Location"] == chairing.address(chairing.items[1])
    assert chairing.item.status == Item.Status.RECOMMENDED
    again = client.post(chairing.address(chairing.item), sent)
    assert again.status_code == HTTPStatus.FOUND
    assert Recommendation.objects.count() == 1


def test_what_is_wrong_is_said_and_nothing_typed_is_lost() -> None:
    chairing = Chairing().convene()
    sent = record(chairing, outcome="", reasons="", dissent="The head teacher disagrees.")
    answer = chairing.client().post(chairing.address(chairing.item), sent)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Choose what the panel recommends" in page
    assert "The head teacher disagrees." in page
    assert chairing.item.status == Item.Status.LISTED


def test_when_the_quorum_breaks_the_chair_is_told_what_may_be_done() -> None:
    chairing = Chairing().convene()
    client = chairing.client()
    address = chairing.address(more="room/")
    item = chairing.item
    out = booking_of(chairing.sitting)
    sent = {"item": item.pk, "out": out.pk, "reasons": "Half a sentence"}
    assert client.post(address, sent)["Location"] == chairing.address(item)
    page = client.get(chairing.address(item)).content.decode()
    assert "Half a sentence" in page  # typed before the press, kept with it
    assert "Missing: Health: 1 more" in page
    assert "wait until they are there, defer the item, or record" in page
    refused = client.post(chairing.address(item), record(chairing))
    assert "not quorate for this item" in refused.content.decode()
    client.post(chairing.address(item), record(chairing, without_quorum="on"))
    assert chairing.item.recommendation is not None
    assert not chairing.item.recommendation.quorate
    client.post(address, {"in": out.pk})
    assert out.presences.filter(left_at__isnull=True).count() == 1


def test_note_and_papers_open_from_the_screen(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    chairing = Chairing()
    paper = add_paper(chairing, chairing.items[0])
    chairing.convene()
    screen = chairing.client().get(chairing.address()).content.decode()
    item = f"/panels/mine/{chairing.sitting.pk}/items/{chairing.item.pk}/"
    for address in (f"{item}#note", f"{item}papers/{paper.pk}/"):
        assert f'href="{address}"' in screen
        assert chairing.client().get(address).status_code == HTTPStatus.OK


def test_papers_that_come_and_go_while_the_chair_writes(settings: Any, tmp_path: Any) -> None:
    """A late one and one taken back: the chair is told before the recording, and types nothing
    twice."""
    settings.MEDIA_ROOT = str(tmp_path)
    chairing = Chairing()
    paper = add_paper(chairing, chairing.items[0], title="Report on another child")
    late = stored(chairing, chairing.items[0], "late.pdf", b"%PDF-1.7 late")
    chairing.convene()
    client, by = chairing.client(), chairing.board.council.caseworker
    sent = record(chairing)
    asked = {"item": chairing.item.pk, "seen": sent["seen"]}
    assert client.get(chairing.address(more="now/"), asked).json()["changed"] is False
    papers.recall_paper(chairing.item, paper=paper, because="It is about another child.", by=by)
    papers.add_late_papers(chairing.item, papers=[f"document:{late.pk}"], by=by)
    assert client.get(chairing.address(more="now/"), asked).json()["changed"] is True
    told = client.post(chairing.address(chairing.item), sent)
    page = told.content.decode()
    assert told.status_code == HTTPStatus.CONFLICT
    assert SAID["reasons"] in page
    assert "Report on another child" not in page
    assert "A paper was taken back" in page
    assert "It is about another child." in page
    assert "A late paper is being looked at" in page  # nobody has compared it yet
    compare_papers(chairing.item.pk)
    Paper.objects.filter(late=True).update(cleared_by=by)
    assert "late.pdf" in client.get(chairing.address(chairing.item)).content.decode()
    client.post(chairing.address(chairing.item), record(chairing))
    assert chairing.item.status == Item.Status.RECOMMENDED


def test_the_page_can_ask_how_the_room_and_the_item_stand() -> None:
    chairing = Chairing().convene()
    client = chairing.client()
    asked = {"item": chairing.item.pk, "seen": chairing.item.version}
    answer = client.get(chairing.address(more="now/"), asked).json()
    assert answer["changed"] is False
    assert "No quorum" not in answer["agenda"]
    withdraw(chairing)
    answer = client.get(chairing.address(more="now/"), asked).json()
    assert "not asked any more" in answer["alerts"]
    health = chairing.board.members[Seat.HEALTH]
    hearing.declare_conflict(chairing.item, user=health, interest="Her doctor.", **chairing.day)
    answer = client.get(chairing.address(more="now/"), asked).json()
    assert answer["changed"] is True
    assert "shut out of this item" in answer["room"]
    assert "Not quorate" in answer["room"]
    assert "No quorum" in answer["agenda"]


def withdraw(chairing: Chairing) -> None:
    commands.withdraw(
        chairing.assessments[0], on=SITS, reason="They moved to another idea.",
        by=chairing.board.council.caseworker, today=SITS,
    )  # fmt: skip


def test_after_the_family_withdrew_the_item_can_only_be_taken_off() -> None:
    chairing = Chairing().convene()
    client = chairing.client()
    sent = record(chairing)
    withdraw(chairing)
    answer = client.post(chairing.address(chairing.item), sent)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert SAID["reasons"] in page  # to copy
    assert "Take the item off the agenda" in page
    deferred = client.get(chairing.address(chairing.item, "defer/"), follow=True)
    assert "Take the item off the agenda" in deferred.content.decode()
    address = chairing.address(chairing.item, "take-off/")
    client.post(address, {"reason": "The family withdrew.", "token": str(uuid.uuid4())})
    assert chairing.item.status == Item.Status.WITHDRAWN
    client.post(chairing.address(more="end/"), {"token": str(uuid.uuid4())})
    assert Sitting.objects.get().status == Sitting.Status.ENDED


def test_the_second_of_two_chairs_is_told_and_keeps_the_text() -> None:
    chairing = Chairing().convene()
    sent = record(chairing, reasons="My own words, which took a while to write.")
    hearing.recommend(chairing.item, **chairing.said)
    answer = chairing.client().post(chairing.address(chairing.item), sent)
    page = answer.content.decode()
    assert answer.status_code == HTTPStatus.CONFLICT
    assert "My own words, which took a while to write." in page
    assert SAID["reasons"] in page
    assert Recommendation.objects.count() == 1


def test_something_else_recorded_meanwhile_gives_the_form_back_with_the_text() -> None:
    chairing = Chairing().convene()
    sent = record(chairing)
    school = chairing.board.members[Seat.SCHOOL]
    hearing.declare_conflict(chairing.item, user=school, interest="My pupil.", **chairing.day)
    client = chairing.client()
    answer = client.post(chairing.address(chairing.item), sent)
    assert answer.status_code == HTTPStatus.CONFLICT
    assert f'name="seen" value="{chairing.item.version}"' in answer.content.decode()
    client.post(chairing.address(chairing.item), sent | {"seen": chairing.item.version})
    assert chairing.item.status == Item.Status.RECOMMENDED


def test_words_given_to_other_families_are_pointed_out_once_and_not_refused() -> None:
    chairing = Chairing(2).convene()
    first, second = chairing.items
    client = chairing.client()
    sent = record(chairing, reasons="Her needs can be met from what mainstream schools have.")
    client.post(chairing.address(first), sent)
    seen = Item.objects.get(pk=second.pk).version
    sent |= {"token": str(uuid.uuid4()), "seen": seen}
    sent["reasons"] = "His needs can be met from what mainstream schools have."
    answer = client.post(chairing.address(second), sent)
    page = answer.content.decode()
    assert "in 1 other case" in page
    assert Item.objects.get(pk=second.pk).status == Item.Status.LISTED
    pointed_out = answer.context["shown"].pointed_out if answer.context else sign(page)
    client.post(chairing.address(second), sent | {"pointed_out": pointed_out})
    assert Item.objects.get(pk=second.pk).status == Item.Status.RECOMMENDED


def sign(page: str) -> str:
    return page.partition('name="pointed_out" value="')[2].partition('"')[0]


def test_what_is_typed_is_kept_on_the_server_for_its_writer_alone() -> None:
    chairing = Chairing().convene()
    client = chairing.client()
    address = chairing.address(chairing.item, "draft/")
    texts = {"who": chairing.board.chair.pk, "texts": {"reasons": "She reads 😀", "page": "x"}}
    assert "at" in client.post(address, texts, content_type="application/json").json()
    assert ChairDraft.objects.get().fields == {"reasons": "She reads 😀"}
    assert "She reads 😀" in client.get(chairing.address(chairing.item)).content.decode()
    other = another(chairing)
    assert "She reads" not in signed_in(other).get(chairing.address()).content.decode()
    texts["who"] = other.pk
    assert client.post(address, texts, content_type="application/json").status_code == 403
    assert client.post(address, "[", content_type="application/json").status_code == 400
    client.post(chairing.address(chairing.item), record(chairing))
    assert not ChairDraft.objects.exists()
    texts["who"] = chairing.board.chair.pk
    late = client.post(address, texts, content_type="application/json")
    assert late.status_code == HTTPStatus.CONFLICT
    assert "Recommendation made" in late.json()["closed"]


def another(chairing: Chairing) -> User:
    """A second member who may take the chair, booked for the sitting."""
    user = member(Role.PANEL_CHAIR, chairing.board.authority)
    seat = Member.objects.create(
        panel=chairing.board.panel, user=user, seat=Seat.OTHER, may_chair=True, starts_on=RECEIVED
    )
    chairing.sitting.bookings.create(member=seat, seat=seat.seat)
    return user


def test_deferring_shows_what_it_costs_and_then_does_it() -> None:
    chairing = Chairing().convene()
    late = chairing.next_sitting(4)
    client = chairing.client()
    address = chairing.address(chairing.item, "defer/")
    assert "9 days after the last lawful day" in client.get(address).content.decode()
    sent = {
        "reason": "The hearing test is missing.",
        "wanted": "Hearing test, from audiology\n\nSchool report",
        "to": str(late.pk),
        "token": str(uuid.uuid4()),
        "seen": chairing.item.version,
    }
    page = client.post(address, sent).content.decode()
    assert "The decision will be late" in page
    assert "a deferral stops no clock" in page
    assert chairing.item.status == Item.Status.LISTED
    client.post(address, sent | {"page": "confirm"})
    item = chairing.item
    assert item.status == Item.Status.DEFERRED
    assert item.deferral.days_late == 9
    assert item.deferral.wanted == ["Hearing test, from audiology", "School report"]
    assert item.next_item is not None
    assert item.next_item.sitting == late
    client.post(address, sent | {"page": "confirm"})
    assert Item.objects.count() == 2


@pytest.mark.parametrize("deed", ["defer", "take-off"])
def test_what_is_done_with_opens_the_next_item(deed: str) -> None:
    """Ten items in a row: no press only to get to the next one, and a double press stays there."""
    chairing = Chairing(2).convene()
    sent = {"reason": "The hearing test is missing.", "to": "none", "page": "confirm"}
    sent |= {"token": str(uuid.uuid4())}
    for _ in range(2):
        answer = chairing.client().post(chairing.address(chairing.item, f"{deed}/"), sent)
        assert answer["Location"] == chairing.address(chairing.items[1])
    assert chairing.item.status in Item.GONE


def test_the_chair_decides_at_the_sitting_where_terms_and_scheme_say_so() -> None:
    chairing = Chairing(decides=[Question.ASSESS]).convene()
    client = chairing.client()
    assert "Decide it now" not in client.get(chairing.address()).content.decode()
    chairing.board.delegate(chairing.board.chair)
    assert "Scheme of delegation 2026" in client.get(chairing.address()).content.decode()
    sent = record(chairing, decides="on")
    done = client.post(chairing.address(chairing.item), sent, follow=True).content.decode()
    assert "Item 1 is recorded and decided." in done
    shown = client.get(chairing.address(chairing.item)).content.decode()
    assert "under Scheme of delegation 2026, paragraph 4.3" in shown
    item = chairing.item
    assert item.status == Item.Status.DECIDED
    assert item.recommendation is not None
    assert item.decision.by == chairing.board.chair
    kinds = CaseEvent.objects.filter(case=item.case).order_by("-sequence")
    assert list(kinds.values_list("kind", flat=True)[:2]) == [
        "assessment_agreed",
        "panel_recommended",
    ]


def test_a_slip_of_the_hand_is_corrected_until_it_is_decided() -> None:
    chairing = Chairing().convene()
    client = chairing.client()
    client.post(chairing.address(chairing.item), record(chairing, outcome="refuse_assess"))
    address = chairing.address(chairing.item, "correct/")
    assert SAID["reasons"] in client.get(address).content.decode()
    sent = record(chairing, because="I pressed the wrong one.") | {"page": ""}
    client.post(address, sent)
    stands = chairing.item.recommendation
    assert stands is not None
    assert (stands.outcome, stands.corrects.outcome) == ("assess", "refuse_assess")
    chairing.board.delegate()
    deciding.decide(
        chairing.item, outcome=Outcome.ASSESS, reasons="Yes.", on=SITS,
        by=chairing.board.officer, today=SITS,
    )  # fmt: skip
    assert "not possible now" in client.get(address, follow=True).content.decode()


def test_joint_funding_adds_up() -> None:
    chairing = Chairing().convene()
    client = chairing.client()
    address = chairing.address(chairing.item, "action/")
    sent = {
        "kind": "joint_funding",
        "what": "A communication aid",
        "owner": str(chairing.board.officer.pk),
        "due_on-day": "1",
        "due_on-month": "4",
        "due_on-year": "2026",
        "total": "12000",
        "share_education": "6000",
        "share_health": "5000",
        "token": str(uuid.uuid4()),
    }
    answer = client.post(address, sent)
    assert "The shares make £11,000 a year, the whole was given as £12,000" in (
        answer.content.decode()
    )
    client.post(address, sent | {"share_health": "6000"})
    assert (
        "health £6,000, education £6,000"
        in client.get(chairing.address(chairing.item)).content.decode()
    )
