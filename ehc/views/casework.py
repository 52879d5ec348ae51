"""What is done to a case as a whole: contacts, hand-overs, access, documents, work."""

import uuid
from datetime import date

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ehc import documents, moments, work
from ehc.commands import COMMANDS, Refused
from ehc.forms.casework import CASE_FORMS, DocumentForm, GiveWorkForm
from ehc.models import Case, User, WorkItem
from ehc.permissions import Action, NotAllowed, can
from ehc.queries.cases import (
    heirs_for,
    named_on,
    note_access,
    open_work_of,
    outsiders_to,
    parties_of,
    workers_for,
)
from ehc.queries.people import posts_of
from ehc.views.files import handed_over
from ehc.views.forms import show_form_on
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    case_or_404,
    done_on,
    form_status,
    token_of,
    token_text,
    typed_on,
)


@require_http_methods(["GET", "POST"])
def act(request: SignedInRequest, reference: str, deed: str) -> HttpResponse:
    """One command on the case as a whole."""
    case = _looked_at(request, reference, "step")
    today = moments.today()
    command = COMMANDS.get(deed)
    if (
        command is None
        or deed not in CASE_FORMS
        or not can(request.user, command.action, case, today)
    ):
        raise Http404
    typed = typed_on(request)
    people = _people(request, case, deed)
    form = CASE_FORMS[deed](
        typed.data,
        today=today,
        colleagues=people,
        posts=posts_of(people, case.authority_id, today=today),
        initial={"on": today},
    )
    done = carried_out(
        request, form, command, case, by=request.user, today=today, token=token_of(request)
    )
    if done is not None:
        messages.success(request, f"Recorded: {command.title.lower()}.")
        return _back(request, reference)
    about = _about(case, deed, today)
    return show_form_on(
        request,
        case,
        form,
        typed=typed,
        title=command.title,
        about=about,
        nobody=form.has_nobody,
    )


def _people(request: SignedInRequest, case: Case, deed: str) -> list[User]:
    """Whom a deed can be about: who may carry the case next, or who is to see it or no longer."""
    today = moments.today()
    if deed == "name_person":
        return outsiders_to(case, today=today)
    if deed == "unname_person":
        stays = {request.user.pk, case.owner_id}
        return [u for u in named_on(case, today=today) if u.pk not in stays]
    return heirs_for(case, today=today)


def _about(case: Case, deed: str, today: date) -> str:
    """What a person should know before they change who sees a case; empty for other deeds."""
    if deed == "restrict_case":
        carried = f"{case.owner.full_name}, who carries it" if case.owner else "its caseworker"
        return (
            f"From then on it is visible to {carried}, to you and to the services that were asked "
            "for advice, and to nobody else until you give them access. It disappears from all "
            "lists of others."
        )
    if deed == "lift_restriction":
        return "Everybody of the authority who sees cases will see this one again."
    if deed not in {"name_person", "unname_person"}:
        return ""
    named = [p.user or p.organisation for p in parties_of(case, today=today)]
    names = [case.owner.full_name] if case.owner else []
    names += [who.full_name if isinstance(who, User) else who.name for who in named if who]
    return f"Who sees it now: {', '.join(dict.fromkeys(names))}."


def _looked_at(request: SignedInRequest, reference: str, what: str) -> Case:
    """The case; its page names the child, so that it was opened is recorded."""
    case = case_or_404(request, reference)
    if request.method == "GET":
        note_access(request.user, case, what)
    return case


def _back(request: SignedInRequest, reference: str) -> HttpResponse:
    """To the case, or to the worklist when this person no longer sees it."""
    # What a person sees is read once for each user object, and the deed may have changed it.
    request.user = User.objects.get(pk=request.user.pk)
    try:
        case_or_404(request, reference)
    except Http404:
        return redirect("worklist")
    return redirect("case", reference)


@require_http_methods(["GET", "POST"])
def add_document(request: SignedInRequest, reference: str) -> HttpResponse:
    """Add a document to the case."""
    case = _looked_at(request, reference, "document")
    today = moments.today()
    if not can(request.user, Action.ADD_DOCUMENT, case, today):
        raise Http404
    typed = typed_on(request)
    form = DocumentForm(typed.data, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file, now = form.cleaned_data["file"], moments.now()
        try:
            if not done_on(request, case.pk):
                documents.look_into(file, by=request.user, now=now)
            documents.store(
                case,
                file,
                title=form.cleaned_data["title"],
                by=request.user,
                today=today,
                now=now,
                token=token_of(request),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, "The document was added.")
            return redirect("case", case.reference)
    page = {"case": case, "form": form, "token": token_text(request), "kept": typed.kept}
    return render(request, "cases/add_document.html", page, status=form_status(request, form))


@require_safe
def document(request: SignedInRequest, reference: str, key: uuid.UUID) -> FileResponse:
    """The bytes of one version of a document; looking at it is recorded."""
    case = case_or_404(request, reference)
    version = documents.find_version(case, str(key))
    if version is None:
        raise Http404
    response = handed_over(version)
    note_access(request.user, case, "document")
    return response


_DEEDS = {"claim": work.claim, "release": work.release}


@require_POST
def do_work(request: SignedInRequest, reference: str, item: int, deed: str) -> HttpResponse:
    """Claim or release a piece of work on a case."""
    case = case_or_404(request, reference)
    if deed not in _DEEDS:
        raise Http404
    found = _unfinished(case, item)
    if found is None:
        return _finished(request, case)
    try:
        _DEEDS[deed](found, by=request.user, today=moments.today())
    except (work.AlreadyTaken, NotAllowed) as reason:
        messages.warning(request, str(reason))
    else:
        done = "You hold this work now." if deed == "claim" else "The work is back with the team."
        messages.success(request, done)
    return redirect("case", case.reference)


@require_http_methods(["GET", "POST"])
def give_work(request: SignedInRequest, reference: str, item: int) -> HttpResponse:
    """Hand one piece of work to a colleague; the case stays with whoever carries it."""
    case = _looked_at(request, reference, "step")
    today = moments.today()
    if not can(request.user, Action.CLAIM_WORK, case, today):
        raise Http404
    found = _unfinished(case, item)
    if found is None:
        return _finished(request, case)
    others = [u for u in workers_for(case, today=today) if u.pk != found.owner_id]
    typed = typed_on(request)
    posts = posts_of(others, case.authority_id, today=today)
    form = GiveWorkForm(typed.data, today=today, colleagues=others, posts=posts)
    if request.method == "POST" and form.is_valid():
        to = form.details()["person"]
        try:
            work.give(found, to=to, by=request.user, today=today)
        except (work.AlreadyTaken, NotAllowed) as reason:
            form.add_error(None, str(reason))
        else:
            messages.success(request, f"{to.full_name} holds this work now.")
            return redirect("case", case.reference)
    about = f"Work: {found.flow_task.task_title}. Only this task is handed over, not the case."
    return show_form_on(
        request,
        case,
        form,
        typed=typed,
        title="Hand work to a colleague",
        about=about,
        nobody=form.has_nobody,
    )


def _unfinished(case: Case, item: int) -> WorkItem | None:
    return next((w for w in open_work_of(case) if w.pk == item), None)


def _finished(request: SignedInRequest, case: Case) -> HttpResponse:
    messages.warning(request, "This work is finished. The case shows what is next.")
    return redirect("case", case.reference)
