"""Referring a case to a sitting: one that is in time, or the reason why none is."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Q

from ehc import moments
from ehc.commands import COMMANDS
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.dates import in_words
from ehc.law import timetable
from ehc.law.facts import Facts
from ehc.models import LegalProcess, User
from ehc.models.process import AssessmentStatus
from ehc.permissions import Action, NotAllowed, can
from panels.commands.base import Deed, lock_sitting, record, refuse
from panels.commands.conflicts import carry_interests
from panels.commands.relisting import fix_sheet_of_late, next_position
from panels.completeness import missing
from panels.models import Item, Sitting
from panels.papers import offered, put
from panels.questions import LIMIT_OF, Question, is_asked
from panels.tasks import wake_comparing


@dataclass(frozen=True, slots=True)
class Fit:
    """A sitting that could hear a case: days to the last lawful day (negative: too late).

    `days_left` is None where no limit of law runs on the question.
    """

    sitting: Sitting
    days_left: int | None
    papers_in_time: bool
    places: int

    @property
    def lawful(self) -> bool:
        """True when the authority could decide in time after it."""
        return self.days_left is None or self.days_left >= 0

    @property
    def has_place(self) -> bool:
        """True when it has room, and time for papers."""
        return self.places > 0 and self.papers_in_time

    @property
    def in_time(self) -> bool:
        """True when it can hear the case in time."""
        return self.lawful and self.has_place


def legal_date(process: LegalProcess, question: str) -> date | None:
    """The last lawful day for the decision on a question; None where no limit runs.

    Worked out from the facts. An exemption moves no date.
    """
    code = LIMIT_OF.get(question)
    due = (d for d in timetable(Facts.from_rows(process.fact_rows())) if d.code == code)
    return next((d.due_on for d in due if d.due_on is not None and not d.replaced_by), None)


def sittings_for(process: LegalProcess, question: str, today: date) -> list[Fit]:
    """The sittings ahead that answer a question, soonest first, each with what it costs in days."""
    due = legal_date(process, question)
    ahead = Sitting.objects.filter(
        panel__authority=process.case.authority_id,
        terms__questions__contains=[question],
        status__in=Sitting.AHEAD,
        on__gte=today,
    ).annotate(taken=Count("items", filter=~Q(items__status__in=Item.GONE)))
    found = []
    for sitting in ahead.select_related("panel", "terms").order_by("on", "starts_at")[:50]:
        found.append(
            Fit(
                sitting,
                (due - sitting.on).days if due else None,
                sitting.status == Sitting.Status.PLANNED and today <= sitting.papers_due_on,
                max(0, sitting.room_for - sitting.taken),
            )
        )
    return found


def refer(
    process: LegalProcess,
    *,
    sitting: Sitting,
    question: str,
    introduction: str = "",
    incomplete_because: str = "",
    too_late_is_known: bool = False,
    papers: Collection[str] = (),
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> Item:
    """Put a question about a case before a sitting.

    For the question whether to issue, a case that stands at advice is referred to panel in the
    same transaction. A sitting after the last lawful day is refused unless the person says that
    they have seen it: the lawful alternative is a decision outside a sitting. `papers` are the keys
    of what is put before the panel; where something is missing, the reason to list the case all the
    same must be given, and where nothing is, none is kept.
    """
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic():
        locked = lock(process)
        case, fresh = locked.case, locked.process
        if token is not None and (done := done_before(token, by=by, case=case)):
            return Item.objects.get(pk=done.data["item"])
        if fresh is None or not can(by, Action.REFER_TO_PANEL, case, today):
            raise NotAllowed("You do not have permission to refer this case to a panel.")
        held = lock_sitting(sitting)
        due = legal_date(fresh, question)
        _check(fresh, held, question, due, too_late_is_known=too_late_is_known)
        offers = offered(case, today)
        chosen = {offer.key: offer for offer in offers if offer.is_here and offer.key in papers}
        lacking = missing(question, offers, chosen)
        if lacking and not incomplete_because.strip():
            refuse(
                "Something is missing. Say why the panel should hear the case all the same.",
                "incomplete_because",
            )
        if question == Question.ISSUE and fresh.status == AssessmentStatus.ADVICE:
            COMMANDS["refer_to_panel"](
                fresh, by=by, today=today, now=now, on=today, sitting_on=held.on
            )
            locked = lock(process)
        item = Item.objects.create(
            sitting=held,
            case=case,
            process=process,
            question=question,
            position=next_position(held),
            referred_by=by,
            referred_at=now,
            legal_due_on=due,
            introduction=introduction.strip(),
            incomplete_because=incomplete_because.strip() if lacking else "",
        )
        carry_interests(item)
        item.case, item.sitting = case, held
        put(item, chosen.values(), by=by, now=now, late=held.status == Sitting.Status.PAPERS_OUT)
        fix_sheet_of_late(item, Deed(by, today, now))
        transaction.on_commit(lambda: wake_comparing(item.pk))
        data = {
            "item": item.pk,
            "question": question,
            "panel": held.panel.name,
            "sitting_on": held.on.isoformat(),
            "too_late": bool(due and held.on > due),
        }
        perform(locked, Entry("listed_for_panel", today, data=data), by=by, now=now, token=token)
        record(held, "item_listed", Deed(by, today, now), {"item": item.pk})
    return item


def _check(
    process: LegalProcess,
    sitting: Sitting,
    question: str,
    due: date | None,
    *,
    too_late_is_known: bool,
) -> None:
    if sitting.panel.authority_id != process.case.authority_id:
        refuse("This sitting is of another authority.", "sitting")
    if sitting.status not in Sitting.AHEAD:
        refuse("This sitting is not ahead any more. Choose another.", "sitting")
    if question not in sitting.terms.questions:
        refuse(
            f"By its terms of reference this panel does not answer “{Question(question).label}”.",
            "sitting",
        )
    if not is_asked(question, process, process.case):
        stage = dict(AssessmentStatus.choices).get(process.status, process.status)
        refuse(
            f"“{Question(question).label}” is not asked of a case that stands at “{stage}”.",
            "question",
        )
    open_item = (
        Item.objects.filter(process=process, question=question, status__in=Item.OPEN)
        .select_related("sitting__panel")
        .first()
    )
    if open_item is not None:
        refuse(
            f"This question is before the {open_item.sitting.panel.name} on "
            f"{in_words(open_item.sitting.on)} already. Move it from there.",
            "sitting",
        )
    if sitting.items.exclude(status__in=Item.GONE).count() >= sitting.room_for:
        refuse("This sitting is full. Choose another, or ask its administrator.", "sitting")
    if due is not None and sitting.on > due and not too_late_is_known:
        refuse(
            f"The last lawful day for this decision is {in_words(due)}, before this sitting on "
            f"{in_words(sitting.on)}. Choose an earlier sitting, or have it decided outside a "
            "sitting under the scheme of delegation.",
            "sitting",
        )
