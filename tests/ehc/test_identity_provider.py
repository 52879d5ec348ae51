"""Signing in through an organisation’s identity provider: a real one, and one that lies."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from oidc_provider_mock import User as Known
from oidc_provider_mock import run_server_in_thread

from ehc.models import AccountChange, Membership, Organisation, Role, User
from ehc.settings.providers import IdentityProvider, providers_from, read_providers
from tests.ehc.untrustworthy_provider import UntrustworthyProvider, running
from tests.factories import AuthorityFactory, ServiceFactory, member

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
]

TRUST = {
    "id": "trust",
    "name": "Northvale NHS Trust",
    "client_id": "ehc",
    "client_secret": "not a secret",
    "domains": ["trust.example"],
}


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


@pytest.fixture
def with_providers(settings: Any) -> Callable[..., None]:
    """Sets up providers as the operator’s file would."""

    def set_up(*rows: dict[str, Any]) -> None:
        found = providers_from([dict(row) for row in rows], insecure=True)
        settings.IDENTITY_PROVIDERS = found
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [provider.as_app() for provider in found],
            }
        }
        settings.SECOND_FACTOR = True

    return set_up


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    """The address of a provider that knows a few people, each by `sub`."""
    known = {
        "sub-ada": {"email": "Ada@trust.example", "email_verified": True},
        "sub-unsure": {"email": "ada@trust.example", "email_verified": False},
        "sub-words": {"email": "ada@trust.example", "email_verified": "false"},
        "sub-silent": {"email": "ada@trust.example"},
        "sub-nameless": {"name": "Ada Berry"},
        "sub-council": {"email": "carer@council.example", "email_verified": True},
        "sub-below": {"email": "ada@sub.trust.example", "email_verified": True},
        "sub-nobody": {"email": "nobody@trust.example", "email_verified": True},
        "sub-moved": {"email": "new-name@trust.example", "email_verified": True},
    }
    people = [Known(sub=sub, claims=claims) for sub, claims in known.items()]
    with run_server_in_thread(user_claims=people) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def ada() -> User:
    return member(
        Role.ADVISER,
        organisation=ServiceFactory.create(code="clinic"),
        user=User.objects.create_user("ada@trust.example", "Ada Berry"),
    )


class Browser(requests.Session):
    """Somebody at a browser, without the pictures."""

    def __init__(self, site: str) -> None:
        super().__init__()
        self.site = site
        self.trust_env = False

    def open(self, path: str) -> requests.Response:
        return self.get(self.site + path, timeout=10)

    def sign_in(self, sub: str, provider: str = "trust", then: str = "") -> requests.Response:
        """From the sign-in page to the provider, as that person, and back."""
        page = self.open("/sign-in/" + (f"?next={then}" if then else ""))
        address = f"/accounts/oidc/{provider}/login/"
        assert address in page.text
        link = unescape(page.text.split(f'href="{address}')[1].split('"')[0])
        at_provider = self.open(address + link)
        assert not at_provider.url.startswith(self.site), at_provider.text
        return self.post(at_provider.url, data={"sub": sub}, timeout=10)

    @property
    def is_in(self) -> bool:
        answer = self.get(self.site + "/account/", allow_redirects=False, timeout=10)
        return answer.status_code == 200


@pytest.fixture
def visitor(live_server: Any) -> Browser:
    return Browser(live_server.url)


def test_the_first_sign_in_connects(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real})
    page = visitor.sign_in("sub-ada", then="/account/")
    assert page.url == f"{visitor.site}/account/"
    assert "Ada Berry" in page.text
    assert "With Northvale NHS Trust" in page.text
    known = SocialAccount.objects.get()
    assert (known.user, known.uid, known.extra_data) == (ada, "sub-ada", {})
    change = AccountChange.objects.get()
    assert (change.kind, change.by) == ("connected", ada)


def test_no_second_factor_is_asked_of_them(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real})
    TOTP.activate(ada, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    visitor.sign_in("sub-ada")
    assert visitor.is_in


def test_later_only_the_identifier_counts(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    """Somebody whose name and address changed at the trust is still the same person."""
    with_providers(TRUST | {"issuer": real})
    SocialAccount.objects.create(user=ada, provider="trust", uid="sub-moved")
    visitor.sign_in("sub-moved")
    assert visitor.is_in
    assert SocialAccount.objects.get().extra_data == {}


def test_an_address_that_passed_to_somebody_else_opens_nothing(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real})
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
def test_who_is_refused(  # noqa: PLR0917
    visitor: Browser,
    real: str,
    ada: User,
    with_providers: Callable[..., None],
    sub: str,
    words: str,
) -> None:
    with_providers(TRUST | {"issuer": real})
    member(Role.CASEWORKER, user=User.objects.create_user("carer@council.example", "Cara Nash"),
           authority=AuthorityFactory.create())  # fmt: skip
    before = User.objects.count()
    page = visitor.sign_in(sub)
    assert (page.status_code, visitor.is_in) == (403, False)
    assert words in page.text
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()


def test_a_provider_that_answers_for_its_addresses(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real, "vouches_for_addresses": True})
    visitor.sign_in("sub-silent")
    assert visitor.is_in


def test_a_closed_account_stays_closed(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real})
    visitor.sign_in("sub-ada")
    User.objects.filter(pk=ada.pk).update(is_active=False)
    other = Browser(visitor.site)
    page = other.sign_in("sub-ada")
    assert "Your account here is closed" in page.text
    assert not other.is_in


def test_who_went_to_another_body_is_not_let_in_by_the_old_one(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real})
    visitor.sign_in("sub-ada")
    User.objects.filter(pk=ada.pk).update(email="ada@council.example")
    other = Browser(visitor.site)
    assert "may only sign in people of its own" in other.sign_in("sub-ada").text
    assert not other.is_in


def test_a_shared_domain_is_narrowed_by_body(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
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
        somebody = Browser(visitor.site)
        page = somebody.sign_in("sub-ada")
        assert somebody.is_in == let_in, bodies
        assert let_in or "no role today in the organisation" in page.text
    Organisation.objects.filter(pk=clinic.pk).update(authority=None)
    with_providers(TRUST | {"issuer": real, "bodies": ["*/clinic"]})
    again = Browser(visitor.site)
    again.sign_in("sub-ada")
    assert again.is_in
    Membership.objects.update(ends_on=date(2020, 1, 1))
    assert "no role today in the organisation" in Browser(visitor.site).sign_in("sub-ada").text


def test_two_providers_each_for_its_own(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    council = {**TRUST, "id": "council", "name": "Northvale Council"}
    council["domains"] = ["council.example"]
    with_providers(TRUST | {"issuer": real}, council | {"issuer": real})
    page = visitor.sign_in("sub-ada", provider="council")
    assert "Northvale Council cannot sign you in here" in page.text
    visitor.sign_in("sub-ada", provider="trust")
    assert visitor.is_in


def test_somebody_without_a_role_is_told_so(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real})
    Membership.objects.update(ends_on=date(2020, 1, 1))
    page = visitor.sign_in("sub-ada")
    assert page.status_code == 200
    assert "You have no role in this service today" in page.text


def test_an_answer_to_no_question_of_this_browser(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    """A link with somebody’s code, sent to another person, signs nobody in."""
    with_providers(TRUST | {"issuer": real})
    at_provider = visitor.open("/accounts/oidc/trust/login/")
    answer = visitor.post(
        at_provider.url, data={"sub": "sub-ada"}, allow_redirects=False, timeout=10
    )
    other = Browser(visitor.site)
    page = other.get(answer.headers["Location"], timeout=10)
    assert "did not work" in page.text
    assert not other.is_in


def test_an_answer_is_used_once(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real})
    at_provider = visitor.open("/accounts/oidc/trust/login/")
    answer = visitor.post(
        at_provider.url, data={"sub": "sub-ada"}, allow_redirects=False, timeout=10
    )
    visitor.get(answer.headers["Location"], timeout=10)
    assert visitor.is_in
    visitor.get(visitor.site + "/sign-out/", timeout=10)
    assert "did not work" in visitor.get(answer.headers["Location"], timeout=10).text


def test_the_provider_is_down(
    visitor: Browser, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": "http://127.0.0.1:9"})
    page = visitor.open("/accounts/oidc/trust/login/")
    assert page.status_code == 503
    assert "Northvale NHS Trust does not answer" in page.text
    assert "Nothing is wrong with your account" in page.text


@pytest.fixture
def lying() -> Iterator[UntrustworthyProvider]:
    with running() as provider:
        provider.token = {"sub": "sub-ada"}
        provider.told = {
            "sub": "sub-ada", "email": "ada@trust.example", "email_verified": True
        }  # fmt: skip
        yield provider


def test_stopping_half_way(
    visitor: Browser,
    ada: User,
    lying: UntrustworthyProvider,
    with_providers: Callable[..., None],
) -> None:
    with_providers(TRUST | {"issuer": lying.issuer})
    lying.denies = True
    page = visitor.open("/accounts/oidc/trust/login/")
    assert "You did not sign in" in page.text
    assert not visitor.is_in


def test_what_is_sent_to_the_provider(
    visitor: Browser,
    ada: User,
    lying: UntrustworthyProvider,
    with_providers: Callable[..., None],
) -> None:
    """State and PKCE are there; nothing that a link added is, and no more is asked than needed."""
    with_providers(TRUST | {"issuer": lying.issuer})
    added = "?auth_params=state%3Dmine%26prompt%3Dnone&scope=everything&process=connect"
    visitor.open("/accounts/oidc/trust/login/" + added)
    assert lying.asked["code_challenge_method"] == "S256"
    assert len(lying.asked["state"]) >= 16
    assert set(lying.asked["scope"].split()) == {"openid", "email"}
    assert "prompt" not in lying.asked
    assert len(lying.exchanged["code_verifier"]) >= 43
    assert visitor.is_in


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"sub": "sub-other"}, {}),
        ({}, {"sub": "sub-other"}),
        ({"aud": "another-service"}, {}),
        ({"iss": "https://elsewhere.example"}, {}),
        ({"exp": 1_000_000_000}, {}),
        ({"sub": None}, {"sub": None}),
    ],
    ids=["token of another", "told of another", "audience", "issuer", "too old", "nobody"],
)
def test_an_answer_that_does_not_hold_together(  # noqa: PLR0917
    visitor: Browser,
    ada: User,
    lying: UntrustworthyProvider,
    with_providers: Callable[..., None],
    claims: dict[str, Any],
    told: dict[str, Any],
) -> None:
    with_providers(TRUST | {"issuer": lying.issuer})
    lying.token |= claims
    lying.told |= told
    page = visitor.open("/accounts/oidc/trust/login/")
    assert "Signing in with Northvale NHS Trust did not work" in page.text
    assert page.status_code == 403
    assert not visitor.is_in


def test_an_issuer_that_is_not_the_one_set_up(
    visitor: Browser,
    ada: User,
    lying: UntrustworthyProvider,
    with_providers: Callable[..., None],
) -> None:
    with_providers(TRUST | {"issuer": lying.issuer.replace("127.0.0.1", "localhost")})
    assert "did not work" in visitor.open("/accounts/oidc/trust/login/").text
    assert not visitor.is_in


def test_an_answer_without_its_token(
    visitor: Browser,
    ada: User,
    lying: UntrustworthyProvider,
    with_providers: Callable[..., None],
) -> None:
    with_providers(TRUST | {"issuer": lying.issuer})
    lying.leaves_out_token = True
    assert "did not work" in visitor.open("/accounts/oidc/trust/login/").text
    lying.leaves_out_token, lying.told = False, ["not", "an", "object"]
    assert "did not work" in visitor.open("/accounts/oidc/trust/login/").text
    assert not visitor.is_in


def test_an_address_that_only_looks_the_same(
    visitor: Browser,
    lying: UntrustworthyProvider,
    with_providers: Callable[..., None],
) -> None:
    """The Kelvin sign is a k when it is made small."""
    User.objects.create_user("kim@trust.example", "Kim Vale")
    with_providers(TRUST | {"issuer": lying.issuer})
    lying.told["email"] = "\u212aim@trust.example"
    visitor.open("/accounts/oidc/trust/login/")
    assert not visitor.is_in


def test_another_site_starts_nothing(
    client: Client, lying: UntrustworthyProvider, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": lying.issuer})
    path = "/accounts/oidc/trust/login/?next=/account/"
    answer = client.get(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2F"
    assert client.get(path)["Location"].startswith(lying.issuer)


def test_nobody_is_led_away_afterwards(
    visitor: Browser,
    ada: User,
    lying: UntrustworthyProvider,
    with_providers: Callable[..., None],
) -> None:
    with_providers(TRUST | {"issuer": lying.issuer})
    page = visitor.open("/accounts/oidc/trust/login/?next=https://elsewhere.example/")
    assert page.url.startswith(visitor.site)


def test_a_row_in_a_table_adds_no_provider(client: Client) -> None:
    SocialApp.objects.create(
        provider="openid_connect", provider_id="evil", name="Evil", client_id="x",
        settings={"server_url": "http://127.0.0.1:9"},
    )  # fmt: skip
    assert client.get("/accounts/oidc/evil/login/").status_code == 404
    assert client.get("/accounts/oidc/evil/login/callback/").status_code == 404
    assert "Evil" not in client.get("/sign-in/").content.decode()


def test_two_at_once_are_one_connection(
    visitor: Browser, real: str, ada: User, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": real})
    two = [Browser(visitor.site) for _ in range(2)]
    pages: list[requests.Response] = []
    threads = [threading.Thread(target=lambda b=b: pages.append(b.sign_in("sub-ada"))) for b in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert SocialAccount.objects.count() == 1
    assert all(page.status_code < 500 for page in pages)


def test_no_claim_is_logged(
    visitor: Browser, real: str, with_providers: Callable[..., None], caplog: Any
) -> None:
    with_providers(TRUST | {"issuer": real})
    visitor.sign_in("sub-nobody")
    assert "Sign-in with trust: no_account" in caplog.text
    assert "nobody@trust.example" not in caplog.text


# The operator's file.

GOOD = {**TRUST, "issuer": "https://id.trust.example"}


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({}, "a list of providers"),
        ([GOOD, GOOD], "stands there twice"),
        ([GOOD, GOOD | {"id": "other"}], "give each of them its “bodies”"),
        ([GOOD | {"issuer": "http://id.trust.example"}], "must begin with https://"),
        ([GOOD | {"domains": []}], "needs “domains”"),
        ([GOOD | {"domains": ["@trust.example"]}], "is not right under “domains”"),
        ([GOOD | {"bodies": ["trust"]}], "is not right under “bodies”"),
        ([GOOD | {"id": "The Trust"}], "an id is of small letters"),
        ([GOOD | {"name": " "}], "needs “name”"),
        ([GOOD | {"trusted": True}], "unknown entry “trusted”"),
        ([GOOD | {"vouches_for_addresses": "no"}], "is true or false"),
        ([GOOD | {"client_secret_variable": "NO_SUCH_VARIABLE"}], "NO_SUCH_VARIABLE is not set"),
    ],
)
def test_a_wrong_file_is_one_sentence(rows: Any, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words.replace("(", r"\(")):
        providers_from(rows)


def test_a_file_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TRUST_SECRET", "hidden")
    row = {name: value for name, value in GOOD.items() if name != "client_secret"}
    path = tmp_path / "providers.json"
    path.write_text(json.dumps([row | {"client_secret_variable": "TRUST_SECRET"}]))
    (found,) = read_providers(str(path))
    assert isinstance(found, IdentityProvider)
    assert found.client_secret == "hidden"
    assert "hidden" not in repr(found)
    assert read_providers("") == ()
    path.write_text("[{")
    with pytest.raises(ImproperlyConfigured, match="is not JSON"):
        read_providers(str(path))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        read_providers(str(tmp_path / "none.json"))


def test_the_state_is_of_this_sign_in_only(
    client: Client, lying: UntrustworthyProvider, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": lying.issuer})
    states = set()
    for _ in range(3):
        sent = client.get("/accounts/oidc/trust/login/")["Location"]
        states.add(parse_qs(urlsplit(sent).query)["state"][0])
    assert len(states) == 3


def test_the_button_is_there_only_when_there_is_a_provider(
    client: Client, real: str, with_providers: Callable[..., None]
) -> None:
    assert "With your organisation" not in client.get("/sign-in/").content.decode()
    with_providers(TRUST | {"issuer": real})
    assert "Sign in with Northvale NHS Trust" in client.get("/sign-in/").content.decode()
