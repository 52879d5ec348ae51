"""The family’s accounts, and who is the party when a child has become a young person."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime

import pghistory
from django.db import transaction

from advice.commands.base import refuse
from advice.family import (
    ACTS_AS,
    ONE_DAY,
    THEMSELVES,
    ActsAs,
    access_until,
    acts_on,
    family_parties,
    last_day_of_parent,
    party_of,
    why_no_account,
)
from advice.models import AdviceRequest
from advice.models.request import AWAITED
from ehc import moments
from ehc.commands.base import Entry, done_before, lock, perform
from ehc.dates import in_words
from ehc.law.age import is_young_person
from ehc.models import Case, CaseEvent, CaseParty, Person, Representative, User
from ehc.permissions import Action, NotAllowed, actions_on
from ehc.registry import Notice, queue_notices


@dataclass(slots=True)
class Doing:
    """One command on a case, under its lock: who, when, what they may, and whom it tells."""

    case: Case
    by: User
    today: date
    now: datetime
    may: frozenset[Action]
    notices: list[Notice] = field(default_factory=list)


def on_case(
    case: Case,
    step: Callable[[Doing], Entry],
    *,
    by: User,
    actions: Collection[Action],
    title: str,
    today: date | None,
    now: datetime | None,
    token: uuid.UUID | None,
) -> CaseEvent:
    """Take one step on a case in one transaction; any one of the actions is right enough."""
    today, now = today or moments.today(), now or moments.now()
    with transaction.atomic(), pghistory.context(user=by.pk):
        locked = lock(case)
        if token is not None and (done := done_before(token, by=by, case=locked.case)):
            return done
        may = actions_on(by, locked.case, today)
        if may.isdisjoint(actions):
            raise NotAllowed(f"You do not have permission to do this: {title.lower()}.")
        doing = Doing(locked.case, by, today, now, may)
        entry = step(doing)
        if entry.on > today:
            refuse("The date is in the future. Enter the day on which it happened.", "on")
        event = perform(locked, entry, by=by, now=now, token=token)
        queue_notices(doing.notices, at=now)
        return event


def open_family_account(
    case: Case,
    *,
    representative: Representative,
    email: str,
    by: User,
    same_person: bool = False,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Let a parent, or the young person, follow the case and give their own advice.

    Whoever has an account with that address already goes on with it; when it bears another name,
    `same_person` says that somebody made sure. On a restricted case only a manager who sees it may:
    a concern for the child may be about this very person.
    """

    def step(doing: Doing) -> Entry:
        found, person = doing.case, Person.objects.get(pk=doing.case.person_id)
        if found.restricted and Action.RESTRICT_CASE not in doing.may:
            raise NotAllowed(
                "This case is restricted. Only a manager who sees it can open an account on it."
            )
        who = _representative(representative, person)
        if why := why_no_account(who, person, party_of(found), doing.today):
            refuse(why)
        user = _account(who, email, same_person)
        _check_account(user, who, doing)
        # What a service gave them to write about this child goes back to it.
        AdviceRequest.objects.filter(
            case=found, organisation__isnull=False, assigned_to=user, status__in=AWAITED
        ).update(assigned_to=None)
        who.user = user
        who.email = who.email or user.email
        who.save(update_fields=["user", "email"])
        known = user.has_usable_password() or user.last_login is not None
        kind = "family_account_added" if known else "family_account_opened"
        doing.notices.append(Notice(kind, case=found, user=user))
        until = access_until(who, person, doing.today)
        return Entry(
            "family_account_opened",
            doing.today,
            data={"who": who.full_name, "representative": who.pk, "user": user.pk},
            names=[
                CaseParty(
                    user=user,
                    capacity=CaseParty.Capacity.FAMILY,
                    starts_on=doing.today,
                    until=until,
                )
            ],
        )

    return on_case(
        case,
        step,
        by=by,
        actions={Action.REQUEST_ADVICE},
        title="Open an account for the family",
        today=today,
        now=now,
        token=token,
    )


def _representative(representative: Representative, person: Person) -> Representative:
    rows = Representative.objects.select_for_update(of=("self",)).select_related("user")
    found = rows.filter(pk=representative.pk, person=person).first()
    if found is None:
        refuse("This person does not speak for the child of this case.")
    return found


def _account(who: Representative, email: str, same_person: bool) -> User:
    address = User.objects.normalize_email(email.strip()).lower()
    if not address:
        refuse("Enter the email address with which they will sign in.", "email")
    user = User.objects.filter(email=address).first()
    if user is None:
        return User.objects.create_user(address, who.full_name[:200])
    if not user.is_active:
        refuse("The account with this address is closed. Use another address.", "email")
    same_name = user.full_name.casefold().split() == who.full_name.casefold().split()
    if not same_name and not same_person:
        refuse(
            "Somebody has an account with this address already, under another name. Make sure that "
            "they are the same person, for example by telephone, and say so here.",
            "same_person",
        )
    return user


