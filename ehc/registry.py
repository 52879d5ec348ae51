"""The one place where other apps plug into the core.

The core cannot import the apps above it; they hand it what they want called.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ehc.models import Case, CaseEvent

EventHandler = Callable[["CaseEvent", "Case"], None]

LimitsHandler = Callable[[datetime], None]


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence that the page of a case begins with, and where to do something about it."""

    words: str
    address: str


AlertSource = Callable[["Case"], Iterable[Alert]]

_event_handlers: list[EventHandler] = []
_limits_handlers: list[LimitsHandler] = []
_alert_sources: list[AlertSource] = []


def on_event(handler: EventHandler) -> EventHandler:
    """Call `handler(event, case)` in the transaction of every command. Handlers write rows only."""
    if handler not in _event_handlers:
        _event_handlers.append(handler)
    return handler


def handle(event: "CaseEvent", case: "Case") -> None:
    """Hand an event to every handler, in the order they were registered."""
    for handler in _event_handlers:
        handler(event, case)


def on_limits_due(handler: LimitsHandler) -> LimitsHandler:
    """Call `handler(noticed_at)` after a sweep wrote notices of limits that fall due."""
    if handler not in _limits_handlers:
        _limits_handlers.append(handler)
    return handler


def handle_limits_due(noticed_at: datetime) -> None:
    """Tell every handler of the notices written at that moment."""
    for handler in _limits_handlers:
        handler(noticed_at)


def on_case_page(source: AlertSource) -> AlertSource:
    """Ask `source(case)` for what staff must be told first when they open a case."""
    if source not in _alert_sources:
        _alert_sources.append(source)
    return source


def alerts_for(case: "Case") -> list[Alert]:
    """What staff who work on the case must be told first; not for services. One query a source."""
    return [alert for source in _alert_sources for alert in source(case)]
