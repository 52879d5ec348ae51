"""What is called for the record: events, histories, limits that fall due, truth; demonstrations."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from ehc.registry.once import added

if TYPE_CHECKING:
    from ehc.history import History
    from ehc.models import Case, CaseEvent

EventHandler = Callable[["CaseEvent", "Case"], None]
HistoriesHandler = Callable[["Iterable[History]"], None]
LimitsHandler = Callable[[datetime], None]
#: Yields every difference, one sentence each.
Truth = Callable[[], Iterator[str]]

_event_handlers: list[EventHandler] = []
_histories_handlers: list[HistoriesHandler] = []
_limits_handlers: list[LimitsHandler] = []
_truths: list[Truth] = []
_demonstrations: list[str] = []


def on_event(handler: EventHandler) -> EventHandler:
    """Call `handler(event, case)` in the transaction of every command. Handlers write rows only."""
    return added(_event_handlers, handler)


def handle(event: "CaseEvent", case: "Case") -> None:
    """Hand an event to every handler, in the order they were registered."""
    for handler in _event_handlers:
        handler(event, case)


def on_histories(handler: HistoriesHandler) -> HistoriesHandler:
    """Call `handler(histories)` when whole histories are written, before their parties are.

    It writes the rows that its `on_event` handler would have written for each event.
    """
    return added(_histories_handlers, handler)


def handle_histories(histories: "Iterable[History]") -> None:
    """Hand histories to every handler; their cases, processes and events are saved."""
    for handler in _histories_handlers:
        handler(histories)


def on_limits_due(handler: LimitsHandler) -> LimitsHandler:
    """Call `handler(noticed_at)` after a sweep wrote notices of limits that fall due."""
    return added(_limits_handlers, handler)


def handle_limits_due(noticed_at: datetime) -> None:
    """Tell every handler of the notices written at that moment."""
    for handler in _limits_handlers:
        handler(noticed_at)


def on_check_truth(truth: Truth) -> Truth:
    """Let `truth()` be asked whenever the truth of the whole database is checked."""
    return added(_truths, truth)


def differences() -> Iterator[str]:
    """What other apps find to differ in their own rows."""
    for truth in _truths:
        yield from truth()


def on_demonstration(module: str) -> None:
    """Let that module add to demonstrations (`ehc.demo.additions`); it is loaded only for one."""
    added(_demonstrations, module)


def demonstrations() -> list[str]:
    """The modules that add to a demonstration."""
    return list(_demonstrations)
