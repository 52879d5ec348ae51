"""Signing in through an organisation’s identity provider: who is let in, and who is not."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.core.management import call_command
from django.test import Client

from ehc.models import AccountChange, Membership, Organisation, Role, User
from tests.ehc.identity_provider.visitor import TRUST, Visitor
from tests.factories import AuthorityFactory, member

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
    pytest.mark.usefixtures("ada", "trust"),
]


def test_the_first_sign_in_connects(visitor: Visitor, ada: User) -> None:
    page = visitor.sign_in("sub-ada", then="/account/")
    assert page.url == f"{visitor.site}/account/"
    assert "Ada Berry" in page.text
    assert "With Northvale NHS Trust" in page.text
    known = SocialAccount.objects.get()
    assert (known.user, known.uid, known.extra_data) == (ada, "sub-ada", {})
    change = AccountChange.objects.get()
    assert (change.kind, change.by) == ("connected", ada)


def test_no_second_factor_is_asked_of_them(visitor: Visitor, ada: User) -> None:
    TOTP.activate(ada, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    visitor.sign_in("sub-ada")
    assert visitor.is_in


def test_later_only_the_identifier_counts(visitor: Visitor, ada: User) -> None:
    """Somebody whose name and address changed at the trust is still the same person."""
    SocialAccount.objects.create(user=ada, provider="trust", uid="sub-moved")
    visitor.sign_in("sub-moved")
    assert visitor.is_in
    assert SocialAccount.objects.get().extra_data == {}


def test_an_address_that_passed_to_somebody_else_opens_nothing(visitor: Visitor, ada: User) -> None:
    SocialAccount.objects.create(user=ada, provider="trust", uid="who-had-it-before")
    page = visitor.sign_in("sub-ada")
    assert (page.status_code, visitor.is_in) == (403, False)
    assert "This account belongs to somebody else" in page.text
    lead = member(Role.SERVICE_LEAD, organisation=ada.memberships.get().organisation)
    call_command(
        "reset_sign_in", ada.email, by=lead.email, reason="New staff number", provider="trust"
    )
    visitor.sign_in("sub-ada")
    assert visitor.is_in


@pytest.mark.parametrize(
    ("sub", "words"),
    [
        ("sub-unsure", "has not checked your email address"),
        ("sub-words", "has not checked your email address"),
        ("sub-silent", "has not checked your email address"),
        ("sub-nameless", "did not tell us your email address"),
        ("sub-council", "may only sign in people of its own organisation"),
        ("sub-below", "may only sign in people of its own organisation"),
        ("sub-nobody", "You have no account here yet"),
    ],
)
def test_who_is_refused(visitor: Visitor, sub: str, words: str) -> None:
    member(Role.CASEWORKER, user=User.objects.create_user("carer@council.example", "Cara Nash"),
           authority=AuthorityFactory.create())  # fmt: skip
    before = User.objects.count()
    page = visitor.sign_in(sub)
    assert (page.status_code, visitor.is_in) == (403, False)
    assert words in page.text
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_a_provider_that_answers_for_its_addresses(
    visitor: Visitor, real: str, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real, "vouches_for_addresses": True})
    visitor.sign_in("sub-silent")
    assert visitor.is_in


def test_a_closed_account_stays_closed(visitor: Visitor, ada: User) -> None:
    visitor.sign_in("sub-ada")
    User.objects.filter(pk=ada.pk).update(is_active=False)
    other = Visitor(visitor.site)
    page = other.sign_in("sub-ada")
    assert "Your account here is closed" in page.text
    assert not other.is_in


def test_who_went_to_another_body_is_not_let_in_by_the_old_one(visitor: Visitor, ada: User) -> None:
    visitor.sign_in("sub-ada")
    User.objects.filter(pk=ada.pk).update(email="ada@council.example")
    other = Visitor(visitor.site)
    assert "may only sign in people of its own" in other.sign_in("sub-ada").text
    assert not other.is_in


def test_a_shared_domain_is_narrowed_by_body(
    visitor: Visitor, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    clinic = ada.memberships.get().organisation
    assert clinic is not None
    assert clinic.authority is not None
    number = clinic.authority.la_number
    for bodies, let_in in (
        (["999"], False),
        ([f"{number}/another"], False),
        (["*/clinic"], False),
        ([f"{number}/clinic"], True),
        ([number], True),
    ):
        SocialAccount.objects.all().delete()
        with_providers(TRUST | {"issuer": real, "bodies": bodies})
        somebody = Visitor(visitor.site)
        page = somebody.sign_in("sub-ada")
        assert somebody.is_in == let_in, bodies
        assert let_in or "no role today in the organisation" in page.text
    Organisation.objects.filter(pk=clinic.pk).update(authority=None)
    with_providers(TRUST | {"issuer": real, "bodies": ["*/clinic"]})
    again = Visitor(visitor.site)
    again.sign_in("sub-ada")
    assert again.is_in
    Membership.objects.update(ends_on=date(2020, 1, 1))
    assert "no role today in the organisation" in Visitor(visitor.site).sign_in("sub-ada").text


def test_two_providers_each_for_its_own(
    visitor: Visitor, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    council = {**TRUST, "id": "council", "name": "Northvale Council"}
    council["domains"] = ["council.example"]
    with_providers(TRUST | {"issuer": real}, council | {"issuer": real})
    page = visitor.sign_in("sub-ada", provider="council")
    assert "Northvale Council cannot sign you in here" in page.text
    visitor.sign_in("sub-ada", provider="trust")
    assert visitor.is_in


def test_somebody_without_a_role_is_told_so(visitor: Visitor, ada: User) -> None:
    Membership.objects.update(ends_on=date(2020, 1, 1))
    page = visitor.sign_in("sub-ada")
    assert page.status_code == 200
    assert "You have no role in this service today" in page.text


def test_an_answer_to_no_question_of_this_browser(visitor: Visitor, ada: User) -> None:
    """A link with somebody’s code, sent to another person, signs nobody in."""
    at_provider = visitor.open("/accounts/oidc/trust/login/")
    answer = visitor.post(
        at_provider.url, data={"sub": "sub-ada"}, allow_redirects=False, timeout=10
    )
    other = Visitor(visitor.site)
    page = other.get(answer.headers["Location"], timeout=10)
    assert "did not work" in page.text
    assert not other.is_in


def test_an_answer_is_used_once(visitor: Visitor, ada: User) -> None:
    at_provider = visitor.open("/accounts/oidc/trust/login/")
    answer = visitor.post(
        at_provider.url, data={"sub": "sub-ada"}, allow_redirects=False, timeout=10
    )
    visitor.get(answer.headers["Location"], timeout=10)
    assert visitor.is_in
    visitor.get(visitor.site + "/sign-out/", timeout=10)
    assert "did not work" in visitor.get(answer.headers["Location"], timeout=10).text


def test_the_provider_is_down(visitor: Visitor, with_providers: Callable[..., None]) -> None:
    with_providers(TRUST | {"issuer": "http://127.0.0.1:9"})
    page = visitor.open("/accounts/oidc/trust/login/")
    assert page.status_code == 503
    assert "Northvale NHS Trust does not answer" in page.text
    assert "Nothing is wrong with your account" in page.text


def test_a_row_in_a_table_adds_no_provider(client: Client) -> None:
    SocialApp.objects.create(
        provider="openid_connect", provider_id="evil", name="Evil", client_id="x",
        settings={"server_url": "http://127.0.0.1:9"},
    )  # fmt: skip
    assert client.get("/accounts/oidc/evil/login/").status_code == 404
    assert client.get("/accounts/oidc/evil/login/callback/").status_code == 404
    assert "Evil" not in client.get("/sign-in/").content.decode()


def test_two_at_once_are_one_connection(visitor: Visitor, ada: User) -> None:
    two = [Visitor(visitor.site) for _ in range(2)]
    pages: list[requests.Response] = []
    threads = [threading.Thread(target=lambda b=b: pages.append(b.sign_in("sub-ada"))) for b in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert SocialAccount.objects.count() == 1
    assert all(page.status_code < 500 for page in pages)


def test_no_claim_is_logged(visitor: Visitor, caplog: Any) -> None:
    visitor.sign_in("sub-nobody")
    assert "Sign-in with trust: no_account" in caplog.text
    assert "nobody@trust.example" not in caplog.text


def test_the_button_is_there_only_when_there_is_a_provider(
    client: Client, real: str, with_providers: Callable[..., None]
) -> None:
    with_providers()
    assert "With your organisation" not in client.get("/sign-in/").content.decode()
    with_providers(TRUST | {"issuer": real})
    assert "Sign in with Northvale NHS Trust" in client.get("/sign-in/").content.decode()
