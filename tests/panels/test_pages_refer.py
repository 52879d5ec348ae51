"""Referring over HTTP: the sitting that is in time, the papers, papers out, a paper taken back."""

import uuid
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ehc.models import AccessLog, Role
from ehc.registry import Elsewhere, step_elsewhere
from panels.commands import hearing
from panels.models import Item, Paper, Seat, Sitting
from panels.questions import Question
from panels.tasks import compare_papers
from tests.factories import member, signed_in
from tests.panels.board import Board, moment
from tests.panels.chairing import Chairing
from tests.panels.test_papers import RECEIVED, SENT, SITS, Referred

pytestmark = pytest.mark.django_db


@pytest.fixture
def referred() -> Referred:
    return Referred()


@pytest.fixture
def client(referred: Referred) -> Client:
    return signed_in(referred.board.council.caseworker)


@pytest.fixture(autouse=True)
def _start() -> Any:
    with time_machine.travel(moment(RECEIVED), tick=False):
        yield


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def address(referred: Referred) -> str:
    return f"/panels/cases/{referred.case.reference}/refer/"


def said(sitting: Sitting, **more: Any) -> dict[str, Any]:
    return {"sitting": sitting.pk, "question": "assess", "token": str(uuid.uuid4()), **more}


def test_the_sitting_in_time_is_proposed_and_one_press_lists_once(
    referred: Referred, client: Client
) -> None:
    late, fits = referred.board.sitting(date(2026, 3, 4)), referred.board.sitting(SITS)
    version = referred.store("School report", "Amina Example")
    page = text_of(client.get(address(referred)))
    assert page.index("4 February 2026, 09:30") < page.index("4 March 2026, 09:30")
    assert "19 days in hand" in page
    assert "9 days too late" in page
    assert f'value="{fits.pk}" aria-describedby="id_sitting-hint" checked' in page
    unknown = client.post(address(referred), said(late, papers=f"document:{version.pk}"))
    assert unknown.status_code == 422
    assert "after the last lawful day" in text_of(unknown)
    sent = said(fits, papers=f"document:{version.pk}", introduction="Please read page 2.")
    for _ in range(2):
        assert client.post(address(referred), sent).status_code == 302
    item = Item.objects.get()
    assert (item.sitting, item.introduction) == (fits, "Please read page 2.")
    assert Paper.objects.get().version == version


def test_an_incomplete_case_says_why(referred: Referred, client: Client) -> None:
    sitting = referred.board.sitting(SITS)
    refused = client.post(address(referred), said(sitting, introduction="Kept words."))
    assert refused.status_code == 422
    assert "No paper is put before the panel" in text_of(refused)
    assert "Kept words." in text_of(refused)
    because = said(sitting, incomplete_because="It comes by post.")
    assert client.post(address(referred), because).status_code == 302


def test_where_no_sitting_is_in_time_the_lawful_way_is_shown(
    referred: Referred, client: Client
) -> None:
    referred.board.sitting(date(2026, 3, 4))
    page = text_of(client.get(address(referred)))
    assert "No sitting is in time" in page
    assert "decides it outside a sitting" in page
    assert "by 23 February 2026" in page


def test_once_the_last_lawful_day_has_passed_nothing_is_promised_by_it(
    referred: Referred,
) -> None:
    """The soonest sitting is first then, papers in time or not, and no lawful day is offered."""
    soon = referred.board.sitting(date(2026, 3, 2), today=date(2026, 2, 25))
    later = referred.board.sitting(date(2026, 3, 18), today=date(2026, 2, 25))
    with time_machine.travel(moment(date(2026, 2, 26)), tick=False):
        page = text_of(signed_in(referred.board.council.caseworker).get(address(referred)))
    assert "The last lawful day has passed" in page
    assert "now, without waiting for one" in page
    assert page.index(f'value="{soon.pk}"') < page.index(f'value="{later.pk}"')


def test_the_case_says_why_it_is_not_heard_any_more(referred: Referred) -> None:
    case = f"/cases/{referred.case.reference}/"
    board, day = referred.board, {"by": referred.board.chair, "today": SITS, "now": moment(SITS)}
    item = referred.refer(incomplete_because="It comes by post.")
    board.convene(item.sitting)
    with time_machine.travel(moment(SITS, 12), tick=False):
        hearing.defer(Item.objects.get(pk=item.pk), reason="The hearing test is missing.", **day)
        page = text_of(signed_in(referred.board.council.caseworker).get(case))
    assert "it is before no sitting now" in page
    assert "The hearing test is missing." in page
    assert address(referred) in page


def test_the_case_shows_where_it_is_heard_and_leads_to_its_papers(
    referred: Referred, client: Client
) -> None:
    case = f"/cases/{referred.case.reference}/"
    assert address(referred) in text_of(client.get(case))
    item = referred.refer(incomplete_because="It comes by post.")
    page = text_of(client.get(case))
    assert f"/panels/items/{item.pk}/papers/" in page
    assert address(referred) not in page
    assert "already" in text_of(client.get(address(referred)))


def test_the_step_of_the_core_leads_here_only_with_sittings_ahead(referred: Referred) -> None:
    assert step_elsewhere("refer_to_panel", referred.case, RECEIVED) is None
    referred.board.sitting(SITS)
    assert step_elsewhere("refer_to_panel", referred.case, RECEIVED) == Elsewhere("panels_refer")


