"""What waits for a decision of an officer, what was decided, and what a panel has still to note."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from ehc.models import Case, LegalProcess, User
from ehc.permissions import staff_roles_on, visible_to
from panels.commands.referring import legal_date
from panels.models import (
    Decision,
    Delegation,
    Item,
    Recommendation,
    Seat,
    Sitting,
)
from panels.permissions import delegations_in_force, has_interest, interests_of
from panels.questions import is_asked

_MOST = 200
_RECENT = 20


@dataclass(frozen=True, slots=True)
class Awaiting:
    """An item on which a panel has spoken, with the last lawful day as it is now.

    `days_left` is negative when it has passed, None where no limit of law runs.
    """

    item: Item
    due: date | None
    days_left: int | None


def held_by(user: User, today: date) -> list[Delegation]:
    """The delegations that the user holds today."""
    rows = delegations_in_force(today).filter(officer=user)
    return list(rows.select_related("authority").order_by("pk"))


def awaiting(user: User, held: Sequence[Delegation], today: date) -> list[Awaiting]:
    """The items that wait for a decision that the user may take, nearest legal date first.

    One statement. An item in whose matter they declared an interest is not theirs, nor one whose
    question is not asked any more.
    """
    if not held:
        return []
    rows = _with_all(_recommended(user, held, today)).order_by("heard_at", "pk")[:_MOST]
    found = []
    for item in rows:
        if not is_asked(item.question, item.process, item.case):
            continue
        due = legal_date(item.process, item.question)
        found.append(Awaiting(item, due, (due - today).days if due else None))
    return sorted(found, key=lambda row: row.due or date.max)


def _recommended(user: User, held: Sequence[Delegation], today: date) -> QuerySet[Item]:
    theirs = Q(pk__in=())
    for each in held:
        theirs |= Q(case__authority=each.authority_id, question__in=each.questions)
    return Item.objects.filter(
        theirs,
        ~Q(process__in=interests_of(user)),
        status=Item.Status.RECOMMENDED,
        case__in=visible_to(user, today),
    )


def _with_all(rows: QuerySet[Item]) -> QuerySet[Item]:
    return rows.select_related(
        "case__person",
        "case__authority",
        "process",
        "recommendation__by",
        "recommendation__corrects",
        "sitting__panel",
        "sitting__terms",
        "sitting__chair",
    )


def find_item(user: User, pk: int, today: date) -> Item | None:
    """The item with what the panel recorded, if the user sees its case and is not shut out."""
    rows = _with_all(Item.objects.filter(pk=pk, case__in=visible_to(user, today)))
    item = rows.prefetch_related("actions__owner", "actions__organisation").first()
    if item is None or not staff_roles_on(user, item.case, today):
        return None
    return None if has_interest(user, item.process_id) else item


def recent_of(user: User, today: date) -> list[Decision]:
    """What the user has decided, the newest first; one statement."""
    rows = Decision.objects.filter(
        by=user, delegation__isnull=False, case__in=visible_to(user, today)
    )
    rows = rows.select_related("case__person", "item__sitting__panel")
    return list(rows.order_by("-at", "-pk")[:_RECENT])


def find_decision(user: User, pk: int, today: date) -> Decision | None:
    """The decision, if the user sees its case as staff and has no interest in its matter."""
    found = (
        Decision.objects.filter(pk=pk, case__in=visible_to(user, today))
        .select_related(
            "case__person",
            "case__authority",
            "case__owner",
            "letter",
            "process",
            "event",
            "by",
            "delegation",
            "item__recommendation__by",
            "item__sitting__panel",
            "item__sitting__terms",
            "ratification__by",
            "ratification__sitting__panel",
        )
        .prefetch_related("item__actions__owner", "item__actions__organisation")
        .first()
    )
    if found is None or not staff_roles_on(user, found.case, today):
        return None
    return None if has_interest(user, found.process_id) else found


def present_in_words(recommendation: Recommendation) -> list[str]:
    """Who took part when the panel spoke, each with the seat."""
    seats = dict(Seat.choices)
    return [
        f"{each['name']}, {_short(seats.get(each['seat'], each['seat']))}"
        + (" (observer)" if each.get("observer") else "")
        for each in recommendation.present
    ]


def _short(seat: str) -> str:
    return seat.partition(":")[0].lower()


def decisions_on(case: Case) -> list[Decision]:
    """The decisions on a case, the newest first; one statement."""
    rows = Decision.objects.filter(case=case).select_related(
        "by", "item__sitting__panel", "ratification__sitting"
    )
    return list(rows.order_by("-on", "-pk"))


def open_item_on(process: LegalProcess, question: str) -> Item | None:
    """The item by which the question is before a sitting now."""
    rows = Item.objects.filter(process=process, question=question, status__in=Item.OPEN)
    return rows.select_related("sitting__panel").first()


#: Why a decision was taken without a sitting of which a sitting takes note; where the scheme asks
#: for no panel there is nothing to take note of.
TO_NOTE = (
    Decision.Outside.NO_SITTING,
    Decision.Outside.URGENT,
    Decision.Outside.TRIBUNAL,
    Decision.Outside.REVERSAL,
)


def to_note(sitting: Sitting, user: User, today: date) -> list[Decision]:
    """The decisions taken without a sitting of which this one is to take note, the oldest first.

    Those on questions that the panel answers by its terms, until a sitting has noted them; of cases
    that the user may see, and in which they have no interest. One statement.
    """
    rows = Decision.objects.filter(
        ~Q(process__in=interests_of(user)),
        case__in=visible_to(user, today),
        case__authority=sitting.panel.authority_id,
        question__in=sitting.terms.questions,
        outside__in=TO_NOTE,
        on__lte=sitting.on,
        ratification__isnull=True,
    )
    return list(rows.select_related("case__person", "by", "delegation").order_by("on", "pk"))


def noted_by(sitting: Sitting, user: User, today: date) -> list[Decision]:
    """What this sitting took note of; one statement."""
    rows = Decision.objects.filter(
        ~Q(process__in=interests_of(user)),
        ratification__sitting=sitting,
        case__in=visible_to(user, today),
    ).select_related("case__person", "by", "ratification__by")
    return list(rows.order_by("ratification__at", "pk"))
