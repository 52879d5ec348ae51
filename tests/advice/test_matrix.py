"""Every command and every page of advice, tried as everybody, named on the case and not.

The tables are written out by hand, so that a slip in the code is not copied into its test.
"""

import uuid
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

from advice.commands.base import REQUEST_COMMANDS
from advice.commands.existing import note_existing_advice
from advice.commands.family_views import record_wish
from advice.models import AdviceRequest, ExistingAdvice, Form, Invitation, Upload
from advice.urls import urlpatterns
from ehc import moments
from ehc.documents import store
from ehc.models import Membership, Organisation, Representative, Role
from ehc.permissions import NotAllowed
from tests.advice.cast import Cast
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

BACKEND = "django.contrib.auth.backends.ModelBackend"

STAFF = {"caseworker", "colleague", "manager"}
#: Who reads every case of the authority.
READERS = STAFF | {"chair", "auditor", "dco", "dsco", "principal"}
#: Of those, who is left on a restricted case.
NAMED = {"caseworker", "manager"}
WRITERS = {
    "psychology": {"psychologist", "lead"},
    "health": {"paediatrician"},
    "social care": {"social worker"},
    "education": {"teacher"},
    "independent": {"independent"},
    "family": {"parent"},
}
SIGNERS = {
    "psychology": {"principal"},
    "health": {"dco"},
    "social care": {"dsco"},
    "education": STAFF,
    "independent": STAFF,
    "family": STAFF,
}
BY_STAFF = dict.fromkeys(WRITERS, STAFF)
OF_BODIES = {name: people - {"parent"} for name, people in WRITERS.items()}
#: Who may, by command and request.
MAY: dict[str, dict[str, set[str]]] = {
    "give_advice": {name: people | STAFF for name, people in WRITERS.items()},
    "expect_late": {name: people | STAFF for name, people in OF_BODIES.items()},
    # Past the door, the command refuses the bodies, and what is the family’s own.
    "enter_answer": {name: people | STAFF for name, people in OF_BODIES.items()}
    | {"independent": STAFF},
    "decline_request": {name: people | STAFF for name, people in OF_BODIES.items()},
    "assign_request": OF_BODIES,
    "accept_advice": SIGNERS,
    "return_advice": SIGNERS,
    "chase_advice": BY_STAFF,
    "consider_late_advice": BY_STAFF,
    "ask_elsewhere": BY_STAFF,
    "send_invitation": BY_STAFF,
    "resend_invitation": BY_STAFF,
    "extend_invitation": BY_STAFF,
    "end_invitation": BY_STAFF,
    # Past the door, the command refuses every request that is not the family’s own.
    "add_to_own_advice": {name: people | STAFF for name, people in WRITERS.items()}
    | {"independent": STAFF},
}


def on_case(people: set[str], *, restricted: bool) -> set[str]:
    """Of these, who is left when the case is restricted: staff only when named."""
    return people - (READERS - NAMED) if restricted else people


@pytest.mark.parametrize("restricted", [False, True], ids=["open", "restricted"])
def test_every_command_as_everybody(restricted: bool) -> None:
    cast = Cast(moments.today(), restricted=restricted)
    requests = {name: cast.request(name) for name in WRITERS}
    wrong = {}
    for who in cast.people:
        person = cast.person(who)
        for name, people_of in MAY.items():
            for request, people in people_of.items():
                let = REQUEST_COMMANDS[name].is_allowed(person, requests[request], cast.today)
                if let != (who in on_case(people, restricted=restricted)):
                    wrong[who, name, request] = let
    assert wrong == {}


@pytest.mark.parametrize("name", sorted(MAY))
def test_a_command_refuses_whom_it_does_not_let(name: str) -> None:
    cast = Cast(moments.today())
    for who in ("parent of another", "adviser not asked", "manager elsewhere", "leaver"):
        with pytest.raises(NotAllowed):
            REQUEST_COMMANDS[name](cast.request("psychology"), by=cast.person(who))


def test_the_tables_name_every_command_and_page() -> None:
    assert set(MAY) == set(REQUEST_COMMANDS)
    assert set(PAGES) == set(_names())


