"""Panels in the stories: what is put before whom, what is recommended, who decides and when."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from typing import Any

from ehc import commands
from ehc.commands.base import Command
from ehc.demo.places import Council
from ehc.demo.story import Step, Story, on_or_after, on_or_before
from ehc.models import User
from panels.bulk import ItemKept, Kept
from panels.demo import texts
from panels.demo.after import Decide, FinishAction, RecordAction, TakeNote, TellFamily, Told
from panels.demo.board import KINDS, PAPERS_AT, Board, Kind, Meeting, build_board
from panels.demo.papers import AddLate, Post, Sent, Store
from panels.demo.steps import DeclareInterest, Defer, List, PanelStep, Recommend, SendPapers
from panels.models import Decision, Item, Letter, PanelAction, Seat
from panels.questions import OUTCOMES, Outcome, Question

ASSESS, ISSUE, PLACEMENT = KINDS
#: The steps of the core that decide, and what each answers.
_ANSWERS: dict[str, tuple[Kind, Question, Outcome]] = {
    commands.agree_to_assess.name: (ASSESS, Question.ASSESS, Outcome.ASSESS),
    commands.refuse_to_assess.name: (ASSESS, Question.ASSESS, Outcome.REFUSE_TO_ASSESS),
    commands.agree_to_issue.name: (ISSUE, Question.ISSUE, Outcome.ISSUE),
    commands.refuse_to_issue.name: (ISSUE, Question.ISSUE, Outcome.REFUSE_TO_ISSUE),
    commands.send_back_for_advice.name: (ISSUE, Question.ISSUE, Outcome.MORE_ADVICE),
}
_PRONOUNS = {"F": ("she", "her", "her", "herself"), "M": ("he", "him", "his", "himself")}
#: Letters of decisions this recent are made when the story is told; of those after which nothing
#: happened on the case, also older ones.
_LATELY, _ENDED_THERE = timedelta(days=6), timedelta(weeks=10)


def add_to_council(council: Council, lot: Random, since: date) -> None:
    """Panels are set up with the first story, which knows what today is."""
    del lot
    council.kept["panels_since"] = since


def board_of(council: Council, today: date) -> Board:
    """The panels of the council, made once."""
    board: Board | None = council.kept.get("panels")
    if board is None:
        board = council.kept["panels"] = build_board(council, today)
    return board


def add_to_story(story: Story, council: Council, lot: Random, today: date) -> None:
    """Put a panel and an officer in the place of each bare decision of the last year."""
    _Telling(story, board_of(council, today), lot).tell()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the authority decides in the end, why, and when."""

    kind: Kind
    question: Question
    outcome: Outcome
    reason: str
    on: date


