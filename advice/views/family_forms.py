"""One small form of the family’s door, shown, sent and answered in one way."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from ehc import moments
from ehc.models import Case
from ehc.queries.cases import note_access, representatives_of
from ehc.views.requests import (
    SignedInRequest,
    carried_out,
    done_on,
    form_status,
    token_of,
    token_text,
    typed_on,
)


class FormPage:
    """A form about a case: what was typed, and the command it gives."""

    form: forms.Form

    def __init__(self, request: SignedInRequest, case: Case, *, what: str) -> None:
        self.request = request
        self.case = case
        self.typed = typed_on(request)
        if request.method == "GET":
            note_access(request.user, case, what)

    def answer(
        self,
        command: Callable[..., object],
        *,
        done: str,
        back: str,
        about: Sequence[str] = (),
        **page: Any,
    ) -> HttpResponse:
        """The form, or the deed and the way back. `command` is given the form’s `details()`."""
        if self.request.method == "POST" and self._is_done():
            return self._go(done, back)
        made = carried_out(
            self.request,
            self.form,
            command,
            by=self.request.user,
            today=moments.today(),
            token=token_of(self.request),
        )
        if made is not None:
            return self._go(done, back)
        shown = {
            "case": self.case,
            "form": self.form,
            "about": about,
            "back": back,
            "token": token_text(self.request),
            "kept": self.typed.kept,
            "authority_name": self.case.authority.name,
            **page,
        }
        status = form_status(self.request, self.form)
        return render(self.request, "advice/family_form.html", shown, status=status)

    def _is_done(self) -> bool:
        return done_on(self.request, self.case.pk) is not None

    def _go(self, done: str, back: str) -> HttpResponse:
        messages.success(self.request, done)
        return redirect(back)


def people_of(case: Case, today: date) -> list[str]:
    """Whose words staff can write down: the child’s own, and those of whoever speaks for them."""
    speaking = [who.full_name for who in representatives_of(case, today=today)]
    return [*speaking, case.person.full_name]
