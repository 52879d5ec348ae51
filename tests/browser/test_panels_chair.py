"""A chair takes ten items through a sitting in which the quorum breaks."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from panels.models import ChairDraft, Item, Presence, Recommendation, Seat, Sitting
from tests.browser.conftest import _complaints, check_page
from tests.panels.chairing import Chairing

#: A surname as long as they come, and one in another script.
NAMES = ("Wolfeschlegelsteinhausenbergerdorffwelchevoralternwaren", "Жуковская-Оболенская")


@pytest.fixture
def chairing() -> Chairing:
    """Today is a day on which the panel sits, with ten items and everybody in the room."""
    made = Chairing.now(10)
    for name, item in zip(NAMES, made.items, strict=False):
        item.case.person.surname = name
        item.case.person.save()
    return made


def write(page: Page, reasons: str) -> None:
    page.get_by_label("Evidence for").fill("The psychologist’s advice.")
    page.get_by_label("Assess", exact=True).check()
    page.get_by_label("Reasons").fill(reasons)


def test_ten_items_with_a_broken_quorum(
    signed_in: Callable[[Any], Page], live_server: Any, chairing: Chairing
) -> None:
    page = signed_in(chairing.board.chair)
    page.goto(f"{live_server.url}{chairing.address()}")
    check_page(page)
    break_and_mend_the_quorum(page, chairing)
    assert not Item.objects.get(pk=chairing.items[0].pk).recommendation.quorate
    lose_the_connection(page)
    defer_it(page)
    expect(page.locator(".ehc-identity")).to_contain_text("Item 3,")
    page.get_by_role("button", name="take it off the agenda").click()
    check_page(page)
    page.get_by_label("Why is it taken off").fill("Listed by mistake.")
    page.get_by_role("button", name="Take it off the agenda").click()
    for number in range(4, 11):
        expect(page.locator(".ehc-identity")).to_contain_text(f"Item {number},")
        write(page, f"Word{number} " * 3)
        page.get_by_role("button", name="Record and go on").focus()
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Every item has been heard")
    check_page(page)
    page.get_by_role("button", name="End the sitting").click()
    expect(page.locator("main")).to_contain_text("The sitting has ended")
    assert Sitting.objects.get().status == Sitting.Status.ENDED


def break_and_mend_the_quorum(page: Page, chairing: Chairing) -> None:
    """The health member goes out in mid-item: the chair is told at once, what was typed stays."""
    health = chairing.board.members[Seat.HEALTH].full_name
    page.get_by_label("Reasons").fill("She is seven and cannot read yet.")
    page.get_by_role("button", name=f"Went out {health}", exact=True).click()
    expect(page.locator("#alerts")).to_contain_text("Missing: Health: 1 more")
    expect(page.get_by_label("Reasons")).to_have_value("She is seven and cannot read yet.")
    write(page, "She is seven and cannot read yet.")
    page.get_by_role("button", name="Record and go on").click()
    expect(page.get_by_role("alert").first).to_contain_text("not quorate for this item")
    check_page(page)
    page.get_by_label("Record it as the advice of those present").check()
    page.get_by_role("button", name="Record and go on").click()
    expect(page.locator("#item")).to_contain_text(NAMES[1])
    page.get_by_role("button", name=f"Came in {health}", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#alerts")).not_to_contain_text("Missing")
    expect(page.get_by_role("button", name=f"Went out {health}", exact=True)).to_be_focused()


def lose_the_connection(page: Page) -> None:
    """What is typed without a connection stays, and is kept as soon as there is one again."""
    page.context.set_offline(True)
    page.get_by_label("Dissent").fill("The school sees it otherwise.")
    expect(page.locator("#saving")).to_contain_text("no connection")
    _complaints[page].clear()  # of the connection that was lost on purpose
    page.context.set_offline(False)
    expect(page.locator("#saving")).to_contain_text("Kept at", timeout=20_000)
    assert ChairDraft.objects.get().fields["dissent"] == "The school sees it otherwise."
    page.reload()
    expect(page.get_by_label("Dissent")).to_have_value("The school sees it otherwise.")
    _complaints[page].clear()


def defer_it(page: Page) -> None:
    """What it costs is shown before it is agreed."""
    page.get_by_role("button", name="defer it").click()
    check_page(page)
    page.get_by_label("Why can it not be answered now?").fill("The hearing test is missing.")
    page.get_by_label("No sitting is chosen yet").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("h1")).to_contain_text("What deferring does to the clock")
    check_page(page)
    page.get_by_role("button", name="Defer it").click()


def test_a_correction_and_joint_funding(
    signed_in: Callable[[Any], Page], live_server: Any, chairing: Chairing
) -> None:
    page = signed_in(chairing.board.chair)
    page.goto(f"{live_server.url}{chairing.address(chairing.items[0])}")
    write(page, "She is seven and cannot read yet.")
    page.get_by_role("button", name="add an action or a condition").click()
    check_page(page)
    page.get_by_label("Joint funding", exact=True).check()
    page.get_by_label("What is to be done?").fill("A communication aid")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the day by which it is to be done")
    check_page(page)
    for box, text in (("Day", "1"), ("Month", "4"), ("Year", "2090")):
        page.get_by_label(box, exact=True).fill(text)
    page.get_by_label("Which person").select_option(label=chairing.board.officer.full_name)
    page.get_by_label("Joint funding: pounds").fill("12000")
    page.get_by_label("Education pays").fill("6000")
    page.get_by_label("Health pays").fill("6000")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("main")).to_contain_text("health £6,000")
    expect(page.get_by_label("Reasons")).to_have_value("She is seven and cannot read yet.")
    page.get_by_role("button", name="Record and go on").click()
    expect(page.locator("main")).to_contain_text("Item 1 is recorded")
    page.goto(f"{live_server.url}{chairing.address(chairing.items[0])}")
    check_page(page)
    page.get_by_role("link", name="Correct the recommendation").click()
    check_page(page)
    page.get_by_label("What was wrong?").fill("I pressed the wrong one.")
    page.get_by_label("Refuse to assess").check()
    page.get_by_role("button", name="Record the correction").click()
    expect(page.locator("main")).to_contain_text("Corrected: I pressed the wrong one.")


def test_what_the_connection_does_to_a_recording(
    signed_in: Callable[[Any], Page], live_server: Any, chairing: Chairing
) -> None:
    """Pressed without a connection, answered by a server that fails, answered and never heard."""
    page = signed_in(chairing.board.chair)
    page.goto(f"{live_server.url}{chairing.address(chairing.items[0])}")
    write(page, "She is seven and cannot read yet.")
    press_without_a_connection(page)
    assert not Recommendation.objects.exists()
    the_server_fails_once(page)
    assert not Recommendation.objects.exists()
    expect(page.get_by_label("Reasons")).to_have_value("She is seven and cannot read yet.")
    the_answer_is_lost(page)
    assert Recommendation.objects.count() == 1
    page.goto(f"{live_server.url}{chairing.address(chairing.items[0])}")
    expect(page.locator("main")).to_contain_text("She is seven and cannot read yet.")
    expect(page.get_by_role("button", name="Record and go on")).to_have_count(0)
    _complaints[page].clear()  # of what failed on purpose
    check_page(page)


def press_without_a_connection(page: Page) -> None:
    """The page stays, says so, and keeps what was typed since the last time it was kept."""
    page.context.set_offline(True)
    page.get_by_label("Options").fill("More help at school.")
    page.get_by_role("button", name="Record and go on").click()
    expect(page.locator("#saving")).to_contain_text("Nothing was recorded: no connection")
    expect(page.get_by_label("Options")).to_have_value("More help at school.")
    page.context.set_offline(False)
    expect(page.locator("#saving")).to_contain_text("Kept at", timeout=20_000)
    page.wait_for_timeout(1100)  # a second press within a second counts as the same


def the_server_fails_once(page: Page) -> None:
    """What was typed is there again on the way back, and when the item is opened anew."""
    address = page.url
    page.route(address, lambda route: route.fulfill(status=503, body="Busy."), times=1)
    page.get_by_role("button", name="Record and go on").click()
    expect(page.locator("body")).to_contain_text("Busy.")
    page.go_back()
    expect(page.get_by_label("Options")).to_have_value("More help at school.")
    page.reload()
    expect(page.get_by_label("Options")).to_have_value("More help at school.")


def the_answer_is_lost(page: Page) -> None:
    """It was recorded, the chair does not hear of it and presses once more."""
    address = page.url

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort("internetdisconnected")

    page.route(address, lose, times=1)
    page.get_by_role("button", name="Record and go on").click(no_wait_after=True)
    page.wait_for_timeout(1500)
    page.reload()


def test_the_room_and_the_small_pages_without_a_connection(
    signed_in: Callable[[Any], Page], live_server: Any, chairing: Chairing
) -> None:
    health = chairing.board.members[Seat.HEALTH].full_name
    page = signed_in(chairing.board.chair)
    page.goto(f"{live_server.url}{chairing.address(chairing.items[0])}")
    page.context.set_offline(True)
    out = page.get_by_role("button", name=f"Went out {health}", exact=True)
    out.click()
    expect(page.locator("#room-words")).to_contain_text("Not recorded who came or went")
    page.context.set_offline(False)
    out.click()
    expect(page.get_by_role("button", name=f"Came in {health}", exact=True)).to_be_visible()
    expect(page.locator("#room-words")).to_be_empty()
    assert Presence.objects.filter(left_at__isnull=False).count() == 1
    page.get_by_role("button", name="take it off the agenda").click()
    page.get_by_label("Why is it taken off").fill("The family withdrew today.")
    page.context.set_offline(True)
    page.get_by_role("button", name="Take it off the agenda").click()
    expect(page.locator("#sending")).to_contain_text("Nothing was recorded: no connection")
    expect(page.get_by_label("Why is it taken off")).to_have_value("The family withdrew today.")
    page.context.set_offline(False)
    page.wait_for_timeout(1100)  # a second press within a second counts as the same
    page.get_by_role("button", name="Take it off the agenda").dblclick()
    expect(page.locator("main")).to_contain_text("Item 1 is taken off the agenda")
    assert Item.objects.filter(status=Item.Status.WITHDRAWN).count() == 1
    _complaints[page].clear()  # of the connection that was lost on purpose
    check_page(page)
