"""A real Chromium against a real server, and what every page must satisfy."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

DESKTOP, PHONE, REFLOW = 1280, 375, 320
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")

#: What the browser complained of, by page: script errors and refusals of the security policy.
_complaints: dict[Page, list[str]] = {}


def _chromium() -> str | None:
    candidates = (os.environ.get("EHC_CHROMIUM") or "", *NAMES)
    return next((found for name in candidates if name and (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder is a browser test with a database that commits."""
    for item in items:
        if "tests/browser" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The machine's own Chromium; without one the tests are skipped, or fail if demanded."""
    path = _chromium()
    if path is None:
        sentence = "No Chromium was found: install it, or name it with EHC_CHROMIUM."
        if os.environ.get("EHC_REQUIRE_BROWSER") == "1":
            pytest.fail(sentence, pytrace=False)
        pytest.skip(sentence)
    # Playwright's synchronous interface runs an event loop in this thread, which Django's
    # check against blocking calls would take for an asynchronous program.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    return {**browser_type_launch_args, "executable_path": path, "args": list(FLAGS)}


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose complaints are remembered until `check_page` looks at them."""
    page = context.new_page()
    said: list[str] = []
    _complaints[page] = said
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda line: said.append(f"{page.url}: {line.text}") if line.type == "error" else None,
    )
    yield page
    del _complaints[page]


@pytest.fixture
def signed_in(page: Page, live_server: Any) -> Callable[[Any], Page]:
    """Turns the page into one of this user's, without the sign-in form."""

    def turn(user: Any) -> Page:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = django_settings.SESSION_COOKIE_NAME
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
        )
        return page

    return turn


def check_page(page: Page, *, status: int = 200) -> None:
    """No fault that axe finds, at desktop and phone width; no sideways scrolling; no complaint.

    `status` is what the page was answered with: the browser also complains of a 404 we meant. It
    complains of every form that comes back with faults (422), and that is always meant.
    """
    # A form may first ask whether the service can be reached; then a click returns when the next
    # page has begun, which may be before it has a single element.
    expect(page.locator("form[aria-busy=true]")).to_have_count(0)
    page.wait_for_load_state()
    for width in (DESKTOP, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        results = Axe().run(page, options={"runOnly": RULES, "resultTypes": ["violations"]})
        assert results.violations_count == 0, f"{width} px: {results.generate_report()}"
    for width in (PHONE, REFLOW):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{page.url} is {wide} px wide on a screen of {width} px"
    page.set_viewport_size({"width": DESKTOP, "height": 900})
    meant = [f"the server responded with a status of {code} " for code in {status, 422} - {200}]
    complaints = [line for line in _complaints[page] if not any(words in line for words in meant)]
    assert complaints == []
