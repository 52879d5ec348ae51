"""What holds for any facts whatever."""

from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ehc.law import FACT_KINDS, RULEBOOK, Deadline, Fact, Facts, explain, timetable

DAYS = st.dates(date(2014, 9, 1), date(2028, 12, 31))
SERVICES = ("school", "health", "social_care", "educational_psychology")
EVENTS = sorted(kind.name for kind in FACT_KINDS.values() if kind.shape == "day")
EACH = sorted(kind.name for kind in FACT_KINDS.values() if kind.shape == "day each")
PERIODS = sorted(kind.name for kind in FACT_KINDS.values() if kind.shape == "ground period")
POINTS = sorted(kind.name for kind in FACT_KINDS.values() if kind.shape == "ground day")
TODAYS = (date(2014, 1, 1), date(2025, 6, 1), date(2040, 1, 1))


@st.composite
def events(draw: st.DrawFn) -> list[Fact]:
    """Any set of facts without exemptions."""
    single = draw(st.dictionaries(st.sampled_from(EVENTS), DAYS, max_size=10))
    keys = st.tuples(st.sampled_from(EACH), st.sampled_from(SERVICES))
    several = draw(st.dictionaries(keys, DAYS, max_size=6))
    return [
        *(Fact(name, on) for name, on in single.items()),
        *(Fact(name, on, label=label) for (name, label), on in several.items()),
    ]


@st.composite
def exemptions(draw: st.DrawFn) -> list[Fact]:
    """Any set of exemption facts, claimed, claimed in part or not at all."""
    claims = st.sampled_from([None, frozenset[str](), frozenset({"final_plan"})])
    periods = [
        Fact(name, on, on + timedelta(days=length), claimed_for=draw(claims))
        for name, on, length in draw(
            st.lists(st.tuples(st.sampled_from(PERIODS), DAYS, st.integers(1, 90)), max_size=4)
        )
    ]
    points = [
        Fact(name, draw(DAYS), claimed_for=draw(claims))
        for name in draw(st.lists(st.sampled_from(POINTS), max_size=2))
    ]
    missed = [
        Fact("appointment_missed", draw(DAYS), label=label)
        for label in draw(st.lists(st.sampled_from(SERVICES), max_size=2))
    ]
    return [*periods, *points, *missed]


def rows(facts: list[Fact]) -> list[tuple[object, ...]]:
    return sorted((d.as_row() for d in timetable(Facts(facts))), key=repr)


def by_key(facts: list[Fact]) -> dict[tuple[str, str, str], Deadline]:
    return {(d.code, d.label, d.started_by): d for d in timetable(Facts(facts))}


@given(events(), exemptions(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(
    some: list[Fact], grounds: list[Fact], random: Random
) -> None:
    facts = [*some, *grounds]
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert rows(shuffled) == rows(facts)
    assert timetable(Facts.from_rows(Facts(shuffled).as_rows())) == timetable(Facts(facts))


@given(events(), exemptions(), DAYS)
def test_a_correction_equals_a_rebuild(some: list[Fact], grounds: list[Fact], on: date) -> None:
    facts = Facts([*some, *grounds])
    for wrong in some:
        right = Fact(wrong.name, on, label=wrong.label)
        corrected = facts.without(wrong.name, wrong.label).adding(right)
        rebuilt = Facts([*(fact for fact in some if fact != wrong), right, *grounds])
        assert timetable(corrected) == timetable(rebuilt)


@given(events(), exemptions())
def test_an_exemption_moves_no_date(some: list[Fact], grounds: list[Fact]) -> None:
    without, with_them = by_key(some), by_key([*some, *grounds])
    assert without.keys() == with_them.keys()
    for key, deadline in without.items():
        assert deadline.as_row()[:7] == with_them[key].as_row()[:7]
        assert deadline.replaced_by == with_them[key].replaced_by


@given(events(), exemptions(), st.sampled_from(SERVICES), DAYS)
def test_whom_the_authority_asks_no_longer_changes_no_other_deadline(
    some: list[Fact], grounds: list[Fact], label: str, on: date
) -> None:
    stop = Fact("advice_no_longer_sought", on, label=label)
    sought = [f for f in some if (f.name, f.label) != (stop.name, stop.label)]
    before, after = by_key([*sought, *grounds]), by_key([*sought, stop, *grounds])
    for key, deadline in after.items():
        assert deadline.as_row() == before[key].as_row()
    for key in before.keys() - after.keys():
        gone = before[key]
        assert (gone.code, gone.label, gone.met_on) == ("advice", label, None)
        assert gone.started_on is not None
        assert gone.started_on <= on


@given(events())
def test_no_due_date_depends_on_what_came_of_another(some: list[Fact]) -> None:
    """A due date follows from the events that start its own limit, whatever else is known."""
    for deadline in timetable(Facts(some)):
        names = {start.fact for start in deadline.limit.starts}
        names.update(deadline.limit.requires, [deadline.limit.same_day_as])
        names.add(deadline.limit.only_after)
        alone = [fact for fact in some if fact.name in names and fact.label in ("", deadline.label)]
        found = {(d.limit.key, d.due_on, d.started_by) for d in timetable(Facts(alone))}
        if deadline.due_on is not None:
            assert (deadline.limit.key, deadline.due_on, deadline.started_by) in found


@given(events(), exemptions())
@settings(max_examples=60)
def test_every_deadline_has_a_standing_and_reasons(some: list[Fact], grounds: list[Fact]) -> None:
    for deadline in timetable(Facts([*some, *grounds])):
        assert (deadline.due_on is None) == (deadline.started_on is None)
        standings = [deadline.standing(today) for today in TODAYS]
        assert ("not_started" in standings) == (deadline.due_on is None)
        assert any(deadline.limit.citation in reason for reason in explain(deadline))


@given(events(), exemptions())
def test_standing_only_ever_moves_forward(some: list[Fact], grounds: list[Fact]) -> None:
    """As days pass without new facts a running limit may change, but never back to running."""
    for deadline in timetable(Facts([*some, *grounds])):
        seen = [deadline.standing(today) for today in TODAYS]
        assert len(set(seen)) == 1 or seen == sorted(seen, key=lambda now: now != "running")


@given(events())
def test_at_most_one_limit_of_a_code_survives_a_replacement(some: list[Fact]) -> None:
    deadlines = timetable(Facts(some))
    for replaced in (d for d in deadlines if d.replaced_by):
        rivals = [d for d in deadlines if d.code == replaced.code and not d.replaced_by]
        assert sum(d.started_by == replaced.replaced_by for d in rivals) <= 1


@given(events(), exemptions())
def test_code_label_and_start_tell_the_deadlines_of_a_case_apart(
    some: list[Fact], grounds: list[Fact]
) -> None:
    deadlines = timetable(Facts([*some, *grounds]))
    keys = [(d.code, d.label, d.started_by) for d in deadlines if d.started_on is not None]
    assert len(keys) == len(set(keys))


def test_every_limit_of_the_rulebook_can_be_reached_by_the_facts_drawn_here() -> None:
    drawn = {*EVENTS, *EACH}
    assert all({start.fact for start in limit.starts} <= drawn for limit in RULEBOOK.limits)
