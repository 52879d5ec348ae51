"""Cases that no sitting hears in time, from the list to both ways that the law leaves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ehc import moments
from ehc.law import CALENDAR
from tests.browser.conftest import check_page
from tests.panels.board import Board

LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3


@pytest.fixture
def board() -> Board:
    """Two requests of thirty days ago, and no sitting for two months."""
    made, today = Board(), moments.today()
    made.delegate()
    for surname in (LONG, "Жуковская-Оболенская"):
        person = made.council.register(today - timedelta(days=30), today=today).case.person
        person.surname = surname
        person.save()
    made.sitting(CALENDAR.next_working_day(today + timedelta(days=60)), today=today)
    return made


def test_the_officer_and_the_administrator_see_it_before_it_is_late(
    signed_in: Callable[[Any], Page], live_server: Any, board: Board
) -> None:
    page = signed_in(board.administrator)
    page.goto(f"{live_server.url}/panels/")
    check_page(page)
    page.get_by_role("link", name="See which, and what can be done").click()
    expect(page.locator("main")).to_contain_text("2 cases.")
    check_page(page)
    page.get_by_role("link", name="Arrange an extra sitting").first.click()
    expect(page.locator("h1")).to_contain_text("Arrange one sitting")
    page = signed_in(board.officer)
    page.goto(f"{live_server.url}/panels/no-sitting/")
    page.locator("tbody th").get_by_role("link").first.click()
    expect(page.locator(".ehc-next")).to_contain_text("No sitting in time")
    check_page(page)
    page.get_by_role("button", name="Decide without a sitting").click()
    expect(page.locator("h1")).to_contain_text("Decide without a sitting")
