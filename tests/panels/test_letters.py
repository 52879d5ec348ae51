"""Letters to families: right in law, in words for a reader of twelve, kept as they went."""

import io
import re
from collections.abc import Iterable
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from advice.commands.family import record_party
from ehc import documents
from ehc.commands import Refused
from ehc.models import Assessment, Case, CaseEvent, Person, Representative, Role
from ehc.permissions import NotAllowed
from notifications.models import OutboxMessage
from panels.commands import deciding
from panels.commands.letters import Going, make_letter, record_details, tell_otherwise
from panels.letter_voice import Voice
from panels.letter_words import Due, Told, body, subject
from panels.letters import content, copy_for, current_copies, details_of, gaps
from panels.models import Decision, Letter, LetterCopy, LetterDetails
from panels.questions import OUTCOMES, Outcome, Question
from panels.recipients import Addressed, recipients_of
from tests.factories import fresh, member, signed_in
from tests.panels.board import Board, moment

pytestmark = pytest.mark.django_db

RECEIVED = date(2026, 1, 12)
DECIDED = date(2026, 2, 4)
REASONS = "Amina reads well for her age.\n\nHer school gives her all the help that she needs."
POST = LetterCopy.How.POST
DETAILS = {
    "name": "Testshire Council",
    "address": "1 High Street\nTestford\nTE1 1AA",
    "telephone": "01632 960001",
    "email": "send@testshire.example",
    "website": "www.testshire.example",
    "advice_name": "Testshire SENDIASS",
    "advice_telephone": "01632 960002",
    "mediation_name": "Fair Talk",
    "mediation_telephone": "01632 960003",
    "resolution_name": "Common Ground",
    "resolution_email": "help@ground.example",
}


class Scene:
    """A council that has decided, and a family that waits to hear."""

    def __init__(self, born: date = date(2016, 5, 4)) -> None:
        self.board = Board()
        self.board.delegate()
        self.council = self.board.council
        self.assessment: Assessment = self.council.register(RECEIVED, today=RECEIVED)
        Person.objects.filter(pk=self.case.person_id).update(
            forename="Amina", surname="Example", date_of_birth=born
        )

    @property
    def case(self) -> Case:
        return Case.objects.select_related("person").get(pk=self.assessment.case_id)

    def details(self, **changes: str) -> LetterDetails:
        return record_details(
            self.council.authority,
            DETAILS | changes,
            by=self.board.administrator,
            today=DECIDED,
            now=moment(DECIDED),
        )

    def parent(self, name: str = "Dana Example", **extra: Any) -> Representative:
        said = {
            "relationship": "mother",
            "has_parental_responsibility": True,
            "address": "2 Low Road\nTestford",
            "starts_on": RECEIVED,
        }
        return Representative.objects.create(
            person=self.case.person, full_name=name, **(said | extra)
        )

    def decide(
        self,
        outcome: str = Outcome.REFUSE_TO_ASSESS,
        on: date = DECIDED,
        question: str = Question.ASSESS,
    ) -> Letter:
        decision = deciding.decide_outside(
            fresh(self.assessment),
            question=question,
            outcome=outcome,
            reasons=REASONS,
            evidence_for="The school’s report.",
            outside=Decision.Outside.NO_SITTING,
            outside_because="No sitting in time.",
            on=on,
            by=self.board.officer,
            today=on,
            now=moment(on),
        )
        return Letter.objects.get(decision=decision)

    def issue(self, outcome: str, on: date) -> Letter:
        """Decide whether to issue: the case is assessed, advised on and referred first."""
        from ehc import commands

        worker = self.council.caseworker
        said = {"by": worker, "today": on}
        agreed = RECEIVED + timedelta(days=20)
        self.decide(Outcome.ASSESS, agreed)
        services = [self.council.psychology]
        commands.request_advice(fresh(self.assessment), on=agreed, services=services, **said)
        commands.refer_to_panel(fresh(self.assessment), on=on, **said)
        return self.decide(outcome, on, Question.ISSUE)

    def make(self, letter: Letter, on: date = DECIDED, how: str = POST, **more: Any) -> LetterCopy:
        key = more.pop("key", None)
        if key is None:
            key = recipients_of(self.case, self.case.person, on)[0].key
        because = more.pop("because", "")
        today = more.pop("today", on)
        return make_letter(
            letter,
            key,
            Going(on, how, because),
            by=more.pop("by", self.council.caseworker),
            today=today,
            now=moment(today),
            **more,
        )

    def read(self, letter: Letter, on: date = DECIDED, which: int = 0) -> str:
        """The letter as one string, as its reader has it."""
        letter = Letter.objects.get(pk=letter.pk)
        recipient = recipients_of(self.case, self.case.person, on)[which]
        details = details_of(self.council.authority.pk)
        return words_of(content(letter, recipient, details, on))


