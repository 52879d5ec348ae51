"""A person's own account."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ehc import accounts, identity_providers, moments, second_factor
from ehc.models import User
from ehc.permissions import Action, actions_of
from ehc.queries.people import roles_of
from ehc.views.requests import SignedInRequest, form_status

#: Who answers for the accounts of others: administrators, and leads for their own service.
RESETTING = frozenset({Action.MANAGE_USERS, Action.LEAD_SERVICE})


@require_safe
def account(request: SignedInRequest) -> HttpResponse:
    """Who I am here, in which roles, and how I sign in."""
    today = moments.today()
    page = {
        "roles": roles_of(request.user),
        "today": today,
        "providers": identity_providers.connected(request.user),
        "may_reset": not RESETTING.isdisjoint(actions_of(request.user, today)),
    }
    return render(request, "account/account.html", page)


class LostPhoneForm(forms.Form):
    """Whose phone is lost, and how it was made sure that it is them who say so."""

    email = forms.EmailField(
        label="Their email address",
        error_messages={
            "required": "Enter their email address",
            "invalid": "Enter an email address in the right form, like name@example.com",
        },
    )
    reason = forms.CharField(
        label="Why, and how you made sure that it is them",
        max_length=300,
        error_messages={"required": "Say why, and how you made sure that it is them"},
    )


@require_http_methods(["GET", "POST"])
def reset_second_factor(request: SignedInRequest) -> HttpResponse:
    """Take away the second factor of somebody who has lost it, by who answers for their account."""
    if RESETTING.isdisjoint(actions_of(request.user, moments.today())):
        raise Http404
    form = LostPhoneForm(request.POST or None)
    if form.is_valid():
        user = User.objects.filter(email=form.cleaned_data["email"].lower()).first()
        if user is not None and second_factor.may_reset(request.user, user):
            reason = form.cleaned_data["reason"]
            second_factor.reset_second_factor(user, by=request.user, reason=reason)
            messages.success(
                request, f"{user.full_name} sets up a new phone when they next sign in."
            )
            return redirect("account")
        form.add_error("email", "None of your own people has this address. Check how it is spelt.")
    return render(
        request,
        "account/reset_second_factor.html",
        {"form": form},
        status=form_status(request, form),
    )


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    """End every session of mine, on every device."""
    return accounts.sign_out_everywhere(request, request.user)
