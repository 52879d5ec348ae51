"""Many people give advice at the same moment: nothing is lost, everything is given once."""

from collections.abc import Callable
from datetime import date
from typing import Any

from advice import commands as advice
from advice.commands.writing import Frozen, Saved, give_draft, save_draft
from advice.models import Advice, AdviceRequest, AdviceRow, DraftField
from advice.models.request import Status
from advice.queries.writing import draft_of
from ehc import commands, moments
from ehc.commands import Overtaken
from ehc.models import Assessment, CaseEvent, Deadline, Organisation, Role, User
from tests.advice.asked import ROW, WRITTEN, Asked, ask
from tests.factories import Council, ServiceFactory, again, member
from tests.races.at_once import at_once, together

RECEIVED, AGREED = date(2025, 1, 6), date(2025, 2, 3)
USERS, CASES, BODIES = 20, 40, 5
OF_FORM = [n for n in WRITTEN if n not in {"assessment", "education_effect", "involvement"}]


def whole(about: str) -> dict[str, tuple[str, int]]:
    """Everything the form asks, telling one request from another."""
    changes = {name: (WRITTEN[name], 0) for name in OF_FORM}
    changes |= {f"row.a.{column}": (text, 0) for column, text in ROW.items()}
    return changes | {"needs": (f"Needs of {about}", 0)}


def open_case(council: Council, bodies: list[Organisation]) -> Assessment:
    assessment = council.register(RECEIVED)
    commands.agree_to_assess(assessment, on=AGREED, by=council.caseworker, today=AGREED)
    advice.ask_for_advice(
        assessment,
        on=AGREED,
        asks=[ask(body) for body in bodies],
        by=council.caseworker,
        today=AGREED,
    )
    return assessment


def morning(user: User, requests: list[AdviceRequest]) -> Callable[[], int]:
    """One person writes and gives advice, one request after the other."""

    def work() -> int:
        for request in requests:
            save_draft(request, whole(str(request.pk)), by=user)
            give_draft(request, by=user, state=draft_of(request).state)
        return len(requests)

    return work


def test_two_hundred_given_by_twenty_people_at_once(council: Council) -> None:
    bodies = [ServiceFactory.create(authority=council.authority) for _ in range(BODIES)]
    for _ in range(CASES):
        open_case(council, bodies)
    # Four people of each service; the requests of one case are given at the same time.
    jobs = []
    for body in bodies:
        asked = list(AdviceRequest.objects.filter(organisation=body).select_related("case"))
        people = [member(Role.ADVISER, organisation=body) for _ in range(USERS // BODIES)]
        jobs += [morning(user, asked[n :: len(people)]) for n, user in enumerate(people)]
    answers = together(*jobs, seconds=300)
    assert answers == [10] * USERS
    assert Advice.objects.count() == 200
    assert AdviceRow.objects.count() == 200
    assert CaseEvent.objects.filter(kind="advice_received").count() == 200
    assert set(AdviceRequest.objects.values_list("status", flat=True)) == {Status.GIVEN}
    assert Deadline.objects.filter(code="advice", met_on=moments.today()).count() == 200
    needs = {a.content["needs"] == f"Needs of {a.request_id}" for a in Advice.objects.all()}
    assert needs == {True}
    assert len(set(Advice.objects.values_list("receipt", flat=True))) == 200


class Pair:
    """Two people of one service at one request, everything written."""

    def __init__(self, council: Council) -> None:
        asked = Asked(council)
        self.one = council.psychologist
        self.two = member(Role.ADVISER, organisation=council.psychology)
        self.request = asked.of(council.psychology)
        save_draft(self.request, whole("a child"), by=self.one)

    def giving(self, user: User) -> Callable[[], Any]:
        state = draft_of(self.request).state
        return lambda: give_draft(self.request, by=again(user), state=state)

    def saving(self, user: User, text: str) -> Callable[[], Saved]:
        revision = draft_of(self.request).revision("voice")
        return lambda: save_draft(self.request, {"voice": (text, revision)}, by=again(user))


def test_two_give_at_once_one_wins_and_the_other_is_told(council: Council) -> None:
    pair = Pair(council)
    answers = at_once(pair.request.case, pair.giving(pair.one), pair.giving(pair.two))
    (event,) = [a for a in answers if isinstance(a, CaseEvent)]
    (refusal,) = [a for a in answers if isinstance(a, Overtaken)]
    assert event.actor.full_name in str(refusal)
    assert Advice.objects.count() == 1


def test_two_save_one_field_at_once_and_both_texts_are_there(council: Council) -> None:
    pair = Pair(council)
    answers = at_once(pair.request, pair.saving(pair.one, "Hers"), pair.saving(pair.two, "His"))
    assert all(isinstance(answer, Saved) for answer in answers)
    (winner,) = [a for a in answers if a.revisions]
    (loser,) = [a for a in answers if a.conflicts]
    stored = DraftField.objects.get(request=pair.request, name="voice")
    assert loser.conflicts[0].text == stored.text
    assert winner.revisions == {"voice": stored.revision}


def test_a_save_and_a_giving_at_once(council: Council) -> None:
    """Either the save came first and the giver reads it again, or it is refused with words."""
    pair = Pair(council)
    before = draft_of(pair.request).text("voice")
    saved, given = at_once(
        pair.request, pair.saving(pair.two, "At the last moment"), pair.giving(pair.one)
    )
    stored = draft_of(pair.request).text("voice")
    if isinstance(given, CaseEvent):
        assert isinstance(saved, Frozen)
        assert stored == Advice.objects.get().content["voice"] == before
    else:
        assert isinstance(given, Overtaken)
        assert stored == "At the last moment"
        assert not Advice.objects.exists()
