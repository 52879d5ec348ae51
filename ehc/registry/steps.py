"""The core’s own steps: what is to be known before one, and where it is taken instead."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ehc.registry.once import added

if TYPE_CHECKING:
    from ehc.models import Case
    from ehc.queries.shown import ShownCase


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a step is taken on a case: the name of a page, and why not by the core’s own step.

    Without a reason the page is only where the step’s button leads; with one, the command itself
    refuses in these words.
    """

    page: str
    why: str = ""


StepSource = Callable[["ShownCase", str], Iterable[str]]
#: `rule(case, today, details)`; no details where only the button of the step is asked about.
StepRule = Callable[["Case", date, Mapping[str, Any]], "Elsewhere | None"]

_step_sources: list[StepSource] = []
_step_pages: dict[str, str] = {}
_step_rules: dict[str, StepRule] = {}
_service_pages: dict[str, tuple[str, str]] = {}


def before_step(source: StepSource) -> StepSource:
    """Ask `source(shown, step)` what staff must know before they take a step, by its name.

    Its sentences warn and refuse nothing: what the law forbids, the command refuses.
    """
    return added(_step_sources, source)


def warnings_before(shown: "ShownCase", step: str) -> list[str]:
    """What staff must know before they take that step, one sentence each."""
    return [words for source in _step_sources for words in source(shown, step)]


def take_step_at(command: str, page: str) -> None:
    """Let a step of the core be taken on a page of another app, by the page’s name."""
    _step_pages[command] = page


def step_page(command: str) -> str | None:
    """The page on which a step is taken; None for the core’s own."""
    return _step_pages.get(command)


def on_step(command: str, rule: StepRule) -> None:
    """Ask `rule(case, today, details)` where a step is taken on that case; None for the core.

    `details` are what the command is given, so that a step may be taken here for one reason and
    elsewhere for another; there are none where only the button of the step is asked about.
    """
    _step_rules[command] = rule


def step_elsewhere(
    command: str, case: "Case", today: date, details: Mapping[str, Any] = MappingProxyType({})
) -> Elsewhere | None:
    """Where a step is taken on this case instead; None where the core’s own step holds."""
    rule = _step_rules.get(command)
    return rule(case, today, details) if rule is not None else None


def services_take_step_at(command: str, page: str, words: str) -> None:
    """Let the people of a service do their part of a step on a page of another app.

    Staff of the authority take the step itself; `words` are what the button says to a service.
    """
    _service_pages[command] = (page, words)


def service_page(command: str) -> tuple[str, str] | None:
    """Where the people of a service do their part of a step, and the words of its button."""
    return _service_pages.get(command)
