"""How one request unfolds: the steps that its outline calls for, with their dates."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from ehc import commands
from ehc.commands import RequestDetails
from ehc.dates import years_old
from ehc.demo import wording
from ehc.demo.additions import additions
from ehc.demo.cohort import Fate, Outline
from ehc.demo.people import invented_child, invented_family
from ehc.demo.places import SERVICES, SETTINGS_LATE, Council, long_closure_around
from ehc.demo.reviews import add_reviews
from ehc.demo.story import Story, on_or_after, on_or_before
from ehc.models import Organisation, Role, Team, User

#: The ways a refusal to assess falls, and how often each.
_ROUTES = {
    "mediation_agreed_assessment": 60,
    "authority_reversed_refusal": 20,
    "tribunal_ordered_assessment": 12,
    "tribunal_told_assessment_unopposed": 8,
}


def unfold(outline: Outline, council: Council, lot: Random, *, serial: int, today: date) -> Story:
    """The whole story of a request, through to the reviews of its plan; other apps add theirs."""
    story = _Unfolding(outline, council, lot, serial, today).story
    for addition in additions():
        addition.add_to_story(story, council, lot, today)
    return story


@dataclass(slots=True)
class _Clock:
    """What the final plan is due from: the request, or what overturned its refusal."""

    start: date
    days: int = 140

    @property
    def due(self) -> date:
        return self.start + timedelta(self.days)


class _Unfolding:
    """Builds one story, act by act."""

    def __init__(
        self, outline: Outline, council: Council, lot: Random, serial: int, today: date
    ) -> None:
        self.outline, self.council, self.lot, self.today = outline, council, lot, today
        #: The last day of which the story tells; requests arrive on it at the latest.
        self.last_day = on_or_before(today - timedelta(1))
        self.received = outline.received_on
        self.manager = council.people[Role.MANAGER]
        self.restricted = lot.random() < 0.012
        self.chair = self.manager if self.restricted else council.people[Role.PANEL_CHAIR]
        self.owner, team = council.caseworkers[serial % len(council.caseworkers)]
        self.person = invented_child(lot, council.authority, self.received, serial)
        self.school = self._school()
        self.story = self._opening(serial, team)
        self._acts()
        self._around()

    def days(self, least: int, most: int, mode: float | None = None) -> timedelta:
        """Some days, from `least` to `most`, most often near `mode`."""
        return timedelta(round(self.lot.triangular(least, most, mode)))

    def _opening(self, serial: int, team: Team) -> Story:
        logged = self._logged_on()
        unassigned = self.lot.random() < 0.12
        details = RequestDetails(
            person=self.person,
            received_on=logged,
            source=self.lot.choices("12345", (45, 48, 3, 3, 1))[0],
            setting=self.school,
            owner=None if unassigned else self.owner,
            team=team,
            how_received=self.lot.choice(("Email", "Online form", "Letter")),
        )
        registered_on = min(on_or_after(logged + self.days(0, 3, 0)), self.last_day)
        story = Story(details, registered_on, self.manager, self.lot)
        story.family = invented_family(self.lot, self.person, logged, serial)
        if unassigned:
            story.add(
                on_or_after(registered_on + self.days(1, 5)),
                commands.assign_case,
                "case",
                by=self.manager,
                owner=self.owner,
                team=team,
            )
        return story

    def _logged_on(self) -> date:
        """The date first recorded: now and then some days after the request really came."""
        wrong = on_or_after(self.received + self.days(2, 6))
        mistaken = self.lot.random() < 0.04 and wrong.year == self.received.year
        return wrong if mistaken and wrong <= self.last_day else self.received

    def _school(self) -> Organisation | None:
        """A setting for the child’s age; some children have none."""
        age = years_old(self.person.date_of_birth, self.received)
        fitting = [s.setting for s in self.council.schools if s.least <= age < s.below]
        return self.lot.choice(fitting) if fitting and self.lot.random() < 0.95 else None

    def _acts(self) -> None:
        fate = self.outline.fate
        decided = self._decision_day()
        if not fate.has_outcome:
            self._leave(on_or_after(self.received + self.days(4, 38)))
            return
        if fate in {Fate.REFUSED, Fate.OVERTURNED}:
            self.story.add(
                decided,
                commands.refuse_to_assess,
                "assessment",
                reason=self.lot.choice(wording.REFUSE_TO_ASSESS),
            )
            self._after_refusal(decided)
            return
        self.story.add(
            decided,
            commands.agree_to_assess,
            "assessment",
            reason=self.lot.choice(wording.AGREE_TO_ASSESS),
        )
        self._assess(decided, _Clock(self.received))

    def _decision_day(self) -> date:
        if self.outline.six_weeks_kept:
            return self._in_time(self.received, 42, 16)
        return on_or_after(self.received + self.days(43, 62, 45))

    def _in_time(self, start: date, limit: int, earliest: int) -> date:
        """A day within a limit, counted from its start; one act in three waits for the last."""
        if self.lot.random() < 1 / 3:
            return on_or_before(start + timedelta(limit))
        return on_or_before(start + self.days(earliest, limit, limit - 3))

    def _leave(self, on: date) -> None:
        """The family withdraws, or moves away."""
        if self.outline.fate in {Fate.MOVED_EARLY, Fate.MOVED_LATER}:
            self.story.add(
                on,
                commands.move_away,
                "assessment",
                new_authority=self.lot.choice(wording.MOVED_TO),
            )
        else:
            self.story.add(
                on, commands.withdraw, "assessment", reason=self.lot.choice(wording.WITHDRAWN)
            )

    def _after_refusal(self, refused: date) -> None:
        overturned = self.outline.fate is Fate.OVERTURNED
        if not overturned and self.lot.random() > 0.2:
            return
        route = self.lot.choices(list(_ROUTES), list(_ROUTES.values()))[0]
        asked = on_or_after(refused + self.days(10, 45))
        step = "mediation_requested" if "mediation" in route else "mediation_certificate_issued"
        self.story.add(asked, commands.record_dispute_step, "assessment", step=step)
        if not overturned:
            return
        wait = self.days(60, 150) if "tribunal" in route else self.days(12, 45)
        fell = on_or_after(asked + wait)
        self.story.add(fell, commands.overturn_refusal_to_assess, "assessment", route=route)
        told = on_or_before(fell + self.days(4, 14, 9))
        self.story.add(told, commands.tell_family_will_assess, "assessment")
        self._assess(told, _Clock(fell, 98))

    def _assess(self, agreed: date, clock: _Clock) -> None:
        """From the agreement to assess to the plan, the refusal of one, or an exit."""
        ask = on_or_after(agreed + self.days(0, 4, 1))
        sent = self._final_day(clock)
        served = on_or_before(sent - self.days(17, 26, 18))
        issue = on_or_before(served - self.days(2, 9))
        if self.outline.fate is Fate.NOT_ISSUED:
            issue = self._not_issued_day()
        panel = max(on_or_before(issue - self.days(1, 12, 7)), on_or_after(ask + timedelta(15)))
        self._gather(ask, panel, sent)
        if self.outline.fate in {Fate.WITHDRAWN_LATER, Fate.MOVED_LATER}:
            self._leave(on_or_after(ask + self.days(5, max(6, (panel - ask).days - 1))))
            self._drop_after_leaving()
            return
        self._to_panel(ask, panel, issue)
        if self.outline.fate is Fate.NOT_ISSUED:
            self.story.add(
                issue,
                commands.refuse_to_issue,
                "assessment",
                by=self.chair,
                reason=self.lot.choice(wording.REFUSE_TO_ISSUE),
            )
            return
        self.story.add(
            issue,
            commands.agree_to_issue,
            "assessment",
            by=self.chair,
            reason=self.lot.choice(wording.AGREE_TO_ISSUE),
        )
        self._finish(served, sent)
        if self.outline.excepted:
            self._claim(ask, clock, sent)

    def _final_day(self, clock: _Clock) -> date:
        if self.outline.twenty_weeks_kept:
            return self._in_time(clock.start, clock.days, clock.days - 12)
        over = min(1 + self.lot.expovariate(1 / 60), 210)
        return on_or_after(clock.due + timedelta(round(over) + 1))

    def _not_issued_day(self) -> date:
        """A third are told within sixteen weeks, as in England in 2024."""
        if self.lot.random() < 0.34:
            return on_or_before(self.received + self.days(100, 112, 111))
        return on_or_after(self.received + self.days(113, 190, 120))

    def _drop_after_leaving(self) -> None:
        left = self.story.steps[-1].on
        self.story.steps = [step for step in self.story.steps if step.on <= left]

    def _gather(self, ask: date, panel: date, sent: date) -> None:
        """Ask the services for advice, and have it come, some of it late."""
        late = {
            self.council.services[service.code]: service.late
            for service in SERVICES
            if self.lot.random() < service.asked
        }
        if self.school is not None:
            late[self.school] = SETTINGS_LATE
        self.story.add(ask, commands.request_advice, "assessment", services=list(late))
        for body, often in late.items():
            came = self._advice_day(often, ask)
            if came >= panel and self.lot.random() < 0.85:
                came = on_or_before(panel - self.days(1, 6, 1))
            came = min(came, on_or_before(sent - timedelta(1)))
            self.story.add(
                max(came, ask),
                commands.record_advice_received,
                "assessment",
                by=self._adviser(body),
                service=body,
            )
            if (came - ask).days > 42 and body.discipline == "medical":
                self._maybe_missed(body, ask, came)

    def _adviser(self, body: Organisation) -> User | None:
        """Some advisers record their advice themselves; the rest send it to the caseworker."""
        return self.council.advisers.get(body.code) if self.lot.random() < 0.5 else None

    def _advice_day(self, late: float, ask: date) -> date:
        likelier = 0.55 if self.outline.twenty_weeks_kept else 1.5
        if self.lot.random() >= late * likelier:
            return self._in_time(ask, 42, 9)
        return on_or_after(ask + timedelta(43 + round(min(self.lot.expovariate(1 / 32), 110))))

    def _maybe_missed(self, body: Organisation, ask: date, came: date) -> None:
        if self.lot.random() > 0.08:
            return
        missed = on_or_after(ask + self.days(15, 38))
        self.story.add(
            max(missed, on_or_before(came - timedelta(3))),
            commands.claim_exemption,
            "assessment",
            ground="appointment_missed",
            label=body.advice_label,
            limits=["advice"],
            reason=self.lot.choice(wording.MISSED),
            starts_on=missed,
        )

    def _to_panel(self, ask: date, panel: date, issue: date) -> None:
        first = on_or_before(panel - self.days(25, 35))
        if first > ask + timedelta(30) and self.lot.random() < 0.06:
            self.story.add(first, commands.refer_to_panel, "assessment", sitting_on=first)
            self.story.add(
                on_or_after(first + timedelta(3)),
                commands.send_back_for_advice,
                "assessment",
                by=self.chair,
                reason=self.lot.choice(wording.MORE_ADVICE),
            )
        self.story.add(panel, commands.refer_to_panel, "assessment", sitting_on=issue)

    def _finish(self, served: date, sent: date) -> None:
        """The draft, the family’s answer, and the final plan."""
        early = self.lot.random() < 0.05
        if early:
            served = max(served, on_or_before(sent - timedelta(8)))
        self.story.add(served, commands.serve_draft, "assessment")
        if self.lot.random() < 0.8:
            answered = on_or_before(min(served + self.days(4, 15, 13), sent - timedelta(1)))
            self.story.add(
                max(answered, served),
                commands.record_representations,
                "assessment",
                summary=self.lot.choice(wording.REPRESENTATIONS),
            )
        setting = self._named_setting()
        self.story.add(
            sent,
            commands.send_final_plan,
            "assessment",
            setting=setting,
            setting_type="" if setting else "A special school for autistic pupils",
            family_agrees=early,
            agreement=self.lot.choice(wording.EARLY) if early else "",
        )
        add_reviews(self.story, self.lot, made=sent, today=self.today)

    def _named_setting(self) -> Organisation | None:
        if self.lot.random() < 0.25:
            return self.lot.choice(self.council.specialist)
        return self.school

    def _claim(self, ask: date, clock: _Clock, sent: date) -> None:
        """Claim that the twenty weeks could not be kept, on a ground that the facts support."""
        closure = long_closure_around(self.council.closures, ask)
        on = on_or_before(min(clock.due - self.days(1, 10), sent - timedelta(1)))
        if closure is not None and self.school is not None and ask <= clock.due:
            ground, starts, until = "school_closed", closure.closed_from, closure.reopens_on
            reason = self.lot.choice(wording.CLOSED)
        elif self.lot.random() < 0.3:
            ground, starts = "absent", clock.start + self.days(20, 60)
            until, reason = starts + self.days(30, 45), self.lot.choice(wording.ABSENT)
        else:
            ground, starts = "exceptional_circumstances", clock.start + self.days(30, 80)
            until, reason = starts + self.days(14, 40), self.lot.choice(wording.CIRCUMSTANCES)
        self.story.add(
            on,
            commands.claim_exemption,
            "assessment",
            ground=ground,
            limits=["final_plan"],
            reason=reason,
            starts_on=starts,
            until=until,
        )

    def _around(self) -> None:
        """What happens beside the law: contacts, hand-overs, corrections, restrictions."""
        first = self.story.registered_on
        last = max(step.on for step in self.story.steps)
        span = max(4, min((last - first).days, 200))
        for _ in range(self.lot.randint(0, 4)):
            who, how, note = self.lot.choice(wording.CONTACTS)
            self.story.add(
                on_or_before(first + self.days(3, span)),
                commands.record_contact,
                "case",
                with_whom=who,
                how=how,
                note=note,
            )
        if self.lot.random() < 0.05:
            self._hand_over(on_or_after(first + self.days(20, max(21, span))))
        if self.restricted:
            self.story.add(
                on_or_after(first + self.days(6, 20)),
                commands.restrict_case,
                "case",
                by=self.manager,
                reason=self.lot.choice(wording.RESTRICTIONS),
            )
        if self.story.details.received_on != self.received:
            self._correct(on_or_after(first + self.days(14, 50)))

    def _hand_over(self, on: date) -> None:
        team = self.story.details.team
        others = [u for u, t in self.council.caseworkers if t == team and u != self.owner]
        if others:
            self.story.add(
                on,
                commands.hand_over,
                "case",
                owner=self.lot.choice(others),
                note=self.lot.choice(wording.HAND_OVER),
            )

    def _correct(self, on: date) -> None:
        self.story.add(
            on,
            commands.correct_fact,
            "assessment",
            sequence=1,
            name="request_received",
            right_date=self.received,
            reason=self.lot.choice(wording.CORRECTIONS),
        )
