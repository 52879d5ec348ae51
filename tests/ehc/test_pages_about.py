"""Pages about the service, and pages for what went wrong."""

import re
from collections.abc import Iterator

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from ehc import urls

pytestmark = pytest.mark.django_db


def boom(request: HttpRequest) -> HttpResponse:
    """A view that fails with a child's name in its hands."""
    raise RuntimeError("Zebedee Quill")


boom.login_required = False  # type: ignore[attr-defined]
urlpatterns = [path("boom/", boom), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def unreachable_database() -> Iterator[None]:
    """Django's connection, leading to a port where nothing listens."""
    real = connections["default"]
    options = {**real.settings_dict, "HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {}}
    connections["default"] = DatabaseWrapper(options, "default")
    yield
    connections["default"] = real


def test_healthz_reports_a_reachable_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok"})


def test_healthz_reports_an_unreachable_database(
    client: Client, unreachable_database: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"database": "unreachable"})


def test_a_failure_says_nothing_of_its_cause(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    answer = client.get("/boom/")
    assert answer.status_code == 500
    assert "Sorry, something went wrong" in answer.content.decode()
    assert "Quill" not in answer.content.decode()


def test_the_failure_page_needs_no_database(
    client: Client,
    settings,
    unreachable_database: None,  # type: ignore[no-untyped-def]
) -> None:
    settings.ROOT_URLCONF = __name__
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    assert "Sorry, something went wrong" in client.get("/boom/").content.decode()


def test_a_page_that_does_not_exist_is_not_repeated(client: Client) -> None:
    answer = client.get("/no-such-page/zebedee-quill/")
    assert answer.status_code == 404
    assert "quill" not in answer.content.decode()


def test_a_host_we_do_not_answer_to(client: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.ALLOWED_HOSTS = ["casework.example"]
    answer = client.get("/", headers={"host": "elsewhere.example"})
    assert answer.status_code == 400
    assert "This request could not be read" in answer.content.decode()


def test_a_form_without_its_token_does_nothing_and_says_so() -> None:
    answer = Client(enforce_csrf_checks=True).post("/search/", {"search": "Wren"})
    assert answer.status_code == 403
    assert "Nothing was recorded" in answer.content.decode()


def test_a_sign_in_page_that_is_not_current_is_opened_again_and_says_why() -> None:
    client = Client(enforce_csrf_checks=True)
    path, typed = "/sign-in/?next=/account/", {"login": "x@example.com", "password": "y"}
    client.get(path)
    answer = client.post(path, typed)
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert "Enter your password again" in client.get(path).content.decode()


def test_a_browser_without_cookies_is_told_so() -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in/", {"login": "x@example.com", "password": "y"})
    assert answer.status_code == 403
    assert "must accept" in answer.content.decode()


@pytest.mark.parametrize("path", ["/sign-in/", "/accessibility/", "/cookies/", "/privacy/"])
def test_pages_keep_to_the_security_policy(client: Client, path: str) -> None:
    """Nothing inline, nothing from elsewhere: the policy would refuse it in the browser."""
    answer = client.get(path)
    page = answer.content.decode()
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", page)
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)
