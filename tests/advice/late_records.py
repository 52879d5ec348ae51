"""Records of late assessments for the attribution: facts and bodies, by days from the request."""

from datetime import date, timedelta

from advice.attribution import Asked, Attribution, attribute
from ehc.law import Fact, Facts, timetable

S = date(2025, 1, 6)
TODAY = date(2026, 6, 1)


def after(days: int) -> date:
    """A day so many days after the request; 140 is the last lawful day of the plan."""
    return S + timedelta(days)


def body(
    label: str,
    received: int,
    given: int | None,
    *,
    setting: bool = False,
    closed: int | None = None,
) -> Asked:
    return Asked(
        label,
        label.replace("_", " ").capitalize(),
        after(received),
        after(received + 42),
        setting,
        after(given) if given is not None else None,
        after(closed) if closed is not None else None,
    )


def facts_of(bodies: list[Asked], *grounds: Fact, **days: int | None) -> Facts:
    facts = [Fact("request_received", S), *grounds]
    facts += [Fact(name, after(day)) for name, day in days.items() if day is not None]
    facts += [Fact("advice_requested", b.received_on, label=b.label) for b in bodies]
    facts += [Fact("advice_received", b.given_on, label=b.label) for b in bodies if b.given_on]
    return Facts(facts)


def worked_out(
    facts: Facts,
    bodies: list[Asked],
    *,
    code: str = "final_plan",
    today: date = TODAY,
    referred: int | None = None,
) -> Attribution | None:
    (deadline,) = (d for d in timetable(facts) if d.code == code and not d.replaced_by)
    on = after(referred) if referred is not None else None
    return attribute(deadline, bodies, today, referred_on=on)
