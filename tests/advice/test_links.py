"""The ways between the pages about one report, and what inviting somebody says of the clock."""

import pytest
from django.urls import reverse

from advice import commands as advice
from advice.models import ExistingAdvice
from ehc import moments
from ehc.dates import in_words
from ehc.law import advice_due_on
from tests.advice.families import TODAY, Family
from tests.factories import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_march")]


@pytest.fixture
def family() -> Family:
    return Family()


def report(family: Family) -> str:
    """A report noted for the psychologists; its page."""
    event = advice.note_existing_advice(
        family.assessment,
        head="6(1)(d)",
        organisation=family.council.psychology,
        title="Report of last spring",
        author="Dr Ada Author",
        dated_on=TODAY,
        by=family.council.caseworker,
    )
    existing = ExistingAdvice.objects.get(pk=event.data["existing"])
    return reverse("advice_existing", args=[existing.pk])


def test_from_the_request_to_the_report_for_those_who_can_open_it(family: Family) -> None:
    page = report(family)
    asked = family.of(family.council.psychology)
    other = family.of(family.council.health)
    psychologist = signed_in(family.council.psychologist)
    worker = signed_in(family.council.caseworker)
    for client, request in ((psychologist, asked), (worker, asked), (worker, other)):
        shown = client.get(reverse("advice_request", args=[request.pk])).content.decode()
        assert f'href="{page}"' in shown
        assert client.get(page).status_code == 200


def test_back_from_the_report_to_where_each_came_from(family: Family) -> None:
    page = report(family)
    ways = (
        (family.client, family.page),
        (signed_in(family.council.psychologist), reverse("advice_inbox")),
        (
            signed_in(family.council.caseworker),
            reverse("case", args=[family.case.reference]) + "#advice",
        ),
    )
    for client, back in ways:
        assert f'href="{back}"' in client.get(page).content.decode()
    assert f'href="{page}"' in family.client.get(family.page).content.decode()


def test_inviting_somebody_says_what_it_does_to_the_clock_before_it_is_done(family: Family) -> None:
    client = signed_in(family.council.caseworker)
    page = reverse("advice_invite", args=[family.case.reference])
    due = advice_due_on(moments.today())
    assert due is not None
    assert f"their advice is due by {in_words(due)}" in client.get(page).content.decode()