def test_papers_are_gone_through_cleared_and_sent(referred: Referred) -> None:
    item = referred.refer(referred.store("Report", "About somebody without a name"))
    with time_machine.travel(moment(SENT), tick=False):
        client = signed_in(referred.board.administrator)
        papers = f"/panels/sittings/{item.sitting_id}/papers/"
        assert "Compare them now" in text_of(client.get(papers))
        client.post(f"{papers}compare/")
        page = text_of(client.get(papers))
        assert "1 to look at" in page
        assert "Send the papers of" not in page
        version = Sitting.objects.get(pk=item.sitting_id).version
        sent = {"token": str(uuid.uuid4()), "seen": version}
        assert client.post(papers, sent).status_code == 422
        own = f"/panels/items/{item.pk}/papers/"
        paper = Paper.objects.get()
        assert "was not found in it" in text_of(client.get(own))
        assert (
            client.post(f"{own}{paper.pk}/clear/", {"doubts": " ".join(paper.doubts)}).status_code
            == 302
        )
        assert str(referred.board.administrator.full_name) in text_of(client.get(own))
        assert "Send the papers of 1 item" in text_of(client.get(papers))
        assert client.post(papers, sent).status_code == 302
        assert Sitting.objects.get(pk=item.sitting_id).status == Sitting.Status.PAPERS_OUT
        assert client.get(f"{own}{paper.pk}/").getvalue().startswith(b"%PDF")
        assert AccessLog.objects.filter(user=referred.board.administrator, what="document")


def test_papers_are_changed_added_late_and_taken_back(referred: Referred) -> None:
    first, second = (referred.store(name, "Amina Example") for name in ("One", "Two"))
    item = referred.refer(first, incomplete_because="The rest comes.")
    own = f"/panels/items/{item.pk}/papers/"
    with time_machine.travel(moment(SENT), tick=False):
        client = signed_in(referred.board.council.caseworker)
        both = {"papers": [f"document:{v.pk}" for v in (first, second)], "seen": item.version}
        assert client.post(own, {**both, "token": str(uuid.uuid4())}).status_code == 302
        assert Paper.objects.count() == 2
        overtaken = client.post(own, {**both, "seen": 0, "token": str(uuid.uuid4())})
        assert overtaken.status_code == 409
        compare_papers(item.pk)
        referred.send(item)
        third = referred.store("Three", "Amina Example")
        page = text_of(client.get(own))
        assert "Add a late paper" in page
        late = {"papers": f"document:{third.pk}", "token": str(uuid.uuid4())}
        assert client.post(own, late).status_code == 302
        paper = Paper.objects.get(version=third)
        recall = f"{own}{paper.pk}/recall/"
        assert "Nobody has opened it" in text_of(client.get(recall))
        assert client.post(recall, {"because": ""}).status_code == 422
        assert client.post(recall, {"because": "It was Ben’s."}).status_code == 302
        assert "It was Ben’s." in text_of(client.get(own))


def test_what_was_listed_by_mistake_is_taken_off_before_papers_go_out(
    referred: Referred, client: Client
) -> None:
    item = referred.refer(incomplete_because="It comes by post.")
    papers, off = f"/panels/items/{item.pk}/papers/", f"/panels/items/{item.pk}/off/"
    assert "Ask whoever arranges the panel" in text_of(client.get(papers))
    assert client.get(off).status_code == 404
    administrator = signed_in(referred.board.administrator)
    assert off in text_of(administrator.get(papers))
    assert "Say why the item is taken off" in text_of(administrator.post(off, {"reason": " "}))
    sent = {"reason": "Listed by mistake.", "seen": item.version, "token": str(uuid.uuid4())}
    for _ in range(2):  # the second press of one button
        back = administrator.post(off, sent)
        assert back["Location"] == f"/panels/sittings/{item.sitting_id}/"
    assert Item.objects.get(pk=item.pk).status == Item.Status.WITHDRAWN
    assert "not possible now" in text_of(administrator.get(off, follow=True))
    assert address(referred) in text_of(client.get(f"/cases/{referred.case.reference}/"))


def test_what_a_panel_has_said_is_not_offered_to_be_taken_off() -> None:
    chairing = Chairing().convene()
    papers = f"/panels/items/{chairing.item.pk}/papers/"
    with time_machine.travel(moment(SITS, 12), tick=False):
        administrator = signed_in(chairing.board.administrator)
        assert "Take it off the agenda" in text_of(administrator.get(papers))
        hearing.recommend(chairing.item, **chairing.said)
        assert "Take it off the agenda" not in text_of(administrator.get(papers))


def test_nobody_else_opens_these_pages(referred: Referred) -> None:
    item = referred.refer(referred.store("One", "Amina Example"))
    paper = Paper.objects.get()
    others = [
        referred.board.members[Seat.HEALTH],
        referred.board.council.auditor,
        referred.board.council.psychologist,
        member(Role.PANEL_ADMINISTRATOR, Board().authority),
        Board().council.caseworker,
    ]
    own = f"/panels/items/{item.pk}/papers/"
    for user in others:
        client = signed_in(user)
        for path in (
            address(referred),
            own,
            f"{own}{paper.pk}/",
            f"{own}{paper.pk}/recall/",
            f"/panels/sittings/{item.sitting_id}/papers/",
        ):
            assert client.get(path).status_code == 404, (user, path)
        assert client.post(f"{own}{paper.pk}/clear/").status_code == 404


@pytest.mark.parametrize("name", ["papers/", ""])
def test_a_list_of_items_costs_the_same_whatever_its_length(name: str) -> None:
    counts = []
    for items in (2, 8):
        chairing = Chairing(items)
        client = signed_in(chairing.board.administrator)
        path = f"/panels/sittings/{chairing.sitting.pk}/{name}"
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_question_that_was_asked_is_not_asked_twice(referred: Referred, client: Client) -> None:
    item = referred.refer(incomplete_because="It comes by post.")
    again = said(item.sitting, incomplete_because="Again.")
    assert client.post(address(referred), again).status_code == 422
    assert Item.objects.filter(question=Question.ASSESS).count() == 1
