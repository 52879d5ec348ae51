"""Every page of advice with names as long as they may be, unbroken: nothing runs off a screen."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import models
from playwright.sync_api import Page

from advice.models import ExistingAdvice, Invitation, Upload
from ehc import moments
from ehc.models import Authority, Document, Organisation, Person, Representative, User
from tests.advice.cast import Cast
from tests.advice.test_matrix import ANYBODY, PAGES, Things
from tests.browser.conftest import DESKTOP, PHONE, REFLOW

#: Hyphens and spaces would let a browser break it; names in the world are not that kind.
WORST = "Maximiliane" * 28
NAMED: dict[type[models.Model], tuple[str, ...]] = {
    Authority: ("name",),
    Document: ("title",),
    ExistingAdvice: ("title", "author"),
    Invitation: ("full_name",),
    Organisation: ("name",),
    Person: ("forename", "surname"),
    Representative: ("full_name",),
    Upload: ("file_name",),
    User: ("full_name",),
}
#: Answers to a script or a download, and pages that need a state of their own.
NOT_SEEN = {
    *("advice_search", "advice_paper", "advice_draft", "advice_upload", "advice_upload_begin"),
    *("advice_upload_piece", "advice_upload_do", "advice_uploads_list", "advice_invitation_open"),
    "advice_cover_end",
}


@pytest.fixture
def things() -> Things:
    made = Things(Cast(moments.today()))
    for model, names in NAMED.items():
        for row in model._default_manager.all():
            for name in names:
                longest = model._meta.get_field(name).max_length or len(WORST)
                setattr(row, name, f"{row.pk}{WORST}"[:longest])
            model._default_manager.bulk_update([row], names)
    return made


#: Who sees most of a page comes first.
WHO = ("manager", "caseworker", "psychologist", "lead", "dco", "parent")
#: The texts that stick out, where one does: their end, and what holds them.
STICKS_OUT = """width => [...document.querySelectorAll("main *")]
    .filter(e => e.getBoundingClientRect().right > width + 1 && !e.children.length)
    .slice(0, 3).map(e => `${e.tagName} in ${e.closest("[class]")?.className}`).join(", ")"""


def test_nothing_runs_off_the_screen(
    signed_in: Callable[[Any], Page], live_server: Any, things: Things
) -> None:
    wide = []
    for who in WHO:
        page = signed_in(things.cast.person(who))
        addresses = {n: things.address(n) for n in PAGES if n not in NOT_SEEN and who in _who(n)}
        case = f"/cases/{things.cast.process().case.reference}/"
        addresses |= {"case": case} if who == "manager" else {}
        for name, address in sorted(addresses.items()):
            page.goto(live_server.url + address)
            for width in (DESKTOP, PHONE, REFLOW):
                page.set_viewport_size({"width": width, "height": 900})
                found = page.evaluate("document.documentElement.scrollWidth")
                if found > width:
                    what = page.evaluate(STICKS_OUT, width)
                    wide.append(f"{name} ({who}) is {found} px wide on {width} px: {what}")
    assert not wide, "\n".join(wide)


def _who(name: str) -> set[str]:
    """As whom a page is looked at: who sees most of it, and the family where it is theirs too."""
    people = PAGES[name]
    if people is ANYBODY:
        return {"psychologist"}
    first = next(who for who in WHO if who in people)
    return {first} | people & {"parent", "psychologist"}