class _Telling:
    """Tells the panels of one story."""

    def __init__(self, story: Story, board: Board, lot: Random) -> None:
        self.story, self.board, self.lot = story, board, lot
        self.kept: Kept = story.kept.setdefault("panels", Kept())
        self.restricted = any(s.command is commands.restrict_case for s in story.steps)
        person = story.details.person
        he, him, his, himself = _PRONOUNS.get(person.sex, _PRONOUNS["M"])
        name = person.preferred_name or person.forename.split()[0]
        self.words = {"name": name, "he": he, "him": him, "his": his, "himself": himself}
        self.post = Post(story, board.numbers, self.words)

    def tell(self) -> None:
        """Rewrite the decisions, and what leads to them."""
        told: list[Step] = []
        free = on_or_after(self.story.registered_on + timedelta(1))
        referred: Step | None = None
        for step in sorted(self.story.steps, key=lambda s: s.on):
            command = step.command
            answer = _ANSWERS.get(command.name) if isinstance(command, Command) else None
            if step.command is commands.refer_to_panel:
                referred = step
            if step.command is commands.request_advice:
                free = on_or_after(step.on + timedelta(15))
            if answer is None or step.on < self.board.begins:
                told.append(step)
                continue
            decided = _Answer(*answer, step.details["reason"], step.on)
            told += self._decided(decided, free, referred)
            free = on_or_after(step.on + timedelta(1))
        self.story.steps = told
        self._place()

    def _decided(self, answer: _Answer, free: date, referred: Step | None) -> list[Step]:
        days = self._days(answer.kind, answer.on, free)
        if not days:
            return self._outside(answer)
        late = (answer.on - self.story.details.received_on).days > 42 and answer.kind is ASSESS
        deferred = len(days) > 2 and self.lot.random() < (0.5 if late else 0.05)
        days = [days[0], days[2]] if deferred else days[:1]
        if referred is not None:
            # The case goes to its panel before the papers do.
            first = self.board.meeting(answer.kind, days[-1]).sitting
            before = on_or_before(first.papers_due_on - timedelta(1))
            free = referred.on = max(free, min(referred.on, before))
            referred.details["sitting_on"] = first.on
        return self._heard(answer, days, free)

    def _days(self, kind: Kind, last: date, free: date) -> list[date]:
        """The sittings that could hear it, the latest first; none when no panel is to."""
        old = self.story.details.received_on < self.board.begins
        urgent = self.lot.random() < 0.03
        if old or self.restricted or urgent:
            return []
        return self.board.before(kind, last, free)[:4]

    def _heard(self, answer: _Answer, days: list[date], free: date) -> list[Step]:
        """Heard by the sitting of the first of these days, deferred by that of the second."""
        meeting = self.board.meeting(answer.kind, days[0])
        item, steps = self._listed(answer, meeting, days[1:], free)
        advised = self._recommended(item, meeting, answer)
        steps += self._room(item, meeting, advised)
        officer = self._officer(answer.question)
        departs = advised.outcome != answer.outcome
        made = Decide(
            *self._own,
            key=self.board.numbers.next(Decision),
            question=answer.question,
            outcome=answer.outcome,
            reason=answer.reason,
            delegation=self.board.delegations[officer.pk],
            item=item,
            advised=advised,
            departs_because=self.lot.choice(texts.DEPARTS) if departs else "",
        )
        steps.append(_step(answer.on, made, officer))
        steps += self._after(made, answer.on)
        steps += self._actions(item, meeting, answer)
        return steps

    @property
    def _own(self) -> tuple[Any, Any]:
        return self.kept, self.board.numbers

    def _officer(self, question: Question) -> User:
        """Whoever decides: the chair whether to issue, the manager all else."""
        return self.board.chairs[0] if question == Question.ISSUE else self.board.officer

    def _item(self, meeting: Meeting, question: Question) -> ItemKept:
        return ItemKept(
            self.board.numbers.next(Item),
            meeting.sitting,
            question,
            introduction=self.lot.choice(texts.INTRODUCTION),
            incomplete_because=texts.TOGETHER
            if question == Question.ISSUE and meeting.sitting.on < self.board.today
            else "",
        )

    def _listed(
        self, answer: _Answer, meeting: Meeting, first: list[date], free: date
    ) -> tuple[ItemKept, list[Step]]:
        """Listed and papers out; or deferred by an earlier sitting to this one."""
        kind, question = answer.kind, answer.question
        if not first:
            item = self._item(meeting, question)
            return item, self._put(item, meeting, free)
        earlier = self.board.meeting(kind, first[0])
        before, item = self._item(earlier, question), self._item(meeting, question)
        item.introduction = before.introduction
        item.incomplete_because = before.incomplete_because
        reason, wanted = self.lot.choice(texts.DEFERRED)
        steps = self._put(before, earlier, free)
        defer = Defer(*self._own, before, earlier, item, reason, wanted)
        steps.append(_step(earlier.sitting.on, defer, earlier.chair, self._hour()))
        return item, [*steps, *self._papers(item, meeting)]

    def _put(self, item: ItemKept, meeting: Meeting, free: date) -> list[Step]:
        due = meeting.sitting.papers_due_on
        on = on_or_after(free + timedelta(self.lot.randint(0, max(0, (due - free).days - 1))))
        on = min(on, on_or_before(due - timedelta(1)))
        held = meeting.sitting.on < self.board.today
        new, versions = self.post.papers_for(Question(item.question), held=held)
        came = self.story.registered_on if item.question == Question.ASSESS else free
        listed = _step(max(on, free), List(*self._own, item, meeting, versions))
        return [
            *(self._store(came, sent) for sent in new),
            listed,
            *self._papers(item, meeting),
        ]

    def _store(self, on: date, sent: Sent) -> Step:
        return Step(on, Store(*self._own, sent), "case", {})

    def _papers(self, item: ItemKept, meeting: Meeting) -> list[Step]:
        """Papers of sittings that were held; those ahead are sent when the story is told."""
        if meeting.sitting.on >= self.board.today:
            return []
        send = SendPapers(*self._own, item, meeting)
        due = meeting.sitting.papers_due_on
        steps = [_step(due, send, self.board.administrator, PAPERS_AT)]
        late, on = self.post.late(), on_or_after(due + timedelta(1))
        if late is not None and on < meeting.sitting.on:
            steps += [self._store(on, late), _step(on, AddLate(*self._own, item, meeting, late))]
        return steps

    def _recommended(self, item: ItemKept, meeting: Meeting, answer: _Answer) -> Recommend:
        question, outcome = answer.question, answer.outcome
        advised = outcome
        others = [o for o in OUTCOMES[question] if o not in {outcome, Outcome.MORE_ADVICE}]
        if outcome != Outcome.MORE_ADVICE and self.lot.random() < 0.05:
            advised = self.lot.choice(others)
        own = self.lot.choice(texts.OWN_REASONS[advised])
        common = self.lot.choice(texts.COMMON_REASONS[advised])
        return Recommend(
            *self._own,
            item,
            meeting,
            advised,
            self._said(f"{own} {common}"),
            self._said(self.lot.choice(texts.EVIDENCE[advised])),
            self._said(self.lot.choice(texts.AGAINST)),
            self.lot.choice(texts.OPTIONS) if question == Question.ASSESS else "",
            self.lot.choice(texts.DISSENT) if self.lot.random() < 0.07 else "",
            self._interested(meeting),
        )

    def _interested(self, meeting: Meeting) -> Any:
        """Now and then a head teacher of the school itself sits on the panel."""
        schools = [m for m in meeting.came if m.seat == Seat.SCHOOL]
        return schools[0] if schools and self.lot.random() < 0.04 else None

    def _room(self, item: ItemKept, meeting: Meeting, advised: Recommend) -> list[Step]:
        """An interest, if somebody has one, and then what the panel recommends."""
        sitting, hour, steps = meeting.sitting, self._hour(), []
        if advised.out is not None:
            words = self._said(self.lot.choice(texts.INTERESTS))
            declare = DeclareInterest(*self._own, item, meeting, advised.out, words)
            steps.append(_step(sitting.on, declare, advised.out.user, hour))
        return [*steps, _step(sitting.on, advised, meeting.chair, hour)]

    def _hour(self) -> time:
        return time(self.lot.randint(9, 11), self.lot.randint(36, 59), self.lot.randint(0, 59))

    def _after(self, made: Decide, on: date) -> list[Step]:
        """The family was written to from the old system, or is from here when the story ends."""
        made.letter = Letter(pk=self.board.numbers.next(Letter))
        today = self.board.today
        follows = any(on < step.on < today for step in self.story.steps)
        if on >= today - (_ENDED_THERE if not follows else _LATELY):
            return []
        wrote = TellFamily(*self._own, made.letter, texts.TOLD)
        return [_step(on, wrote), _step(on, Told(*self._own, made))]

    def _actions(self, item: ItemKept, meeting: Meeting, answer: _Answer) -> list[Step]:
        outcome, decided = answer.outcome, answer.on
        if outcome not in {Outcome.ISSUE, Outcome.ASSESS} or self.lot.random() > 0.15:
            return []
        kind = self.lot.choice(list(texts.ACTIONS))
        services = self.board.council.services
        commissioned = kind == PanelAction.Kind.COMMISSION
        recorded = RecordAction(
            *self._own,
            item,
            meeting,
            kind,
            self._said(self.lot.choice(texts.ACTIONS[kind])),
            decided + timedelta(self.lot.randint(14, 42)),
            owner=None if commissioned else self.story.details.owner or self.story.manager,
            organisation=services["occupational_therapy"] if commissioned else None,
        )
        steps = [_step(decided, recorded, self.board.administrator)]
        done = on_or_after(recorded.due_on - timedelta(self.lot.randint(-6, 9)))
        if self.lot.random() < 0.75 and done > decided:
            finish = FinishAction(*self._own, recorded, self.lot.choice(texts.DONE))
            steps.append(_step(done, finish))
        return steps

    def _outside(self, answer: _Answer) -> list[Step]:
        """Decided without a sitting, and noted by the next one where it is to be."""
        why, because = self._why_outside()
        made = Decide(
            *self._own,
            key=self.board.numbers.next(Decision),
            question=answer.question,
            outcome=answer.outcome,
            reason=answer.reason,
            delegation=self.board.delegations[self.board.officer.pk],
            outside=why,
            outside_because=because,
            evidence_for=texts.EVIDENCE_OUTSIDE,
        )
        on = answer.on
        steps = [_step(on, made, self.board.officer), *self._after(made, on)]
        noted = self.lot.random() < 0.8
        later = [day for day in self.board.days(answer.kind) if on < day < self.board.today]
        if why != Decision.Outside.CLEAR and noted and later:
            meeting = self.board.meeting(answer.kind, later[0])
            note = TakeNote(*self._own, made.key, meeting, self.lot.choice(texts.NOTED))
            steps.append(_step(later[0], note, meeting.chair, self._hour()))
        return steps

    def _why_outside(self) -> tuple[str, str]:
        if self.story.details.received_on < self.board.begins:
            return Decision.Outside.CLEAR, texts.CLEAR
        if self.restricted:
            return Decision.Outside.CLEAR, texts.RESTRICTED
        if self.lot.random() < 0.4:
            return Decision.Outside.URGENT, self._said(self.lot.choice(texts.URGENT))
        return Decision.Outside.NO_SITTING, texts.NO_SITTING

    def _place(self) -> None:
        """Some drafts go before the placement panel; the authority decides which school."""
        served = [s.on for s in self.story.steps if s.command is commands.serve_draft]
        sent = [s.on for s in self.story.steps if s.command is commands.send_final_plan]
        old = self.story.details.received_on < self.board.begins
        if not served or not sent or old or self.restricted or self.lot.random() > 0.5:
            return
        days = self.board.before(PLACEMENT, sent[0] - timedelta(2), on_or_after(served[0]))
        on = on_or_after(days[0] + timedelta(1)) if days else sent[0]
        if on >= sent[0]:
            return
        agreed = Outcome.AGREE if self.lot.random() < 0.8 else Outcome.DECLINE
        reason = self._said(self.lot.choice(texts.OWN_REASONS[agreed]))
        answer = _Answer(PLACEMENT, Question.PLACEMENT, agreed, reason, on)
        self.story.steps += self._heard(answer, days[:1], on_or_after(served[0]))

    def _said(self, text: str) -> str:
        return text.format_map(self.words)


def _step(on: date, command: PanelStep, by: User | None = None, hour: time | None = None) -> Step:
    return Step(on, command, "assessment", {}, by, hour=hour)
