"""Every address needs a person who signed in and, where it is about a case, sight of that case.

The resolver is walked, so a new page is guarded the day it is written. A page that strangers may
see is named in `PUBLIC`, with the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

from ehc.models import Assessment, Role, User
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


def strangers(assessment: Assessment) -> dict[str, User]:
    case = assessment.case
    case.restricted = True
    case.save(update_fields=("restricted",))
    return {
        "a caseworker of another authority": Council().caseworker,
        "an adviser whose service was not asked": Council().psychologist,
        "a colleague not named on a restricted case": member(Role.CASEWORKER, case.authority),
        "the administrator": member(Role.ADMINISTRATOR, case.authority),
        "somebody without any role": User.objects.create_user("nobody@example.org", "No Body"),
    }


def test_a_case_is_shut_to_those_who_may_not_see_it(assessment: Assessment) -> None:
    """Found or not, the answer is the same: nobody learns that a restricted case exists."""
    assert case_addresses(), "No address is about a case."
    opened = []
    for who, user in strangers(assessment).items():
        client = signed_in(user)
        for address in case_addresses():
            real = both_ways(client, address.path(reference=assessment.case.reference))
            unreal = both_ways(client, address.path(reference="ZZZ-25-99999"))
            opened += [
                f"{address.template} answered {who} {response.status_code}"
                for response in real
                if response.status_code not in CLOSED
            ]
            assert [r.status_code for r in real] == [r.status_code for r in unreal], address
    assert not opened, "\n".join(opened)


def test_the_case_page_opens_to_its_caseworker(assessment: Assessment) -> None:
    """So that the test above is not passed by pages that open to nobody."""
    path = f"/cases/{assessment.case.reference}/"
    client = signed_in(assessment.case.owner)
    assert client.get(path).status_code == HTTPStatus.OK


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
