"""Real cases for the benchmarks: whole histories in varied stages, written as commands would."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from ehc import commands
from ehc.commands.registration import registration
from ehc.history import History
from ehc.models import Assessment, Case, Organisation, Person, Team, User

#: The day on which the benchmark's authorities stand; fixed, so that a kept database stays right.
TODAY = date(2026, 11, 16)

#: Where the cases stand, in parts of a hundred: mostly maintained plans, as authorities have.
STAGES = {
    "request": 4,
    "advice": 5,
    "panel": 2,
    "draft": 4,
    "maintained": 60,
    "ceased": 6,
    "refused": 11,
    "not_issued": 3,
    "withdrawn": 3,
    "transferred": 2,
}


class Place:
    """One authority's people and services, as a story needs them."""

    def __init__(
        self,
        *,
        team: Team,
        worker: User,
        chair: User,
        services: list[Organisation],
        settings: list[Organisation],
    ) -> None:
        self.team, self.worker, self.chair = team, worker, chair
        self.services, self.settings = services, settings


class Story:
    """One case, told up to a stage; every date comes from the random source given."""

    def __init__(self, number: int, place: Place, rng: random.Random) -> None:
        self._place, self._rng = place, rng
        authority = place.team.authority
        self._day = TODAY
        person = Person(
            authority=authority,
            forename=f"Sam{number}",
            surname=f"Example{number % 977}",
            date_of_birth=TODAY - timedelta(days=rng.randint(4 * 365, 18 * 365)),
        )
        self.history = History(
            Case(
                authority=authority,
                person=person,
                reference=f"{authority.short_code}-26-{number:06d}",
                owner=place.worker,
                team=place.team,
                setting=rng.choice(place.settings),
                opened_on=TODAY,
            )
        )
        self.assessment = Assessment(case=self.history.case)

    def tell(self, stage: str) -> History:
        """The history up to that stage."""
        under_way = stage in {"request", "advice", "panel", "draft"}
        weeks = {"request": 6, "advice": 14, "panel": 17, "draft": 24}.get(stage, 0)
        ago = self._rng.randint(1, weeks * 7) if under_way else self._rng.randint(300, 900)
        self._register(TODAY - timedelta(days=ago))
        steps: dict[str, list[Callable[[], None]]] = {
            "request": [],
            "advice": [self._agree, self._ask],
            "panel": [self._agree, self._ask, self._hear, self._refer],
            "draft": [self._agree, self._ask, self._hear, self._refer, self._issue, self._serve],
            "refused": [self._refuse],
            "not_issued": [self._agree, self._ask, self._hear, self._refer, self._not_issue],
            "withdrawn": [self._agree, self._ask, self._withdraw],
            "transferred": [self._agree, self._move],
        }
        plan = [*steps["draft"], self._answer, self._finalise]
        for step in steps.get(stage, plan):
            step()
        if stage == "ceased":
            self._cease()
        return self.history

    def _register(self, on: date) -> None:
        self._day = on
        self.history.case.opened_on = self.assessment.opened_on = on
        self.history.open(self.assessment)
        details = commands.RequestDetails(
            person=self.history.case.person, received_on=on, source="1"
        )
        entry = registration(details, today=on)
        self.history.write(entry, self.assessment, by=self._place.worker, at=noon(on))

    def _take(
        self,
        command: commands.Command,
        low: int,
        high: int,
        *,
        chair: bool = False,
        **details: object,
    ) -> None:
        """Take a step some days after the one before it, but never after today."""
        self._day = min(self._day + timedelta(days=self._rng.randint(low, high)), TODAY)
        self.history.take(
            command,
            self.assessment,
            by=self._place.chair if chair else self._place.worker,
            at=noon(self._day),
            on=self._day,
            **details,
        )

    def _agree(self) -> None:
        self._take(commands.agree_to_assess, 10, 45)

    def _refuse(self) -> None:
        self._take(commands.refuse_to_assess, 20, 45, reason="Not necessary.")

    def _ask(self) -> None:
        self._take(commands.request_advice, 0, 5, services=self._place.services)

    def _hear(self) -> None:
        for service in self._place.services:
            self._take(commands.record_advice_received, 2, 10, service=service)

    def _refer(self) -> None:
        self._take(commands.refer_to_panel, 0, 4)

    def _issue(self) -> None:
        self._take(commands.agree_to_issue, 1, 10, chair=True, reason="A plan is necessary.")

    def _not_issue(self) -> None:
        self._take(commands.refuse_to_issue, 1, 10, chair=True, reason="No plan is necessary.")

    def _serve(self) -> None:
        self._take(commands.serve_draft, 1, 14)

    def _answer(self) -> None:
        self._take(commands.record_representations, 1, 14, summary="Content with it.")

    def _finalise(self) -> None:
        setting = self._rng.choice(self._place.settings)
        self._take(commands.send_final_plan, 16, 60, setting=setting)

    def _withdraw(self) -> None:
        self._take(commands.withdraw, 5, 30, reason="The family asked.")

    def _move(self) -> None:
        self._take(commands.move_away, 5, 30, new_authority="not known")

    def _cease(self) -> None:
        self._day = min(self._day + timedelta(days=30), TODAY)
        plan = self.history.processes[-1]
        self.history.take(
            commands.cease_plan,
            plan,
            by=self._place.worker,
            at=noon(self._day),
            on=self._day,
            reason="The plan is no longer necessary.",
        )


def noon(day: date) -> datetime:
    """Midday of a date, in UTC."""
    return datetime.combine(day, time(12), UTC)
