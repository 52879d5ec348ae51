"""An administrator of panels: from an empty service to a term of sittings, one of them cancelled
the evening before."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ehc import moments
from ehc.law import CALENDAR
from ehc.models import Role, User
from panels.commands import referring, scheduling
from panels.models import Item, Panel, Seat, Sitting
from panels.questions import Question
from tests.browser.conftest import check_page
from tests.factories import Council, member

LONG = "Wolfeschlegelsteinhausenbergerdorff" * 3
SEATS = (
    (Seat.EDUCATION, "Education: a senior officer for SEN"),
    (Seat.HEALTH, "Health"),
    (Seat.PSYCHOLOGY, "Educational psychology"),
)


def fill_date(where: Page | Locator, legend: str, day: date) -> None:
    group = where.get_by_role("group", name=legend)
    for box, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(box, exact=True).fill(str(value))


def working_day(day: date) -> date:
    return day if CALENDAR.is_working_day(day) else CALENDAR.next_working_day(day)


class Scene:
    """A council whose panels are still to be set up."""

    def __init__(self) -> None:
        self.council = Council()
        self.administrator = member(Role.PANEL_ADMINISTRATOR, self.council.authority)
        self.members = [
            member(Role.PANEL_MEMBER, self.council.authority) for _ in range(len(SEATS))
        ]
        User.objects.filter(pk=self.members[0].pk).update(full_name=LONG)
        self.today = moments.today()
        self.first = working_day(self.today + timedelta(days=1))

    def list_items(self, sitting: Sitting, number: int) -> None:
        received = self.today - timedelta(days=30)
        for _ in range(number):
            request = self.council.register(received, today=received)
            referring.refer(
                request,
                sitting=sitting,
                question=Question.ASSESS,
                incomplete_because="The school sends its report by post.",
                by=self.council.caseworker,
            )


@pytest.fixture
def scene() -> Iterator[Scene]:
    return Scene()


def test_from_an_empty_service_to_a_term_with_one_sitting_cancelled(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Scene
) -> None:
    page = signed_in(scene.administrator)
    page.goto(f"{live_server.url}/account/")
    page.get_by_role("link", name="Panels", exact=True).click()
    expect(page.locator("main")).to_contain_text("No panel is set up yet")
    check_page(page)
    set_up(page)
    agree_terms(page)
    give_seats(page, scene)
    schedule(page, scene)
    cancel_the_first(page, scene)


def set_up(page: Page) -> None:
    page.get_by_role("button", name="Set up a panel").click()
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the name of the panel")
    check_page(page)
    page.get_by_label("Name").fill(f"EHC panel {LONG}"[:120])
    page.get_by_label("Whether to assess").check()
    page.get_by_role("button", name="Set it up").click()


def agree_terms(page: Page) -> None:
    check_page(page)
    page.get_by_label("Agreed by").fill("SEND board, item 4")
    page.get_by_label("What the panel is for").fill("To advise whether to assess.")
    page.get_by_role("group", name="What it is asked").get_by_label("Is an assessment").check()
    page.get_by_label("Every week", exact=True).check()
    page.get_by_label("Members who must be present in all").fill("2")
    page.get_by_label("Standing items").fill("Interests\nMinutes")
    for seat, _ in SEATS[:2]:
        page.locator(f"#id_quorum_{seat}").fill("1")
    page.get_by_role("button", name="Put these terms in force").click()
    expect(page.locator("main")).to_contain_text("Version 1 is in force")
    check_page(page)


def give_seats(page: Page, scene: Scene) -> None:
    for (_, label), user in zip(SEATS, scene.members, strict=True):
        page.get_by_role("button", name="Give somebody a seat").click()
        page.get_by_label("Who", exact=True).select_option(str(user.pk))
        page.get_by_label(label, exact=True).check()
        if label == SEATS[0][1]:
            check_page(page)
        page.get_by_role("button", name="Give the seat").click()
    expect(page.locator("main")).to_contain_text(LONG)
    check_page(page)


def schedule(page: Page, scene: Scene) -> None:
    page.get_by_role("button", name="Schedule a term").click()
    check_page(page)
    fill_date(page, "First sitting", scene.first)
    fill_date(page, "Until", scene.first + timedelta(weeks=10))
    page.get_by_label("Begins at").fill("9:30")
    page.get_by_label("Place").fill("Council chamber")
    page.get_by_role("button", name="Show the days").click()
    check_page(page)
    boxes = page.get_by_role("checkbox").all()
    boxes[-1].uncheck()
    page.get_by_role("button", name="Arrange these sittings").click()
    expect(page.locator("main")).to_contain_text(f"Arranged: {len(boxes) - 1} sittings")
    assert Sitting.objects.count() == len(boxes) - 1
    page.get_by_role("link", name="Panels", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("Quorate if all come")
    check_page(page)


def cancel_the_first(page: Page, scene: Scene) -> None:
    first, second = Sitting.objects.order_by("on")[:2]
    scene.list_items(first, 3)
    scheduling.answer(first, comes=False, by=scene.members[1])
    page.get_by_role("link", name=re.compile(r"^\w+day \d")).first.click()
    expect(page.locator("main")).to_contain_text("Will not be quorate Missing: 1 for health")
    expect(page.locator("main")).to_contain_text("Papers were due on")
    check_page(page)
    page.get_by_role("button", name="Change time or place").click()
    check_page(page)
    page.get_by_label("Place").fill("By video")
    page.get_by_role("button", name="Change it").click()
    page.get_by_role("link", name=re.compile("Take back the booking of")).first.click()
    check_page(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Ask another member").click()
    check_page(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Cancel the sitting").click()
    expect(page.locator("main")).to_contain_text("No legal date moves")
    check_page(page)
    page.get_by_role("button", name="Cancel the sitting and move its items").click()
    expect(page.get_by_role("alert")).to_contain_text("Write why the sitting is cancelled")
    check_page(page)
    page.get_by_label("Why it is cancelled").fill("Nobody of health can come.")
    page.get_by_label("Where item 3 goes").select_option("off")
    page.get_by_role("button", name="Cancel the sitting and move its items").click()
    expect(page.locator("main")).to_contain_text("The sitting is cancelled. Moved: 3 items")
    check_page(page)
    stands = Item.objects.filter(status=Item.Status.LISTED)
    assert {item.sitting_id for item in stands} == {second.pk}
    assert stands.count() == 2


def test_the_scheme_of_delegation(
    signed_in: Callable[[Any], Page], live_server: Any, scene: Scene
) -> None:
    council = scene.council
    officer = member(Role.MANAGER, council.authority)
    page = signed_in(council.manager)
    page.goto(f"{live_server.url}/panels/delegation/")
    expect(page.locator("main")).to_contain_text("Nothing is recorded")
    check_page(page)
    page.get_by_role("button", name="Record a delegation").click()
    check_page(page)
    page.get_by_label("Officer").select_option(str(officer.pk))
    page.get_by_label("Is an assessment necessary?").check()
    page.get_by_label("Scheme and paragraph").fill(f"Scheme of delegation {LONG}"[:200])
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("main")).to_contain_text("Only after a sitting")
    check_page(page)
    page.get_by_role("link", name=re.compile("End it")).click()
    check_page(page)
    page.get_by_role("button", name="End the delegation").click()
    expect(page.locator("main")).to_contain_text("The delegation ends on")
    assert not Panel.objects.exists()
