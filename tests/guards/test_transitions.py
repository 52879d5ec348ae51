"""Each transition of the law's state machine is called by one command, worded and tested."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

from ehc.commands import COMMANDS
from ehc.events import EVENT_KINDS
from ehc.models.process import PROXIES

ROOT: Path = settings.ROOT


def transitions() -> set[str]:
    """The names of every transition of every legal process."""
    found: set[str] = set()
    for proxy in PROXIES.values():
        found |= {t.name for t in proxy._meta.get_field("status").get_all_transitions(proxy)}
    return found


@dataclass
class Step:
    """What the source of one command does."""

    name: str
    calls: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)


def steps() -> dict[str, Step]:
    """Every step in the commands, with the transitions it calls and the events it writes."""
    found = {}
    for path in sorted(ROOT.glob("*/commands/*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef):
                step = found[node.name] = Step(node.name)
                for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
                    _note(call, step)
    return found


def _note(call: ast.Call, step: Step) -> None:
    if isinstance(call.func, ast.Attribute) and call.func.attr in transitions():
        step.calls.add(call.func.attr)
    if isinstance(call.func, ast.Name) and call.func.id == "Entry" and call.args:
        kind = call.args[0]
        assert isinstance(kind, ast.Constant), f"{step.name} writes an event of no fixed kind."
        step.events.add(str(kind.value))


def callers_outside_the_commands() -> Iterator[str]:
    for folder in ("ehc", "notifications", "advice", "panels"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.parent == ROOT / "ehc" / "commands":
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                    continue
                # `commands.agree_to_assess(…)` is the command itself, not the transition.
                of_commands = isinstance(node.func.value, ast.Name) and (
                    node.func.value.id == "commands"
                )
                if node.func.attr in transitions() and not of_commands:
                    yield f"{path.relative_to(ROOT)}:{node.lineno} calls {node.func.attr}"


def test_there_are_transitions_to_guard() -> None:
    assert {"agree_to_assess", "finalise", "withdraw", "cease"} <= transitions()


@pytest.mark.parametrize("transition", sorted(transitions()))
def test_each_transition_has_one_command_with_its_wording(transition: str) -> None:
    callers = [step for step in steps().values() if transition in step.calls]
    assert [s.name for s in callers if s.name in COMMANDS] == [s.name for s in callers]
    (caller,) = callers
    assert len(caller.events) == 1
    (kind,) = caller.events
    assert EVENT_KINDS[kind].title
    assert COMMANDS[caller.name].title


@pytest.mark.parametrize("transition", sorted(transitions()))
def test_each_transition_s_command_is_named_in_a_test(transition: str) -> None:
    (caller,) = (step.name for step in steps().values() if transition in step.calls)
    tests = [
        path
        for path in (ROOT / "tests").rglob("test_*.py")
        if "guards" not in path.parts and f"commands.{caller}" in path.read_text()
    ]
    assert tests, f"No test names commands.{caller}."


def test_nothing_but_a_command_moves_the_status() -> None:
    assert list(callers_outside_the_commands()) == []


def test_every_event_written_has_its_words() -> None:
    written = set[str]().union(*(step.events for step in steps().values()))
    assert written - set(EVENT_KINDS) == set()


def test_every_command_appends_exactly_one_event() -> None:
    """One kind of event each; the wording of the button is there too."""
    for name, command in COMMANDS.items():
        assert len(steps()[name].events) == 1, name
        assert command.title, name