PSYCHOLOGISTS = WRITERS["psychology"]
SIGNING = {"dco", "dsco", "principal"}
ELSEWHERE = {f"{name} elsewhere" for name in SIGNING}
ANYBODY = {"anybody"}
#: Who may open a page: the psychologists’ awaited request, unless `_values` says another.
PAGES: dict[str, set[str]] = {
    "advice_inbox": ANYBODY,  # one’s own, empty for most
    "advice_search": ANYBODY,
    "advice_request": READERS | PSYCHOLOGISTS,
    "advice_paper": READERS | PSYCHOLOGISTS,
    "advice_receipt": READERS | WRITERS["education"],
    "advice_late": PSYCHOLOGISTS,
    "advice_hand_over": PSYCHOLOGISTS,
    "advice_wrong": PSYCHOLOGISTS,
    "advice_write": PSYCHOLOGISTS,
    "advice_draft": PSYCHOLOGISTS,
    "advice_give": PSYCHOLOGISTS,
    "advice_nothing": PSYCHOLOGISTS,
    "advice_received": STAFF,
    # Staff add what came on paper; what the body adds itself they do not see.
    "advice_uploads": PSYCHOLOGISTS | STAFF,
    "advice_uploads_list": PSYCHOLOGISTS | STAFF,
    "advice_upload_begin": PSYCHOLOGISTS | STAFF,
    "advice_upload": set(),  # it has not been found clean
    "advice_upload_piece": PSYCHOLOGISTS,
    # To remove a file that one does not see does nothing, as when it is gone already.
    "advice_upload_do": PSYCHOLOGISTS | STAFF,
    "advice_ask": STAFF,
    # It leads on to the request of one's own body, and staff back to the case.
    "advice_answer": READERS | PSYCHOLOGISTS | {"paediatrician", "social worker", "teacher"},
    "advice_existing_note": STAFF,
    "advice_existing_document": STAFF,
    "advice_existing": READERS | {"parent"},
    "advice_chase": STAFF,
    "advice_check": STAFF,
    "advice_consider": STAFF,
    "advice_after_plan": STAFF | {"manager elsewhere"},
    "advice_elsewhere": STAFF,
    "advice_override": {"manager"},
    "advice_attribute_delay": {"manager"},
    "advice_ladders": {"manager", "manager elsewhere"},
    "advice_ladder": {"manager"},
    "advice_service_ladder": {"manager"},
    "advice_checking": STAFF | SIGNING | ELSEWHERE | {"manager elsewhere"},
    "advice_cover": SIGNING | ELSEWHERE,
    "advice_cover_end": {"dco"},
    "advice_service": {"lead", "lead not asked"},
    "advice_service_of": {"lead"},
    "advice_service_staff": {"lead"},
    "advice_service_join": {"lead"},
    "advice_service_leave": {"lead"},
    "advice_service_cover": {"lead"},
    "advice_service_figures": {"lead"},
    "advice_service_settings": {"lead"},
    "advice_invite": STAFF,
    "advice_invitation": STAFF,
    "advice_invitation_open": set(),  # not without its secret
    "advice_family": {"parent", "parent of another"},
    "advice_family_case": READERS | {"parent"},  # staff see what the family sees
    "advice_family_wish": STAFF | {"parent"},
    "advice_family_add": STAFF | {"parent"},
    "advice_on_behalf": STAFF,
    "advice_party": STAFF,
    "advice_answer_wish": STAFF,
    "advice_open_account": STAFF,
    "advice_end_account": STAFF,
}


def test_every_page_as_everybody() -> None:
    cast = Cast(moments.today())
    assert _wrong(Things(cast), PAGES, list(cast.people)) == {}


def test_every_page_about_a_restricted_case() -> None:
    cast = Cast(moments.today(), restricted=True)
    pages = {
        name: on_case(people, restricted=True)
        for name, people in PAGES.items()
        if name not in OF_NO_CASE
    }
    assert _wrong(Things(cast), pages, [*sorted(READERS), "psychologist", "lead", "parent"]) == {}


def _wrong(things: "Things", pages: dict[str, set[str]], everybody: list[str]) -> dict[str, Any]:
    """The pages that let in, or keep out, others than the table says."""
    clients = {who: _client(things, who) for who in everybody}
    wrong = {}
    for name, people in pages.items():
        expected = set(everybody) if people is ANYBODY else people & set(everybody)
        address, closes = things.address(name), name == "advice_elsewhere"
        with transaction.atomic():
            if closes:
                things.close_service()
            opened = {who for who in everybody if _opens(clients[who], address)}
            transaction.set_rollback(closes)
        if opened != expected:
            wrong[name] = {"lets in": opened - expected, "keeps out": expected - opened}
    return wrong


def _client(things: "Things", who: str) -> Client:
    client = Client()
    client.force_login(things.cast.person(who), backend=BACKEND)
    return client


@pytest.mark.parametrize("name", sorted(PAGES))
def test_nobody_opens_a_page_without_signing_in(name: str) -> None:
    if name == "advice_invitation_open":
        return
    pattern = _pattern(name)
    values = {k: _ANYTHING.get(type(c).__name__, 1) for k, c in pattern.pattern.converters.items()}
    response = Client().get(reverse(name, kwargs=values))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith("/sign-in/")


