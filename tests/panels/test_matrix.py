"""Every page and every command of panels, tried as everybody.

A page or a command that is not in the tables of `tests.panels.rights` fails a test here.
"""

import importlib
import inspect
import pkgutil
import uuid
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse

import panels.commands
from ehc.commands import Overtaken, Refused
from ehc.models import User
from ehc.permissions import NotAllowed
from panels.commands.base import ITEM_COMMANDS, SITTING_COMMANDS, ItemCommand, SittingCommand
from panels.commands.minutes import sign_minutes
from panels.models import Presence, Sitting
from panels.queries.figures_behind import FIGURES as FIGURES_OF_PANELS
from panels.urls import urlpatterns
from tests.factories import signed_in
from tests.panels.board import moment
from tests.panels.cast import Cast
from tests.panels.chairing import SITS
from tests.panels.rights import (
    ACTS,
    ACTS_ON_RESTRICTED,
    COMES,
    MAY,
    MAY_ON_RESTRICTED,
    ON_RESTRICTED,
    PAGES,
    READERS,
    READS_SIGNED,
    Act,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    with time_machine.travel(moment(SITS, 8), tick=False):
        yield


class Things:
    """What addresses and commands name."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def values(self, name: str) -> dict[str, Any]:
        """What the address of a page names."""
        cast = self.cast
        of_item = ("panels_item", "panels_clear", "panels_recall", "panels_take", "panels_decide")
        pk = cast.item.pk if name.startswith(of_item) else cast.sitting.pk
        pk = {
            "panels_end_delegation": cast.delegation.pk,
            "panels_decision": cast.decision.pk,
            "panels_action_done": cast.action.pk,
        }.get(name, pk)
        pk = cast.letter.pk if name.startswith(("panels_letter", "panels_notice")) else pk
        return {
            "panel": cast.board.panel.pk,
            "number": 1,
            "member": cast.booking("member").member_id,
            "pk": pk,
            "decision": cast.decision.pk,
            "key": cast.parent.pk,
            "body": "icb",
            "kind": "pdf",
            "figure": next(iter(FIGURES_OF_PANELS)),
            "seat": "school",
            "booking": cast.booking("member").pk,
            "authority": cast.board.authority.pk,
            "item": cast.item.pk,
            "paper": cast.paper.pk,
            "reference": cast.item.case.reference,
        }

    def pressed(self, name: str) -> dict[str, Any]:
        """What is pressed on a page that takes presses only."""
        here = {"in": self.cast.booking("member").pk}
        return {"panels_answer": {"comes": "yes"}, "panels_chair_room": here}.get(name, {})

    def end_sitting(self) -> None:
        """It was held: there are minutes, unsigned."""
        Sitting.objects.filter(pk=self.cast.sitting.pk).update(status=Sitting.Status.ENDED)

    def address(self, name: str) -> str:
        """The address of a page about these things."""
        values = self.values(name)
        return reverse(name, kwargs={k: values[k] for k in _pattern(name).pattern.converters})


def _pattern(name: str) -> URLPattern:
    return next(p for p in urlpatterns if p.name == name)


def _opens(client: Client, address: str, pressed: dict[str, Any]) -> bool:
    """Whether a page opens for somebody; one that only takes a press is pressed."""
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response = client.post(address, pressed)
        transaction.set_rollback(True)
    return response.status_code not in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


def _wrong(cast: Cast, pages: dict[str, set[str]], everybody: set[str]) -> dict[str, Any]:
    """The pages that let in, or keep out, others than the table says."""
    things = Things(cast)
    clients = {who: signed_in(cast.people[who]) for who in sorted(everybody)}
    wrong = {}
    assert not set(pages) - set(PAGES)
    for name, people in pages.items():
        address = things.address(name)
        pressed = things.pressed(name)
        with transaction.atomic():
            if name.startswith("panels_minutes"):
                things.end_sitting()
            opened = {who for who, client in clients.items() if _opens(client, address, pressed)}
            transaction.set_rollback(True)
        if opened != people:
            wrong[name] = {"lets in": opened - people, "keeps out": people - opened}
    return wrong


def test_every_page_as_everybody() -> None:
    cast = Cast()
    assert _wrong(cast, PAGES, set(cast.people)) == {}


def test_signed_minutes_as_everybody() -> None:
    cast = Cast()
    things = Things(cast)
    things.end_sitting()
    for booking in cast.sitting.bookings.all():
        Presence.objects.create(booking=booking, came_at=moment(SITS), left_at=moment(SITS, 12))
    sign_minutes(cast.sitting, by=cast.person("chair"), today=SITS, now=moment(SITS, 13))
    clients = {who: signed_in(user) for who, user in cast.people.items()}
    for name in ("panels_minutes", "panels_minutes_file"):
        address = things.address(name)
        assert {who for who, client in clients.items() if _opens(client, address, {})} == (
            READS_SIGNED
        )
    reads = {who: clients[who].get(things.address("panels_minutes")) for who in READS_SIGNED}
    of_item = {who for who, page in reads.items() if cast.item.case.reference in str(page.content)}
    assert of_item == READS_SIGNED - {"shut out", "kin"}


def test_every_page_about_a_restricted_case() -> None:
    cast = Cast(restricted=True)
    assert _wrong(cast, ON_RESTRICTED, COMES | READERS | {"parent"}) == {}


def _functions() -> set[str]:
    """The commands of panels that are plain functions: public, and somebody does them."""
    names = set()
    for module in pkgutil.iter_modules(panels.commands.__path__, "panels.commands."):
        if module.name == "panels.commands.base":
            continue
        found = importlib.import_module(module.name)
        for name, each in inspect.getmembers(found, inspect.isfunction):
            own = each.__module__ == module.name and not name.startswith("_")
            if own and "by" in inspect.signature(each).parameters:
                names.add(name)
    return names


def test_the_tables_name_every_page_and_command() -> None:
    assert {str(pattern.name) for pattern in urlpatterns} == set(PAGES)
    assert set(MAY) == set(SITTING_COMMANDS) | set(ITEM_COMMANDS)
    assert _functions() == set(ACTS)


@pytest.mark.parametrize("restricted", [False, True], ids=["open", "restricted"])
def test_every_command_as_everybody(restricted: bool) -> None:
    cast = Cast(restricted=restricted)
    commands: dict[str, SittingCommand | ItemCommand] = {**SITTING_COMMANDS, **ITEM_COMMANDS}
    wrong = {}
    for name, people in (MAY_ON_RESTRICTED if restricted else MAY).items():
        subject = cast.item if name in ITEM_COMMANDS else cast.sitting
        let = {w for w in cast.people if commands[name].allowed(cast.person(w), subject, SITS)}
        if let != people:
            wrong[name] = {"lets in": let - people, "keeps out": people - let}
    for name, (people, act) in ACTS.items():
        may = ACTS_ON_RESTRICTED[name] if restricted else people
        let = {who for who in cast.people if _lets(act, cast, cast.person(who))}
        if let != may:
            wrong[name] = {"lets in": let - may, "keeps out": may - let}
    assert wrong == {}


def _lets(act: Act, cast: Cast, user: User) -> bool:
    """Whether a command lets somebody in; past the door it may refuse for another reason."""
    with transaction.atomic():
        try:
            act(cast, user)
        except NotAllowed:
            return False
        except (Refused, Overtaken):
            return True
        finally:
            transaction.set_rollback(True)
    return True


@pytest.mark.parametrize("name", sorted(PAGES))
def test_nobody_opens_a_page_without_signing_in(name: str) -> None:
    converters = _pattern(name).pattern.converters
    values = {k: _ANYTHING.get(type(c).__name__, 1) for k, c in converters.items()}
    response = Client().get(reverse(name, kwargs=values))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith("/sign-in/")


_ANYTHING: dict[str, Any] = {
    "UUIDConverter": uuid.UUID(int=0),
    "StringConverter": "x",
    "SlugConverter": "x",
}
