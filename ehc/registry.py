"""The one place where other apps plug into the core.

The core cannot import the apps above it; they hand it what they want called.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ehc.history import History
    from ehc.models import Case, CaseEvent, Organisation, User
    from ehc.queries.shown import ShownCase

EventHandler = Callable[["CaseEvent", "Case"], None]

LimitsHandler = Callable[[datetime], None]

#: Yields every difference, one sentence each.
Truth = Callable[[], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence that the page of a case begins with, and where to do something about it."""

    words: str
    address: str


AlertSource = Callable[["ShownCase"], Iterable[Alert]]

StepSource = Callable[["ShownCase", str], Iterable[str]]

HistoriesHandler = Callable[["Iterable[History]"], None]

_event_handlers: list[EventHandler] = []
_histories_handlers: list[HistoriesHandler] = []
_limits_handlers: list[LimitsHandler] = []
_truths: list[Truth] = []
_demonstrations: list[str] = []
_alert_sources: list[AlertSource] = []
_step_sources: list[StepSource] = []


def on_event(handler: EventHandler) -> EventHandler:
    """Call `handler(event, case)` in the transaction of every command. Handlers write rows only."""
    if handler not in _event_handlers:
        _event_handlers.append(handler)
    return handler


def handle(event: "CaseEvent", case: "Case") -> None:
    """Hand an event to every handler, in the order they were registered."""
    for handler in _event_handlers:
        handler(event, case)


def on_histories(handler: HistoriesHandler) -> HistoriesHandler:
    """Call `handler(histories)` when whole histories are written, before their parties are.

    It writes the rows that its `on_event` handler would have written for each event.
    """
    if handler not in _histories_handlers:
        _histories_handlers.append(handler)
    return handler


def handle_histories(histories: "Iterable[History]") -> None:
    """Hand histories to every handler; their cases, processes and events are saved."""
    for handler in _histories_handlers:
        handler(histories)


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
    """Ask `source(shown)` for what staff must be told first when they open a case."""
    if source not in _alert_sources:
        _alert_sources.append(source)
    return source


def alerts_for(shown: "ShownCase") -> list[Alert]:
    """What staff who work on the case must be told first; not for services. One query a source."""
    return [alert for source in _alert_sources for alert in source(shown)]


def before_step(source: StepSource) -> StepSource:
    """Ask `source(shown, step)` what staff must know before they take a step, by its name.

    Its sentences warn and refuse nothing: what the law forbids, the command refuses.
    """
    if source not in _step_sources:
        _step_sources.append(source)
    return source


def warnings_before(shown: "ShownCase", step: str) -> list[str]:
    """What staff must know before they take that step, one sentence each."""
    return [words for source in _step_sources for words in source(shown, step)]


def on_check_truth(truth: Truth) -> Truth:
    """Let `truth()` be asked whenever the truth of the whole database is checked."""
    if truth not in _truths:
        _truths.append(truth)
    return truth


def differences() -> Iterator[str]:
    """What other apps find to differ in their own rows."""
    for truth in _truths:
        yield from truth()


def on_demonstration(module: str) -> None:
    """Let that module add to demonstrations (`ehc.demo.additions`); it is loaded only for one."""
    if module not in _demonstrations:
        _demonstrations.append(module)


def demonstrations() -> list[str]:
    """The modules that add to a demonstration."""
    return list(_demonstrations)


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """The words of a kind of notice. They say nothing about a child: a mailbox is no safe place.

    `{reference}` is the reference of the case, `{count}` of how many things it tells; `path` is the
    page that the notice leads to. Where that page is for one recipient only, `path_for` words it
    when the notice is sent, so that no secret waits in the outbox.
    """

    code: str
    subject: str
    body: str
    path: str
    path_for: "Callable[[Organisation | None], str] | None" = None


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: to a person, or to a service; without either, to whoever holds the case.

    A service is told at its mailbox, or where it has none its leads are; `to_leads` and
    `to_director` turn to those instead.
    """

    kind: str
    case: "Case | None" = None
    user: "User | None" = None
    organisation: "Organisation | None" = None
    to_leads: bool = False
    to_director: bool = False
    #: How many things it tells at once; then it is about no one case.
    count: int = 1


NOTICE_KINDS: dict[str, NoticeKind] = {}
NoticeSink = Callable[[Iterable[Notice], datetime], None]
_notice_sinks: list[NoticeSink] = []


def notice_kinds(*kinds: NoticeKind) -> None:
    """Add the notices of an app."""
    NOTICE_KINDS.update({kind.code: kind for kind in kinds})


def takes_notices(sink: NoticeSink) -> NoticeSink:
    """Hand every queued notice to `sink(notices, at)`, in the transaction that queues it."""
    if sink not in _notice_sinks:
        _notice_sinks.append(sink)
    return sink


def queue_notices(notices: Iterable[Notice], *, at: datetime) -> None:
    """Queue notices: rows in this transaction, sent after it."""
    queued = list(notices)
    for sink in _notice_sinks if queued else ():
        sink(queued, at)


@dataclass(frozen=True, slots=True)
class CaseSection:
    """A part of the case page that another app fills: its anchor, title, template and values."""

    anchor: str
    title: str
    template: str
    values: dict[str, Any]


SectionSource = Callable[["ShownCase"], "CaseSection | None"]
MenuSource = Callable[["User | AnonymousUser", date], Iterable[tuple[str, str]]]
_section_sources: list[SectionSource] = []
_menu_sources: list[MenuSource] = []
_step_pages: dict[str, str] = {}
_service_pages: dict[str, tuple[str, str]] = {}


def on_case_sections(source: SectionSource) -> SectionSource:
    """Ask `source(shown)` for a part of the case page; None for none."""
    if source not in _section_sources:
        _section_sources.append(source)
    return source


def sections_for(shown: "ShownCase") -> list[CaseSection]:
    """The parts of the case page that other apps fill, for this person."""
    found = (source(shown) for source in _section_sources)
    return [section for section in found if section is not None]


def on_menu(source: MenuSource) -> MenuSource:
    """Ask `source(user, today)` for entries of the menu: words and the name of a page."""
    if source not in _menu_sources:
        _menu_sources.append(source)
    return source


def menu_entries(user: "User | AnonymousUser", today: date) -> list[tuple[str, str]]:
    """The entries of the menu that other apps add, for this person."""
    return [entry for source in _menu_sources for entry in source(user, today)]


def take_step_at(command: str, page: str) -> None:
    """Let a step of the core be taken on a page of another app, by the page’s name."""
    _step_pages[command] = page


def step_page(command: str) -> str | None:
    """The page on which a step is taken; None for the core’s own."""
    return _step_pages.get(command)


def services_take_step_at(command: str, page: str, words: str) -> None:
    """Let the people of a service do their part of a step on a page of another app.

    Staff of the authority take the step itself; `words` are what the button says to a service.
    """
    _service_pages[command] = (page, words)


def service_page(command: str) -> tuple[str, str] | None:
    """Where the people of a service do their part of a step, and the words of its button."""
    return _service_pages.get(command)
