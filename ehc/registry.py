"""The one place where other apps plug into the core.

The core cannot import the apps above it; they hand it what they want called.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from django.contrib.auth.models import AnonymousUser

    from ehc.history import History
    from ehc.models import Case, CaseEvent, DocumentVersion, Organisation, User
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


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where a step is taken on a case: the name of a page, and why not by the core’s own step.

    Without a reason the page is only where the step’s button leads; with one, the command itself
    refuses in these words.
    """

    page: str
    why: str = ""


StepRule = Callable[["Case", date], "Elsewhere | None"]
_step_pages: dict[str, str] = {}
_step_rules: dict[str, StepRule] = {}
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


def on_step(command: str, rule: StepRule) -> None:
    """Ask `rule(case, today)` where a step of the core is taken on that case; None for the core."""
    _step_rules[command] = rule


def step_elsewhere(command: str, case: "Case", today: date) -> Elsewhere | None:
    """Where a step is taken on this case instead; None where the core’s own step holds."""
    rule = _step_rules.get(command)
    return rule(case, today) if rule is not None else None


def services_take_step_at(command: str, page: str, words: str) -> None:
    """Let the people of a service do their part of a step on a page of another app.

    Staff of the authority take the step itself; `words` are what the button says to a service.
    """
    _service_pages[command] = (page, words)


def service_page(command: str) -> tuple[str, str] | None:
    """Where the people of a service do their part of a step, and the words of its button."""
    return _service_pages.get(command)


@dataclass(frozen=True, slots=True)
class CasePaper:
    """Something of a case that can be put before a panel, or that is wanted and is not here yet.

    A file has its `version`; what is no file (the answers of a form) is typeset by `render` when it
    is chosen, and `text` are its words. With neither it is missing, and `wants` says what is.
    """

    #: What it is in its source, for good: `advice:12`.
    key: str
    title: str
    #: Where it comes from and how it stands: “given on 3 May 2026, accepted on 9 May 2026”.
    about: str = ""
    version: "DocumentVersion | None" = None
    render: Callable[[], bytes] | None = None
    text: str = ""
    #: What is still to come or to be done with it, as a sentence; empty when nothing is.
    wants: str = ""
    #: For papers of the assessment; the question whether to assess is asked before there are any.
    of_assessment: bool = True

    @property
    def is_here(self) -> bool:
        """True when it can be read, and so be put before a panel."""
        return self.version is not None or self.render is not None


PaperSource = Callable[["Case", date], "Iterable[CasePaper]"]
SummarySource = Callable[["Case"], "Iterable[tuple[str, str]]"]
#: Why a file of that type must not be kept, as a sentence; empty when it may.
FileChecker = Callable[["Path", str], str]
#: The text of a stored file of that type; None when it cannot be read now.
FileReader = Callable[["Path", str], "str | None"]
_paper_sources: list[PaperSource] = []
_summary_sources: list[SummarySource] = []
_file_readers: list[FileReader] = []
_file_checkers: list[FileChecker] = []


def on_papers(source: PaperSource) -> PaperSource:
    """Ask `source(case, today)` for what can be put before a panel, and for what is missing."""
    if source not in _paper_sources:
        _paper_sources.append(source)
    return source


def papers_from_apps(case: "Case", today: date) -> "list[CasePaper]":
    """What the apps offer of a case, in the order in which they were registered."""
    return [paper for source in _paper_sources for paper in source(case, today)]


def on_summary(source: SummarySource) -> SummarySource:
    """Ask `source(case)` for lines of the summary of a case: what, and what stands on record."""
    if source not in _summary_sources:
        _summary_sources.append(source)
    return source


def summary_from_apps(case: "Case") -> list[tuple[str, str]]:
    """What the apps add to the summary of a case."""
    return [line for source in _summary_sources for line in source(case)]


def reads_files(reader: FileReader) -> FileReader:
    """Let `reader(path, media_type)` read the text of files that came from outside."""
    if reader not in _file_readers:
        _file_readers.append(reader)
    return reader


def text_of_file(path: "Path", media_type: str) -> str | None:
    """The text of a file, empty for one without (a scan); None when nobody can read it now."""
    for reader in _file_readers:
        if (text := reader(path, media_type)) is not None:
            return text
    return None


@dataclass(frozen=True, slots=True)
class YoungParty:
    """Who uses the rights of a young person, as it was recorded.

    `own` is the young person’s own row among the representatives, None when others act for them;
    `acting` are the representatives who act with or for them.
    """

    own: "int | None"
    acting: frozenset[int]
    lacks_capacity: bool


PartySource = Callable[["Case"], "YoungParty | None"]
_party_sources: list[PartySource] = []


def on_young_party(source: PartySource) -> PartySource:
    """Ask `source(case)` who uses a young person’s rights; None while nothing is recorded."""
    if source not in _party_sources:
        _party_sources.append(source)
    return source


def young_party(case: "Case") -> YoungParty | None:
    """Who uses the rights of the young person of a case; None while nobody recorded it."""
    found = (source(case) for source in _party_sources)
    return next((party for party in found if party is not None), None)


def checks_files(checker: FileChecker) -> FileChecker:
    """Let `checker(path, media_type)` look into every file that somebody adds to a case.

    It may raise `Refused` when it cannot look now.
    """
    if checker not in _file_checkers:
        _file_checkers.append(checker)
    return checker


def why_not_kept(path: "Path", media_type: str) -> str:
    """Why a file must not be kept, as a sentence; empty when nothing speaks against it."""
    found = (checker(path, media_type) for checker in _file_checkers)
    return next((words for words in found if words), "")
