"""Ways out: withdrawn at panel, moved away; and a case that few may see."""

from datetime import date

import pytest

from ehc import commands
from ehc.models import Case, Deadline, User, WorkProcess
from ehc.permissions import NotAllowed, visible_to
from ehc.queries.cases import find_case
from ehc.queries.worklist import Filters, worklist_page
from tests.factories import again
from tests.journeys.story import Story

pytestmark = pytest.mark.django_db

TODAY = date(2025, 4, 7)


def at_panel() -> Story:
    story = Story(date(2025, 1, 8))
    story.agree_and_ask(date(2025, 2, 5), date(2025, 2, 6))
    story.to_panel(date(2025, 4, 2), date(2025, 3, 19))
    return story


def test_withdrawn_at_panel() -> None:
    story = at_panel()
    story.take(commands.withdraw, TODAY, reason="The family has moved to a special school abroad.")
    case = story.case
    assert (story.status, case.stage, case.is_open) == ("withdrawn", "withdrawn", False)
    # Nothing is owed from then on; what was done before stays on record.
    assert case.next_due_on is None
    assert not Deadline.objects.filter(case=case, is_waiting=True).exists()
    assert "final_plan" not in story.codes()
    assert story.standing("decide_to_assess", TODAY) == "met"
    # The panel's work was given up, not done.
    last = WorkProcess.objects.filter(case=case).latest("pk")
    assert (last.status, last.finished is not None) == ("CANCELED", True)
    page = worklist_page(story.council.caseworker, Filters(), today=TODAY)
    assert page.rows == []
    assert (
        worklist_page(story.council.caseworker, Filters(stage="withdrawn"), today=TODAY)
        .rows[0]
        .reference
        == case.reference
    )


def test_moved_away() -> None:
    story = at_panel()
    story.refuses(commands.move_away, TODAY, "Say which authority", new_authority=" ")
    story.take(commands.move_away, TODAY, new_authority="Northshire")
    assert (story.status, story.case.is_open) == ("transferred", False)
    assert "final_plan" not in story.codes()
    assert story.case.next_due_on is None
    for command, details in (
        (commands.agree_to_issue, {"reason": "Needed."}),
        (commands.withdraw, {"reason": "Gone."}),
        (commands.move_away, {"new_authority": "Southshire"}),
    ):
        story.refuses(command, TODAY, "cannot be taken now", **details)


def test_sent_back_for_advice_the_clock_does_not_stop() -> None:
    """There is no pause in the Regulations: the 20 weeks run on while more advice is gathered."""
    story = at_panel()
    before = story.due("final_plan")
    story.take(
        commands.send_back_for_advice,
        TODAY,
        by=story.council.chair,
        reason="The occupational therapist has not been asked.",
    )
    assert story.status == "advice"
    story.take(commands.request_advice, TODAY, services=[story.council.health])
    assert story.due("advice", "health") == date(2025, 5, 19)
    assert story.due("final_plan") == before == date(2025, 5, 28)


def sees(user: User, case: Case) -> bool:
    user = again(user)
    found = visible_to(user, TODAY).filter(pk=case.pk).exists()
    listed = {r.pk for r in worklist_page(user, Filters(tab="all"), today=TODAY).rows}
    assert (case.pk in listed) == found
    try:
        find_case(user, case.reference, today=TODAY)
    except Case.DoesNotExist:
        assert not found
    else:
        assert found
    return found


def test_restricted_case() -> None:
    story = at_panel()
    council, case = story.council, story.case
    everybody = (council.caseworker, council.colleague, council.manager, council.chair)
    assert all(sees(User.objects.get(pk=u.pk), case) for u in everybody)

    with pytest.raises(NotAllowed):
        story.take(
            commands.restrict_case, TODAY, subject=case, by=council.caseworker, reason="A worry."
        )
    story.take(
        commands.restrict_case,
        TODAY,
        subject=case,
        by=council.manager,
        reason="The mother works in our team.",
    )
    assert sees(council.caseworker, case)
    assert sees(council.manager, case)
    for stranger in (council.colleague, council.chair, council.auditor):
        assert not sees(stranger, case)
    with pytest.raises(NotAllowed):
        story.take(
            commands.record_contact,
            TODAY,
            subject=case,
            by=council.colleague,
            with_whom="Mother",
            how="telephone",
            note="Hello.",
        )
    # The panel chair decides only once named.
    with pytest.raises(NotAllowed):
        story.take(commands.agree_to_issue, TODAY, by=council.chair, reason="Needed.")
    story.take(
        commands.name_person,
        TODAY,
        subject=case,
        by=council.manager,
        person=council.chair,
        reason="Chairs the panel that decides.",
    )
    assert sees(council.chair, case)
    story.take(commands.agree_to_issue, TODAY, by=council.chair, reason="Needed.")
    assert not sees(council.colleague, case)

    story.take(
        commands.lift_restriction,
        TODAY,
        subject=case,
        by=council.manager,
        reason="She has left the authority.",
    )
    assert sees(council.colleague, case)
