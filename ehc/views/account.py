"""A person's own account."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ehc import accounts, moments
from ehc.queries.people import roles_of
from ehc.views.requests import SignedInRequest


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    """Who I am here, in which roles, and how I sign in."""
    page = {"roles": roles_of(request.user), "today": moments.today()}
    return render(request, "account/account.html", page)


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    """End every session of mine, on every device."""
    return accounts.sign_out_everywhere(request, request.user)
