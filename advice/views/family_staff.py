"""What staff do at the family’s door: accounts, who is the party, writing down, answering."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advice.commands.family import end_family_account, open_family_account, record_party
from advice.commands.family_views import answer_wish, give_on_behalf
from advice.family import ACTS_AS, ONE_DAY, family_parties, last_day_of_parent, party_of
from advice.forms.family import (
    AnswerWishForm,
    EndAccountForm,
    OnBehalfForm,
    OpenAccountForm,
    PartyForm,
)
from advice.forms_of_advice import form_for
from advice.models.request import Form
from advice.permissions import actions_on_request
from advice.queries.wishes import wishes_of
from advice.queries.writing import draft_of
from advice.views.family_forms import FormPage, people_of
from advice.views.found import request_or_404
from ehc import moments
from ehc.dates import in_words
from ehc.law.age import is_young_person
from ehc.models import Case, Representative
from ehc.permissions import Action, can, is_of_authority
from ehc.queries.cases import documents_of, representatives_of
from ehc.queries.representatives import representative_of
from ehc.views.requests import SignedInRequest, case_or_404


def _staff_case(request: SignedInRequest, reference: str) -> Case:
    """The case for those who may ask for advice on it; 404 for everybody else."""
    case = case_or_404(request, reference)
    if not can(request.user, Action.REQUEST_ADVICE, case, moments.today()):
        raise Http404
    return case


def _one_of(case: Case, number: int) -> Representative:
    who = representative_of(case, number)
    if who is None:
        raise Http404
    return who


def _to_family(case: Case) -> str:
    return reverse("case", args=[case.reference]) + "#family"


@never_cache
@require_http_methods(["GET", "POST"])
def open_account(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """Open an account for a parent or the young person."""
    case = _staff_case(request, reference)
    who = _one_of(case, number)
    shown = FormPage(request, case, what="step")
    shown.form = OpenAccountForm(
        shown.typed.data, restricted=case.restricted, initial={"email": who.email}
    )
    about = [
        f"{who.full_name} can then see how the case stands, who was asked and who has answered, "
        "and can give their own advice and views here. They see no advice of others, no notes, and "
        "nothing of other members of the family. They get an email that names nobody, with the way "
        "to choose a password.",
        "Before you go on: is there any concern about this person, or an order of a court? What "
        "they must not learn about another parent is not shown, but that an assessment goes on is.",
    ]
    if not is_young_person(case.person.date_of_birth, moments.today()):
        last = last_day_of_parent(case.person)
        about.append(
            f"The account opens this case until {in_words(last)} at the latest. From "
            f"{in_words(last + ONE_DAY)} {case.person.full_name} is over compulsory school age and "
            "is the party."
        )
    return shown.answer(
        lambda **details: open_family_account(case, representative=who, **details),
        done=f"The account is open, and {who.full_name} is told.",
        back=_to_family(case),
        title=f"Open an account for {who.full_name}",
        button="Open the account",
        about=about,
        warning="This case is restricted. A concern for the child may be about this very person. "
        "Only a manager who sees the case can open an account on it."
        if case.restricted
        else "",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def end_account(request: SignedInRequest, reference: str, number: int) -> HttpResponse:
    """End what the account may see."""
    case = _staff_case(request, reference)
    who = _one_of(case, number)
    shown = FormPage(request, case, what="step")
    named = {party.user_id for party in family_parties(case, moments.today())}
    if request.method == "GET" and who.user_id not in named:
        messages.warning(request, "They have no account that opens this case.")
        return redirect(_to_family(case))
    shown.form = EndAccountForm(shown.typed.data)
    return shown.answer(
        lambda **details: end_family_account(case, representative=who, **details),
        done=f"{who.full_name} can no longer open this case.",
        back=_to_family(case),
        title=f"End the account of {who.full_name}",
        button="End the account",
        about=(
            "From this moment they can no longer open this case. What they gave is kept. They get "
            "no notice: when they come, the page says that their access has ended.",
        ),
    )


@never_cache
@require_http_methods(["GET", "POST"])
def party(request: SignedInRequest, reference: str) -> HttpResponse:
    """Record who is the party now that the child is over compulsory school age."""
    case = _staff_case(request, reference)
    today = moments.today()
    shown = FormPage(request, case, what="step")
    last = last_day_of_parent(case.person)
    now = party_of(case)
    first = in_words(last + ONE_DAY)
    others = [w for w in representatives_of(case, today=today) if not now or w.pk != now.own]
    shown.form = PartyForm(
        shown.typed.data, today=today, representatives=others, initial={"on": today}
    )
    about = [
        f"{case.person.full_name} is over compulsory school age from {first}: the day after the "
        "last Friday in June of the school year in which they turn 16. From that day the rights of "
        "the parent are the young person’s own.",
        "Ask the young person, in the way that suits them best, and without the parent where they "
        "want that. Parents who speak with or for them need their agreement. Only where the young "
        "person lacks the mental capacity for it does somebody act in their place (regulation 64).",
        "Advice and views that a parent has given are kept. A parent’s form that is still open "
        "stays open, and can be filled in by a parent who speaks with or for the young person.",
    ]
    if now is not None:
        about.insert(0, f"Recorded on {in_words(now.on)}: {ACTS_AS[now.acts_as]}.")
    return shown.answer(
        lambda **details: record_party(case, **details),
        done="It is recorded who is the party.",
        back=_to_family(case),
        title="Who is the party now?",
        button="Record it",
        about=about,
        warning=f"This can be recorded from {first}. Until then the parent is the party."
        if today <= last
        else "",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def on_behalf(request: SignedInRequest, pk: int) -> HttpResponse:
    """Write down what the family says: the same record as if they had given it themselves."""
    today = moments.today()
    asked = request_or_404(request, pk, today)
    staff = is_of_authority(request.user, asked.case, today)
    if not asked.is_own or not staff:
        raise Http404
    if Action.RECORD_ADVICE not in actions_on_request(request.user, asked, today):
        raise Http404
    back = reverse("advice_request", args=[asked.pk])
    shown = FormPage(request, asked.case, what="advice")
    if request.method == "GET" and not asked.is_awaited:
        messages.warning(request, "This was given already. You can add something for the family.")
        return redirect(back)
    case = asked.case
    shown.form = OnBehalfForm(
        shown.typed.data,
        today=today,
        people=people_of(case, today),
        form_of_advice=form_for(asked),
        documents=[stored.document for stored in documents_of(case)],
        initial={"on": today},
    )
    begun = not draft_of(asked).is_empty
    return shown.answer(
        lambda **details: give_on_behalf(asked, **details),
        done="It is recorded as the family’s own advice.",
        back=back,
        title="Write down what the family tells you",
        button="Record it",
        about=(
            "Write it in their words, and read it back to them. It is kept as their own advice, "
            "with whose words it was and how they told you. They may leave out whatever they want.",
            f"This is the form: {Form(asked.form).label.lower()}.",
        ),
        warning="Somebody has begun to write on this form themselves. What you record here is "
        "given at once, and what they have begun is not part of it. Ask them first."
        if begun
        else "",
    )


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: SignedInRequest, reference: str, sequence: int) -> HttpResponse:
    """Answer a wish of the family that somebody be asked."""
    case = _staff_case(request, reference)
    found = next((w for w in wishes_of(case) if w.number == sequence), None)
    if found is None:
        raise Http404
    shown = FormPage(request, case, what="step")
    shown.form = AnswerWishForm(shown.typed.data)
    about = [f"They want to be asked: {found.whom}.", f"Why: {found.why}"]
    if found.independent:
        about.append("This is somebody whom the family has found itself.")
    if found.contact:
        about.append(f"To be reached: {found.contact}")
    return shown.answer(
        lambda **details: answer_wish(case, wish=sequence, **details),
        done="The family is told that there is an answer.",
        back=_to_family(case),
        title="Answer the family",
        button="Record the answer",
        about=about,
    )
