"""Forms of the family whose writer no longer speaks for the child: who speaks now is asked anew.

What somebody has begun stays theirs, unsent and kept: it is shown to nobody else, and they find it
again when they speak once more. It is not waited for any longer; another form takes its place. A
form that nobody has begun is simply free again. An account that ends while its holder goes on
speaking changes nothing: they can write to the authority or telephone.
"""

from collections.abc import Iterable

from advice.family import party_of, why_no_account
from advice.following import close
from advice.models import AdviceRequest, Form
from advice.models.request import OWN_FORMS, Closed, Status
from ehc.models import Case, CaseEvent, LegalProcess, Person, Representative
from ehc.models.process import UNDER_WAY, Kind
from ehc.registry import on_event

_CHANGES = frozenset(
    {
        "representative_recorded",
        "party_recorded",
        "family_account_opened",
        "family_account_ended",
    }
)


@on_event
def pass_on(event: CaseEvent, case: Case) -> None:
    """Pass on what somebody can no longer write, and give back what somebody can write again."""
    if event.kind not in _CHANGES:
        return
    person, party = Person.objects.get(pk=case.person_id), party_of(case)
    known = Representative.objects.filter(person=person)
    speak = [who for who in known if not why_no_account(who, person, party, event.on)]
    own = party.own if party else None
    for process in case.processes.filter(kind=Kind.ASSESSMENT, status__in=UNDER_WAY):
        _in_process(process, speak, own, event)


def _in_process(
    process: LegalProcess, speak: Iterable[Representative], own: int | None, event: CaseEvent
) -> None:
    """`own` is the young person’s own row: they have no parent’s form."""
    users = {who.user_id for who in speak if who.user_id}
    wanted = {Form.CHILD} if list(speak) else set()
    if any(who.pk != own for who in speak):
        wanted.add(Form.PARENT)
    forms = AdviceRequest.objects.filter(process=process, form__in=sorted(OWN_FORMS)).order_by("pk")
    for form in sorted(OWN_FORMS):
        same = [request for request in forms if request.form == form]
        _give_back(same, users)
        left = [r for r in same if _is_left(r, users)]
        for request in [r for r in left if not _is_begun(r)]:
            request.assigned_to = None
            request.save(update_fields=["assigned_to"])
            left.remove(request)
        if left and form in wanted:
            _replace(left, same, event)


def _is_left(request: AdviceRequest, users: set[int]) -> bool:
    """True for a form that its writer has not given, and can write no more."""
    owner = request.assigned_to_id
    return request.status == Status.ASKED and owner is not None and owner not in users


def _is_begun(request: AdviceRequest) -> bool:
    return (
        request.draft.exclude(text="").exists() or request.uploads.filter(removed_at=None).exists()
    )


def _replace(left: list[AdviceRequest], same: list[AdviceRequest], event: CaseEvent) -> None:
    if not any(r.status != Status.CLOSED for r in same if r not in left):
        first = left[0]
        AdviceRequest.objects.create(
            case_id=first.case_id,
            process_id=first.process_id,
            label=f"{first.form}:after:{first.pk}",
            head=first.head,
            form=first.form,
            asked_on=event.on,
            received_on=event.on,
        )
    for request in left:
        close(request, on=event.on, because=Closed.NO_LONGER_SPEAKS)
        request.save()


def _give_back(same: list[AdviceRequest], users: set[int]) -> None:
    for request in same:
        if request.closed_because != Closed.NO_LONGER_SPEAKS or request.assigned_to_id not in users:
            continue
        request.reopen()
        request.closed_on, request.closed_because = None, ""
        request.save()
