"""The family of a case: who is the party, whose account opens it until when, whose form is whose.

The right to see and to write is a `CaseParty` of capacity `family` with its dates; this module says
what those dates must be. An account of a parent ends by itself with the last day of compulsory
school age: from the next day the law gives these rights to the young person (CFA 2014 s.83).
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q

from advice.models import Advice, AdviceRequest, Form
from advice.models.request import OWN_FORMS
from ehc.dates import in_words
from ehc.law.age import ceases_to_be_of_compulsory_school_age, is_young_person
from ehc.models import Case, CaseEvent, CaseParty, LegalProcess, Person, Representative

ONE_DAY = timedelta(days=1)
#: The kind of event that says who is the party.
PARTY_RECORDED = "party_recorded"
#: What a young person’s own row among the representatives says of them.
THEMSELVES = "the young person"


class ActsAs(StrEnum):
    """In what way a young person’s rights are used."""

    THEMSELVES = "themselves"
    WITH_AGREEMENT = "with_agreement"
    CAPACITY = "capacity"


#: In words, for a form and for the record.
ACTS_AS: dict[str, str] = {
    ActsAs.THEMSELVES: "The young person speaks for themselves",
    ActsAs.WITH_AGREEMENT: "The young person agrees that somebody speaks with or for them",
    ActsAs.CAPACITY: "The young person lacks the mental capacity for this, and somebody acts for "
    "them (regulation 64)",
}


@dataclass(frozen=True, slots=True)
class PartyNow:
    """What was last recorded about who is the party of a young person’s case."""

    on: date
    acts_as: ActsAs
    #: The young person’s own row among the representatives; None when others act for them.
    own: int | None
    #: The representatives who act with or for them.
    acting: frozenset[int]
    note: str


def party_of(case: Case) -> PartyNow | None:
    """Who was recorded as the party; None while nobody did: then the law’s own answer stands."""
    events = CaseEvent.objects.filter(case=case, kind=PARTY_RECORDED)
    event = events.order_by("-sequence").first()
    return party_in(event) if event is not None else None


def party_in(event: CaseEvent) -> PartyNow:
    """Who is the party, as the newest event about it says."""
    said = event.data
    return PartyNow(
        event.on,
        ActsAs(said["acts_as"]),
        said["own"],
        frozenset(said["acting"]),
        said.get("note", ""),
    )


def last_day_of_parent(person: Person) -> date:
    """The last day on which the parent is the party: the last of compulsory school age."""
    return ceases_to_be_of_compulsory_school_age(person.date_of_birth)


def acts_on(who: Representative, day: date) -> bool:
    """True when the representative acts for the child on that day; both ends are inclusive."""
    return who.starts_on <= day and (who.ends_on is None or day <= who.ends_on)


def why_no_account(who: Representative, person: Person, party: PartyNow | None, today: date) -> str:
    """Why this person cannot have an account for this child, as a sentence; empty when they can."""
    if not acts_on(who, today):
        return f"{who.full_name} does not act for the child today."
    if is_young_person(person.date_of_birth, today):
        if party is None:
            return (
                f"{person.full_name} has been over compulsory school age since "
                f"{in_words(last_day_of_parent(person) + ONE_DAY)}. Record first who is the party "
                "now."
            )
        if who.pk != party.own and who.pk not in party.acting:
            return (
                f"{person.full_name} is over compulsory school age, and it is not recorded that "
                f"{who.full_name} acts with or for them."
            )
    elif not who.is_parent:
        return (
            f"It is not recorded that {who.full_name} has parental responsibility, or has care of "
            "the child. Only somebody who does can have an account."
        )
    return ""


def access_until(who: Representative, person: Person, today: date) -> date | None:
    """The first day on which an account of theirs opens the case no more; None for no end."""
    ends = [who.ends_on + ONE_DAY] if who.ends_on else []
    if not is_young_person(person.date_of_birth, today):
        ends.append(last_day_of_parent(person) + ONE_DAY)
    return min(ends, default=None)


def in_force(today: date) -> Q:
    """Parties that are named today or will be."""
    return Q(until__isnull=True) | Q(until__gt=today)


def family_parties(case: Case, today: date) -> list[CaseParty]:
    """The accounts that open the case today as family, in the order in which they were opened."""
    named = CaseParty.objects.filter(
        in_force(today), case=case, capacity=CaseParty.Capacity.FAMILY, user__isnull=False
    )
    return list(named.select_related("user").order_by("starts_on", "pk"))


def settle_access(case: Case, today: date) -> None:
    """End or shorten what representatives’ accounts may see, as their rows say now.

    An access that has ended is not opened again by itself: that is a decision.
    """
    person = Person.objects.get(pk=case.person_id)
    party = party_of(case)
    rows = Representative.objects.filter(person=person, user__isnull=False)
    by_user: dict[int | None, list[Representative]] = {}
    for row in rows:
        by_user.setdefault(row.user_id, []).append(row)
    for named in family_parties(case, today):
        good = [
            row
            for row in by_user.get(named.user_id, [])
            if not why_no_account(row, person, party, today)
        ]
        ends = [access_until(row, person, today) for row in good]
        until = today if not good else None if None in ends else max(e for e in ends if e)
        if until is not None:
            until = max(until, named.starts_on)
        if named.until != until:
            named.until = until
            named.save(update_fields=["until"])


def share_out(process: LegalProcess, case: Case, today: date) -> None:
    """Give each account of the family forms of its own: two parents may live apart.

    What one has written is not shown to the other. The first account takes the form that was asked
    for; for each further one there is another, made here, with a label of its own. A young person
    has no parent’s form. A form that somebody has given keeps its giver.
    """
    own = list(AdviceRequest.objects.filter(process=process, form__in=sorted(OWN_FORMS)))
    if not own:
        return
    party = party_of(case)
    young = None
    if party is not None and party.own is not None:
        young = Representative.objects.filter(pk=party.own).values_list("user", flat=True).first()
    for named in family_parties(case, today):
        forms = [Form.CHILD] if named.user_id == young else [Form.PARENT, Form.CHILD]
        for form in forms:
            _have_one(named, [request for request in own if request.form == form])


def _have_one(named: CaseParty, asked: list[AdviceRequest]) -> None:
    if not asked or any(request.assigned_to_id == named.user_id for request in asked):
        return
    free = next((r for r in asked if r.assigned_to_id is None and _is_theirs(r, named)), None)
    if free is not None:
        free.assigned_to_id = named.user_id
        free.save(update_fields=["assigned_to"])
        return
    first = asked[0]
    since = max(first.asked_on, named.starts_on)
    AdviceRequest.objects.create(
        case_id=first.case_id,
        process_id=first.process_id,
        label=f"{first.form}:{named.user_id}",
        head=first.head,
        form=first.form,
        asked_on=since,
        received_on=since,
        assigned_to_id=named.user_id,
    )


def _is_theirs(request: AdviceRequest, named: CaseParty) -> bool:
    """True for a form that nobody has filled in, or that was filled in for this very person."""
    if request.is_awaited and request.given_on is None:
        return True
    name = named.user.full_name if named.user else ""
    return Advice.objects.filter(request=request, on_behalf_of__istartswith=name).exists()
