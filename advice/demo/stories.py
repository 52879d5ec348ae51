"""Advice in the stories: who is asked what, who writes it, how late, and what is found of it."""

from datetime import date, timedelta
from random import Random

from advice.bulk import Kept
from advice.commands.asking import Ask, invite_own_advice
from advice.demo import texts
from advice.demo.answers import POOR, Child, child_of, content_of, rows_of, spoil
from advice.demo.places import Staff
from advice.demo.steps import Assign, ChaseBy, Find, Give, SayLate
from advice.models import Form
from advice.models.chasing import Chase, Recipient
from advice.models.checking import Element
from advice.models.lateness import Cause
from advice.permissions import ELEMENT_OF
from advice.services import form_and_head
from ehc import commands
from ehc.demo.places import Council
from ehc.demo.story import Step, Story, on_or_after, on_or_before
from ehc.models import Organisation, Role, User

_ENDS = (commands.withdraw, commands.move_away, commands.refuse_to_issue)
_SIGNS = {
    Element.HEALTH: Role.HEALTH_SIGN_OFF,
    Element.SOCIAL_CARE: Role.SOCIAL_CARE_SIGN_OFF,
    Element.PSYCHOLOGY: Role.PSYCHOLOGY_SIGN_OFF,
}
_CAUSES = {
    "educational_psychology": (Cause.VACANCY, Cause.DEMAND, Cause.NOT_SEEN),
    "social_care": (Cause.DEMAND, Cause.NOT_KNOWN),
    "setting": (Cause.CLOSED, Cause.INFORMATION),
}
_HEALTH_CAUSES = (Cause.WAITING_LIST, Cause.DEMAND, Cause.INFORMATION, Cause.NOT_KNOWN)
_RECEIPT = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIX_WEEKS = timedelta(days=42)
#: Advice that comes after the plan is told of plans sent this recently only.
_RECENT = timedelta(days=75)
#: What was sent back this recently is not mended yet.
_LATELY = timedelta(days=18)


def add_to_story(story: Story, council: Council, lot: Random, today: date) -> None:
    """Put whole requests, answers and checks in the place of the bare dates of advice."""
    asking = [s for s in story.steps if s.command is commands.request_advice]
    if asking:
        _sixteen_this_summer(story, council, asking[0].on, today)
        _Telling(story, council, lot, today).tell(asking[0])


def _sixteen_this_summer(story: Story, council: Council, asked: date, today: date) -> None:
    """Make one child of the living caseload one who comes of age this summer."""
    settings = [s.setting for s in council.schools if s.least == 11]
    living = today - timedelta(days=60) < asked < today
    if council.kept.get("sixteen") or not living or story.details.setting not in settings:
        return
    council.kept["sixteen"] = True
    summer = today.year + (today.month >= 9)
    story.details.person.date_of_birth = date(summer - 16, 7, 9)


