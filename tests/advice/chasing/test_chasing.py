"""Chasing: the ladder climbs by itself, once a rung, and stops when the advice lands."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from advice import commands as advice
from advice.chasing import SEVERAL
from advice.models import AdviceRequest, Chase
from advice.models.chasing import Recipient
from advice.tasks import chase
from ehc import commands
from ehc.commands import Refused
from ehc.models import CaseEvent, Organisation
from notifications.models import OutboxMessage
from notifications.tasks import sweep_outbox
from tests.advice.asked import ASKED, DUE, Asked, ask, give, lead_of
from tests.advice.chasing.sweeping import WEEK, days, sweep
from tests.advice.test_inbox import asked_for
from tests.factories import Council, ServiceFactory

pytestmark = pytest.mark.django_db


def post(day: date) -> None:
    """What waits in the outbox goes out on that day."""
    with time_machine.travel(datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC), tick=False):
        sweep_outbox()


def chased(request: AdviceRequest) -> list[tuple[date, str]]:
    return list(Chase.objects.filter(request=request).values_list("on", "recipient"))


def send_back(asked: Asked, organisation: Organisation, on: date) -> None:
    advice.return_advice(
        asked.of(organisation), reasons=["not_quantified"], by=asked.council.caseworker, today=on
    )


def test_each_rung_is_climbed_on_its_day_and_once(asked: Asked) -> None:
    request = asked.of(asked.council.psychology)
    day = ASKED
    while day < DUE + days(40):
        sweep(day)
        sweep(day)
        day += days(1)
    assert chased(request) == [
        (DUE - days(14), "adviser"),
        (DUE - days(3), "adviser"),
        (DUE, "adviser"),
        (DUE + days(7), "lead"),
        (DUE + days(14), "director"),
    ]


def test_whom_each_rung_reaches_and_in_which_words(asked: Asked) -> None:
    service = asked.council.psychology
    service.director_email = "director@example.org"
    service.save()
    lead = lead_of(service)
    heard = []
    for after in (-14, -3, 0, 7, 14):
        sweep(DUE + days(after))
        post(DUE + days(after))
        heard += [(m.to[0], m.subject.partition(",")[0]) for m in mail.outbox]
        mail.outbox.clear()
    assert heard == [
        (service.email, "Your advice is due soon"),
        (service.email, "Your advice is due soon"),
        (service.email, "Your advice is due"),
        (lead.email, "Your service’s advice is awaited"),
        ("director@example.org", "Your service’s advice is awaited"),
    ]


def test_whoever_writes_is_reminded_themselves(asked: Asked) -> None:
    council = asked.council
    advice.assign_request(
        asked.of(council.psychology),
        to=council.psychologist,
        by=lead_of(council.psychology),
        today=ASKED,
    )
    sweep_outbox()
    mail.outbox.clear()
    sweep(DUE)
    post(DUE)
    assert [m.to for m in mail.outbox] == [[council.psychologist.email]]


def test_after_a_sweep_that_was_missed_only_the_highest_rung_is_climbed(asked: Asked) -> None:
    request = asked.of(asked.council.psychology)
    assert sweep(DUE + days(8)) == 1
    assert chased(request) == [(DUE + days(8), "lead")]
    # What was skipped stays skipped.
    assert sweep(DUE + days(9)) == 0
    assert sweep(DUE + days(14)) == 1


def test_a_rung_that_is_long_past_is_not_climbed(asked: Asked) -> None:
    """A council that brings a backlog reminds nobody of last autumn on its first morning."""
    assert sweep(DUE + days(14 + 8)) == 0
    assert sweep(DUE + days(90)) == 0
    assert sweep(DUE + days(14 + 7)) == 1


def test_many_on_one_morning_are_one_message(asked: Asked) -> None:
    council = asked.council
    for _ in range(SEVERAL):
        asked_for(council)
    sweep_outbox()
    mail.outbox.clear()
    assert sweep(DUE) == SEVERAL + 1
    message = OutboxMessage.objects.get(kind="advice_chased_many")
    assert (message.count, message.case, message.organisation) == (4, None, council.psychology)
    assert Chase.objects.count() == SEVERAL + 1
    post(DUE)
    (sent,) = [m for m in mail.outbox if m.to == [council.psychology.email]]
    assert sent.subject == "4 requests for advice need your attention"
    assert not OutboxMessage.objects.filter(kind="advice_due_today").exists()
    references = AdviceRequest.objects.values_list("case__reference", flat=True)
    assert not any(reference in sent.body for reference in references)


def test_a_few_on_one_morning_come_one_by_one(asked: Asked) -> None:
    for _ in range(SEVERAL - 1):
        asked_for(asked.council)
    sweep(DUE)
    assert OutboxMessage.objects.filter(kind="advice_due_today").count() == SEVERAL


def test_it_stops_when_the_advice_lands(asked: Asked) -> None:
    council = asked.council
    give(asked.of(council.psychology), by=council.psychologist, on=ASKED + days(1))
    assert sweep(DUE + days(30)) == 0


def test_it_stops_when_the_request_is_closed_or_the_assessment_ends(asked: Asked) -> None:
    council = asked.council
    commands.withdraw(
        asked.assessment, on=ASKED, by=council.caseworker, today=ASKED, reason="They moved abroad."
    )
    assert sweep(DUE + days(30)) == 0
    other = Asked(council)
    for body in (council.psychology, council.health):
        advice.decline_request(other.of(body), reason="Not ours.", by=lead_of(body), today=ASKED)
    assert sweep(DUE + days(30)) == 0


def test_a_corrected_due_date_begins_a_ladder_of_its_own(asked: Asked) -> None:
    council = asked.council
    sweep(DUE)
    request = asked.of(council.psychology)
    event = CaseEvent.objects.get(case=request.case, kind="advice_requested")
    right = ASKED + days(20)
    commands.correct_fact(
        asked.assessment,
        sequence=event.sequence,
        name="advice_requested",
        label=request.label,
        on=DUE,
        right_date=right,
        reason="It lay in the post room.",
        by=council.manager,
        today=DUE,
    )
    due = right + 6 * WEEK
    assert sweep(due - days(15)) == 0
    assert sweep(due - days(14)) == 1
    assert Chase.objects.filter(request=request, counted_from=due).count() == 1


def test_advice_that_was_sent_back_is_chased_from_that_day(asked: Asked) -> None:
    council = asked.council
    give(asked.of(council.psychology), by=council.psychologist, on=DUE)
    back = DUE + days(30)
    send_back(asked, council.psychology, back)
    # Long past its due date, and yet nobody is reminded on the next morning.
    assert sweep(back + days(6)) == 0
    assert sweep(back + days(7)) == 1
    assert sweep(back + days(13)) == 0
    assert sweep(back + days(14)) == 1
    request = asked.of(council.psychology)
    assert [recipient for _, recipient in chased(request)] == ["adviser", "lead"]
    # Given again and sent back again, it begins anew.
    give(asked.of(council.psychology), by=council.psychologist, on=back + days(15))
    assert sweep(back + days(40)) == 0
    send_back(asked, council.psychology, back + days(20))
    assert sweep(back + days(27)) == 1


def test_an_independent_professional_has_no_lead_and_no_director(asked: Asked) -> None:
    Organisation.objects.filter(pk=asked.council.psychology.pk).update(kind="independent")
    assert sweep(DUE + days(1)) == 1
    assert sweep(DUE + days(30)) == 0
    assert chased(asked.of(asked.council.psychology)) == [(DUE + days(1), "adviser")]


def test_any_number_of_requests_takes_the_same_number_of_statements() -> None:
    council = Council()
    asked = Asked(council)
    counts = []
    for number, day in ((3, DUE), (40, DUE + days(7))):
        services = [ServiceFactory.create(authority=council.authority) for _ in range(number)]
        advice.ask_for_advice(
            asked.assessment,
            on=ASKED,
            asks=[ask(service) for service in services],
            by=council.caseworker,
            today=ASKED,
        )
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert sweep(day) >= number
        counts.append(len(queries))
    # The first sweep wrote the default ladder too.
    assert counts[1] <= counts[0]


def test_the_task_chases_and_can_be_run_again(asked: Asked, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(DUE.year, DUE.month, DUE.day, 6, 30, tzinfo=UTC))
    assert chase() == 1
    assert chase() == 0
    assert OutboxMessage.objects.filter(kind="advice_due_today").count() == 1


# By a person.


def test_a_person_chases_and_it_is_on_the_record(asked: Asked) -> None:
    request = asked.of(asked.council.psychology)
    event = advice.chase_advice(
        request,
        on=DUE,
        how="telephone",
        recipient="lead",
        note="They will give it on Friday.",
        by=asked.council.caseworker,
        today=DUE,
    )
    made = Chase.objects.get(request=request)
    assert (made.by, made.on, made.recipient) == (asked.council.caseworker, DUE, "lead")
    assert (event.kind, event.data["note"]) == ("advice_chased", "They will give it on Friday.")
    # It takes no rung of the ladder.
    assert sweep(DUE) == 1


def test_a_person_sends_the_notice_now(asked: Asked) -> None:
    request = asked.of(asked.council.psychology)
    advice.chase_advice(
        request,
        on=DUE,
        how="notice",
        recipient=Recipient.ADVISER,
        by=asked.council.caseworker,
        today=DUE,
    )
    assert OutboxMessage.objects.get(kind="advice_due_today").organisation == request.organisation


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"how": "telephone", "note": " "}, "what was said"),
        ({"how": "pigeon", "note": "Coo."}, "how you chased"),
        ({"how": "email", "note": "Hello.", "recipient": "nobody"}, "whom you chased"),
        ({"how": "email", "note": "Hello.", "on": ASKED - days(1)}, "asked for on"),
        ({"how": "email", "note": "Hello.", "on": DUE + days(1)}, "future"),
        ({"how": "notice", "on": DUE - days(1)}, "sent now"),
        ({"how": "notice", "recipient": "director"}, "no email address"),
    ],
)
def test_what_cannot_be_recorded_as_a_chase(
    asked: Asked, details: dict[str, object], words: str
) -> None:
    values = {"on": DUE, "recipient": "adviser", **details}
    request = asked.of(asked.council.psychology)
    with pytest.raises(Refused, match=words):
        advice.chase_advice(request, by=asked.council.caseworker, today=DUE, **values)
    assert not Chase.objects.exists()


def test_advice_that_has_come_is_not_chased_by_anybody(asked: Asked) -> None:
    with pytest.raises(Refused, match="nobody needs"):
        advice.chase_advice(
            asked.of(asked.council.health),
            on=DUE,
            how="telephone",
            recipient="lead",
            note="Where is it?",
            by=asked.council.caseworker,
            today=DUE,
        )
