"""Notices: their words, and who takes them to people."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ehc.registry.once import added

if TYPE_CHECKING:
    from ehc.models import Case, Organisation, User


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
    return added(_notice_sinks, sink)


def queue_notices(notices: Iterable[Notice], *, at: datetime) -> None:
    """Queue notices: rows in this transaction, sent after it."""
    queued = list(notices)
    for sink in _notice_sinks if queued else ():
        sink(queued, at)
