"""What a body sent on paper or by email: entered for it, after the day or together with it."""

import uuid
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from advice import commands as advice
from advice import quarantine, uploads
from advice.commands import recording
from advice.models import Advice, AdviceRequest, Form, Upload
from advice.queries.checking import queue_page
from advice.uploads import State
from ehc import commands, moments, truth
from ehc.commands import Overtaken, Refused
from ehc.models import CaseEvent, DocumentVersion, User
from ehc.permissions import NotAllowed
from tests.advice import files
from tests.advice.asked import ASKED, DUE, RECEIVED, Asked, give, lead_of
from tests.factories import signed_in

pytestmark = pytest.mark.django_db

CAME = ASKED + timedelta(days=20)
ENTERED = CAME + timedelta(days=6)
SIGNED = CAME - timedelta(days=2)
TYPED = {"needs": "Following spoken instructions in a group."}
LETTER = {"signed_by": "Dr B. Example, paediatrician", "signed_on": SIGNED, "came_by": "post"}


def dated() -> Asked:
    """Of the paediatrician’s advice the day is recorded, and nothing else."""
    asked = Asked()
    commands.record_advice_received(
        asked.assessment,
        on=CAME,
        service=asked.council.health,
        by=asked.council.caseworker,
        today=CAME,
    )
    return asked


def enter(asked: Asked, **details: Any) -> CaseEvent:
    """The caseworker enters what the paediatrician sent."""
    said = {**LETTER, "content": TYPED, "by": asked.council.caseworker, "today": ENTERED}
    return advice.enter_received(asked.of(asked.council.health), **said | details)


def to_check(asked: Asked) -> list[int]:
    """What the checking queue offers to the caseworker."""
    return [row.pk for row in queue_page(asked.council.caseworker, today=ENTERED).rows]


def test_where_only_the_day_is_recorded_the_day_stays_and_the_advice_is_added() -> None:
    asked = dated()
    request = asked.of(asked.council.health)
    assert request.is_date_only
    assert to_check(asked) == []
    with pytest.raises(Refused, match="Only the date"):
        advice.accept_advice(request, by=asked.council.caseworker, today=ENTERED)
    event = enter(asked)
    assert (event.kind, event.facts) == ("advice_entered", [])
    kept = Advice.objects.get(request=request)
    assert (kept.given_by, kept.given_on) == (asked.council.caseworker, CAME)
    assert (kept.on_behalf_of, kept.signed_on, kept.came_by) == (*list(LETTER.values())[:2], "post")
    request = asked.of(asked.council.health)
    assert (request.status, request.given_on, request.is_date_only) == ("given", CAME, False)
    assert to_check(asked) == [request.pk]
    assert list(truth.check()) == []
    advice.return_advice(request, reasons=["no_voice"], by=asked.council.caseworker, today=ENTERED)
    later = ENTERED + timedelta(days=3)
    again = enter(asked, on=later, today=later, signed_on=ENTERED)
    assert (again.kind, asked.of(asked.council.health).given_on) == ("advice_given_again", CAME)
    advice.accept_advice(asked.of(asked.council.health), by=asked.council.caseworker, today=later)
    assert list(truth.check()) == []


def test_from_an_awaited_request_the_day_and_the_advice_are_one_act() -> None:
    asked = Asked()
    event = enter(asked, on=CAME)
    assert (event.kind, event.on) == ("advice_received", CAME)
    assert event.facts == [["advice_received", CAME.isoformat(), "health"]]
    request = asked.of(asked.council.health)
    assert (request.status, request.given_on, request.due_on) == ("given", CAME, DUE)
    assert to_check(asked) == [request.pk]
    assert list(truth.check()) == []


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"content": {}}, "at least one file"),
        ({"signed_by": " "}, "who signed it"),
        ({"came_by": "pigeon"}, "how it came"),
        ({"signed_on": CAME + timedelta(days=1)}, "cannot have been signed after that"),
        ({"on": None}, "the day on which it reached"),
        ({"on": ASKED - timedelta(days=1), "signed_on": RECEIVED}, "cannot arrive before"),
        ({"on": ENTERED + timedelta(days=1)}, "in the future"),
    ],
)
def test_what_does_not_hold_together_is_refused_and_nothing_is_kept(
    details: dict[str, Any], words: str
) -> None:
    asked = Asked()
    with pytest.raises(Refused, match=words):
        enter(asked, **{"on": CAME, **details})
    assert not Advice.objects.exists()
    assert asked.of(asked.council.health).status == "asked"


