"""Every address needs a person who signed in and, where it is about a case, sight of that case.

The resolver is walked, so a new page is guarded the day it is written. A page that strangers may
see is named in `PUBLIC`, with the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from advice.commands.family_views import record_wish
from ehc import documents, moments
from ehc.models import (
    AccessLog,
    Assessment,
    Case,
    DocumentVersion,
    Representative,
    Role,
    User,
    WorkItem,
)
from tests.factories import Council, member

pytestmark = pytest.mark.django_db

#: Addresses that anybody may open, and why.
PUBLIC = {
    "/sign-in/": "the door itself",
    "/sign-out/": "nothing happens to somebody who is not signed in",
    "/accounts/login/": "leads to the door",
    "/healthz": "asked by the load balancer; says nothing about anybody",
    "/accessibility/": "the accessibility statement",
    "/cookies/": "what is kept in the browser",
    "/privacy/": "the privacy notice",
    "/accounts/signup/": "says that nobody can register by themselves",
    "/accounts/inactive/": "says that an account is closed",
    "/accounts/confirm-email/": "after an address was changed",
    "/accounts/confirm-email/{key}/": "the link in that e-mail",
    "/accounts/password/reset/": "asks for a link; the answer is the same for every address",
    "/accounts/password/reset/done/": "after it",
    "/accounts/password/reset/key/{uidb36}-{key}/": "the link in that e-mail",
    "/accounts/password/reset/key/done/": "after it",
    "/accounts/3rdparty/login/cancelled/": "back from an identity provider without signing in",
    "/accounts/3rdparty/login/error/": "the identity provider did not answer",
    "/accounts/3rdparty/signup/": "leads to the door",
    "/accounts/oidc/{provider_id}/login/": "to the identity provider",
    "/accounts/oidc/{provider_id}/login/callback/": "back from it",
    "/accounts/2fa/authenticate/": "the second step of signing in",
    "/advice/invitations/{secret}/": "the link that an invited professional was sent",
}
NOT_FOUND_OR_FORBIDDEN = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
CLOSED = NOT_FOUND_OR_FORBIDDEN | {HTTPStatus.UNAUTHORIZED, HTTPStatus.METHOD_NOT_ALLOWED}


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its template and the names it takes."""

    template: str
    names: tuple[str, ...]

    def path(self, **values: Any) -> str:
        return self.template.format(**{name: values.get(name, "1") for name in self.names})


def addresses() -> list[Address]:
    found = dict.fromkeys(_walk(get_resolver().url_patterns, ""))
    return sorted(found, key=lambda address: address.template)


def _walk(patterns: list[Any], prefix: str) -> Iterator[Address]:
    for entry in patterns:
        regex = prefix + entry.pattern.regex.pattern.removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, regex)
        elif isinstance(entry, URLPattern):
            for template, names in normalize(regex):
                written = re.sub(r"%\((\w+)\)s", r"{\1}", template)
                yield Address(f"/{written}", tuple(names))


