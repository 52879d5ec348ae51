"""What was done of late with the panels of a demonstration, by the commands themselves."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Max

from ehc import documents, moments
from ehc.commands import Refused
from ehc.models import CaseEvent, Role, User
from panels.commands import cancelling, hearing
from panels.commands.letters import Going, make_letter, record_details
from panels.commands.minutes import sign_minutes, write_remarks
from panels.commands.notes import write_note
from panels.commands.papers import add_late_papers, choose_papers, clear_paper, recall_paper
from panels.demo import texts, told
from panels.demo.board import BEGINS_AT, KINDS, PAPERS_AT, Board, Meeting, at
from panels.demo.readers import open_papers
from panels.demo.word import word_file
from panels.letters.recipients import recipients_of
from panels.models import Item, Letter, LetterCopy, Seat, Sitting
from panels.papers import in_doubt, offered, standing_of
from panels.permissions import shown_items
from panels.questions import Question

#: Sittings of which the minutes are signed lie so far back.
_SIGNED = timedelta(days=8)
#: Of the letters of the last days one in so many is still to be made.
_WAITS = 3
_HELP = {
    "name": "Sheafdale City Council",
    "address": "SEND service, Town Hall, Sheafdale",
    "telephone": "0114 496 0100",
    "email": "send@example.org",
    "advice_name": "Sheafdale SENDIASS",
    "advice_telephone": "0114 496 0101",
    "mediation_name": "Hallam Mediation",
    "mediation_telephone": "0114 496 0102",
    "resolution_name": "Hallam Disagreement Resolution",
    "resolution_telephone": "0114 496 0103",
    "icb_name": "Hallam Integrated Care Board",
    "icb_address": "Children’s commissioning, 1 Wharf Street, Sheafdale",
    "social_care_name": "Children’s Social Care",
    "social_care_address": "Town Hall, Sheafdale",
}


class OfLate:
    """The last hours before the stories end."""

    def __init__(self, board: Board, meetings: list[Meeting]) -> None:
        self.board, self.meetings = board, meetings
        self.end = at(board.today, time()) - timedelta(minutes=2)
        self.moments = self._minutes()

    def _minutes(self) -> Iterator[datetime]:
        moment = self.end - timedelta(minutes=90)
        while True:
            yield moment
            moment += timedelta(seconds=30)

    def _now(self) -> dict[str, Any]:
        """Day and moment of the next command."""
        now = next(self.moments)
        return {"today": moments.local(now).date(), "now": now}

    def tell(self) -> None:
        """All of it, in the order in which it needs each other."""
        board = self.board
        since = at(board.begins, BEGINS_AT)
        record_details(
            board.council.authority, _HELP, by=board.administrator, today=board.begins, now=since
        )
        self._write_minutes()
        ahead = [m for m in self.meetings if m.sitting.on >= board.today]
        out = [m for m in ahead if m.sitting.papers_due_on <= board.today]
        for meeting in out:
            self._send(meeting)
        open_papers(out, self.end - timedelta(minutes=91))
        fullest = max(out, key=lambda m: m.sitting.items.count(), default=None)
        if fullest is not None:
            self._before_the_sitting(fullest)
        self._cancel([m.sitting for m in ahead if m.sitting.panel.kind == KINDS[1].kind][-1])
        self._write_letters()

    def _write_minutes(self) -> None:
        """Signed some days after the sitting; of the last one there is a draft with a remark."""
        ended = [m for m in self.meetings if m.sitting.status == Sitting.Status.ENDED]
        for meeting in ended:
            sitting = meeting.sitting
            if sitting.on < self.board.today - _SIGNED:
                signed_on = at(sitting.on + timedelta(days=5), time(14))
                sign_minutes(sitting, by=meeting.chair, today=signed_on.date(), now=signed_on)
        drafts = [m for m in ended if m.sitting.on >= self.board.today - _SIGNED]
        for meeting in drafts[-1:]:
            write_remarks(meeting.sitting, remarks=texts.REMARK, by=meeting.chair, **self._now())

    def _send(self, meeting: Meeting) -> None:
        """Every item gets what its case has, and papers go out when they are due."""
        sitting = meeting.sitting
        items = list(sitting.items.filter(status=Item.Status.LISTED).select_related("case__owner"))
        events = CaseEvent.objects.filter(case__in=[item.case_id for item in items])
        last = events.aggregate(last=Max("recorded_at"))["last"]
        due = at(sitting.papers_due_on, PAPERS_AT)
        begin = max(due, last + timedelta(minutes=30) if last else due)
        moment = min(begin, self.end - timedelta(hours=2))
        how: dict[str, Any] = {"today": moments.local(moment).date(), "now": moment}
        for item in items:
            if item.question != Question.ASSESS and item.case.owner is not None:
                self._choose(item, item.case.owner, how)
        hearing.send_papers(sitting, by=self.board.administrator, **how)
        meeting.sitting = Sitting.objects.select_related("panel", "terms").get(pk=sitting.pk)

    def _choose(self, item: Item, by: User, how: dict[str, Any]) -> None:
        offers = offered(item.case, how["today"])
        choose_papers(
            item,
            papers=[
                offer.key
                for offer in offers
                if offer.is_here and offer.title != told.ALL_ADVICE.title
            ],
            introduction=item.introduction,
            incomplete_because=texts.REST if any(offer.wants for offer in offers) else "",
            by=by,
            **how,
        )
        for paper in in_doubt(standing_of(item)):
            clear_paper(item, paper=paper, by=by, **how)

    def _before_the_sitting(self, meeting: Meeting) -> None:
        """A paper taken back and another in its place, an interest, a note."""
        rows = meeting.sitting.items.filter(status=Item.Status.LISTED, case__owner__isnull=False)
        items = list(rows.select_related("case__owner", "case__person").order_by("position"))
        if not items:
            return
        member = self.board.council.people[Role.PANEL_MEMBER]
        how = self._now()
        if shown_items(member, meeting.sitting, how["today"]).filter(pk=items[0].pk).exists():
            write_note(items[0], texts.NOTE, seen="", by=member, **how)
        self._take_back(items[0])
        others = [m for m in meeting.booked if m.seat == Seat.SCHOOL]
        if len(items) > 1 and others:
            hearing.declare_conflict(
                items[-1],
                interest="Teaches at the school that the child goes to; told us by telephone.",
                user=others[0].user,
                by=self.board.administrator,
                **self._now(),
            )

    def _take_back(self, item: Item) -> None:
        """The wrong version of a paper is taken back, and the right one comes as a Word file."""
        old, by = standing_of(item)[-1], item.case.owner
        if by is None:
            return
        person = item.case.person
        recall_paper(item, paper=old, because=texts.TAKEN_BACK, by=by, **self._now())
        made = word_file(f"{old.title}, signed", person.full_name, person.date_of_birth)
        upload = SimpleUploadedFile("signed.docx", made)
        version = documents.store(
            item.case, upload, title=f"{old.title}, signed", by=by, **self._now()
        )
        add_late_papers(item, papers=[f"document:{version.pk}"], by=by, **self._now())
        for paper in in_doubt(standing_of(item)):
            clear_paper(item, paper=paper, by=by, **self._now())

    def _cancel(self, sitting: Sitting) -> None:
        cancelling.cancel_sitting(
            sitting,
            because="The town hall is closed that day for the count of an election.",
            moves=dict.fromkeys(sitting.items.values_list("pk", flat=True)),
            by=self.board.administrator,
            **self._now(),
        )

    def _write_letters(self) -> None:
        """Letters that wait are made on the day of the decision; some of the newest still wait."""
        waiting = Letter.objects.filter(
            finished_on=None, decision__case__authority=self.board.council.authority
        )
        rows = waiting.select_related(*Letter.MADE_FROM).order_by("decision__at", "pk")
        for number, letter in enumerate(rows, 1):
            lately = letter.decision.on >= self.board.today - _SIGNED
            if not lately or number % _WAITS:
                self._write(letter)

    def _write(self, letter: Letter) -> None:
        decision = letter.decision
        by = decision.case.owner
        last = CaseEvent.objects.filter(case=decision.case_id).latest("sequence").recorded_at
        now = min(max(decision.at, last) + timedelta(minutes=90), self.end)
        if by is None:
            return
        for whom in self._due(letter):
            how = LetterCopy.How.POST if whom.address else LetterCopy.How.EMAIL
            try:
                make_letter(
                    letter,
                    whom.key,
                    Going(decision.on, how),
                    by=by,
                    today=moments.local(now).date(),
                    now=now,
                )
            except Refused:
                # Something is missing that somebody must put right first: it waits, as it would.
                return

    def _due(self, letter: Letter) -> Iterable[Any]:
        case = letter.decision.case
        return [each for each in recipients_of(case, case.person, letter.decision.on) if each.due]
