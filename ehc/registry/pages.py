"""What other apps add to the core’s pages: alerts and parts of a case page, and the menu."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ehc.registry.once import added

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ehc.models import User
    from ehc.queries.shown import ShownCase


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence that the page of a case begins with, and where to do something about it."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class CaseSection:
    """A part of the case page that another app fills: its anchor, title, template and values."""

    anchor: str
    title: str
    template: str
    values: dict[str, Any]


AlertSource = Callable[["ShownCase"], Iterable[Alert]]
SectionSource = Callable[["ShownCase"], "CaseSection | None"]
MenuSource = Callable[["User | AnonymousUser", date], Iterable[tuple[str, str]]]

_alert_sources: list[AlertSource] = []
_section_sources: list[SectionSource] = []
_menu_sources: list[MenuSource] = []


def on_case_page(source: AlertSource) -> AlertSource:
    """Ask `source(shown)` for what staff must be told first when they open a case."""
    return added(_alert_sources, source)


def alerts_for(shown: "ShownCase") -> list[Alert]:
    """What staff who work on the case must be told first; not for services. One query a source."""
    return [alert for source in _alert_sources for alert in source(shown)]


def on_case_sections(source: SectionSource) -> SectionSource:
    """Ask `source(shown)` for a part of the case page; None for none."""
    return added(_section_sources, source)


def sections_for(shown: "ShownCase") -> list[CaseSection]:
    """The parts of the case page that other apps fill, for this person."""
    found = (source(shown) for source in _section_sources)
    return [section for section in found if section is not None]


def on_menu(source: MenuSource) -> MenuSource:
    """Ask `source(user, today)` for entries of the menu: words and the name of a page."""
    return added(_menu_sources, source)


def menu_entries(user: "User | AnonymousUser", today: date) -> list[tuple[str, str]]:
    """The entries of the menu that other apps add, for this person."""
    return [entry for source in _menu_sources for entry in source(user, today)]
