"""Ending sessions: everywhere at once, and with a new password."""

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from ehc.models import User

PASSWORD, NEW = "a long pass phrase", "another long pass phrase"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


@pytest.fixture
def user() -> User:
    return User.objects.create_user("sam@example.com", "Sam Okafor", PASSWORD)


def signed_in(user: User, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": user.email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return bool(client.get("/account/").status_code == 200)


def change(client: Client) -> Any:
    typed = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return client.post("/accounts/password/change/", typed)


def test_signing_out_everywhere(user: User) -> None:
    other = User.objects.create_user("ada@example.com", "Ada Berry", PASSWORD)
    desk, phone, somebody_else = signed_in(user), signed_in(user), signed_in(other)
    page = desk.get("/account/").content.decode()
    button = r'action="([^"]+)">\s*<input[^>]+>\s*<button[^>]+>Sign out everywhere'
    address = re.search(button, page)
    assert address is not None
    answer = desk.post(address[1], follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/"
    assert "You are signed out on every device." in answer.content.decode()
    assert [is_in(c) for c in (desk, phone, somebody_else)] == [False, False, True]
    assert is_in(signed_in(user))


def test_it_is_done_by_a_button_only(user: User) -> None:
    desk, phone = signed_in(user), signed_in(user)
    assert desk.get("/account/sign-out-everywhere/").status_code == 405
    assert is_in(phone)


def test_a_new_password_ends_the_other_sessions(user: User) -> None:
    desk, phone = signed_in(user), signed_in(user)
    assert change(desk).status_code == 302
    assert (is_in(desk), is_in(phone)) == (True, False)
    assert not is_in(signed_in(user))
    assert is_in(signed_in(user, NEW))