def test_a_letter_that_says_there_is_nothing_to_report() -> None:
    asked = Asked()
    enter(asked, on=CAME, content={}, nothing="Not known to us.")
    kept = Advice.objects.get()
    assert (kept.nothing_to_report, kept.reason) == (True, "Not known to us.")


def test_a_second_press_keeps_one_answer_and_whoever_comes_second_is_told() -> None:
    asked = dated()
    token = uuid.uuid4()
    assert enter(asked, token=token).pk == enter(asked, token=token).pk
    with pytest.raises(Overtaken, match=r"gave this advice.*Nothing more was recorded"):
        enter(asked, by=asked.council.colleague)
    assert Advice.objects.count() == 1


def test_the_body_gave_it_meanwhile() -> None:
    asked = Asked()
    give(asked.of(asked.council.health), by=lead_of(asked.council.health), on=CAME)
    with pytest.raises(Overtaken, match="gave this advice"):
        enter(asked, on=CAME)


def test_bodies_and_families_have_their_own_way() -> None:
    asked = Asked(own=(Form.PARENT,))
    with pytest.raises(NotAllowed):
        enter(asked, on=CAME, by=lead_of(asked.council.health))
    with pytest.raises(NotAllowed):
        recording.enter_answer(
            asked.of(asked.council.health),
            **LETTER,
            on=CAME,
            content=TYPED,
            by=lead_of(asked.council.health),
            today=ENTERED,
        )
    with pytest.raises(NotAllowed):
        advice.enter_received(
            asked.own(Form.PARENT),
            **LETTER,
            on=CAME,
            content=TYPED,
            by=asked.council.caseworker,
            today=ENTERED,
        )


def test_advice_whose_day_is_after_the_plan_is_marked() -> None:
    asked = Asked()
    council, sent = asked.council, CAME + timedelta(days=1)
    give(asked.of(council.psychology), by=council.psychologist, on=ASKED)
    step = {"by": council.manager, "today": sent}
    commands.refer_to_panel(asked.assessment, on=ASKED, **step)
    commands.agree_to_issue(asked.assessment, on=ASKED, reason="It is needed.", **step)
    commands.serve_draft(asked.assessment, on=sent - timedelta(days=15), **step)
    commands.send_final_plan(asked.assessment, on=sent, setting=council.school, **step)
    enter(asked, on=sent)
    assert Advice.objects.get(request=asked.of(council.health)).after_plan


def pdf(asked: AdviceRequest) -> SimpleUploadedFile:
    return SimpleUploadedFile("letter.pdf", files.pdf(f"About {asked.case.person.full_name}"))


def add(asked: AdviceRequest, by: User) -> Upload:
    """A file that was added and found clean."""
    added = uploads.add_whole(asked, pdf(asked), by=by, key=uuid.uuid4())
    quarantine.check(added.pk, now=moments.now())
    return Upload.objects.get(pk=added.pk)


def typed(**changes: str) -> dict[str, str]:
    """What the page sends."""
    today = moments.today()
    days = {"on": today - timedelta(days=1), "signed_on": today - timedelta(days=3)}
    boxes = {
        f"{name}-{box}": str(getattr(day, box))
        for name, day in days.items()
        for box in ("day", "month", "year")
    }
    sent = {"signed_by": "Dr B. Example", "came_by": "email", "token": str(uuid.uuid4())}
    return {**boxes, **sent, **changes}


