"""Signing in and out, lock-out, and sessions that end."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ehc.models import User

PASSWORD = "a long pass phrase"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    return User.objects.create_user("sam@example.com", "Sam Okafor", PASSWORD)


def sign_in(client: Client, password: str = PASSWORD, email: str = "sam@example.com"):  # type: ignore[no-untyped-def]
    return client.post("/sign-in/", {"login": email, "password": password})


def test_the_right_password_leads_to_the_worklist(client: Client, user: User) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "Sign out" in client.get("/").content.decode()


def test_a_wrong_password_says_so_and_keeps_the_address(client: Client, user: User) -> None:
    page = sign_in(client, "wrong").content.decode()
    assert "There is a problem" in page
    assert 'value="sam@example.com"' in page
    assert "wrong" not in re.findall(r'value="([^"]*)"', page)


def test_five_wrong_passwords_lock_the_account_however_it_is_written(
    client: Client, user: User
) -> None:
    spellings = ["sam@example.com", "SAM@example.com", "Sam@Example.com", "sam@EXAMPLE.COM"]
    for email in spellings:
        assert sign_in(client, "wrong", email).status_code == 200
    fifth = sign_in(client, "wrong")
    assert fifth.status_code == 429
    assert "Sign-in is locked for 30 minutes" in fifth.content.decode()
    assert sign_in(client).status_code == 429
    for email in spellings:
        assert sign_in(client, PASSWORD, email).status_code != 302
        assert client.get("/").status_code == 302


def test_another_person_is_not_locked_with_them(client: Client, user: User) -> None:
    User.objects.create_user("ada@example.com", "Ada Berry", PASSWORD)
    for _ in range(5):
        sign_in(client, "wrong")
    assert sign_in(client, email="ada@example.com").status_code == 302


def test_an_unknown_address_is_told_the_same(client: Client, user: User) -> None:
    known = sign_in(client, "wrong").content.decode()
    unknown = sign_in(client, "wrong", "nobody@example.com").content.decode()
    sentence = re.compile(r"govuk-error-summary__list.*?</ul>", re.S)
    assert sentence.findall(known) == sentence.findall(unknown) != []


def test_every_page_asks_for_sign_in_and_goes_back_to_it(client: Client, user: User) -> None:
    asked = client.get("/account/?shown=1")
    assert asked["Location"] == "/sign-in/?next=/account/%3Fshown%3D1"
    answer = client.post(asked["Location"], {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/account/?shown=1"


def test_nobody_is_led_away_to_another_site(client: Client, user: User) -> None:
    answer = client.post(
        "/sign-in/?next=https://elsewhere.example/", {"login": user.email, "password": PASSWORD}
    )
    assert answer["Location"] == "/"


def test_a_session_that_ended_says_so(client: Client, user: User) -> None:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.session.flush()
    page = client.get("/account/", follow=True)
    assert "You were signed out because" in page.content.decode()
    assert page.redirect_chain == [("/sign-in/?next=/account/&ended=1", 302)]


def test_a_session_in_use_lives_on(client: Client, user: User, time_machine, settings) -> None:  # type: ignore[no-untyped-def]
    time_machine.move_to("2026-03-02T09:00:00+00:00", tick=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    for _ in range(3):
        time_machine.shift(settings.SESSION_COOKIE_AGE - 60)
        assert client.get("/account/").status_code == 200
    time_machine.shift(settings.SESSION_COOKIE_AGE + 60)
    assert client.get("/account/").status_code == 302


def test_signing_out_needs_no_second_question(client: Client, user: User) -> None:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/").status_code == 302


def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    fields = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), fields)
    assert not User.objects.filter(email="new@example.com").exists()


def test_the_other_sign_in_page_leads_to_ours(client: Client) -> None:
    assert client.get("/accounts/login/?next=/account/")["Location"] == "/sign-in/?next=/account/"


def test_demonstration_sign_ins_are_for_demonstrations_only(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.DEVELOPMENT_MAILBOX = False
    assert "Demonstration sign-ins" not in client.get("/sign-in/").content.decode()


def supplied_addresses() -> list[str]:
    """The addresses of django-allauth's pages that need nothing filled in."""
    found: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            address = prefix + str(pattern.pattern).strip("^$").replace("\\Z", "")
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, address)
            elif address.startswith("accounts/") and not re.search(r"[<(]", address):
                found.append("/" + address)

    walk(get_resolver().url_patterns, "")
    return found


def test_no_supplied_page_is_broken(client: Client, user: User) -> None:
    addresses = supplied_addresses()
    assert len(addresses) > 10
    for signed_in in (False, True):
        if signed_in:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        broken = {path: client.get(path).status_code for path in addresses}
        assert {path: code for path, code in broken.items() if code >= 500} == {}
