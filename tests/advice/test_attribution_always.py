"""Whose each day of a missed limit is: what holds for every record."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advice.attribution import Asked, _Way
from advice.attribution_shares import Owner
from advice.attribution_words import explain
from advice.phases import Phase
from ehc.law import Fact, Facts, timetable
from tests.advice.late_records import S, after, body, facts_of, worked_out

DAYS = st.integers(0, 260)


@st.composite
def records(draw: st.DrawFn) -> tuple[Facts, list[Asked], int | None]:
    """A record as it may be: steps in the order of the law, some of them missing, and grounds."""
    steps = sorted(draw(st.lists(DAYS, min_size=4, max_size=4)))
    names = ("assessment_agreed", "plan_agreed", "draft_served", "final_plan_sent")
    known = {
        name: day if draw(st.booleans()) else None for name, day in zip(names, steps, strict=True)
    }
    bodies = []
    for label in draw(st.sets(st.sampled_from(["health", "psychology", "school", "therapy"]))):
        received = draw(st.integers(0, 200))
        given = draw(st.none() | st.integers(received, 300))
        closed = draw(st.none() | st.integers(received, 300)) if given is None else None
        bodies.append(body(label, received, given, setting=label == "school", closed=closed))
    grounds = []
    for name in draw(st.sets(st.sampled_from(["absent", "exceptional_circumstances"]))):
        first = draw(DAYS)
        until = after(first + draw(st.integers(1, 80)))
        claims = draw(st.sampled_from([None, frozenset(), frozenset({"final_plan"})]))
        grounds.append(Fact(name, after(first), until, claimed_for=claims))
    if draw(st.booleans()):
        grounds.append(Fact("appointment_missed", after(draw(DAYS)), label="health"))
    referred = draw(st.none() | DAYS)
    return facts_of(bodies, *grounds, **known), bodies, referred


CODES = st.sampled_from(["final_plan", "decide_to_issue", "decide_to_assess"])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records(), CODES, st.integers(0, 400), st.randoms(use_true_random=False))
def test_the_shares_add_up_to_the_delay_whatever_the_record(
    record: tuple[Facts, list[Asked], int | None],
    code: str,
    today: int,
    chance: random.Random,
) -> None:
    facts, bodies, referred = record
    found = worked_out(facts, bodies, code=code, today=after(today), referred=referred)
    due = {"final_plan": 140, "decide_to_issue": 112, "decide_to_assess": 42}[code]
    if found is None:
        assert today <= due or any(
            d.code == code and d.met_on and d.met_on <= after(due) for d in timetable(facts)
        )
        return
    met_on = found.deadline.met_on
    end = met_on if met_on and met_on <= after(today) else after(today)
    assert found.days == (end - after(due)).days > 0
    assert sum(share.days for share in found.shares) == found.days
    assert all(share.days > 0 for share in found.shares)
    assert len(explain(found)) == len(found.shares)
    ahead = sum(share.days for share in found.ahead)
    assert not ahead or (ahead > found.days and not found.is_met)
    # Another order of the facts and of the bodies tells the same.
    rows, others = list(facts), list(bodies)
    chance.shuffle(rows)
    chance.shuffle(others)
    again = worked_out(Facts(rows), others, code=code, today=after(today), referred=referred)
    assert again is not None
    assert again.shares == found.shares


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records(), st.integers(0, 400))
def test_days_between_two_turns_are_as_if_each_were_looked_at(
    record: tuple[Facts, list[Asked], int | None], today: int
) -> None:
    facts, bodies, referred = record
    found = worked_out(facts, bodies, today=after(today), referred=referred)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Way, "_turns", lambda _, ended: map(after, range((ended - S).days + 1)))
        assert worked_out(facts, bodies, today=after(today), referred=referred) == found


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records())
def test_a_body_that_bears_days_made_the_case_later(
    record: tuple[Facts, list[Asked], int | None],
) -> None:
    """Who bears days was itself late for longer than was made up after the advice had come."""
    facts, bodies, referred = record
    found = worked_out(facts, bodies, today=after(400), referred=referred)
    if found is None:
        return
    (advice,) = (s for s in found.stretches if s.phase == Phase.ADVICE)
    later = found.stretches[found.stretches.index(advice) + 1 :]
    left = min([advice.slippage, *(s.slippage for s in later)])
    for owner, label, _ in found.by_owner():
        if owner in {Owner.SERVICE, Owner.SETTING}:
            (own,) = (b for b in bodies if b.label == label)
            came = own.given_on or own.closed_on or found.end
            assert came > advice.ended - timedelta(left)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(records())
def test_a_body_owns_no_more_days_than_it_was_late(
    record: tuple[Facts, list[Asked], int | None],
) -> None:
    facts, bodies, referred = record
    found = worked_out(facts, bodies, today=after(400), referred=referred)
    if found is None:
        return
    for owner, label, days in found.by_owner():
        if owner in {Owner.SERVICE, Owner.SETTING}:
            (own,) = (b for b in bodies if b.label == label)
            assert days <= ((own.given_on or own.closed_on or found.end) - own.due_on).days