@pytest.fixture
def tmp_documents(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def both_ways(client: Client, path: str) -> list[Any]:
    return [client.get(path), client.post(path, {})]


def is_shut(response: Any) -> bool:
    """Nothing was shown or done: sent to the door, or refused."""
    if response.status_code in {HTTPStatus.FOUND, HTTPStatus.MOVED_PERMANENTLY}:
        return bool(response["Location"].startswith(("/sign-in/", "/accounts/login/")))
    return response.status_code in CLOSED


def test_nobody_gets_in_without_signing_in() -> None:
    opened = [
        f"{address.template} answered {response.status_code}"
        for address in addresses()
        if address.template not in PUBLIC
        for response in both_ways(Client(raise_request_exception=False), address.path())
        if not is_shut(response)
    ]
    assert not opened, "\n".join(opened)


def test_the_public_list_names_real_addresses_only() -> None:
    assert set(PUBLIC) - {address.template for address in addresses()} == set()


def test_public_pages_do_not_break() -> None:
    for address in addresses():
        if address.template in PUBLIC:
            response = Client().get(address.path())
            assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, address.template


def case_addresses() -> list[Address]:
    return [address for address in addresses() if "reference" in address.names]


@pytest.fixture
def assessment() -> Assessment:
    return Council().register(date(2025, 1, 8))


def examples(assessment: Assessment) -> dict[str, dict[str, Any]]:
    """For each address about a case, values with which it is there for the case’s manager."""
    work = WorkItem.objects.get(case=assessment.case_id, finished__isnull=True)
    documents.store(
        assessment.case,
        SimpleUploadedFile("letter.pdf", b"%PDF-1.7 a letter"),
        title="Letter",
        by=assessment.case.owner,
        today=moments.today(),
        now=moments.now(),
    )
    version = DocumentVersion.objects.get()
    parent = Representative.objects.create(
        person=assessment.case.person,
        full_name="Dana Example",
        relationship="mother",
        has_parental_responsibility=True,
        starts_on=assessment.opened_on,
    )
    wish = record_wish(
        assessment.case,
        process=assessment,
        whom="Somebody",
        why="They know",
        person=parent.full_name,
        how="letter",
        by=assessment.case.owner,
    )
    return {
        "/cases/{reference}/": {},
        "/cases/{reference}/steps/{step}/": {"step": "agree_to_assess"},
        "/cases/{reference}/history/{sequence}/correct/{fact}/": {
            "sequence": 1,
            "fact": "request_received",
        },
        "/cases/{reference}/do/{deed}/": {"deed": "record_contact"},
        "/cases/{reference}/documents/add/": {},
        "/cases/{reference}/documents/{key}/": {"key": version.key},
        "/cases/{reference}/work/{item}/give/": {"item": work.pk},
        "/cases/{reference}/work/{item}/{deed}/": {"item": work.pk, "deed": "claim"},
        "/advice/cases/{reference}/answer/": {},
        "/advice/cases/{reference}/ask/": {},
        "/advice/cases/{reference}/existing/": {},
        "/advice/cases/{reference}/sign-off/{element}/": {"element": "health"},
        "/advice/cases/{reference}/invite/": {},
        "/cases/{reference}/people/add/": {},
        "/cases/{reference}/people/{number}/": {"number": parent.pk},
        "/panels/cases/{reference}/decide/": {},
        "/panels/cases/{reference}/letter/": {},
        "/panels/cases/{reference}/refer/": {},
        "/advice/family/{reference}/": {},
        "/advice/family/{reference}/ask/": {},
        "/advice/cases/{reference}/party/": {},
        "/advice/cases/{reference}/wishes/{sequence}/": {"sequence": wish.sequence},
        "/advice/cases/{reference}/accounts/{number}/open/": {"number": parent.pk},
        "/advice/cases/{reference}/accounts/{number}/end/": {"number": parent.pk},
        "/advice/cases/{reference}/lateness/{process}/{code}/": {
            "process": assessment.pk,
            "code": "final_plan",
        },
    }


def strangers(assessment: Assessment) -> dict[str, User]:
    case = assessment.case
    Case.objects.filter(pk=case.pk).update(restricted=True)
    return {
        "a caseworker of another authority": Council().caseworker,
        "an adviser whose service was not asked": Council().psychologist,
        "a colleague not named on a restricted case": member(Role.CASEWORKER, case.authority),
        "the administrator": member(Role.ADMINISTRATOR, case.authority),
        "somebody without any role": User.objects.create_user("nobody@example.org", "No Body"),
    }


def test_every_address_about_a_case_has_an_example(
    assessment: Assessment, tmp_documents: None
) -> None:
    """A new page is added to `examples`, or the tests below would not reach behind its door."""
    assert {address.template for address in case_addresses()} == set(examples(assessment))


def test_the_examples_are_there_for_the_manager(
    assessment: Assessment, tmp_documents: None
) -> None:
    """So that the next test is not passed by pages that open to nobody."""
    manager = signed_in(member(Role.MANAGER, assessment.case.authority))
    for template, values in examples(assessment).items():
        path = template.format(reference=assessment.case.reference, **values)
        answers = [response.status_code for response in both_ways(manager, path)]
        assert not NOT_FOUND_OR_FORBIDDEN & set(answers), f"{template}: {answers}"


def test_a_case_is_shut_to_those_who_may_not_see_it(
    assessment: Assessment, tmp_documents: None
) -> None:
    """Found or not, the answer is the same: nobody learns that a restricted case exists."""
    opened = []
    real, unreal = assessment.case.reference, "ZZZ-25-99999"
    values_of = examples(assessment)
    events = assessment.case.events.count()
    for who, user in strangers(assessment).items():
        client = signed_in(user)
        for template, values in values_of.items():
            answers = both_ways(client, template.format(reference=real, **values))
            like = both_ways(client, template.format(reference=unreal, **values))
            opened += [
                f"{template} answered {who} {response.status_code}"
                for response in answers
                if response.status_code not in CLOSED
            ]
            assert [r.status_code for r in answers] == [r.status_code for r in like], template
            assert not any(name_of(assessment) in r.content.decode() for r in answers)
    assert not opened, "\n".join(opened)
    assert assessment.case.events.count() == events
    assert WorkItem.objects.get(case=assessment.case, finished=None).owner == assessment.case.owner


def test_every_look_at_a_case_is_recorded(assessment: Assessment, tmp_documents: None) -> None:
    """Who looked at whom: each page that shows a case leaves a row, and a shut door leaves none."""
    manager = member(Role.MANAGER, assessment.case.authority)
    unrecorded = []
    for template, values in examples(assessment).items():
        before = AccessLog.objects.filter(user=manager, case=assessment.case).count()
        path = template.format(reference=assessment.case.reference, **values)
        shown = signed_in(manager).get(path).status_code == HTTPStatus.OK
        after = AccessLog.objects.filter(user=manager, case=assessment.case).count()
        if shown and after != before + 1:
            unrecorded.append(template)
    assert not unrecorded
    stranger = Council().caseworker
    signed_in(stranger).get(f"/cases/{assessment.case.reference}/")
    assert not AccessLog.objects.filter(user=stranger).exists()


def name_of(assessment: Assessment) -> str:
    return assessment.case.person.forename


def test_no_address_names_a_child(assessment: Assessment) -> None:
    """Names, dates of birth and pupil numbers have no place in an address, nor in its log line."""
    telling = {"name", "forename", "surname", "upn", "nhs", "nhs_number", "date_of_birth", "dob"}
    assert [a.template for a in addresses() if telling & set(a.names)] == []


def test_a_leaver_is_out_with_the_next_request(assessment: Assessment) -> None:
    worker = assessment.case.owner
    client = signed_in(worker)
    worker.memberships.update(ends_on=date(2020, 1, 1))
    path = f"/cases/{assessment.case.reference}/"
    assert client.get(path).status_code in NOT_FOUND_OR_FORBIDDEN
    worker.is_active = False
    worker.save()
    assert is_shut(client.get("/"))
