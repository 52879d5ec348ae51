"""An identity provider that says whatever it likes signs nobody in."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from ehc.models import User
from tests.ehc.identity_provider.untrustworthy_provider import UntrustworthyProvider
from tests.ehc.identity_provider.visitor import TRUST, Visitor

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
    pytest.mark.usefixtures("ada", "lying"),
]


def test_stopping_half_way(visitor: Visitor, lying: UntrustworthyProvider) -> None:
    lying.denies = True
    page = visitor.open("/accounts/oidc/trust/login/")
    assert "You did not sign in" in page.text
    assert not visitor.is_in


def test_what_is_sent_to_the_provider(visitor: Visitor, lying: UntrustworthyProvider) -> None:
    """State and PKCE are there; nothing that a link added is, and no more is asked than needed."""
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
def test_an_answer_that_does_not_hold_together(
    visitor: Visitor, lying: UntrustworthyProvider, claims: dict[str, Any], told: dict[str, Any]
) -> None:
    lying.token |= claims
    lying.told |= told
    page = visitor.open("/accounts/oidc/trust/login/")
    assert "Signing in with Northvale NHS Trust did not work" in page.text
    assert page.status_code == 403
    assert not visitor.is_in


def test_an_issuer_that_is_not_the_one_set_up(
    visitor: Visitor, lying: UntrustworthyProvider, with_providers: Callable[..., None]
) -> None:
    with_providers(TRUST | {"issuer": lying.issuer.replace("127.0.0.1", "localhost")})
    assert "did not work" in visitor.open("/accounts/oidc/trust/login/").text
    assert not visitor.is_in


def test_an_answer_without_its_token(visitor: Visitor, lying: UntrustworthyProvider) -> None:
    lying.leaves_out_token = True
    assert "did not work" in visitor.open("/accounts/oidc/trust/login/").text
    lying.leaves_out_token, lying.told = False, ["not", "an", "object"]
    assert "did not work" in visitor.open("/accounts/oidc/trust/login/").text
    assert not visitor.is_in


def test_an_address_that_only_looks_the_same(
    visitor: Visitor, lying: UntrustworthyProvider
) -> None:
    """The Kelvin sign is a k when it is made small."""
    User.objects.create_user("kim@trust.example", "Kim Vale")
    lying.told["email"] = "\u212aim@trust.example"
    visitor.open("/accounts/oidc/trust/login/")
    assert not visitor.is_in


def test_another_site_starts_nothing(client: Client, lying: UntrustworthyProvider) -> None:
    path = "/accounts/oidc/trust/login/?next=/account/"
    answer = client.get(path, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer["Location"] == "/sign-in/?next=%2Faccount%2F"
    assert client.get(path)["Location"].startswith(lying.issuer)


def test_nobody_is_led_away_afterwards(visitor: Visitor) -> None:
    page = visitor.open("/accounts/oidc/trust/login/?next=https://elsewhere.example/")
    assert page.url.startswith(visitor.site)
    assert visitor.is_in


def test_the_state_is_of_this_sign_in_only(client: Client) -> None:
    states = set()
    for _ in range(3):
        sent = client.get("/accounts/oidc/trust/login/")["Location"]
        states.add(parse_qs(urlsplit(sent).query)["state"][0])
    assert len(states) == 3