_ANYTHING: dict[str, Any] = {
    "UUIDConverter": uuid.UUID(int=0),
    "StringConverter": "x",
    "SlugConverter": "x",
}
#: Pages that are about no one case: its being restricted changes nothing.
OF_NO_CASE = {
    name for name in PAGES if name.startswith(("advice_ladder", "advice_service", "advice_cover"))
} | {
    "advice_inbox",
    "advice_search",
    "advice_after_plan",
    "advice_checking",
    "advice_family",
    "advice_invitation_open",
}


class Things:
    """What the pages are about: everything that an address can name."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        by = cast.person("caseworker")
        cast.give("education", "teacher")
        cast.give("family", "parent")
        process = cast.process()
        self.wish = record_wish(
            process.case,
            process=process,
            whom="Dr Example",
            why="Knows him.",
            person="Ada Example",
            how="letter",
            by=by,
        )
        note_existing_advice(
            process,
            head="6(1)(c)",
            title="Clinic letter",
            author="Dr Example",
            dated_on=cast.asked_on,
            by=by,
        )
        self.existing = ExistingAdvice.objects.get(process=process.pk)
        self.upload = Upload.objects.create(
            request=cast.request("psychology"),
            by=cast.person("psychologist"),
            file_name="report.pdf",
            size=10,
            begun_at=moments.now(),
        )
        self.paper = store(
            process.case,
            SimpleUploadedFile("letter.pdf", b"%PDF-1.4 a letter"),
            title="Letter",
            by=by,
            today=cast.today,
            now=moments.now(),
        )
        self.invitation = Invitation.objects.create(
            request=cast.request("independent"),
            email="dr@example.org",
            full_name="Dr Example",
            digest="0" * 64,
            invited_by=by,
            invited_on=cast.today,
            ends_on=cast.today,
        )
        self.cover = Membership.objects.create(
            user=UserFactory.create(),
            role=Role.HEALTH_SIGN_OFF,
            authority=cast.council.authority,
            standing_in_for=cast.person("dco"),
            starts_on=cast.today,
            ends_on=cast.today,
        )
        self.representative = Representative.objects.create(
            person=process.case.person,
            full_name="Ada Example",
            relationship="Mother",
            has_parental_responsibility=True,
            starts_on=cast.asked_on,
        )

    def values(self, name: str) -> dict[str, Any]:
        """What the address of a page names."""
        cast = self.cast
        about = {
            "advice_check": "education",
            "advice_receipt": "education",
            "advice_consider": "education",
            "advice_invitation": "independent",
            "advice_family_add": "family",
            "advice_on_behalf": "own",
        }.get(name, "psychology")
        pk = cast.requests[about].pk if about != "own" else self.child_form().pk
        of_report = dict.fromkeys(("advice_existing", "advice_existing_document"), self.existing.pk)
        pk = ({"advice_cover_end": self.cover.pk} | of_report).get(name, pk)
        number = 1 if name == "advice_receipt" else self.representative.pk
        return {
            "pk": pk,
            "reference": cast.process().case.reference,
            "number": number,
            "authority": cast.council.authority.pk,
            "service": cast.council.psychology.pk,
            "user": cast.people["psychologist"].pk,
            "process": cast.assessment.pk,
            "code": "decide_to_assess",
            "element": "health",
            "sequence": self.wish.sequence,
            "key": self.paper.key if name == "advice_paper" else self.upload.key,
            "deed": "remove",
            "secret": "x",
        }

    def address(self, name: str) -> str:
        """The address of a page about these things."""
        values = self.values(name)
        return reverse(name, kwargs={k: values[k] for k in _pattern(name).pattern.converters})

    def close_service(self) -> None:
        """Close the psychologists’ service today."""
        bodies = Organisation.objects.filter(pk=self.cast.council.psychology.pk)
        bodies.update(closed_on=self.cast.today)

    def child_form(self) -> AdviceRequest:
        """The child’s own form, still awaited."""
        return AdviceRequest.objects.get(process=self.cast.assessment.pk, form=Form.CHILD)


def _names() -> Iterator[str]:
    for pattern in urlpatterns:
        yield str(pattern.name)


def _pattern(name: str) -> URLPattern:
    return next(p for p in urlpatterns if p.name == name)


def _opens(client: Client, address: str) -> bool:
    """Whether the page opens for this person; one that only takes a press is pressed."""
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = client.post(address)
        transaction.set_rollback(True)
    return response.status_code not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
