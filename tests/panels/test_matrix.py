"""Every page and every command of panels, tried as everybody.

The tables are written out by hand, so that a slip in the code is not copied into its test. A page
or a command that is not in them fails the first test here.
"""

import importlib
import inspect
import pkgutil
import uuid
from collections.abc import Callable
from datetime import date, time
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
from panels.commands import deciding, defining, letters, referring, scheduling
from panels.commands.actions import finish_action
from panels.commands.base import ITEM_COMMANDS, SITTING_COMMANDS, ItemCommand, SittingCommand
from panels.commands.cancelling import cancel_sitting
from panels.commands.hearing_decides import recommend_and_decide
from panels.commands.hearing_drafts import save_draft
from panels.commands.notes import write_note
from panels.commands.ratifying import take_note
from panels.models import Sitting
from panels.queries.figures_behind import FIGURES as FIGURES_OF_PANELS
from panels.urls import urlpatterns
from tests.factories import signed_in
from tests.panels.board import moment
from tests.panels.cast import Cast
from tests.panels.chairing import SITS

pytestmark = pytest.mark.django_db

#: Who defines panels and arranges sittings here.
MANAGES = {"administrator", "manager"}
STAFF = {"caseworker", "colleague", "manager"}
#: Who may take the chair of this sitting.
CHAIRS = {"chair"}
#: Who reads the papers of the item: members who come, and nothing shuts out of it.
READS = {"member", "named", "observer", "chair"}
#: Who is a member of this sitting at all.
COMES = READS | {"shut out", "kin"}
#: Who has a role in which panels are attended, anywhere.
ATTENDS = COMES | {
    "released", "declined", "seat ended", "elsewhen", "manager", "chair of others",
    "manager elsewhere", "chair elsewhere", "member elsewhere",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _on_the_day(settings: Any, tmp_path: Path) -> Any:
    settings.MEDIA_ROOT = str(tmp_path)
    with time_machine.travel(moment(SITS, 8), tick=False):
        yield


#: Who reads every case of the authority.
READERS = STAFF | {"chair", "chair of others", "administrator", "auditor", "dco"}
#: Who prepares what a panel sees of a case.
PREPARES = STAFF | {"administrator"}
#: Who reads the figures of panels, each of their own authority.
FIGURES = {
    "manager", "chair", "chair of others", "administrator", "auditor",
    "manager elsewhere", "chair elsewhere", "administrator elsewhere",
}  # fmt: skip
#: Who has any role today.
HAS_A_ROLE = (
    READERS
    | (ATTENDS - {"seat ended"})
    | {"seat ended", "it administrator", "adviser", "caseworker elsewhere"}
    | {"administrator elsewhere"}
)
#: Who may open a page about this sitting and its item.
PAGES: dict[str, set[str]] = {
    "panels_home": MANAGES | {"manager elsewhere", "administrator elsewhere"},
    "panels_mine": ATTENDS,
    "panels_answer": COMES | {"declined"},
    "panels_agenda": COMES,
    "panels_agenda_item": READS,
    "panels_agenda_paper": READS,
    "panels_agenda_note": READS,
    "panels_agenda_interest": READS,
    "panels_define": MANAGES | {"manager elsewhere", "administrator elsewhere"},
    "panels_panel": MANAGES,
    "panels_close": MANAGES,
    "panels_terms": MANAGES,
    "panels_version": MANAGES,
    "panels_seat": MANAGES,
    "panels_end_seat": MANAGES,
    "panels_schedule": MANAGES,
    "panels_arrange": MANAGES,
    "panels_sitting": MANAGES,
    "panels_pack": READS | MANAGES,
    "panels_papers": MANAGES,
    "panels_compare": MANAGES,
    "panels_refer": PREPARES,
    "panels_item": PREPARES,
    "panels_item_paper": PREPARES,
    "panels_clear_paper": PREPARES,
    "panels_recall": PREPARES,
    "panels_take_off": {"administrator", "manager"},
    "panels_change": MANAGES,
    "panels_cancel": MANAGES,
    "panels_book": MANAGES,
    "panels_turn": MANAGES,
    "panels_release": MANAGES,
    "panels_delegation": {"manager", "manager elsewhere"},
    "panels_delegate": {"manager"},
    "panels_end_delegation": {"manager"},
    "panels_decisions": STAFF
    | {"chair", "chair of others", "manager elsewhere", "caseworker elsewhere", "chair elsewhere"},
    "panels_decision": READERS,
    "panels_decide": {"manager"},
    "panels_decide_outside": READERS,  # what is decided, and for whom it is to decide, the form
    "panels_actions": HAS_A_ROLE,
    "panels_action_done": PREPARES | {"dco"},
    "panels_outside": CHAIRS,
    "panels_note": CHAIRS,
    "panels_minutes": READS | MANAGES,
    "panels_minutes_remarks": CHAIRS | MANAGES,
    "panels_minutes_sign": CHAIRS,
    "panels_minutes_file": READS | MANAGES,
    "panels_letters": PREPARES
    | {"manager elsewhere", "caseworker elsewhere", "administrator elsewhere"},
    "panels_letter": PREPARES,
    "panels_letter_to": PREPARES,
    "panels_letter_otherwise": PREPARES,
    "panels_letter_details": MANAGES,
    "panels_figures": FIGURES,
    "panels_figures_table": FIGURES,
    "panels_figures_cases": FIGURES,
    "panels_chair": CHAIRS,
    "panels_chair_open": CHAIRS,
    "panels_chair_end": CHAIRS,
    "panels_chair_room": CHAIRS,
    "panels_chair_now": CHAIRS,
    "panels_chair_item": CHAIRS,
    "panels_chair_draft": CHAIRS,
    "panels_chair_defer": CHAIRS,
    "panels_chair_take_off": CHAIRS,
    "panels_chair_correct": CHAIRS,
    "panels_chair_action": CHAIRS,
    "panels_chair_interest": CHAIRS,
}
#: Pages about the one case, and who is left on them when it is restricted.
ON_RESTRICTED: dict[str, set[str]] = {
    "panels_pack": {"named", "manager"},
    # Without what it says of the case.
    "panels_minutes": {"named", "chair"} | MANAGES,
    "panels_minutes_file": {"named", "chair"} | MANAGES,
    **{name: {"named"} for name in PAGES if name.startswith("panels_agenda_")},
    **{
        f"panels_chair_{deed}": set[str]()
        for deed in ("item", "draft", "defer", "take_off", "correct", "action", "interest")
    },
    **{
        f"panels_{name}": {"caseworker", "manager"}
        for name in ("refer", "item", "item_paper", "clear_paper", "recall", "decide_outside")
    },
}
#: Who may, of commands on the sitting or the item as a whole.
MAY: dict[str, set[str]] = {
    "send_papers": MANAGES,
    "open_sitting": CHAIRS,
    "come": MANAGES | CHAIRS,
    "leave": MANAGES | CHAIRS,
    "end_sitting": CHAIRS,
    "change_sitting": MANAGES,
    "book": MANAGES,
    "ask_next": MANAGES,
    "release": MANAGES,
    "answer": COMES | {"declined"},
    "declare_conflict": READS | MANAGES,
    "recommend": CHAIRS,
    "correct_recommendation": CHAIRS,
    "defer": CHAIRS,
    "take_off": CHAIRS | MANAGES,
    "record_action": CHAIRS | MANAGES,
    "write_remarks": CHAIRS | MANAGES,
    "sign_minutes": CHAIRS,
    "choose_papers": PREPARES,
    "add_late_papers": PREPARES,
    "clear_paper": PREPARES,
    "recall_paper": PREPARES,
}
#: Where the case is restricted: the chair is not named on it, one member and the manager are.
MAY_ON_RESTRICTED: dict[str, set[str]] = MAY | {
    "declare_conflict": {"named", "chair"} | MANAGES,
    "recommend": set(),
    "correct_recommendation": set(),
    "defer": set(),
    "take_off": MANAGES,
    "record_action": MANAGES,
    "choose_papers": {"caseworker", "manager"},
    "add_late_papers": {"caseworker", "manager"},
    # The administrator takes back what must not be read, whosever it is.
    "clear_paper": {"caseworker", "manager", "administrator"},
    "recall_paper": {"caseworker", "manager", "administrator"},
}

Act = Callable[[Cast, User], Any]
_SAID: dict[str, Any] = {"outcome": "assess", "reasons": "She cannot read.", "on": SITS}
_OUTSIDE: dict[str, Any] = {
    "question": "assess", "evidence_for": "Advice.", "outside": "urgent", "outside_because": "Now.",
}  # fmt: skip
#: Commands that are plain functions: who may, and how they are called.
ACTS: dict[str, tuple[set[str], Act]] = {
    "define_panel": (
        MANAGES,
        lambda cast, by: defining.define_panel(
            cast.board.authority, name="Another", kind="assess", by=by
        ),
    ),
    "agree_terms": (
        MANAGES,
        lambda cast, by: defining.agree_terms(
            cast.board.panel,
            in_force_from=SITS,
            by=by,
            purpose="To advise.",
            agreed_by="Board",
            questions=["assess"],
            frequency="weekly",
            paper_days=5,
            least_present=1,
            quorum={},
            standing_items=[],
        ),
    ),
    "seat_member": (
        MANAGES,
        lambda cast, by: defining.seat_member(
            cast.board.panel, user=cast.people["manager"], seat="finance", starts_on=SITS, by=by
        ),
    ),
    "end_seat": (
        MANAGES,
        lambda cast, by: defining.end_seat(cast.booking("member").member, on=SITS, by=by),
    ),
    "close_panel": (
        MANAGES,
        lambda cast, by: defining.close_panel(cast.board.panel, on=date(2027, 1, 4), by=by),
    ),
    "delegate": (
        {"manager"},
        lambda cast, by: defining.delegate(
            cast.board.authority,
            officer=cast.people["chair"],
            questions=["assess"],
            source="Paragraph 9",
            starts_on=SITS,
            by=by,
        ),
    ),
    "end_delegation": (
        {"manager"},
        lambda cast, by: defining.end_delegation(cast.delegation, on=SITS, by=by),
    ),
    "arrange_term": (
        MANAGES,
        lambda cast, by: scheduling.arrange_term(
            cast.board.panel, days=[date(2026, 3, 4)], details=scheduling.Details(time(9)), by=by
        ),
    ),
    "cancel_sitting": (
        MANAGES,
        lambda cast, by: cancel_sitting(
            cast.sitting, because="Snow.", moves={cast.item.pk: cast.other_sitting}, by=by
        ),
    ),
    "refer": (
        STAFF | {"administrator"},
        lambda cast, by: referring.refer(
            cast.assessment, sitting=cast.other_sitting, question="assess", by=by
        ),
    ),
    "decide": ({"manager"}, lambda cast, by: deciding.decide(cast.item, by=by, **_SAID)),
    "decide_outside": (
        {"manager"},
        lambda cast, by: deciding.decide_outside(cast.assessment, by=by, **_SAID, **_OUTSIDE),
    ),
    # Past the first door, which is that of a recommendation, a delegation is asked for.
    "recommend_and_decide": (
        CHAIRS,
        lambda cast, by: recommend_and_decide(
            cast.item, outcome="assess", reasons="She cannot read.", evidence_for="Advice.", by=by
        ),
    ),
    "finish_action": (
        STAFF | {"administrator", "dco"},
        lambda cast, by: finish_action(cast.action, outcome="Done.", by=by),
    ),
    "take_note": (
        CHAIRS,
        lambda cast, by: take_note(cast.decision, sitting=cast.sitting, by=by),
    ),
    "make_letter": (
        PREPARES,
        lambda cast, by: letters.make_letter(
            cast.letter, cast.parent.pk, letters.Going(SITS, "post"), by=by
        ),
    ),
    "tell_otherwise": (
        PREPARES,
        lambda cast, by: letters.tell_otherwise(cast.letter, because="By hand.", by=by),
    ),
    "record_details": (
        MANAGES,
        lambda cast, by: letters.record_details(cast.board.authority, {"name": "We"}, by=by),
    ),
    "save_draft": (CHAIRS, lambda cast, by: save_draft(cast.item, {"reasons": "x"}, by=by)),
    "write_note": (READS, lambda cast, by: write_note(cast.item, "x", seen="", by=by)),
}
ACTS_ON_RESTRICTED: dict[str, set[str]] = {name: people for name, (people, _) in ACTS.items()} | {
    "refer": {"caseworker", "manager"},
    "recommend_and_decide": set(),
    "finish_action": {"caseworker", "manager", "dco"},
    "save_draft": set(),
    "write_note": {"named"},
}


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
        pk = cast.letter.pk if name.startswith("panels_letter") else pk
        return {
            "panel": cast.board.panel.pk,
            "number": 1,
            "member": cast.booking("member").member_id,
            "pk": pk,
            "decision": cast.decision.pk,
            "key": cast.parent.pk,
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