def test_the_files_of_the_letter_and_those_of_the_body_are_kept_apart() -> None:
    asked = Asked()
    request, lead = asked.of(asked.council.health), lead_of(asked.council.health)
    own = add(request, lead)
    letter = add(request, asked.council.caseworker)
    assert (own.state, letter.state) == (State.CLEAN, State.CLEAN)
    assert (own.by_authority, letter.by_authority) == (False, True)
    staff, body = signed_in(asked.council.caseworker), signed_in(lead)
    for client, seen, hidden in ((staff, letter, own), (body, own, letter)):
        assert (
            str(seen.key)
            in client.get(reverse("advice_uploads_list", args=[request.pk])).content.decode()
        )
        address = reverse("advice_upload", args=[request.pk, hidden.key])
        assert client.get(address).status_code == HTTPStatus.NOT_FOUND
        client.post(reverse("advice_upload_do", args=[request.pk, hidden.key, "remove"]))
    assert Upload.objects.filter(removed_at=None).count() == 2
    for who, file in ((asked.council.caseworker, own), (lead, letter)):
        for deed in (uploads.finish, uploads.remove, uploads.answer_warnings):
            with pytest.raises(NotAllowed):
                deed(file, by=who)
    enter(asked, on=CAME, content={})
    (version,) = DocumentVersion.objects.all()
    assert Advice.objects.get().documents.get().version == version
    letter.refresh_from_db()
    own.refresh_from_db()
    assert (letter.version, own.version) == (version, None)


def test_a_file_that_is_still_being_checked_is_waited_for() -> None:
    asked = dated()
    request = asked.of(asked.council.health)
    uploads.add_whole(request, pdf(request), by=asked.council.caseworker, key=uuid.uuid4())
    with pytest.raises(Refused, match="still being checked"):
        enter(asked)
    assert not Advice.objects.exists()


def test_over_the_web() -> None:
    asked = Asked()
    request = asked.of(asked.council.health)
    client = signed_in(asked.council.caseworker)
    page, address = (reverse(n, args=[request.pk]) for n in ("advice_request", "advice_received"))
    case = reverse("case", args=[request.case.reference])
    for shown in (page, case):
        assert address in client.get(shown).content.decode()
    add(request, asked.council.caseworker)
    wrong = client.post(address, typed(signed_by=""))
    assert (wrong.status_code, "Enter who signed it" in wrong.content.decode()) == (422, True)
    sent = typed()
    for _ in range(2):
        assert client.post(address, sent, follow=True).redirect_chain[-1][0] == page
    assert Advice.objects.count() == 1
    shown_then = client.get(page).content.decode()
    assert "It came by email, signed by Dr B. Example" in shown_then
    assert reverse("advice_check", args=[request.pk]) in shown_then
    assert address not in shown_then
    assert client.get(address, follow=True).redirect_chain[-1][0] == page


def test_rows_can_be_typed_in_of_a_letter() -> None:
    asked = Asked()
    request = asked.of(asked.council.health)
    client = signed_in(asked.council.caseworker)
    address = reverse("advice_received", args=[request.pk])
    assert "Type in its needs, outcomes and provision" in client.get(address).content.decode()
    rows = {"row_1_need": "Tires by noon", "row_1_provision": "Rest", "row_1_how_much": "x" * 301}
    parts = {f"row_{number}_part": "health" for number in (1, 2, 3)}
    wrong = client.post(address, typed(**rows, **parts))
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "#row_1_how_much" in wrong.content.decode().replace("#id_", "#")
    rows |= {"row_1_how_much": "20 minutes", "row_3_need": "Pain", "row_3_part": "education"}
    assert client.post(address, typed(**parts | rows)).status_code == HTTPStatus.FOUND
    kept = Advice.objects.get(request=request).rows.all()
    assert [(r.position, r.part, r.need, r.how_much) for r in kept] == [
        (1, "health", "Tires by noon", "20 minutes"),
        (2, "education", "Pain", ""),
    ]


def test_the_pages_say_that_the_advice_is_not_here_yet() -> None:
    asked = dated()
    request = asked.of(asked.council.health)
    client = signed_in(asked.council.caseworker)
    words = "the advice itself is not here yet"
    case = reverse("case", args=[request.case.reference])
    for address in (reverse("advice_request", args=[request.pk]), case):
        shown = client.get(address).content.decode()
        assert words in shown
        assert reverse("advice_received", args=[request.pk]) in shown
        assert reverse("advice_check", args=[request.pk]) not in shown
    other = signed_in(asked.council.psychologist)
    assert other.get(reverse("advice_received", args=[request.pk])).status_code == 404
    enter(asked, today=moments.today())
    assert words not in client.get(case).content.decode()
