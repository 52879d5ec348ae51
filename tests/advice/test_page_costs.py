"""How many statements the pages of advice may cost, on a case that has everything."""

from http import HTTPStatus

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from advice import commands as advice
from advice.commands.checking import override_sign_off
from advice.commands.existing import note_existing_advice
from advice.commands.family_views import record_wish
from advice.models import Head
from ehc import commands, moments
from ehc.documents import store
from ehc.models import Representative, User
from tests.advice.cast import Cast
from tests.factories import fresh, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """A restricted case whose decision was late, with answers, checks, papers and wishes."""
    cast = Cast(moments.today())
    council, process = cast.council, cast.process()
    case = process.case
    Representative.objects.create(
        person=case.person,
        full_name="Ada Example",
        relationship="Mother",
        starts_on=cast.asked_on,
        has_parental_responsibility=True,
    )
    pdf = SimpleUploadedFile("report.pdf", b"%PDF-1.7 report")
    store(
        case,
        pdf,
        title="Report of the school",
        by=council.caseworker,
        today=cast.today,
        now=moments.now(),
    )
    cast.give("health", "paediatrician")
    cast.give("psychology", "psychologist")
    cast.give("family", "parent")
    advice.accept_advice(cast.request("health"), note="Clear.", by=cast.person("dco"))
    advice.return_advice(
        cast.request("psychology"), reasons=["no_voice"], by=cast.person("principal")
    )
    override_sign_off(process, element="social_care", reason="Away.", by=council.manager)
    note_existing_advice(
        process,
        head=Head.SOCIAL_CARE,
        title="Early help plan",
        author="Ms Wood",
        dated_on=cast.asked_on,
        by=council.caseworker,
    )
    record_wish(
        case,
        process=process,
        whom="Speech and language therapy",
        why="He stammers.",
        by=cast.person("parent"),
    )
    commands.restrict_case(
        fresh(process).case, on=cast.today, reason="A colleague’s child.", by=council.manager
    )
    return cast


def cost(user: User, address: str) -> int:
    """The statements of one page over HTTP, its session and its user included."""
    client = signed_in(user)
    client.get(address)  # what a process reads once
    with CaptureQueriesContext(connection) as statements:
        assert client.get(address).status_code == HTTPStatus.OK
    return len(statements)


@pytest.mark.parametrize(
    ("who", "name", "about", "most"),
    [
        ("manager", "case", "", 21),
        ("caseworker", "case", "", 21),
        ("psychologist", "case", "", 11),
        ("manager", "advice_request", "psychology", 19),
        ("psychologist", "advice_request", "psychology", 18),
        ("parent", "advice_request", "family", 11),
        ("manager", "advice_check", "family", 13),
        ("parent", "advice_family_case", "", 11),
        ("manager", "advice_family_case", "", 12),
        ("psychologist", "advice_write", "psychology", 11),
        ("caseworker", "advice_ask", "", 13),
        ("lead", "advice_service_of", "", 8),
    ],
)
def test_a_page_of_a_case_that_has_everything(
    cast: Cast, who: str, name: str, about: str, most: int
) -> None:
    number = cast.requests[about].pk if about else 0
    service = name == "advice_service_of"
    argument = number or (cast.council.psychology.pk if service else cast.process().case.reference)
    assert cost(cast.person(who), reverse(name, args=[argument])) <= most
