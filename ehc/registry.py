"""The one place where other apps plug into the core.

The core cannot import the apps above it; they hand it what they want called.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ehc.models import Case, CaseEvent

EventHandler = Callable[["CaseEvent", "Case"], None]

LimitsHandler = Callable[[datetime], None]

_event_handlers: list[EventHandler] = []
_limits_handlers: list[LimitsHandler] = []


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
