"""Showing one small form about a case."""

from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import render

from ehc.models import Case
from ehc.views.requests import SignedInRequest, Typed, form_status, token_text


def show_form_on(
    request: SignedInRequest,
    case: Case,
    form: BaseForm,
    *,
    typed: Typed,
    title: str,
    button: str = "",
    about: str = "",
    read: tuple[str, str] | None = None,
    nobody: bool = False,
) -> HttpResponse:
    """The page of a form on a case, with what was typed and with what is wrong.

    `button` says what it does, where that is not the title; `about` what to know before; `read` is
    an address to read first, and its words. With `nobody`, there is nobody to choose and no form.
    """
    page = {
        "case": case,
        "title": title,
        "button": button or title,
        "form": form,
        "about": about,
        "read": read,
        "token": token_text(request),
        "seen": "",
        "kept": typed.kept,
        "nobody": nobody,
        "overtaken": "",
    }
    return render(request, "steps/form.html", page, status=form_status(request, form))