def _check_account(user: User, who: Representative, doing: Doing) -> None:
    if user.pk == doing.by.pk:
        refuse("You cannot open an account for yourself. Ask a manager.", "email")
    if doing.case.owner_id == user.pk:
        refuse(
            f"{user.full_name} carries this case. Nobody works on the case of their own family: "
            "give it to somebody else first.",
            "email",
        )
    named = {party.user_id for party in family_parties(doing.case, doing.today)}
    if user.pk in named or (who.user_id is not None and who.user_id in named):
        refuse("An account for them opens this case already.", "email")


def end_family_account(
    case: Case,
    *,
    representative: Representative,
    reason: str,
    by: User,
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """From this moment the account opens the case no more. What was given by it stays given."""

    def step(doing: Doing) -> Entry:
        person = Person.objects.get(pk=doing.case.person_id)
        who = _representative(representative, person)
        if not reason.strip():
            refuse("Say why the access ends.", "reason")
        named = [p for p in family_parties(doing.case, doing.today) if p.user_id == who.user_id]
        if who.user_id is None or not named:
            refuse("They have no account that opens this case.")
        for party in named:
            party.until = max(doing.today, party.starts_on)
            party.save(update_fields=["until"])
        return Entry(
            "family_account_ended",
            doing.today,
            data={"who": who.full_name, "representative": who.pk, "reason": reason.strip()},
        )

    return on_case(
        case,
        step,
        by=by,
        actions={Action.REQUEST_ADVICE},
        title="End the family’s account",
        today=today,
        now=now,
        token=token,
    )


def record_party(
    case: Case,
    *,
    on: date,
    acts_as: str,
    by: User,
    acting: Collection[Representative] = (),
    note: str = "",
    email: str = "",
    today: date | None = None,
    now: datetime | None = None,
    token: uuid.UUID | None = None,
) -> CaseEvent:
    """Record who is the party now that the child is over compulsory school age.

    CFA 2014 s.83(2): from the day after the last Friday in June the rights are the young person’s.
    They speak for themselves, or agree that somebody speaks with or for them, or lack the capacity
    for it (SEND Regulations 2014 reg 64), and then somebody acts for them. Representatives who are
    not among `acting` stop acting the day before `on`, and their accounts with them; everything
    they gave is kept. It can be recorded again when it changes; the latest counts.
    """

    def step(doing: Doing) -> Entry:
        person = Person.objects.get(pk=doing.case.person_id)
        _check_party(person, on, acts_as, acting, note)
        before = party_of(doing.case)
        rows = Representative.objects.select_for_update(of=("self",)).filter(person=person)
        chosen = {who.pk for who in acting}
        own = None
        if acts_as != ActsAs.CAPACITY:
            own = _own_row(person, before.own if before else None, on, email)
        if chosen - {row.pk for row in rows if acts_on(row, on)}:
            refuse("Choose among those who act for the child on that day.", "acting")
        for row in rows:
            if row.pk not in chosen and row.pk != (own and own.pk) and acts_on(row, on):
                row.ends_on = max(on - ONE_DAY, row.starts_on)
                row.save(update_fields=["ends_on"])
        named = {party.user_id for party in family_parties(doing.case, doing.today)}
        back = [r for r in rows if r.pk in chosen and r.user_id and r.user_id not in named]
        return Entry(
            "party_recorded",
            on,
            data={
                "acts_as": str(acts_as),
                "how": ACTS_AS[acts_as],
                "who": ", ".join(row.full_name for row in rows if row.pk in chosen),
                "own": own.pk if own else None,
                "acting": sorted(chosen),
                "note": note.strip(),
            },
            names=[
                CaseParty(
                    user_id=row.user_id,
                    capacity=CaseParty.Capacity.FAMILY,
                    starts_on=doing.today,
                    until=access_until(row, person, doing.today),
                )
                for row in back
            ],
        )

    return on_case(
        case,
        step,
        by=by,
        actions={Action.REQUEST_ADVICE},
        title="Record who is the party",
        today=today,
        now=now,
        token=token,
    )


def _check_party(
    person: Person, on: date, acts_as: str, acting: Collection[Representative], note: str
) -> None:
    if not is_young_person(person.date_of_birth, on):
        refuse(
            f"{person.full_name} is of compulsory school age until "
            f"{in_words(last_day_of_parent(person))}. Until then the parent is the party.",
            "on",
        )
    if acts_as not in ACTS_AS:
        refuse("Choose who speaks for the young person.", "acts_as")
    if acts_as == ActsAs.THEMSELVES and acting:
        refuse(
            "You chose that the young person speaks for themselves. Choose nobody here, or say "
            "above that somebody speaks with or for them.",
            "acting",
        )
    if acts_as != ActsAs.THEMSELVES and not acting:
        refuse("Choose who speaks with or for the young person.", "acting")
    if not note.strip():
        refuse(
            "Write how you know: what the young person said and when, or who decided about their "
            "capacity and on what grounds.",
            "note",
        )


def _own_row(person: Person, before: int | None, on: date, email: str) -> Representative:
    """The young person’s own row, where notices to them go; made the first time."""
    row = Representative.objects.filter(pk=before, person=person).first() if before else None
    if row is None:
        row = Representative(
            person=person,
            full_name=person.full_name,
            relationship=THEMSELVES,
            starts_on=on,
        )
    row.email = email.strip() or row.email
    row.ends_on = None
    row.save()
    return row
