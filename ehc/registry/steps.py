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


@dataclass(frozen=True, slots=True)
class Way:
    """A button of the case page that leads to a page of another app: its words and its address."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Ways:
    """What comes next on a case as another app knows it, in place of steps of the core.

    Of `lead` the first is the main button; with none the steps that are left lead. `later` is
    possible already and does not come next. `told` are sentences that say where things stand,
    `missing` what is still wanted, one each; `warning` is what nobody may overlook, in a few words
    and in a sentence.
    """

    instead_of: frozenset[str]
    lead: tuple[Way, ...] = ()
    later: tuple[Way, ...] = ()
    told: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    warning: tuple[str, str] | None = None


WaysSource = Callable[["ShownCase"], "Ways | None"]
StepSource = Callable[["ShownCase", str], Iterable[str]]
#: `rule(case, today, details)`; no details where only the button of the step is asked about.
StepRule = Callable[["Case", date, Mapping[str, Any]], "Elsewhere | None"]

_step_sources: list[StepSource] = []
_ways_sources: list[WaysSource] = []
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


def on_ways(source: WaysSource) -> WaysSource:
    """Ask `source(shown)` what comes next on a case; None where the core’s own steps do."""
    return added(_ways_sources, source)


def ways_for(shown: "ShownCase") -> Ways | None:
    """What comes next on the case as the first app says that knows it; None for the core’s own."""
    found = (source(shown) for source in _ways_sources)
    return next((ways for ways in found if ways is not None), None)


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