def words_of(made: dict[str, Any]) -> str:
    return "\n".join(
        [*made["to"], *made["to_lines"], f"Dear {made['dear']}", made["subject"], made["date"]]
        + [sentence for block in made["blocks"] for sentence in block_words(block)]
    )


def block_words(block: dict[str, Any]) -> Iterable[str]:
    yield from block.get("items", ())
    yield block.get("text", "")
    yield block.get("name", "")
    for what, how in block.get("ways", ()):
        yield f"{what}: {how}"


@pytest.fixture(autouse=True)
def tmp_documents(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_decision_leaves_a_letter_that_waits_and_a_notice_without_a_name(scene: Scene) -> None:
    letter = scene.decide()
    assert letter.finished_on is None
    told = OutboxMessage.objects.filter(kind="panel_letter", case=scene.case)
    assert told.count() == 1
    page = signed_in(scene.council.caseworker).get(f"/cases/{scene.case.reference}/")
    assert "has no letter from here about the decision of 4 February 2026" in page.content.decode()


def test_a_refusal_to_assess_says_all_that_regulations_5_and_32_ask_for(scene: Scene) -> None:
    scene.details()
    scene.parent()
    said = scene.read(scene.decide())
    assert "Dear Dana Example" in said
    assert "We will not carry out an EHC needs assessment for Amina" in said
    assert REASONS in said
    # reg 5(3)(a), (b): the right, and the times; two months from 4 February is a Saturday, and
    # Monday is Easter Monday.
    assert "right to appeal to the First-tier Tribunal" in said
    assert "by 5pm on 7 April 2026" in said
    assert "1 month from the date on the certificate" in said
    assert "until the later of the two" in said
    assert "2 months end on 4 April 2026. That is a Saturday, so you have a little longer." in said
    assert "SEND35A" in said
    # reg 32(a)-(f): mediation, the certificate, whom to reach and by when, what to tell us.
    assert "Before you can appeal you need a mediation certificate" in said
    assert "Step 1: talk to the mediation adviser by 4 April 2026" in said
    assert "Fair Talk" in said
    assert "01632 960003" in said
    assert "If you want mediation, tell us as well" in said
    assert "say which care" in said
    # The one exception of s.55(3), and that it is not for this letter.
    assert "only about the school or college named in a plan" in said
    # reg 5(3)(d): disagreement resolution; information and advice.
    assert "Common Ground" in said
    assert "help@ground.example" in said
    assert "Testshire SENDIASS" in said
    # s.36(8), who decided, and under what.
    assert "section 36(8)" in said
    assert f"{scene.board.officer.full_name} made the decision for Testshire Council" in said
    assert "Scheme of delegation 2026, paragraph 4.3" in said


def test_a_refusal_to_issue_says_what_regulation_10_asks_for(scene: Scene) -> None:
    scene.details()
    scene.parent()
    on = date(2026, 4, 20)
    said = scene.read(scene.issue(Outcome.REFUSE_TO_ISSUE, on), on)
    assert "We have decided that Amina does not need an EHC plan" in said
    assert "by 5pm on 22 June 2026" in said  # 20 June is a Saturday
    assert "Step 1: talk to the mediation adviser by 20 June 2026" in said
    assert "Fill in form SEND35." in said
    assert "section 37(1)" in said
    assert "You can ask us for a copy of all the advice" in said
    assert "sorry" not in said


@pytest.mark.parametrize(
    ("sent", "last"),
    [
        (date(2026, 6, 10), date(2026, 9, 1)),  # 10 August: after the break
        (date(2026, 10, 27), date(2027, 1, 4)),  # 27 December: after New Year and its weekend
        (date(2026, 12, 31), date(2027, 3, 1)),  # the last day of February is a Sunday
        (date(2026, 3, 12), date(2026, 5, 12)),
    ],
)
def test_the_last_day_of_an_appeal_is_the_tribunals_own(
    scene: Scene, sent: date, last: date
) -> None:
    from ehc.dates import in_words

    scene.details()
    scene.parent()
    said = scene.read(scene.decide(on=sent), sent)
    assert f"by 5pm on {in_words(last)}" in said
    moved = "so you have a little longer" in said
    assert moved == (last != date(2026, 5, 12))


def test_agreeing_to_assess_tells_the_dates_that_follow(scene: Scene) -> None:
    scene.details()
    scene.parent()
    said = scene.read(scene.decide(Outcome.ASSESS))
    assert "If we decide that no plan is needed, we must tell you by 4 May 2026." in said
    assert "If a plan is needed, you must have the final plan by 1 June 2026." in said
    assert "Not every assessment leads to a plan" in said
    assert "appeal" not in said


def test_agreeing_to_issue_tells_of_the_draft_and_the_plan(scene: Scene) -> None:
    scene.details()
    scene.parent()
    on = date(2026, 4, 20)
    said = scene.read(scene.issue(Outcome.ISSUE, on), on)
    assert "at least 15 days" in said
    assert "You must have the final plan by 1 June 2026." in said
    assert "personal budget" in said
    assert "When you have the final plan, you can appeal" in said


def test_more_advice_stops_no_clock(scene: Scene) -> None:
    scene.details()
    scene.parent()
    on = date(2026, 4, 20)
    said = scene.read(scene.issue(Outcome.MORE_ADVICE, on), on)
    assert "This does not give us more time." in said
    assert "by 4 May 2026" in said


def test_lateness_is_owned_up_to(scene: Scene) -> None:
    scene.details()
    scene.parent()
    late = date(2026, 3, 20)
    said = scene.read(scene.decide(on=late), late)
    assert "By law we had to tell you by 23 February 2026. We are late. We are sorry." in said


def test_a_date_that_has_passed_is_not_promised_again(scene: Scene) -> None:
    scene.details()
    scene.parent()
    on = date(2026, 6, 15)
    said = scene.read(scene.issue(Outcome.ISSUE, on), on)
    assert "You should have the final plan by 1 June 2026. That day has passed. We are sorry." in (
        said
    )


def test_parents_who_live_apart_never_see_each_others_address(scene: Scene) -> None:
    scene.details()
    mother = scene.parent(address="2 Low Road, Testford")
    scene.parent("Lee Example", relationship="stepfather", address="2 low road,  Testford")
    father = scene.parent("Sam Other", relationship="father", address="9 Far Lane")
    scene.parent("Kit Friend", has_parental_responsibility=False, address="5 Mid Street")
    letter = scene.decide()
    found = recipients_of(scene.case, scene.case.person, DECIDED)
    assert [each.together for each in found] == [
        "Dana Example and Lee Example",
        "Sam Other",
        "Kit Friend",
    ]
    assert [each.due for each in found] == [True, True, False]
    first = scene.make(letter, key=mother.pk)
    assert "9 Far Lane" not in str(first.content)
    assert Letter.objects.get(pk=letter.pk).finished_on is None
    second = scene.make(letter, key=father.pk)
    assert "2 Low Road" not in str(second.content)
    assert Letter.objects.get(pk=letter.pk).finished_on == DECIDED


YOUNG = date(2009, 3, 1)


def test_a_young_person_is_written_to_themselves(scene: Scene) -> None:
    scene = Scene(born=YOUNG)
    scene.details()
    scene.parent()
    said = scene.read(scene.decide())
    assert "Dear Amina Example" in said
    assert "special educational needs? And may you need an EHC plan" in said
    assert "The right to appeal is yours" in said
    assert "Amina’s" not in said
    assert "Dana" not in said
    assert "you needs" not in said


def test_who_acts_for_a_young_person_without_capacity_has_the_letter(scene: Scene) -> None:
    scene = Scene(born=YOUNG)
    scene.details()
    mother = scene.parent()
    record_party(
        scene.case,
        on=RECEIVED,
        acts_as="capacity",
        acting=[mother],
        note="Assessed by Dr Example on 3 January 2026.",
        by=scene.council.caseworker,
        today=DECIDED,
    )
    said = scene.read(scene.decide())
    assert "Dear Dana Example" in said
    assert "We write to you because you act for Amina." in said


def test_what_is_missing_is_told_and_stops_a_refusal(scene: Scene) -> None:
    letter = scene.decide()
    recipient = recipients_of(scene.case, scene.case.person, DECIDED)[0]
    told = [gap.words for gap in gaps(letter, recipient, None, DECIDED) if gap.stops]
    assert any("what letters of this authority say" in words for words in told)
    assert any("Nobody is recorded to write to" in words for words in told)
    scene.parent()
    scene.details(mediation_name="", advice_telephone="", resolution_email="")
    with pytest.raises(Refused) as refused:
        scene.make(letter)
    for words in (
        "The name of the mediation adviser is not recorded",
        "How to reach the information, advice and support service is not recorded",
        "How to reach the disagreement resolution service is not recorded",
    ):
        assert words in str(refused.value)
    assert not LetterCopy.objects.exists()


def test_where_nothing_is_refused_a_missing_mediation_adviser_stops_nothing(scene: Scene) -> None:
    scene.details(mediation_name="", resolution_name="", advice_name="")
    scene.parent()
    assert scene.make(scene.decide(Outcome.ASSESS)).how == POST


def test_a_letter_without_an_address_cannot_be_posted(scene: Scene) -> None:
    scene.details()
    scene.parent(address="", email="dana@example.org")
    letter = scene.decide()
    with pytest.raises(Refused, match="cannot go by post"):
        scene.make(letter)
    assert scene.make(letter, how=LetterCopy.How.EMAIL).address == ""


def test_a_letter_is_kept_as_it_went(scene: Scene) -> None:
    scene.details()
    scene.parent()
    copy = scene.make(scene.decide())
    with documents.open_version(copy.version) as file:
        bytes_of_it = file.read()
    reader = PdfReader(io.BytesIO(bytes_of_it))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Dear Dana Example" in text
    assert "by 5pm on 7 April 2026" in text
    assert "Her school gives her all the help that she needs." in text
    for attempt in (copy.delete, lambda: LetterCopy.objects.update(names="Somebody else")):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()
    listed = signed_in(scene.council.caseworker).get(f"/cases/{scene.case.reference}/")
    assert "Letter of 4 February 2026: refuse to assess" in listed.content.decode()


def test_changed_details_leave_letters_that_went_alone(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    copy = scene.make(letter)
    scene.details(mediation_name="Another Service")
    assert "Fair Talk" in str(LetterCopy.objects.get(pk=copy.pk).content)
    assert "Another Service" in scene.read(letter)


def test_a_wrong_letter_is_followed_by_one_that_says_why(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    first = scene.make(letter)
    with pytest.raises(Refused, match="Say what was wrong"):
        scene.make(letter)
    second = scene.make(letter, because="The name of the adviser was wrong.")
    assert second.replaces == first
    assert current_copies(letter) == [second]


def test_the_clock_counts_the_day_on_which_the_letter_went(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    posted = DECIDED + timedelta(days=2)
    scene.make(letter, on=posted)
    facts = fresh(scene.assessment)
    days = dict(row[:2] for rows in facts.facts.values() for row in rows)
    assert days["assessment_refused"] == days["decision_notice_sent"] == posted.isoformat()
    appeal = scene.case.deadlines.get(code="appeal")
    assert appeal.due_on == date(2026, 4, 7)  # two months from 6 February: Easter Monday moves
    scene.make(letter, on=posted, because="Wrong name.")
    assert CaseEvent.objects.filter(case=scene.case, kind="fact_corrected").count() == 1


def test_a_letter_goes_neither_before_its_decision_nor_tomorrow(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    with pytest.raises(Refused, match="cannot go before"):
        scene.make(letter, on=DECIDED - timedelta(days=1), today=DECIDED)
    with pytest.raises(Refused, match="still to come"):
        scene.make(letter, on=DECIDED + timedelta(days=1), today=DECIDED)


def test_only_those_who_work_on_the_case_write_to_the_family(scene: Scene) -> None:
    scene.details()
    scene.parent()
    letter = scene.decide()
    for role in (Role.AUDITOR, Role.PANEL_CHAIR):
        with pytest.raises(NotAllowed):
            scene.make(letter, by=member(role, scene.council.authority))
    with pytest.raises(NotAllowed):
        record_details(scene.council.authority, DETAILS, by=scene.council.caseworker, today=DECIDED)


def test_a_family_that_was_told_otherwise_waits_for_no_letter(scene: Scene) -> None:
    letter = scene.decide()
    with pytest.raises(Refused, match="Say how"):
        tell_otherwise(letter, because=" ", by=scene.council.caseworker, today=DECIDED)
    tell_otherwise(
        letter, because="Sent by the solicitor.", by=scene.council.caseworker, today=DECIDED
    )
    assert Letter.objects.get(pk=letter.pk).finished_on == DECIDED


def test_a_refusal_that_fell_since_is_pointed_out(scene: Scene) -> None:
    from ehc import commands

    scene.details()
    scene.parent()
    letter = scene.decide()
    commands.overturn_refusal_to_assess(
        fresh(scene.assessment),
        on=DECIDED + timedelta(days=3),
        route="authority_reversed_refusal",
        by=scene.council.manager,
        today=DECIDED + timedelta(days=3),
    )
    again = Letter.objects.get(pk=letter.pk)
    recipient = recipients_of(scene.case, scene.case.person, DECIDED)[0]
    told = gaps(again, recipient, details_of(scene.council.authority.pk), DECIDED)
    assert any("takes its place" in gap.words for gap in told)


# How it reads.

_VOWELS = re.compile(r"[aeiouy]+")


def grade(text: str) -> float:
    """The Flesch–Kincaid grade of a text: the school year of the United States that can read it."""
    sentences = [s for s in re.split(r"[.!?:]+(?:\s|$)|\n", text) if len(s.split()) > 1]
    words = [w for s in sentences for w in re.findall(r"[A-Za-z’]+", s)]
    syllables = 0
    for word in words:
        small = word.lower().replace("’", "")
        found = len(_VOWELS.findall(small))
        silent = small.endswith("e") and not small.endswith("le") and found > 1
        syllables += max(1, found - silent)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


@pytest.mark.parametrize("addressed", list(Addressed))
@pytest.mark.parametrize(
    ("question", "outcome"), [(q, outcome) for q, found in OUTCOMES.items() for outcome in found]
)
def test_a_reader_of_twelve_can_follow_it(question: str, outcome: str, addressed: str) -> None:
    """Grade 7 is read at twelve to thirteen; late and in time, after a panel and without one."""
    past, ahead = Due(DECIDED - timedelta(days=3)), Due(DECIDED + timedelta(days=90))
    for late in (True, False):
        told = Told(
            voice=Voice("Amina", addressed == Addressed.YOUNG_PERSON),
            addressed=Addressed(addressed),
            question=question,
            outcome=outcome,
            reasons=REASONS,
            on=DECIDED,
            asked_on=RECEIVED if late else None,
            decided_by="Robin Example",
            under="Scheme of delegation, paragraph 4",
            heard_on=DECIDED if late else None,
            ordered=False,
            decide_by=past if late else ahead,
            refuse_by=past if late else ahead,
            final_by=past if late else ahead,
            details=LetterDetails(**DETAILS),
            caseworker="Kim Example",
        )
        said = "\n".join(
            words
            for block in body(told)
            if block["kind"] not in {"contact", "written"}
            for words in block_words(block)
        )
        assert grade(said) < 7, said
        longest = max(len(s.split()) for s in re.split(r"[.?!]\s|\n", said))
        assert longest <= 36, said
        wrong = re.search(r"\byou (needs|has|does|gets)\b|Amina (need|have|do|get)\b", said)
        assert wrong is None or "may Amina have" in said or "may Amina need" in said, wrong
        assert ("Amina" in said + subject(told)) == (addressed != Addressed.YOUNG_PERSON)


# Its pages.


def client_at(scene: Scene) -> Any:
    return signed_in(scene.council.caseworker)


@pytest.fixture
def ready() -> tuple[Scene, Letter, Representative]:
    scene = Scene()
    scene.details()
    parent = scene.parent()
    return scene, scene.decide(), parent


def test_from_the_list_to_the_letter_that_went(
    ready: tuple[Scene, Letter, Representative],
) -> None:
    scene, letter, parent = ready
    with time_machine.travel(moment(DECIDED, 12), tick=False):
        client = client_at(scene)
        assert scene.case.reference in client.get("/panels/letters/").content.decode()
        page = client.get(f"/panels/letters/{letter.pk}/").content.decode()
        assert "Dana Example" in page
        assert "the integrated care board" in page
        address = f"/panels/letters/{letter.pk}/to/{parent.pk}/"
        shown = client.get(address)
        assert "by 5pm on 7 April 2026" in shown.content.decode()
        data = {
            "token": re.search(r'name="token" value="([^"]+)"', shown.content.decode())[1],  # type: ignore[index]
            "on-day": "4",
            "on-month": "2",
            "on-year": "2026",
            "how": "post",
        }
        assert "Check the letter" in client.post(address, data).content.decode()
        assert not LetterCopy.objects.exists()
        for _ in range(2):
            answer = client.post(address, data | {"page": "confirm"})
            assert answer.status_code == HTTPStatus.FOUND
        copy = LetterCopy.objects.get()
        page = client.get(f"/panels/letters/{letter.pk}/").content.decode()
        assert f"/documents/{copy.version.key}/" in page
        assert scene.case.reference not in client.get("/panels/letters/").content.decode()
        again = client.get(address).content.decode()
        assert "What was wrong with the letter that went before" in again


def test_the_family_was_told_otherwise(ready: tuple[Scene, Letter, Representative]) -> None:
    scene, letter, _ = ready
    client = client_at(scene)
    address = f"/panels/letters/{letter.pk}/otherwise/"
    assert client.get(address).status_code == HTTPStatus.OK
    assert client.post(address, {}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    press = {"because": "By the solicitor.", "token": "6a1f2c34-0000-4000-8000-000000000003"}
    for _ in range(2):
        assert client.post(address, press).status_code == HTTPStatus.FOUND
    assert "By the solicitor." in client.get(f"/panels/letters/{letter.pk}/").content.decode()


def test_what_was_typed_stays_when_it_is_refused(
    ready: tuple[Scene, Letter, Representative],
) -> None:
    scene, letter, parent = ready
    with time_machine.travel(moment(DECIDED, 12), tick=False):
        data = {"on-day": "3", "on-month": "2", "on-year": "2026", "how": "hand"}
        answer = client_at(scene).post(f"/panels/letters/{letter.pk}/to/{parent.pk}/", data)
        assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        said = answer.content.decode()
        assert "It was decided on 4 February 2026" in said
        assert 'value="3"' in said


def test_others_see_no_letter(ready: tuple[Scene, Letter, Representative]) -> None:
    scene, letter, parent = ready
    elsewhere = Board()
    for user in (elsewhere.council.caseworker, scene.board.chair, scene.council.psychologist):
        for address in ("", f"to/{parent.pk}/", "otherwise/"):
            answer = signed_in(user).get(f"/panels/letters/{letter.pk}/{address}")
            assert answer.status_code == HTTPStatus.NOT_FOUND
    listed = signed_in(elsewhere.council.caseworker).get("/panels/letters/")
    assert scene.case.reference not in listed.content.decode()


def test_the_list_costs_the_same_for_any_number(
    ready: tuple[Scene, Letter, Representative], django_assert_max_num_queries: Any
) -> None:
    scene = ready[0]
    client = client_at(scene)
    client.get("/panels/letters/")
    with django_assert_max_num_queries(12) as few:
        client.get("/panels/letters/")
    for _ in range(4):
        other = scene.council.register(RECEIVED, today=RECEIVED)
        scene.assessment = other
        scene.decide()
    with django_assert_max_num_queries(len(few)):
        client.get("/panels/letters/")


def test_what_letters_say_is_recorded_by_the_administrator(scene: Scene) -> None:
    client = signed_in(scene.board.administrator)
    address = f"/panels/letters/details/{scene.council.authority.pk}/"
    assert client.get(address).status_code == HTTPStatus.OK
    answer = client.post(address, DETAILS | {"seen": "0", "advice_email": "not one"})
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "in the right form" in answer.content.decode()
    assert client.post(address, DETAILS | {"seen": "0"}).status_code == HTTPStatus.FOUND
    said = details_of(scene.council.authority.pk)
    assert said is not None
    assert said.mediation_name == "Fair Talk"
    stale = client.post(address, DETAILS | {"seen": "0"})
    assert stale.status_code == HTTPStatus.CONFLICT
    assert "Somebody changed this" in stale.content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', stale.content.decode())
    assert seen
    press = DETAILS | {"seen": seen[1], "token": "6a1f2c34-0000-4000-8000-000000000002"}
    for _ in range(2):
        assert client.post(address, press).status_code == HTTPStatus.FOUND
    assert LetterDetails.objects.count() == 2
    assert copy_for(recipients_of(scene.case, scene.case.person, DECIDED)[0], []) is None