class _Telling:
    """Tells the advice of one story."""

    def __init__(self, story: Story, council: Council, lot: Random, today: date) -> None:
        self.story, self.council, self.lot, self.today = story, council, lot, today
        self.kept = story.kept.setdefault("advice", Kept())
        self.ends = min((s.on for s in story.steps if s.command in _ENDS), default=date.max)
        self.sent = next(
            (s.on for s in story.steps if s.command is commands.send_final_plan), date.max
        )
        self.restricted = any(s.command is commands.restrict_case for s in story.steps)

    def tell(self, asking: Step) -> None:
        """Rewrite the steps from the asking on."""
        self.ask = asking.on
        person = self.story.details.person
        self.child: Child = child_of(person, self.ask, self.lot)
        bodies = asking.details["services"]
        asking.details["particulars"] = {
            body.advice_label: self._ask(body).particulars(self.ask) for body in bodies
        }
        told: list[Step] = []
        for step in self.story.steps:
            if step.command is commands.record_advice_received:
                told += self._body(step)
            else:
                told.append(step)
            if step is asking:
                told += self._family()
        self.story.steps = told

    def _ask(self, body: Organisation) -> Ask:
        form, head = form_and_head(body)
        return Ask(body, head, form, question=self.lot.choice(texts.QUESTIONS))

    def _body(self, recorded: Step) -> list[Step]:
        """The steps of one body, in the place of the bare date on which its advice came."""
        body: Organisation = recorded.details["service"]
        staff: Staff = self.council.kept["advice"][body.pk]
        form, _ = form_and_head(body)
        came = self._came(recorded.on)
        writer = recorded.by or self.lot.choice(staff.writers)
        by_hand = self.lot.random() < (0.3 if body.kind == Organisation.Kind.SETTING else 0.1)
        give = self._answer(body, form, on_behalf_of=writer.full_name if by_hand else "")
        steps = self._waiting(body, staff, writer, came)
        if came < self.ends:
            giver = None if by_hand else writer
            steps.append(Step(came, give, "assessment", {}, giver))
            steps += self._checks(body, give, came, giver)
        return steps

    def _came(self, on: date) -> date:
        """Now and then, of late, advice comes after the plan was sent."""
        late = on - self.ask > SIX_WEEKS
        if late and self.today - _RECENT < self.sent < self.today and self.lot.random() < 0.25:
            return on_or_after(self.sent + timedelta(self.lot.randint(2, 12)))
        return on

    def _answer(self, body: Organisation, form: str, on_behalf_of: str) -> Give:
        nothing = ""
        choices = texts.NOTHING.get(Form(form), ())
        often = 0.35 if form == Form.SOCIAL_CARE else 0.04
        if choices and self.lot.random() < often:
            nothing = self.lot.choice(choices)
        return Give(
            self.kept,
            body.advice_label,
            body.name,
            content={} if nothing else content_of(form, self.child, self.lot),
            rows=[] if nothing else rows_of(form, self.child),
            receipt=self._receipt(),
            nothing=nothing,
            on_behalf_of=on_behalf_of,
        )

    def _receipt(self) -> str:
        drawn = "".join(self.lot.choices(_RECEIPT, k=8))
        return f"{drawn[:4]}-{drawn[4:]}"

    def _waiting(self, body: Organisation, staff: Staff, writer: User, came: date) -> list[Step]:
        """Given to somebody to write; said to be late; chased."""
        about = (self.kept, body.advice_label, body.name)
        last = min(came, self.ends) - timedelta(1)
        steps: list[Step] = []
        given_out = on_or_after(self.ask + timedelta(self.lot.randint(1, 6)))
        if staff.leads and self.lot.random() < 0.75 and given_out <= last:
            assign = Assign(*about, to=writer)
            steps.append(Step(given_out, assign, "assessment", {}, staff.leads[0]))
        if came - self.ask <= SIX_WEEKS:
            return steps
        said = on_or_before(self.ask + timedelta(self.lot.randint(24, 41)))
        if self.lot.random() < 0.45 and given_out < said <= last:
            steps.append(Step(said, self._said(body, came), "assessment", {}, writer))
        due = self.ask + SIX_WEEKS
        for after, who in ((3, Recipient.ADVISER), (16, Recipient.LEAD)):
            on = on_or_after(due + timedelta(after + self.lot.randint(0, 4)))
            if self.lot.random() < 0.55 and on <= last:
                chase = ChaseBy(
                    *about,
                    how=self.lot.choice((Chase.How.TELEPHONE, Chase.How.EMAIL)),
                    recipient=who,
                    note=self.lot.choice(texts.CHASE_NOTES),
                )
                steps.append(Step(on, chase, "assessment", {}))
        return steps

    def _said(self, body: Organisation, came: date) -> SayLate:
        setting = body.kind == Organisation.Kind.SETTING
        causes = _CAUSES.get("setting" if setting else body.code, _HEALTH_CAUSES)
        cause = self.lot.choice(causes)
        expected = on_or_after(came - timedelta(self.lot.choice((0, 0, 3, 7))))
        expected = max(expected, on_or_after(self.ask + SIX_WEEKS))
        return SayLate(
            self.kept,
            body.advice_label,
            body.name,
            cause=cause,
            expected_on=expected,
            note=texts.LATE_NOTES[cause],
        )

    def _checks(self, body: Organisation, give: Give, came: date, giver: User | None) -> list[Step]:
        """Accepted after some days; or sent back, given again, and then accepted."""
        element = ELEMENT_OF.get(body.discipline, Element.AUTHORITY)
        if self.restricted and element != Element.AUTHORITY:
            return []
        by = self.council.people[_SIGNS[element]] if element in _SIGNS else None
        steps: list[Step] = []
        found = on_or_after(came + self._days(1, 12, 3))
        about = (self.kept, give.label, give.whose)
        lately = self.today - _LATELY < found < self.today
        if give.rows and self.lot.random() < (0.3 if lately else 0.12):
            again = on_or_after(found + self._days(4, 21, 9))
            if lately:
                # So that there is something to mend today.
                again = max(again, on_or_after(self.today))
            if again < self.ends:
                why = self.lot.choices(list(POOR), list(POOR.values()))[0]
                mended = Give(
                    *about,
                    content=dict(give.content),
                    rows=[dict(row) for row in give.rows],
                    receipt=self._receipt(),
                    on_behalf_of=give.on_behalf_of,
                    number=2,
                )
                spoil(give.content, give.rows, why, self.lot)
                back = Find(
                    *about,
                    given=give,
                    element=element,
                    reasons=(why,),
                    note=texts.RETURN_NOTES[why],
                )
                steps.append(Step(found, back, "assessment", {}, by))
                steps.append(Step(again, mended, "assessment", {}, giver))
                give, found = mended, on_or_after(again + self._days(1, 10, 2))
        noted = self.lot.random() < 0.1 and give.rows  # every note speaks of rows
        note = self.lot.choice(texts.NOTES) if noted else ""
        accept = Find(*about, given=give, element=element, note=note)
        steps.append(Step(found, accept, "assessment", {}, by))
        return steps

    def _family(self) -> list[Step]:
        """The family is asked for its own advice, and mostly gives it."""
        parents = [r for r in self.story.family if r.has_parental_responsibility]
        forms = [Form.PARENT, Form.CHILD] if parents else [Form.CHILD]
        steps = [Step(self.ask, invite_own_advice, "assessment", {"forms": forms})]
        for form, often in ((Form.PARENT, 0.8), (Form.CHILD, 0.6)):
            if form not in forms or self.lot.random() > often:
                continue
            told = parents[0].full_name if form == Form.PARENT else self.child.words["name"]
            came = on_or_after(self.ask + self._days(6, 40, 14))
            if came >= self.ends:
                continue
            give = Give(
                self.kept,
                str(form),
                form.label,
                content=content_of(form, self.child, self.lot),
                receipt=self._receipt(),
                on_behalf_of=told,
                own=True,
            )
            steps.append(Step(came, give, "assessment", {}))
            accept = Find(self.kept, str(form), form.label, given=give)
            steps.append(Step(on_or_after(came + timedelta(1)), accept, "assessment", {}))
        return steps

    def _days(self, least: int, most: int, mode: float) -> timedelta:
        return timedelta(round(self.lot.triangular(least, most, mode)))
